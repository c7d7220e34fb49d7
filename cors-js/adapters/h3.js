// h3, Nitro and Nuxt: `handleCors(event, options)`, with the options of h3, and a middleware.

import { NodeHead, addFields, respond } from "./node.js";
import { OptionsCache, siteOf } from "./options.js";
import { Policy, mergeVary } from "./engine.js";
import { Site } from "./site.js";
import { isThenable } from "./values.js";
import { WebHead, mergeInto, responseOf, withFields } from "./web.js";

/** @type {import("./options.js").Peer} */
const H3_CORS = {
  name: "handleCors",
  names: {
    origin: "origin",
    methods: "methods",
    headers: "allowHeaders",
    exposed: "exposeHeaders",
    credentials: "credentials",
    maxAge: "maxAge",
    status: "preflightStatus",
    privateNetwork: "allowPrivateNetwork",
  },
  defaults: { origin: "*", methods: "*", exposeHeaders: "*" },
  others: ["passthrough"],
  passthrough: "passthrough",
  zeroIsUnset: true,
  exposesAny: true,
  isAnyHeader: (headers) => !headers || headers.length === 0,
  ask: (given) => (origin) => given(origin),
};

const sites = new OptionsCache((options) => {
  const { preflight, ...rest } = options;
  return siteOf(preflight === undefined ? rest : { ...rest, preflightStatus: preflight.statusCode }, H3_CORS);
});

function siteFor(options = {}) {
  if (options instanceof Site) return options;
  return sites.get(options instanceof Policy ? { policy: options } : options);
}

/**
 * Decides about the request of an event, whose response gets the fields. A preflight is answered: returns true in h3 1, and in
 * h3 2 the response. Returns false for every other request.
 */
export function handleCors(event, options) {
  const handled = handle(event, siteFor(options));
  if (isThenable(handled)) throw new TypeError("handleCors: the function for origins returned a promise; use the middleware `cors(options)`, which waits");
  return handled;
}

/** Returns a middleware, for `app.use`. Takes the options of `handleCors`, or a `Policy` or `Site`. */
export function cors(options) {
  const site = siteFor(options);

  async function corsMiddleware(event, next) {
    const handled = await handle(event, site);
    // h3 1 calls the next handler if a handler returns nothing.
    if (handled === true || (handled === false && next === undefined)) return undefined;
    if (handled !== false) return handled;
    const staged = event[STAGED];
    if (staged === undefined) return next();
    const { decision, extra } = staged;
    let value;
    try {
      value = await next();
    } catch (error) {
      const vary = error?.headers?.get?.("vary");
      if (vary) event.res.errHeaders.set("vary", mergeVary([vary], event.res.errHeaders.get("vary") ?? vary));
      throw error;
    }
    // Until here a handler may have set fields of its own. What the event has takes the place of what a `Response` has.
    const response = value instanceof Response ? withFields(value, decision, extra) : null;
    mergeInto(event.res.headers, decision, extra);
    const lines = [response?.headers.get("vary"), event.res.headers.get("vary")].filter((line) => line);
    if (response !== null && lines.length > 0) event.res.headers.set("vary", lines.reduce((line, names) => mergeVary([line], names)));
    return response ?? value;
  }

  /** The policies, and the counts. */
  corsMiddleware.site = site;
  return corsMiddleware;
}

const STAGED = Symbol.for("cors-engine.h3");

function handle(event, site) {
  const { rules } = site;
  const head = headOf(event);
  const plan = rules.planFor(head);
  if (plan === null) return false;
  const go = (decision) => {
    const answer = site.review(decision, plan, head, event, rules.shadow);
    if (answer === null) {
      stage(event, decision, plan.extra);
      return false;
    }
    if (isFirst(event)) {
      respond(event.node.res, decision, answer, plan);
      return true;
    }
    return responseOf(answer, decision, plan);
  };
  const decision = plan.decide(head, event);
  return isThenable(decision) ? decision.then(go) : go(decision);
}

/** True for an event of h3 1, which is always Node's. */
function isFirst(event) {
  return event.node?.req !== undefined && typeof event.req?.headers?.get !== "function";
}

function headOf(event) {
  return isFirst(event) ? new NodeHead(event.node.req) : new WebHead(event.req);
}

/** Has the response of an event get the fields, whoever makes it. */
function stage(event, decision, extra) {
  // On Node the last to see the head of the response is the server's.
  const server = event.node?.res ?? event.runtime?.node?.res;
  if (server !== undefined) return addFields(server, decision, extra);
  event[STAGED] = { decision, extra };
  hookApplication(event.app);
  mergeInto(event.res.headers, decision, extra);
  return mergeInto(event.res.errHeaders, decision, extra);
}

const HOOKED = new WeakSet();

/** Has the responses of an application get the fields last of all: without a server of Node's, a handler's own would count. */
function hookApplication(application) {
  const config = application?.config;
  if (config === undefined || HOOKED.has(config) || Object.isFrozen(config)) return;
  HOOKED.add(config);
  const { onResponse } = config;
  config.onResponse = async (response, event) => {
    try {
      await onResponse?.(response, event);
    } finally {
      const staged = event[STAGED];
      // The response is h3's own: what is staged makes it one.
      if (staged !== undefined) mergeInto(response.headers, staged.decision, staged.extra);
    }
  };
}

/** Puts the fields of a request on the response of an event, which is not answered. */
export function appendCorsHeaders(event, options) {
  append(event, options);
}

/** Puts the fields of the answer to a preflight on the response of an event, which is not answered. */
export function appendCorsPreflightHeaders(event, options) {
  append(event, options);
}

function append(event, options) {
  const site = siteFor(options);
  const head = headOf(event);
  const plan = site.rules.planFor(head);
  if (plan !== null) stage(event, plan.decide(head, event), plan.extra);
}

/** Returns true for a preflight. */
export function isPreflightRequest(event) {
  const { method, origin, request } = headOf(event);
  const { headers } = request;
  const asked = typeof headers.get === "function" ? headers.get("access-control-request-method") : headers["access-control-request-method"];
  return method === "OPTIONS" && Boolean(origin) && Boolean(asked);
}

/** Returns true if the options allow an origin. */
export function isCorsOriginAllowed(origin, options) {
  if (!origin) return false;
  const head = new NodeHead({ method: "GET", url: "/", headers: { origin }, rawHeaders: ["origin", origin] });
  const plan = siteFor(options).rules.planFor(head);
  return plan !== null && plan.decide(head).allowed;
}

export { cors as default };
