// Fastify: a plugin, with the options of @fastify/cors.

import { Policy } from "./engine.js";
import { NodeHead, addFields } from "./node.js";
import { ofRequest, plansOf, siteOf } from "./options.js";
import { Site } from "./site.js";
import { answered, asError, boolean, isRecord, isThenable, kindOf } from "./values.js";

const HOOKS = ["onRequest", "preParsing", "preValidation", "preHandler", "preSerialization"];
const WITH_PAYLOAD = ["preParsing", "preSerialization"];

// Options of the plugin and of `register`, which are not about a policy.
const PLUGIN = ["hook", "delegator", "site", "hideOptionsRoute", "prefix", "logLevel", "logSerializers"];

/** Returns what the adapter stands for, around an instance of Fastify: functions of options have it as `this`. */
function peerOf(fastify) {
  return {
    name: "@fastify/cors",
    names: {
      origin: "origin",
      methods: "methods",
      headers: "allowedHeaders",
      exposed: "exposedHeaders",
      credentials: "credentials",
      maxAge: "maxAge",
      status: "optionsSuccessStatus",
      privateNetwork: "allowPrivateNetwork",
    },
    defaults: { origin: "*", methods: "GET,HEAD,POST" },
    others: ["preflightContinue", "preflight", "strictPreflight", "cacheControl", "dynamic", ...PLUGIN],
    passthrough: "preflightContinue",
    isAnyHeader: (headers) => headers === undefined || headers === null,
    ask: (given) => (origin) => checked(answered(given.bind(fastify), origin)),
    rest: ({ cacheControl, strictPreflight = true, preflight = true }) => {
      const value = Number.isInteger(cacheControl) ? `max-age=${cacheControl}` : cacheControl;
      return {
        sendsLength: true,
        preflightExtra: typeof value === "string" && value !== "" ? [["cache-control", value]] : [],
        adapter: { isStrict: boolean("strictPreflight", strictPreflight), answers: boolean("preflight", preflight) },
      };
    },
  };
}

/** Returns what a function answered about an origin. As there, what is false and is not `false` is a mistake. */
function checked(answer) {
  if (isThenable(answer)) return answer.then(checked);
  if (!answer && answer !== false) throw new TypeError(`origin: the function answered ${kindOf(answer)}; answer false where an origin is not allowed`);
  return answer;
}

/** True for an instance of Fastify: the package's root is called with one where it stands for @fastify/cors. */
export function isFastify(value) {
  return value !== null && typeof value === "object" && ["addHook", "decorateRequest", "route"].every((name) => typeof value[name] === "function");
}

/**
 * The plugin. Takes the options of @fastify/cors, or a function that gives them for each request, or `{ policy }`,
 * `{ policies }`, `{ site }`.
 */
export function fastifyCors(fastify, given, done) {
  try {
    new Plugin(fastify, given ?? {}).install();
  } catch (error) {
    return done(error);
  }
  return done();
}

/** Marks a plugin as `fastify-plugin` does: it works on the scope in which it is registered. */
export function asPlugin(plugin) {
  plugin[Symbol.for("skip-override")] = true;
  plugin[Symbol.for("fastify.display-name")] = "cors-engine";
  return plugin;
}

asPlugin(fastifyCors);

// In the configuration of the routes for OPTIONS that the plugin adds: the address that each is for, or null for every address.
const ADDRESS = Symbol("cors-engine.address");

// On a scope that has the plugin. Scopes within it may have one of their own.
const REGISTERED = Symbol("cors-engine.registered");

class Plugin {
  #fastify;
  #options;
  #delegator;
  #plans;
  #isPeer;
  // By address and constraints: the methods of its routes, and the `config.cors` of each.
  #addresses = new Map();
  #pending = [];
  // Whether some route has options of its own.
  #hasOwn = false;

  constructor(fastify, given) {
    this.#fastify = fastify;
    const options = typeof given === "function" ? { delegator: given } : given;
    const { hook = "onRequest", delegator, site, ...rest } = options;
    if (!HOOKS.includes(hook)) throw new TypeError(`hook: ${kindOf(hook)} is not one of ${HOOKS.join(", ")}`);
    if (delegator !== undefined && typeof delegator !== "function") throw new TypeError(`delegator: a function is expected, not ${kindOf(delegator)}`);
    if (site !== undefined) {
      if (!(site instanceof Site)) throw new TypeError(`site: a Site is expected, not ${kindOf(site)}; write new Site(policy)`);
      const other = Object.keys(withoutPlugin(rest)).find((name) => rest[name] !== undefined);
      if (other !== undefined || delegator !== undefined) throw new TypeError(`site has the policies; remove ${other ?? "delegator"}`);
    }
    if (rest.origin === "") throw new TypeError('origin: an empty text; write false for no CORS, or ["https://app.example.com"]');
    const peer = peerOf(fastify);
    this.hook = hook;
    this.#options = rest;
    this.#delegator = delegator;
    this.#plans = plansOf(peer);
    this.#isPeer = site === undefined && rest.policy === undefined && rest.policies === undefined;
    this.site = site ?? siteOf(delegator === undefined ? withoutPlugin(rest) : { ...withoutPlugin(rest), origin: false }, peer);
  }

