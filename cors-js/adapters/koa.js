// Koa: `cors(options)`, with the options of @koa/cors.

import { NodeHead, addFields, forget } from "./node.js";
import { ofRequest, plansOf, siteOf } from "./options.js";
import { boolean, isThenable } from "./values.js";

/** @type {import("./options.js").Peer} */
const KOA_CORS = {
  name: "@koa/cors",
  names: {
    origin: "origin",
    methods: "allowMethods",
    headers: "allowHeaders",
    exposed: "exposeHeaders",
    credentials: "credentials",
    maxAge: "maxAge",
    status: "preflightStatus",
    privateNetwork: "privateNetworkAccess",
  },
  defaults: { allowMethods: "GET,HEAD,PUT,POST,DELETE,PATCH" },
  others: ["keepHeadersOnError", "secureContext", "passthrough"],
  passthrough: "passthrough",
  zeroIsUnset: true,
  isAnyHeader: (headers) => !headers || headers.length === 0,
  ask: (given) => (_origin, ctx) => given(ctx),
  rest: ({ secureContext, keepHeadersOnError = true }) => ({
    extra: boolean("secureContext", secureContext) ? SECURE_CONTEXT : [],
    adapter: { keepsOnError: boolean("keepHeadersOnError", keepHeadersOnError) },
  }),
};

const SECURE_CONTEXT = Object.freeze([
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-embedder-policy", "require-corp"],
]);

/**
 * Returns a middleware. Takes the options of @koa/cors, of which `origin` and `credentials` may be functions of the context, or a
 * `Policy` or `Site`.
 */
export function cors(given) {
  const isDynamic = typeof given?.credentials === "function";
  const options = anyOrigin(given);
  const plans = isDynamic ? plansOf(KOA_CORS) : null;
  const site = siteOf(isDynamic ? { ...options, credentials: false } : options, KOA_CORS);

  async function corsMiddleware(ctx, next) {
    const { rules } = site;
    const head = new NodeHead(ctx.req, ctx);
    const plan = isDynamic ? plans.get({ ...ofRequest(options), credentials: Boolean(await given.credentials(ctx)) }) : rules.planFor(head);
    if (plan === null) return next();
    let decision;
    try {
      const decided = plan.decide(head, ctx);
      decision = isThenable(decided) ? await decided : decided;
    } catch (error) {
      addFields(ctx.res, head.evaluate(plan.policy), plan.extra);
      throw error;
    }
    addFields(ctx.res, decision, plan.extra);
    const answer = site.review(decision, plan, head, ctx, rules.shadow);
    if (answer !== null) {
      for (const [name, value] of decision.kind === "preflight" ? plan.preflightExtra : []) ctx.set(name, value);
      ctx.status = answer.status;
      ctx.body = answer.body === "" ? null : answer.body;
      // A body that is null makes the status 204.
      ctx.status = answer.status;
      return undefined;
    }
    if (plan.adapter.keepsOnError !== false) return next();
    try {
      return await next();
    } catch (error) {
      forget(ctx.res);
      throw error;
    }
  }

  /** The policies, and the counts. */
  corsMiddleware.site = site;
  return corsMiddleware;
}

/** Returns the options, in which no origin is any origin, as there. */
function anyOrigin(given) {
  return given === undefined || given === null || (typeof given === "object" && !("policy" in given || "policies" in given) && Object.getPrototypeOf(given) === Object.prototype && !given.origin)
    ? { ...given, origin: "*" }
    : given;
}

export { cors as default };
