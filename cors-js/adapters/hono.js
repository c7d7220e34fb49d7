// Hono: `cors(options)`, with the options of hono/cors.

import { addFields } from "./node.js";
import { ofRequest, plansOf, siteOf } from "./options.js";
import { WebHead, responseOf, withFields } from "./web.js";

/** @type {import("./options.js").Peer} */
const HONO_CORS = {
  name: "hono/cors",
  names: {
    origin: "origin",
    methods: "allowMethods",
    headers: "allowHeaders",
    exposed: "exposeHeaders",
    credentials: "credentials",
    maxAge: "maxAge",
    status: "preflightStatus",
    privateNetwork: "allowPrivateNetwork",
  },
  defaults: { origin: "*", allowMethods: ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "QUERY"] },
  others: ["passthrough"],
  passthrough: "passthrough",
  isAnyHeader: (headers) => !headers || headers.length === 0,
  ask: (given) => (origin, c) => given(origin, c),
};

/**
 * Returns a middleware. Takes the options of hono/cors, of which `origin` and `allowMethods` may be functions, or a `Policy` or
 * `Site`.
 */
export function cors(given) {
  const isDynamic = typeof given?.allowMethods === "function";
  const plans = isDynamic ? plansOf(HONO_CORS) : null;
  const site = siteOf(isDynamic ? { ...given, allowMethods: [] } : given, HONO_CORS);

  async function corsMiddleware(c, next) {
    const { rules } = site;
    const head = new WebHead(c.req.raw);
    const plan = isDynamic ? plans.get({ ...ofRequest(given), allowMethods: await given.allowMethods(head.origin ?? "", c) }) : rules.planFor(head);
    if (plan === null) return next();
    const decided = plan.decide(head, c);
    const decision = typeof decided.then === "function" ? await decided : decided;
    const answer = site.review(decision, plan, head, c, rules.shadow);
    if (answer !== null) return responseOf(answer, decision, plan);
    // On Node, a handler may write to the response of the server itself.
    const { outgoing } = c.env ?? {};
    if (outgoing !== undefined) addFields(outgoing, decision, plan.extra);
    await next();
    const response = withFields(c.res, decision, plan.extra);
    if (response !== c.res) {
      c.res = undefined;
      c.res = response;
    }
    return undefined;
  }

  /** The policies, and the counts. */
  corsMiddleware.site = site;
  return corsMiddleware;
}

export { cors as default };
