// The part that all adapters share: it finds the policy of a request, decides, asks the application about origins, counts and
// compares. It knows no server: an adapter gives it a head of a request, and sends the answer that it returns, or else the
// application's response, with the decision's fields in either.

import { PathPrefixes, Policy, ambiguousPath, checkOrigins, denialMessage, isSameOrigin } from "./engine.js";
import { isAllowed } from "./origins.js";
import { asError, boolean, callback, isPolicyOption, isRecord, isThenable, kindOf, quoted } from "./values.js";
import { WebHead, responseOf, withFields } from "./web.js";

/** A policy, and what of an adapter's options is not in it. Immutable. */
export class Plan {
  #anyOrigin;

  /**
   * @param {Policy} policy
   * @param {object} [rest]
   * @param {import("./engine.js").OriginRegex | null} [rest.expressions] matched against origins that no pattern allows
   * @param {((origin: string, context: unknown) => unknown) | null} [rest.ask] decides about origins that nothing else allows
   * @param {boolean} [rest.passthrough]
   * @param {boolean} [rest.sendsLength] whether the answer to a preflight has `Content-Length: 0` with the status 204 as well
   * @param {readonly [string, string][]} [rest.extra] further fields of every response
   * @param {readonly [string, string][]} [rest.preflightExtra] further fields of the answers to preflights
   * @param {object} [rest.adapter] what else the adapter needs
   */
  constructor(policy, { expressions = null, ask = null, passthrough = false, sendsLength = false, extra = NONE, preflightExtra = NONE, adapter = NOTHING } = {}) {
    this.policy = policy;
    this.adapter = adapter;
    this.expressions = expressions;
    this.ask = ask;
    this.passthrough = passthrough;
    this.sendsLength = sendsLength;
    this.extra = extra;
    this.preflightExtra = preflightExtra;
    this.asks = ask !== null || expressions !== null;
  }

  /** Returns the decision about a request: at once, unless the application takes its time to answer about its origin (E12). */
  decide(head, context) {
    const decision = head.evaluate(this.policy);
    return this.asks && decision.denial === "OriginNotAllowed" ? this.#ask(decision, head, context) : decision;
  }

  /** What decides where a function says that any origin is allowed. */
  get #any() {
    this.#anyOrigin ??= new AnyOrigin(this.policy);
    return this.#anyOrigin;
  }

  #ask(decision, head, context) {
    const { policy } = this;
    const { fields } = head;
    const origin = policy.originToAsk(...fields);
    if (origin === undefined) return decision;
    const allowed = () => policy.decideWith(...fields, () => true);
    if (this.expressions?.matches(origin)) return allowed();
    if (this.ask === null) return decision;
    const decided = (value) => {
      if ([value].flat().includes("*") && !policy.allowCredentials) return this.#any.decide(fields);
      return isAllowed(value, origin, policy) ? allowed() : decision;
    };
    const fail = (thrown) => {
      throw asError(thrown, "the function that decides about origins");
    };
    let value;
    try {
      value = this.ask(origin, context);
    } catch (thrown) {
      fail(thrown);
    }
    return isThenable(value) ? value.then(decided, fail) : decided(value);
  }
}

/** A policy as it would be with any origin. Its decisions depend on the origin all the same, because a function chose it (E8). */
class AnyOrigin {
  #policy;
  #decisions = new WeakMap();

  constructor({ config }) {
    this.#policy = new Policy({ ...config, allowOrigins: ["*"] });
  }

  decide(fields) {
    const decision = this.#policy.decide(...fields);
    if (!this.#decisions.has(decision)) this.#decisions.set(decision, varied(decision));
    return this.#decisions.get(decision);
  }
}

function varied(decision) {
  const others = decision.fields.filter(({ name }) => name !== "vary");
  const vary = decision.fields.filter(({ name }) => name === "vary").map(({ value }) => value);
  return Object.freeze({ ...decision, fields: Object.freeze([...others, { name: "vary", value: ["origin", ...vary].join(", "), op: "append" }]) });
}

const NONE = Object.freeze([]);
const NOTHING = Object.freeze({});

/** The plan of a path that can be read in several ways, under different policies (A9). */
const AMBIGUOUS = Object.freeze({
  decide: (head) => ambiguousPath(head.fields),
  passthrough: false,
  sendsLength: false,
  extra: NONE,
  preflightExtra: NONE,
  adapter: NOTHING,
});

/** Maps paths to plans (A9). Immutable. */
class Rules {
  constructor(plans, shadow) {
    this.shadow = shadow;
    /** The one plan of every path, if there is one. */
    this.only = plans.size === 1 && plans.has("/") ? plans.get("/") : null;
    this.plans = [...plans.values()];
    this.prefixes = new PathPrefixes([...plans.keys()]);
  }