  install() {
    const fastify = this.#fastify;
    const { hook } = this;
    if (Object.hasOwn(fastify, REGISTERED)) {
      throw new Error("the plugin is registered twice in one scope: give it all origins, or policies by path, or register it in scopes of their own");
    }
    fastify[REGISTERED] = true;
    if (!fastify.hasRequestDecorator("corsPreflightEnabled")) fastify.decorateRequest("corsPreflightEnabled", false);
    const handle = (request, reply, next) => this.#handle(request, reply, next);
    fastify.addHook(hook, WITH_PAYLOAD.includes(hook) ? (request, reply, _payload, next) => handle(request, reply, next) : handle);
    // Fastify runs the hooks of a scope for its routes alone. A preflight needs a route: one for every address, at the root or
    // under a prefix; in a scope without a prefix one for each of its addresses, because others belong to other scopes.
    // At the root they run for unknown addresses, too; @fastify/cors has a route there, which is one of its options.
    const isRoot = Object.getPrototypeOf(fastify) === Object.prototype;
    this.hasEvery = isRoot || fastify.prefix !== "";
    const addsEvery = isRoot ? this.#isPeer : fastify.prefix !== "";
    if (addsEvery) this.#addOptions("*", undefined, null);
    fastify.addHook("onRoute", (route) => this.#note(route));
  }

  #note({ method, url, constraints, config }) {
    const methods = [method].flat();
    if (config?.cors !== undefined) this.#hasOwn = true;
    if (config?.[ADDRESS] !== undefined || methods.includes("OPTIONS")) return;
    this.#check(url, config?.cors);
    const key = `${url} ${JSON.stringify(constraints ?? {})}`;
    if (!this.#addresses.has(key)) this.#addresses.set(key, new Map());
    const address = this.#addresses.get(key);
    for (const name of methods) address.set(name, config?.cors);
    if (address.isPending || (this.hasEvery && config?.cors === undefined)) return;
    address.isPending = true;
    this.#pending.push({ url, constraints, address });
    // After the scope has added its routes: one of them may be for OPTIONS.
    if (this.#pending.length === 1) this.#fastify.register(asPlugin((_fastify, _options, done) => done(this.#addPending())));
  }

  /** Throws, when the route is added, for a `config.cors` that would be refused at each request (A11). */
  #check(url, own) {
    if (own === undefined || own === false || own instanceof Policy) return;
    if (!isRecord(own)) throw new TypeError(`config.cors of ${url}: options, a Policy or false is expected, not ${kindOf(own)}`);
    if (!this.#isPeer) throw new TypeError(`config.cors of ${url}: beside policies a route has a policy of its own, or false; write new Policy({…})`);
    // What a delegator adds is not known yet.
    if (this.#delegator === undefined) this.#planOf(this.#options, own);
  }

  #addPending() {
    for (const { url, constraints, address } of this.#pending.splice(0)) {
      this.#addOptions(url, constraints, address);
    }
  }

  /** Adds a route for OPTIONS, unless the application has one: then its hooks answer preflights. */
  #addOptions(url, constraints, address) {
    const { hideOptionsRoute = true, logLevel } = this.#options;
    const path = address === null ? url : url.slice(this.#fastify.prefix.length);
    try {
      this.#fastify.route({
        method: "OPTIONS",
        url: path,
        ...(constraints === undefined ? {} : { constraints }),
        ...(logLevel === undefined ? {} : { logLevel }),
        schema: { hide: hideOptionsRoute },
        config: { [ADDRESS]: { methods: address, owner: this } },
        handler: (request, reply) => (request.corsPreflightEnabled ? reply.send() : reply.callNotFound()),
      });
    } catch (error) {
      if (!/already declared/.test(error.message)) throw error;
    }
  }

