// Requests and responses of node:http, node:https and node:http2, and of what is made of them: Express, Connect, Fastify, Koa, h3.

import { isPolicyField, mergeVary } from "./engine.js";
import { pathOf } from "./path.js";

/** The parts of a request that a decision depends on. */
export class NodeHead {
  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {string} [protocol] the scheme by which the request came, where a framework knows it better than the socket
   * @param {string} [target] what was asked for, where a framework keeps it elsewhere. Express and Connect cut the place where
   *   they are mounted off `url`, and keep the whole in `originalUrl`
   */
  constructor(request, protocol, target = request.originalUrl ?? request.url) {
    this.request = request;
    this.protocol = protocol;
    this.target = target;
  }

  get method() {
    return this.request.method;
  }

  get origin() {
    return this.request.headers.origin;
  }

  get site() {
    return this.request.headers["sec-fetch-site"];
  }

  get host() {
    return this.request.headers[":authority"] ?? this.request.headers.host;
  }

  get scheme() {
    return this.protocol ?? this.request.headers[":scheme"] ?? (this.request.socket?.encrypted ? "https" : "http");
  }

  get path() {
    return pathOf(this.target);
  }

  evaluate(policy) {
    const { method, headers } = this.request;
    const { origin } = headers;
    const requestMethod = headers["access-control-request-method"];
    // Node joins lines with a comma, which no value has that counts. The engine tells two lines from a malformed one.
    if ((origin !== undefined && origin.includes(",")) || (requestMethod !== undefined && requestMethod.includes(","))) {
      return policy.decide(...this.fields);
    }
    return policy.decide(method, origin, requestMethod, headers["access-control-request-headers"], headers["access-control-request-private-network"]);
  }