  /** Returns the plan for a request, by its path as the browser sent it, or `null` where none is for it. */
  planFor(head) {
    if (this.only !== null) return this.only;
    if (this.plans.length === 0) return null;
    const found = this.prefixes.find(head.path);
    return found === "ambiguous" ? AMBIGUOUS : found === null ? null : this.plans[found];
  }
}

/**
 * The policies of an application, and the counts of what they denied. Adapters share one, or make their own.
 */
export class Site {
  #denials = new Map();
  #differences = new Map();
  #ownBySite = new Map();
  #ownByOrigin = new Map();
  #others;

  /**
   * @param {Policy | SiteOptions} given a policy for every path, or an object with `policy`, `policies` and the other options
   * @param {SiteOptions} [options] the other options, where a policy is given alone
   */
  constructor(given, options) {
    const { policy, policies, shadow, plan, ...rest } = siteOptions(given, options);
    this.rules = rulesOf({ policy, policies, shadow, plan }, rest);
    this.passthrough = boolean("passthrough", rest.passthrough);
    this.enforce = boolean("enforce", rest.enforce);
    this.ownOrigins = checkOrigins("ownOrigins", rest.ownOrigins ?? []);
    this.onDenial = callback("onDenial", rest.onDenial);
    this.onDifference = callback("onDifference", rest.onDifference);
    this.#others = rest;
  }

