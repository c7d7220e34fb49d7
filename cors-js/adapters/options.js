// The options of the packages that the adapters stand for, and the plan compiled from them. Every problem is reported by the
// name that the user wrote (A11).

import { ConfigError, OriginRegex, Policy, RISKS } from "./engine.js";
import { Plan, SITE_OPTIONS, Site } from "./site.js";
import { boolean, isPolicyOption, isRegExp, isRecord, kindOf, quoted } from "./values.js";

/**
 * A package that an adapter stands for.
 *
 * @typedef {object} Peer
 * @property {string} name
 * @property {Record<Setting, string>} names its names for the settings of a policy
 * @property {Record<string, unknown>} defaults
 * @property {string[]} others its options that are no setting of a policy
 * @property {string[]} [also] further names of the option for header names, which count before it
 * @property {(headers: unknown) => boolean} isAnyHeader whether the option for header names allows every name
 * @property {(given: Function) => (origin: string, context: unknown) => unknown} ask makes of a function for origins one that
 *   returns what it decides, or a promise of it
 * @property {(options: object) => object} [rest] what the peer's other options are to a `Plan`
 * @property {string} [passthrough] its name for leaving preflights to the application
 * @property {boolean} [undefinedCounts] whether an option that is there and undefined has no default
 * @property {boolean} [zeroIsUnset] whether a number of seconds that is 0 is none
 * @property {boolean} [exposesAny] whether its default exposes every name, to pages without credentials
 *
 * @typedef {"origin" | "methods" | "headers" | "exposed" | "credentials" | "maxAge" | "status" | "privateNetwork"} Setting
 */

/** The options of this project that every adapter takes beside those of its peer. */
const OWN = ["acceptRisks", "allowPrivateNetwork", ...SITE_OPTIONS.filter((name) => name !== "allowOrigin")];

/** Returns the site of an adapter's argument: a `Site`, a `Policy`, the options of a site, or those of the peer. */
export function siteOf(given, peer) {
  if (given instanceof Site) return given;
  if (given instanceof Policy) return new Site(given);
  const options = given ?? {};
  if (typeof options.headers === "object" && typeof options.method === "string") {
    throw new TypeError(`${peer.name}: options are expected, not a request; call the function that it returns: use(cors()), and not use(cors)`);
  }
  if (!isRecord(options)) {
    throw new TypeError(`${peer.name}: options are expected, not ${kindOf(given)}; write { ${peer.names.origin}: ["https://app.example.com"] }`);
  }
  if (options.policy !== undefined || options.policies !== undefined) return new Site(options);
  const { shadow, enforce, ownOrigins, onDenial, onDifference } = options;
  return new Site({ plan: planOf(options, peer), shadow, enforce, ownOrigins, onDenial, onDifference });
}

/**
 * Compiles options. Returns `null` where they say that there is no CORS. Throws a `ConfigError` with every problem, and a
 * `TypeError` for a value of the wrong type or an option that is unknown.
 */
export function planOf(given, peer) {
  checkNames(given, peer);
  const options = withDefaults(given, peer);
  const { names } = peer;
  const origin = readOrigin(options[names.origin], names.origin, peer);
  if (origin === null) return null;
  const credentials = boolean(names.credentials, options[names.credentials]);
  const headers = peer.also?.map((name) => options[name]).find((value) => value) ?? options[names.headers];
  const exposed = alone(listOf(names.exposed, options[names.exposed] || []));
  const config = {
    allowOrigins: origin.patterns.map(({ text }) => text),
    allowMethods: alone(listOf(names.methods, options[names.methods] || [])),
    allowHeaders: peer.isAnyHeader(headers) ? ANY_HEADER : anyHeader(pageHeaders(listOf(names.headers, headers))),
    // `*` is a name to a browser where there are credentials, and exposes nothing.
    exposeHeaders: peer.exposesAny && credentials && exposed[0] === "*" ? [] : exposed,
    allowCredentials: credentials,
    maxAge: peer.zeroIsUnset && options[names.maxAge] === 0 ? undefined : seconds(names.maxAge, options[names.maxAge]),
    preflightStatus: options[names.status] ?? 204,
    allowPrivateNetwork: boolean(names.privateNetwork, options[names.privateNetwork]),
    acceptRisks: risks(options.acceptRisks),
  };
  const problems = Policy.check(config).map((problem) => renamed(problem, peer, origin, options));
  const { expressions, refused } = expressionsOf(origin, config);
  problems.push(...refused.map((problem) => renamed(problem, peer, origin, options)));
  if (problems.length > 0) throw new ConfigError(problems);
  return new Plan(new Policy(config), {
    expressions,
    ask: origin.ask,
    passthrough: peer.passthrough !== undefined && boolean(peer.passthrough, options[peer.passthrough]),
    ...peer.rest?.(options),
  });
}

