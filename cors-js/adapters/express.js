// Express, Connect, and every server of node:http and node:http2: `cors(options | delegate)`, with the options of npm's `cors`.

import { asPlugin, fastifyCors, isFastify } from "./fastify.js";
import { NodeHead, addFields, respond } from "./node.js";
import { plansOf, siteOf } from "./options.js";
import { answered, asError, isThenable } from "./values.js";

/** @type {import("./options.js").Peer} */
const NPM_CORS = {
  name: "cors",
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
  defaults: { origin: "*", methods: "GET,HEAD,PUT,PATCH,POST,DELETE" },
  others: ["preflightContinue"],
  also: ["headers"],
  passthrough: "preflightContinue",
  // `{ origin: undefined }`, say of a variable that is not set, is no CORS there and not any origin.
  undefinedCounts: true,
  isAnyHeader: (headers) => !headers,
  ask: (given) => (origin) => answered(given, origin),
  rest: () => ({ sendsLength: true }),
};

/**
 * Returns a middleware. Takes the options of npm's `cors`, or a function `(request, callback)` that gives them for each request,
 * or a `Policy` or `Site`.
 */
export function cors(given, ...rest) {
  if (isFastify(given)) return fastifyCors(given, ...rest);
  const isDelegate = typeof given === "function";
  const plans = isDelegate ? plansOf(NPM_CORS) : null;
  const site = siteOf(isDelegate ? {} : given, NPM_CORS);

  function corsMiddleware(request, response, next) {
    if (!isDelegate) return handle(site, site.rules, null, request, response, next);
    const fail = (thrown) => next(asError(thrown, "the function that gives options"));
    let options;
    try {
      options = answered(given, request);
    } catch (thrown) {
      return fail(thrown);
    }
    const go = (ready) => {
      let plan;
      try {
        plan = plans.get(ready);
      } catch (error) {
        return next(error);
      }
      return plan === null ? next() : handle(site, site.rules, plan, request, response, next);
    };
    return isThenable(options) ? void options.then(go, fail) : go(options);
  }

  /** Returns the plan of a handshake, or `null`. */
  async function planOf(request, head) {
    return isDelegate ? plans.get(await answered(given, request)) : site.rules.planFor(head);
  }

  /** The policies, and the counts. */
  corsMiddleware.site = site;
  /** Decides about a WebSocket handshake, in a listener of `upgrade`. */
  corsMiddleware.mayUpgrade = async (request) => {
    const head = new NodeHead(request);
    const plan = await planOf(request, head);
    if (plan !== null) return site.mayUpgrade(await plan.decide(head), plan, head, request);
    // No policy is for the path, or none is for any.
    return (!isDelegate && site.rules.plans.length > 0) || site.mayUpgradeWithoutCors(head);
  };
  return corsMiddleware;
}

// Fastify reads the mark before it calls the function.
asPlugin(cors);

function handle(site, rules, chosen, request, response, next) {
  const head = new NodeHead(request);
  const plan = chosen ?? rules.planFor(head);
  if (plan === null) return next();
  let decision;
  try {
    decision = plan.decide(head);
  } catch (error) {
    return fail(error);
  }
  return isThenable(decision) ? void decision.then(go, fail) : go(decision);

  function go(decided) {
    let answer;
    try {
      answer = site.review(decided, plan, head, request, rules.shadow);
    } catch (error) {
      return fail(error);
    }
    if (answer !== null) return respond(response, decided, answer, plan);
    addFields(response, decided, plan.extra);
    return next();
  }

  // What answers gets the fields of an origin that nothing allows.
  function fail(error) {
    addFields(response, head.evaluate(plan.policy), plan.extra);
    return next(asError(error, "a callback"));
  }
}

export { cors as default };