  /** Replaces all policies, at once. A request that has begun keeps the policy that it began with (A4). */
  swap(given, options) {
    const { policy, policies, shadow, plan, ...rest } = siteOptions(given, options);
    const other = Object.keys(rest).find((name) => rest[name] !== undefined);
    if (other !== undefined) throw new TypeError(`${other}: a swap replaces policies; make another Site for other options`);
    this.rules = rulesOf({ policy, policies, shadow, plan }, this.#others);
  }

  /** The number of requests denied, by reason (A5). */
  get denials() {
    return Object.fromEntries(this.#denials);
  }

  /** How often the shadow decided otherwise: entries of the policy's verdict, the shadow's, and the number (A8). */
  get differences() {
    return [...this.#differences].map(([verdicts, count]) => [...verdicts.split(" "), count]);
  }

  /**
   * Counts and compares a decision, and returns the answer to send in the application's place, or `null`.
   *
   * `request` is given to the callbacks.
   */
  review(decision, plan, head, request, shadow = this.rules.shadow) {
    if (shadow !== null) this.#compare(decision, head.evaluate(shadow), request);
    const { kind, denial } = decision;
    const counted = denial !== null && !(kind === "actual" && this.#isOwn(head));
    if (counted) {
      this.#denials.set(denial, (this.#denials.get(denial) ?? 0) + 1);
      this.onDenial?.(denial, request, decision);
    }
    if (kind === "preflight") return this.passthrough || plan.passthrough ? null : answerOf(decision.status, denial);
    return counted && this.enforce ? answerOf(403, head.method === "HEAD" ? null : denial) : null;
  }

  /**
   * Returns true if a WebSocket handshake may go on: if its origin is allowed, or the site's own, or missing, as in what is no
   * browser. Browsers leave this check to servers.
   */
  mayUpgrade(decision, plan, head, request) {
    this.review(decision, plan, head, request);
    return decision.denial === null || this.#isOwn(head);
  }

  /** Returns the same where the options say that there is no CORS: pages of other origins may not. */
  mayUpgradeWithoutCors(head) {
    return head.origin === undefined || this.#isOwn(head);
  }

  /**
   * Answers a preflight, and passes every other request to `next`, whose response gets the fields: for runtimes that have
   * `Request` and `Response`. If `next` throws, `onError` makes the response; without it the caller gets the error.
   */
  async handle(request, next, { onError } = {}) {
    const { rules } = this;
    const head = new WebHead(request);
    const plan = rules.planFor(head);
    if (plan === null) return next(request);
    const decision = await plan.decide(head, request);
    const answer = this.review(decision, plan, head, request, rules.shadow);
    if (answer !== null) return responseOf(answer, decision, plan);
    let response;
    try {
      response = await next(request);
    } catch (error) {
      if (onError === undefined) throw error;
      response = await onError(error, request);
    }
    return withFields(response, decision, plan.extra);
  }

  /** Returns whether a request is the site's own (A6). */
  #isOwn(head) {
    const { origin = null } = head;
    const site = head.site ?? null;
    // It decides alone where it is present.
    if (site !== null) return this.#remembered(this.#ownBySite, site, null, () => isSameOrigin(origin, site, null, null, this.ownOrigins));
    const host = head.host ?? null;
    // The scheme counts only for what may be the site's own without it.
    const mayBeOwn = this.#remembered(this.#ownByOrigin, origin, host, () => isSameOrigin(origin, null, null, host, this.ownOrigins));
    return mayBeOwn && isSameOrigin(origin, null, head.scheme ?? null, host, this.ownOrigins);
  }

  /** Returns what was found out about a text and a host before. Pages ask again and again; others choose what they send, so few are remembered. */
  #remembered(known, text, host, find) {
    const last = known.get(text);
    if (last !== undefined && last.host === host) return last.isOwn;
    const isOwn = find();
    if (text === null || text.length + (host?.length ?? 0) > LONGEST) return isOwn;
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, { host, isOwn });
    return isOwn;
  }

  #compare(decision, would, request) {
    if (decision.denial === would.denial) return;
    const verdicts = `${decision.denial ?? "allowed"} ${would.denial ?? "allowed"}`;
    this.#differences.set(verdicts, (this.#differences.get(verdicts) ?? 0) + 1);
    this.onDifference?.(decision, would, request);
  }
}

/** The options of a site, which every adapter takes beside those of its peer. */
export const SITE_OPTIONS = Object.freeze(["policy", "policies", "shadow", "enforce", "passthrough", "ownOrigins", "allowOrigin", "onDenial", "onDifference"]);

// Compiled of a peer's options, by `siteOf`; null for no CORS.
const PLAN = "plan";

function siteOptions(given, options = {}) {
  const isPolicy = given instanceof Policy;
  if (!isPolicy && !isRecord(given)) {
    throw new TypeError(`a Policy or an object with one is expected, not ${kindOf(given)}; write new Policy({…})`);
  }
  const all = isPolicy ? { ...options, policy: given } : given;
  for (const name of Object.keys(all)) {
    if (SITE_OPTIONS.includes(name) || name === PLAN) continue;
    const advice = isPolicyOption(name) ? `write policy: new Policy({ ${name}: … })` : `the options of a Site are ${SITE_OPTIONS.join(", ")}`;
    throw new TypeError(`unknown option ${quoted(name)}; ${advice}`);
  }
  return all;
}

function rulesOf({ policy, policies, shadow = null, plan }, { allowOrigin = null } = {}) {
  if (shadow !== null && !(shadow instanceof Policy)) throw expectedPolicy("shadow", shadow);
  if (allowOrigin !== null && typeof allowOrigin !== "function") {
    throw new TypeError(`allowOrigin: a function of an origin is expected, not ${kindOf(allowOrigin)}; a list of origins is allowOrigins of a Policy`);
  }
  if (plan === null) return new Rules(new Map(), shadow);
  const made = new Map();
  const planOf = (name, member) => {
    if (!(member instanceof Policy)) throw expectedPolicy(name, member);
    return new Plan(member, { ask: allowOrigin });
  };
  if (policies !== undefined) {
    const entries = policies instanceof Map ? [...policies] : isRecord(policies) ? Object.entries(policies) : null;
    if (entries === null) {
      throw new TypeError(`policies: an object of paths and policies is expected, not ${kindOf(policies)}; write { "/public": new Policy({…}) }`);
    }
    for (const [path, member] of entries) made.set(path, planOf(`policies[${quoted(path)}]`, member));
  }
  const everywhere = plan ?? (policy === undefined ? undefined : planOf("policy", policy));
  if (everywhere !== undefined && !made.has("/")) made.set("/", everywhere);
  if (made.size === 0) throw new TypeError("a policy is missing; new Policy({}) allows nothing");
  return new Rules(made, shadow);
}

function expectedPolicy(name, value) {
  return new TypeError(`${name}: a Policy is expected, not ${kindOf(value)}; write new Policy({…})`);
}

const REMEMBERED = 256;
const LONGEST = 512;

const answers = new Map();

/** Returns an answer without the application: its status and its text, which names the reason of a 403. */
function answerOf(status, denial) {
  const named = status === 403 ? denial : null;
  const key = `${status} ${named}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = Object.freeze({ status, body: named === null ? "" : `CORS: ${denialMessage(named)}\n` });
    answers.set(key, answer);
  }
  return answer;
}