function withDefaults(given, { defaults, undefinedCounts }) {
  const options = { ...defaults };
  for (const name of Object.keys(given)) if (given[name] !== undefined || undefinedCounts) options[name] = given[name];
  return options;
}

function checkNames(given, peer) {
  const known = [...Object.values(peer.names), ...(peer.also ?? []), ...peer.others, ...OWN];
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const meant = meantBy(name, known);
    const policy = isPolicyOption(name) ? `, or a policy in place of the options: new Policy({ ${name}: … })` : "";
    const advice = meant === null ? `the options are ${known.filter((other) => other !== undefined).join(", ")}` : `write ${meant}${policy}`;
    throw new TypeError(`${peer.name}: unknown option ${quoted(name)}, which would have no effect; ${advice}`);
  }
}

// Names for one setting in this package and its peers.
const SAME = [
  ["origin", "origins", "allowOrigin", "allowOrigins", "allowedOrigins", "allow_origins", "whitelist", "allowlist"],
  ["methods", "method", "allowMethods", "allowedMethods", "allow_methods"],
  ["allowedHeaders", "allowHeaders", "headers", "header", "allow_headers"],
  ["exposedHeaders", "exposeHeaders", "expose", "exposeHeader", "expose_headers"],
  ["credentials", "credential", "allowCredentials", "supportsCredentials", "withCredentials", "allow_credentials"],
  ["optionsSuccessStatus", "optionSuccessStatus", "preflightStatus", "successStatus", "statusCode"],
  ["preflightContinue", "passthrough", "continuePreflight"],
  ["privateNetworkAccess", "allowPrivateNetwork", "privateNetwork"],
  ["maxAge", "max_age", "maxage"],
];

export function meantBy(name, known) {
  const plain = (text) => text.toLowerCase().replace(/[^a-z]/g, "");
  const group = SAME.find((names) => names.some((other) => plain(other) === plain(name)));
  const same = group && known.find((other) => other !== undefined && group.includes(other));
  if (same) return same;
  const near = known.filter((other) => other !== undefined).map((other) => [distance(plain(name), plain(other)), other]);
  const [least, closest] = near.sort(([one], [other]) => one - other)[0];
  return least <= Math.max(1, name.length / 4) ? closest : null;
}

/** Returns how many letters have to be put in, taken out or changed to make one name the other. */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let place = 0; place < one.length; place++) {
    const next = [place + 1];
    for (let index = 0; index < other.length; index++) {
      next.push(Math.min(row[index] + (one[place] === other[index] ? 0 : 1), row[index + 1] + 1, next[index] + 1));
    }
    row = next;
  }
  return row[other.length];
}

/** Returns patterns and expressions, each with its place in the list, or the function; `null` for no CORS at all. */
function readOrigin(given, name, peer) {
  if (given === undefined || given === null || given === false || given === "") return null;
  if (typeof given === "function") return { patterns: [], expressions: [], ask: peer.ask(given), isList: false };
  const isList = Array.isArray(given) || given instanceof Set;
  const patterns = [];
  const expressions = [];
  for (const { entry, index } of isList ? entriesOf(given) : [{ entry: given, index: 0 }]) {
    if (entry === "*" || entry === true) return { patterns: [{ text: "*", index: 0 }], expressions: [], ask: null, isList: false, any: entry };
    if (typeof entry === "string" || entry instanceof String) patterns.push({ text: String(entry), index });
    else if (isRegExp(entry)) expressions.push({ expression: entry, index });
    else if (!isList || entry !== false) throw new TypeError(`${name}${isList ? `[${index}]` : ""}: an origin is expected, not ${kindOf(entry)}; write ${quoted(originOf(entry))}`);
  }
  return { patterns, expressions, ask: null, isList };
}

