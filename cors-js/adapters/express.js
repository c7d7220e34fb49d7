// Express, Connect, and every server of node:http and node:http2: `cors(options | delegate)`, with the options of npm's `cors`.

import { asPlugin, fastifyCors, isFastify } from "./fastify.js";
import { NodeHead, addFields, respond } from "./node.js";
import { plansOf, siteOf } from "./options.js";
import { answered, isThenable } from "./values.js";

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
    let options;
    try {
      options = answered(given, request);
    } catch (error) {
      return next(error);
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
    return isThenable(options) ? void options.then(go, next) : go(options);
  }

  /** The policies, and the counts. */
  corsMiddleware.site = site;
  /** Decides about a WebSocket handshake, in a listener of `upgrade`. */
  corsMiddleware.mayUpgrade = (request) => mayUpgrade(site, request);
  return corsMiddleware;
}

// Fastify reads the mark before it calls the function.
asPlugin(cors);

function handle(site, rules, chosen, request, response, next) {
  const head = new NodeHead(request, request.protocol);
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
    const answer = site.review(decided, plan, head, request, rules.shadow);
    if (answer !== null) return respond(response, decided, answer, plan);
    addFields(response, decided, plan.extra);
    return next();
  }

  // What answers gets the fields of an origin that nothing allows.
  function fail(error) {
    addFields(response, head.evaluate(plan.policy), plan.extra);
    return next(error);
  }
}

async function mayUpgrade(site, request) {
  const head = new NodeHead(request, request.protocol);
  const plan = site.rules.planFor(head);
  return plan === null || site.mayUpgrade(await plan.decide(head), plan, head, request);
}

export { cors as default };
