// Requests and responses of the web: Hono, h3, and every runtime that has `Request` and `Response`.

import { isPolicyField, mergeVary } from "./engine.js";
import { pathOf } from "./path.js";

/** The parts of a `Request` that a decision depends on. */
export class WebHead {
  /** @param {Request} request */
  constructor(request) {
    this.request = request;
  }

  get method() {
    return this.request.method;
  }

  get origin() {
    return this.request.headers.get("origin") ?? undefined;
  }

  get site() {
    return this.request.headers.get("sec-fetch-site");
  }

  get host() {
    return this.#address[2] ?? this.request.headers.get("host");
  }

  get scheme() {
    return this.#address[1] ?? null;
  }

  get path() {
    return pathOf(this.request.url);
  }

  get #address() {
    return /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(this.request.url) ?? [];
  }

  evaluate(policy) {
    return policy.decide(...this.fields);
  }

  /** The method, and each field that a decision reads. `Headers` has joined lines of one name. */
  get fields() {
    const { method, headers } = this.request;
    return [method, ...READ.map((name) => text(headers, name))];
  }
}

const READ = ["origin", "access-control-request-method", "access-control-request-headers", "access-control-request-private-network"];

function text(headers, name) {
  return headers.get(name) ?? undefined;
}

/** Merges the fields of a decision with those of a response (A3). */
export function mergeInto(headers, { fields }, extra) {
  for (const name of [...headers.keys()]) if (isPolicyField(name)) headers.delete(name);
  for (const [name, value] of extra) headers.set(name, value);
  for (const { name, value } of fields) {
    const line = name === "vary" ? headers.get(name) : null;
    headers.set(name, line === null ? value : mergeVary([line], value));
  }
}

/** Returns the response with the fields: itself, or a copy where its headers cannot be changed. */
export function withFields(response, decision, extra) {
  // An upgraded connection and a network error have no fields that can be changed.
  if (response.status === 101 || response.type === "error") return response;
  try {
    mergeInto(response.headers, decision, extra);
    return response;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  // The headers of a response of `fetch` cannot be changed.
  const copy = new Response(response.body, response);
  mergeInto(copy.headers, decision, extra);
  return copy;
}

/** Returns the response to a preflight, or to a request that is refused. */
export function responseOf({ status, body }, decision, plan) {
  const isPreflight = decision.kind === "preflight";
  const headers = new Headers(isPreflight ? plan.preflightExtra.map((field) => [...field]) : []);
  if (body !== "") headers.set("content-type", "text/plain; charset=utf-8");
  mergeInto(headers, decision, plan.extra);
  return new Response(body === "" ? null : body, { status, statusText: PHRASES[status], headers });
}

const PHRASES = { 200: "OK", 204: "No Content", 403: "Forbidden" };