/** Returns the entries of a list, and of the lists in it, each with its place in the first. */
function entriesOf(list) {
  return [...list].flatMap((member, index) => [member].flat(Infinity).map((entry) => ({ entry, index })));
}

/** Returns the origin of an address, as an example of what to write. */
function originOf(entry) {
  return typeof entry?.origin === "string" && entry.origin !== "null" ? entry.origin : "https://app.example.com";
}

/** Returns what matches the expressions, and the problems that they have. */
function expressionsOf({ expressions }, config) {
  if (expressions.length === 0) return { expressions: null, refused: [] };
  const refused = [];
  const add = (problems, { expression, index }) => {
    for (const problem of problems) refused.push({ ...problem, field: "allowOrigins", value: expression, place: index });
  };
  for (const entry of expressions) {
    try {
      const regex = new OriginRegex(entry.expression);
      if (config.allowCredentials) add(regex.risks().filter(({ risk }) => !config.acceptRisks.includes(risk)), entry);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      add(error.problems.map((problem) => ({ ...problem, advice: problem.advice ?? adviceAbout(entry.expression) })), entry);
    }
  }
  return { expressions: refused.length === 0 ? new OriginRegex(expressions.map(({ expression }) => expression)) : null, refused };
}

/** Returns what to write for an expression that matches a part of an origin, as other packages have it, and no whole one. */
function adviceAbout({ source, flags }) {
  if (source.includes("localhost")) return "write http://localhost:* for any port of this machine";
  try {
    const widened = new RegExp(`^https://.*${source.replace(/^\^/, "")}`, flags);
    const [risk] = new OriginRegex(widened).risks();
    return risk === undefined ? `write ${widened}` : risk.advice.replace(/, or add .*/, "");
  } catch {
    return "write https://*.example.com for the hosts below a domain, or an expression for the whole origin";
  }
}

/** Returns a list of names from an array, or from a text with commas. */
function listOf(name, given) {
  if (typeof given === "string" || given instanceof String) {
    return String(given)
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  }
  if (given === null || typeof given !== "object" || typeof given[Symbol.iterator] !== "function") {
    throw new TypeError(`${name}: a list of names is expected, not ${kindOf(given)}; write ["…"]`);
  }
  return [...given].flat(Infinity).flatMap((entry) => {
    if (typeof entry !== "string" && !(entry instanceof String)) throw new TypeError(`${name}: a name is expected, not ${kindOf(entry)}`);
    // Other packages join lists with commas, so that a text of several names counts for these.
    return String(entry).includes(",") ? listOf(name, entry) : [String(entry).trim()];
  });
}

/** `*` among other names is all of them to most packages. */
function alone(names) {
  return names.includes("*") ? ["*"] : names;
}

/** In other packages `*` covers `authorization`, too; in browsers it does not. */
function anyHeader(names) {
  return names.includes("*") ? ANY_HEADER : names;
}

const ANY_HEADER = Object.freeze(["*", "authorization"]);

// What only browsers set on requests (FS, "forbidden request-header"), except for the fields of the CORS protocol. A page cannot ask for these, so that
// listing them does nothing, and many lists that people copy have `Origin`.
const FORBIDDEN = new Set(
  ("accept-charset accept-encoding connection content-length cookie cookie2 date dnt expect host keep-alive origin referer set-cookie te trailer " +
    "transfer-encoding upgrade via").split(" "),
);

function pageHeaders(names) {
  return names.filter((name) => !FORBIDDEN.has(name.toLowerCase()) && !/^(?:sec|proxy)-/i.test(name));
}

function seconds(name, given) {
  if (given === undefined || given === null || given === false || given === "") return undefined;
  const number = typeof given === "string" && /^\d+$/.test(given.trim()) ? Number(given) : given;
  if (typeof number === "number" && Number.isInteger(number) && number >= 0) return number;
  throw new TypeError(`${name}: a number of seconds is expected, not ${kindOf(given)}; write 7200`);
}

function risks(given) {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given) || given.some((risk) => !RISKS.includes(risk))) {
    throw new TypeError(`acceptRisks: a list of risks is expected, not ${kindOf(Array.isArray(given) ? given.find((risk) => !RISKS.includes(risk)) : given)}; the risks are ${RISKS.join(", ")}`);
  }
  return given;
}