  /** The method, and the lines of each field that a decision reads. */
  get fields() {
    return [this.request.method, ...READ.map((name) => this.#lines(name))];
  }

  #lines(name) {
    const { rawHeaders, headers } = this.request;
    const value = headers[name];
    if (value === undefined || !rawHeaders?.length) return value;
    const lines = [];
    for (let index = 0; index < rawHeaders.length; index += 2) {
      if (rawHeaders[index].length === name.length && rawHeaders[index].toLowerCase() === name) lines.push(rawHeaders[index + 1]);
    }
    return lines.length === 0 ? value : lines;
  }
}

const READ = ["origin", "access-control-request-method", "access-control-request-headers", "access-control-request-private-network"];

// One for all copies of this package in a program: the last decision about a response counts.
const DECIDED = Symbol.for("cors-engine.decided");
const WRITE_HEAD = Symbol.for("cors-engine.writeHead");

/**
 * Has the response get its fields when its head is written, whoever writes it, so that they survive what handlers of errors,
 * proxies and the application set until then (A2, A3). The last decision about a response counts.
 *
 * @param {import("node:http").ServerResponse} response
 * @param {boolean} isDirect whether the framework gives a whole head to `writeHead`, and nobody asks the response about it
 */
export function addFields(response, decision, extra, isDirect = false) {
  const decided = { decision, extra, isDirect };
  if (response[DECIDED] !== undefined) {
    response[DECIDED] = decided;
    return;
  }
  if (!writesHeads(response)) return mergeNow(response, decision, extra);
  if (response.headersSent) return;
  response[DECIDED] = decided;
  response[WRITE_HEAD] = response.writeHead;
  response.writeHead = writeHead;
  if (response.stream !== undefined) guardStream(response, response.stream);
}

/** A handler over HTTP/2 may write the head of its stream itself. */
function guardStream(response, stream) {
  for (const [name, place] of RESPONDERS) {
    const write = stream[name];
    if (typeof write !== "function") continue;
    stream[name] = function (...given) {
      const decided = response[DECIDED];
      if (decided !== NOTHING) given[place] = mergeHead(UNSET, given[place] ?? {}, { ...decided, isDirect: true });
      return Reflect.apply(write, this, given);
    };
  }
}

// The functions of a stream, and which of their arguments is the head.
const RESPONDERS = [
  ["respond", 0],
  ["respondWithFD", 1],
  ["respondWithFile", 1],
];

// What a head of a stream has beside what it is given.
const UNSET = { getHeaderNames: () => [] };

/** Takes the policy off a response that no policy is for any longer. */
export function forget(response) {
  if (response[DECIDED] !== undefined) response[DECIDED] = NOTHING;
}

const NOTHING = null;

/** False for what stands for a response: of a WebSocket handshake in engine.io, and in unit tests. Nobody writes its head. */
function writesHeads(response) {
  return typeof response.writeHead === "function" && (typeof response._implicitHeader === "function" || response.stream !== undefined);
}

function writeHead(status, reason, headers) {
  const decided = this[DECIDED];
  if (this.headersSent || decided === NOTHING) return Reflect.apply(this[WRITE_HEAD], this, arguments);
  const hasReason = typeof reason === "string";
  const given = headers ?? (hasReason ? undefined : (reason ?? undefined));
  const changed = mergeHead(this, given, decided);
  return hasReason ? this[WRITE_HEAD](status, reason, changed) : this[WRITE_HEAD](status, changed);
}

/** Merges the fields with those that the response has and those that it is given last; returns what to give on. */
function mergeHead(response, given, { decision, extra, isDirect }) {
  const names = response.getHeaderNames();
  for (const name of names) if (isPolicyField(name)) response.removeHeader(name);
  if (given === undefined || given === null) {
    setFields(response, decision, extra, names.includes("vary") ? response.getHeader("vary") : undefined);
    return undefined;
  }
  const kept = Array.isArray(given) ? arrayWithout(given) : objectWithout(given);
  const vary = kept.vary ?? (names.includes("vary") ? response.getHeader("vary") : undefined);
  // Where nothing was set before, Node writes a list that it is given as it is, with lines that occur twice.
  if (names.length === 0 && (isDirect || Array.isArray(given))) return withFields(kept, decision, extra, vary);
  if (kept.vary !== undefined && !hasVary(decision)) response.setHeader("vary", kept.vary);
  setFields(response, decision, extra, vary);
  return kept.headers;
}

function setFields(response, { fields }, extra, vary) {
  for (const [name, value] of extra) response.setHeader(name, value);
  for (const { name, value } of fields) response.setHeader(name, name === "vary" ? mergeVary(linesOf(vary), value) : value);
}

function withFields({ headers, isFlat }, decision, extra, vary) {
  const added = [...extra];
  for (const { name, value } of decision.fields) added.push([name, name === "vary" ? mergeVary(linesOf(vary), value) : value]);
  if (vary !== undefined && !hasVary(decision)) added.push(["vary", vary]);
  if (Array.isArray(headers)) return isFlat ? headers.concat(...added) : [...headers, ...added];
  for (const [name, value] of added) headers[name] = value;
  return headers;
}

function objectWithout(given) {
  // Without a prototype: the names are those of a response that may be another server's.
  const headers = Object.create(null);
  let vary;
  for (const name of Object.keys(given)) {
    const lower = name.toLowerCase();
    if (lower === "vary") vary = joined(vary, given[name]);
    else if (!isPolicyField(lower)) headers[name] = given[name];
  }
  return { headers, vary, isFlat: false };
}

function arrayWithout(given) {
  const isFlat = !Array.isArray(given[0]);
  const headers = [];
  let vary;
  const take = (name, value, ...pair) => {
    const lower = String(name).toLowerCase();
    if (lower === "vary") vary = joined(vary, value);
    else if (!isPolicyField(lower)) headers.push(...pair);
  };
  if (isFlat) for (let index = 0; index < given.length; index += 2) take(given[index], given[index + 1], given[index], given[index + 1]);
  else for (const pair of given) take(pair[0], pair[1], pair);
  return { headers, vary, isFlat };
}

function joined(lines, more) {
  return more === undefined ? lines : linesOf(lines).concat(linesOf(more));
}

function linesOf(value) {
  return value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
}

function hasVary({ fields }) {
  return fields.some(({ name }) => name === "vary");
}

/** Puts the fields on what stands for a response, by the names that its users look for. */
function mergeNow(response, decision, extra) {
  for (const name of response.getHeaderNames?.() ?? []) if (isPolicyField(name.toLowerCase())) response.removeHeader(name);
  for (const [name, value] of extra) response.setHeader(titleCase(name), value);
  for (const { name, value } of decision.fields) {
    const key = titleCase(name);
    response.setHeader(key, name === "vary" ? mergeVary(linesOf(response.getHeader?.(key) || undefined), value) : value);
  }
}

function titleCase(name) {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/**
 * Answers without the application: a preflight, or a request that is refused.
 *
 * @param {import("node:http").ServerResponse} response
 */
export function respond(response, decision, { status, body }, plan) {
  const isPreflight = decision.kind === "preflight";
  if (isPreflight && body === "" && isPlain(response)) {
    response.writeHead(status, answerLines(decision, status, plan));
    return response.end();
  }
  addFields(response, decision, plan.extra);
  response.statusCode = status;
  if (isPreflight) for (const [name, value] of plan.preflightExtra) response.setHeader(name, value);
  if (body !== "") {
    response.setHeader("Content-Type", "text/plain; charset=utf-8");
    response.setHeader("Content-Length", body.length);
    return response.end(body);
  }
  if (plan.sendsLength || status !== 204) response.setHeader("Content-Length", "0");
  return response.end();
}

/**
 * True if nobody else has a part in the head, which is then written at once. What makes responses of functions in a cloud gives
 * them a socket of its own, and reads `getHeaders`.
 */
function isPlain(response) {
  return SOCKETS.has(response.socket?.constructor?.name) && response[DECIDED] === undefined && response.stream === undefined && response.getHeaderNames().length === 0;
}

const SOCKETS = new Set(["Socket", "TLSSocket"]);

function answerLines({ fields }, status, { extra, preflightExtra, sendsLength }) {
  const lines = [];
  for (const { name, value } of fields) lines.push(name, value);
  for (const [name, value] of extra) lines.push(name, value);
  for (const [name, value] of preflightExtra) lines.push(name, value);
  if (sendsLength || status !== 204) lines.push("Content-Length", "0");
  return lines;
}
