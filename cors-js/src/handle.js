// For everything that has `Request` and `Response`: runtimes at the edge, Deno, Bun, and the frameworks on them.

import { kindOf } from "./headers.js";

/** The beginning of every field name that only the policy may set: the engine checks no other name. */
const POLICY_FIELDS = "access-control-";

const FLAGS = ["enforce", "passthrough"];
const FUNCTIONS = ["onError", "onDecision", "onDifference"];

/**
 * Answers a preflight, and passes every other request to `next`, whose response gets the policy's fields.
 * @param {import("./policy.js").Policy} policy
 * @param {Request} request
 * @param {(request: Request) => Response | PromiseLike<Response>} next
 */
export async function handle(policy, request, next, options = {}) {
  check(request, next, options);
  const { allowOrigin, enforce, onDecision, onDifference, onError, ownOrigins = [], passthrough, shadow } = options;
  const { method, headers } = request;
  const decision =
    allowOrigin === undefined ? policy.evaluate(method, headers) : await policy.evaluateAsync(method, headers, allowOrigin);
  onDecision?.(decision, request);
  if (shadow !== undefined) {
    const other = shadow.evaluate(method, headers);
    if (other.denial !== decision.denial) onDifference?.(decision, other, request);
  }
  if (decision.kind === "preflight" && !passthrough) {
    return new Response(null, { status: decision.status, headers: decision.fields.map(({ name, value }) => [name, value]) });
  }
  if (enforce && decision.kind === "actual" && !decision.allowed && !isSameOrigin(policy.engine, request, ownOrigins)) {
    return applyDecision(policy.engine, decision, new Response(null, { status: 403 }));
  }
  return applyDecision(policy.engine, decision, await respond(request, next, onError));
}

/** Returns the response with the fields of a decision: the same object, or a copy if its headers cannot be changed. */
export function applyDecision(engine, decision, response) {
  // An upgraded connection and a network error have no header fields that can be changed.
  if (response.status === 101 || response.type === "error") return response;
  try {
    change(engine, response.headers, decision.fields);
    return response;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  // The headers of a response that `fetch` returned cannot be changed.
  const copy = new Response(response.body, response);
  change(engine, copy.headers, decision.fields);
  return copy;
}

/** Merges the fields (A3). */
function change(engine, headers, fields) {
  for (const name of [...headers.keys()]) {
    if (name.startsWith(POLICY_FIELDS) && engine.isPolicyField(name)) headers.delete(name);
  }
  for (const { name, value, op } of fields) {
    const line = name === "vary" ? headers.get(name) : null;
    if (line !== null) headers.set(name, engine.mergeVary([line], value));
    else if (op === "replace") headers.set(name, value);
    else headers.append(name, value);
  }
}

/** Browsers send `Origin` to the page's own server, too, and let it read the response whatever the policy is (A6). */
function isSameOrigin(engine, { url, headers }, ownOrigins) {
  const { protocol, host } = new URL(url);
  return engine.isSameOrigin([headers.get("origin"), headers.get("sec-fetch-site"), protocol.slice(0, -1), host, ...ownOrigins]);
}

async function respond(request, next, onError) {
  try {
    return await next(request);
  } catch (error) {
    if (onError === undefined) throw error;
    return await onError(error, request);
  }
}

function check(request, next, options) {
  if (typeof request?.headers?.get !== "function") {
    throw new TypeError(`request: ${kindOf(request)} where a Request should be; for node:http and Express there are adapters`);
  }
  if (typeof next !== "function") {
    throw new TypeError(`next: ${kindOf(next)} where a function should be; write (request) => new Response(…)`);
  }
  for (const name of FLAGS) {
    const value = options[name];
    if (value !== undefined && typeof value !== "boolean") throw new TypeError(`${name}: ${kindOf(value)} where true or false should be`);
  }
  for (const name of FUNCTIONS) {
    const value = options[name];
    if (value !== undefined && typeof value !== "function") throw new TypeError(`${name}: ${kindOf(value)} where a function should be`);
  }
  if (options.shadow !== undefined && typeof options.shadow?.evaluate !== "function") {
    throw new TypeError(`shadow: ${kindOf(options.shadow)} where a policy should be`);
  }
  if (options.ownOrigins !== undefined && !(Array.isArray(options.ownOrigins) && options.ownOrigins.every((own) => typeof own === "string"))) {
    throw new TypeError('ownOrigins: a list of strings is expected; write ["https://shop.example"]');
  }
}