const SETTINGS = {
  allowOrigins: "origin",
  allowMethods: "methods",
  allowHeaders: "headers",
  exposeHeaders: "exposed",
  allowCredentials: "credentials",
  maxAge: "maxAge",
  preflightStatus: "status",
};

/** Returns a problem of a policy as one of the peer's option, at the place and with the text that the user wrote. */
function renamed(problem, { names }, origin, options) {
  const field = names[SETTINGS[problem.field]] ?? problem.field;
  let { index, value } = problem;
  if (problem.field === "allowOrigins") {
    if (origin.any !== undefined) {
      index = null;
      value = String(origin.any);
    } else if (origin.isList) {
      index = problem.place ?? origin.patterns[index]?.index ?? index;
    } else {
      index = null;
    }
  } else if (index !== null && options[field]?.[index] !== value) {
    // The place in a list of which the names were told apart.
    index = null;
  }
  const rename = (text) => (text === null || text === undefined ? text : text.replace(/\baccept_risks\b/g, "acceptRisks").replace(/\ballow_credentials\b/g, names.credentials));
  const advice = rename(problem.advice) ?? null;
  const shown = typeof value === "string" && origin.any !== true ? quoted(value) : value;
  const message = `${field}${index === null || index === undefined ? "" : `[${index}]`} ${shown}: ${problem.reason}${advice === null ? "" : `; ${advice}`}`;
  return { ...problem, field, index: index ?? null, value, advice, message };
}

/**
 * What is made of options that are given for each request. A program has few of them; the cache is bounded, because options may
 * also be made of what a request says.
 */
export class OptionsCache {
  #made = new Map();
  #make;

  /** @param {(options: object) => unknown} make */
  constructor(make) {
    this.#make = make;
  }

  get(options) {
    const key = keyOf(options);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.#make(options);
    if (key.length <= LONGEST) {
      if (this.#made.size >= CACHED) this.#made.delete(this.#made.keys().next().value);
      this.#made.set(key, made);
    }
    return made;
  }
}

/** Returns a cache of the plans of a peer's options. */
export function plansOf(peer) {
  return new OptionsCache((given) => {
    const options = given instanceof Policy ? { policy: given } : (given ?? {});
    if (!isRecord(options)) throw new TypeError(`${peer.name}: options are expected, not ${kindOf(given)}`);
    for (const name of OF_A_SITE) {
      if (options[name] !== undefined) throw new TypeError(`${peer.name}: ${name} has no effect in the options of a request; write it in those of the adapter, or of a Site`);
    }
    const { policy, ...others } = options;
    if (policy === undefined) return planOf(others, peer);
    if (!(policy instanceof Policy)) throw new TypeError(`policy: a Policy is expected, not ${kindOf(policy)}; write new Policy({…})`);
    const other = Object.keys(others).find((name) => others[name] !== undefined);
    if (other !== undefined) throw new TypeError(`policy has them all; remove ${other}`);
    return new Plan(policy);
  });
}

/** Returns the options of an adapter that are about a request. */
export function ofRequest(options) {
  const rest = { ...options };
  for (const name of OF_A_SITE) delete rest[name];
  return rest;
}

// What counts for all requests.
const OF_A_SITE = SITE_OPTIONS.filter((name) => !["policy", "passthrough", "allowOrigin"].includes(name));

const CACHED = 256;
const LONGEST = 8192;

const functions = new WeakMap();
let numbered = 0;

/** Returns a text that is the same for options that mean the same, as far as a text can tell. */
function keyOf(value) {
  if (isRegExp(value)) return `/${value.source}/${value.flags}`;
  if (typeof value === "function" || value instanceof Policy || value instanceof Site) {
    if (!functions.has(value)) functions.set(value, ++numbered);
    return `#${functions.get(value)}`;
  }
  if (value === null || typeof value !== "object") return typeof value === "string" ? quoted(value) : String(value);
  if (typeof value[Symbol.iterator] === "function") return `[${Array.from(value, keyOf).join()}]`;
  return `{${Object.keys(value)
    .map((name) => `${quoted(name)}:${keyOf(value[name])}`)
    .join()}}`;
}