  #handle(request, reply, next) {
    const { rules } = this.site;
    // Fastify makes an object of what is known about a route, each time.
    if (!this.#hasOwn && this.#delegator === undefined && request.raw.method !== "OPTIONS") return this.#decide(rules, null, request, reply, next);
    const config = request.routeOptions?.config;
    const address = config?.[ADDRESS];
    // The plugin of a scope within this one answers.
    if (address !== undefined && address.owner !== this) return next();
    // The `config.cors` of the route that a preflight asks for, or of the request's own.
    const own = address === undefined ? config?.cors : address.methods?.get(request.headers["access-control-request-method"]);
    if (own === false) return next();
    if (this.#delegator === undefined && own === undefined && !isShared(address)) return this.#decide(rules, null, request, reply, next);
    let options = this.#options;
    const fail = (thrown) => next(asError(thrown, "the delegator"));
    const go = (given) => {
      let plan;
      try {
        plan = this.#planOf(given, own, address);
      } catch (error) {
        return next(error);
      }
      return plan === null ? next() : this.#decide(rules, plan, request, reply, next);
    };
    if (this.#delegator === undefined) return go(options);
    try {
      options = this.#delegator.length === 2 ? answered(this.#delegator, request) : this.#delegator(request);
      if (this.#delegator.length !== 2 && !isThenable(options)) {
        throw new TypeError("delegator: a function (request, callback), or one that returns a promise, is expected");
      }
    } catch (thrown) {
      return fail(thrown);
    }
    return isThenable(options) ? void options.then(go, fail) : go(options);
  }

  #planOf(base, own, address) {
    if (own instanceof Policy) return this.#plans.get(own);
    const options = { ...ofRequest(withoutPlugin(base)), ...own };
    // Where routes of an address have several policies, an answer to a preflight is about its own (A10).
    if (isShared(address) && options.policy === undefined) {
      const governed = [...address.methods].filter(([, other]) => other === own).map(([method]) => method);
      const { methods = "GET,HEAD,POST" } = options;
      const listed = typeof methods === "string" ? methods.split(",").map((method) => method.trim()) : [...methods];
      options.methods = listed.includes("*") ? governed : listed.filter((method) => governed.includes(method.toUpperCase()));
      options.maxAge = 0;
    }
    return this.#plans.get(options);
  }

  #decide(rules, chosen, request, reply, next) {
    const { raw } = request;
    const head = new NodeHead(raw, request);
    const plan = chosen ?? rules.planFor(head);
    if (plan === null) return next();
    const fail = (error) => {
      addFields(reply.raw, head.evaluate(plan.policy), plan.extra);
      return next(asError(error, "a callback"));
    };
    let decision;
    try {
      decision = plan.decide(head);
    } catch (error) {
      return fail(error);
    }
    const go = (decided) => {
      let answer;
      try {
        answer = this.site.review(decided, plan, head, request, rules.shadow);
      } catch (error) {
        return fail(error);
      }
      return this.#answer(plan, decided, answer, request, reply, next);
    };
    return isThenable(decision) ? void decision.then(go, fail) : go(decision);
  }

  #answer(plan, decision, answer, request, reply, next) {
    addFields(reply.raw, decision, plan.extra, true);
    const { isStrict = false, answers = true } = plan.adapter;
    const isPreflight = decision.kind === "preflight";
    if (isPreflight && answers) {
      request.corsPreflightEnabled = true;
      if (answer === null) for (const [name, value] of plan.preflightExtra) reply.header(name, value);
    }
    if (answer !== null && (answers || !isPreflight)) return send(reply, answer, isPreflight ? plan : null);
    // An OPTIONS that is no preflight is the application's, if it has a route for it.
    if (request.raw.method === "OPTIONS" && !isPreflight && answers && request.routeOptions?.config?.[ADDRESS] !== undefined) {
      if (isStrict) return void reply.code(400).type("text/plain").send("Invalid Preflight Request");
      return send(reply, { status: 204, body: "" }, plan);
    }
    return next();
  }
}

function isShared(address) {
  if (!address?.methods) return false;
  const [first, ...others] = address.methods.values();
  return others.some((other) => other !== first);
}

function withoutPlugin(options) {
  const rest = { ...options };
  for (const name of PLUGIN) delete rest[name];
  return rest;
}

function send(reply, { status, body }, plan) {
  for (const [name, value] of plan?.preflightExtra ?? []) reply.header(name, value);
  reply.code(status);
  if (body !== "") reply.type("text/plain; charset=utf-8");
  else if (plan?.sendsLength || status !== 204) reply.header("content-length", "0");
  reply.send(body === "" ? undefined : body);
}

export { fastifyCors as default };
