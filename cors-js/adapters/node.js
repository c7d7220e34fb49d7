// Requests and responses of node:http, node:https and node:http2, and of what is made of them: Express, Connect, Fastify, Koa, h3.

import { isPolicyField, mergeVary } from "./engine.js";
import { pathOf } from "./path.js";

/** The parts of a request that a decision depends on. What few decisions need is read when one does. */
export class NodeHead {
  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {{ protocol?: string, originalUrl?: string }} [framework] what has the scheme by which the request came, where a framework
   *   knows it better than the socket, and what was asked for: Express and Connect cut the place where they are mounted off `url`
   */
  constructor(request, framework = request) {
    this.request = request;
    this.framework = framework;
    this.headers = request.headers;
  }

  get method() {
    return this.request.method;
  }

  get origin() {
    return this.headers.origin;
  }

  get site() {
    return this.headers["sec-fetch-site"];
  }

  get host() {
    return this.headers[":authority"] ?? this.headers.host;
  }

  get scheme() {
    return this.framework.protocol ?? this.headers[":scheme"] ?? (this.request.socket?.encrypted ? "https" : "http");
  }

  get path() {
    return pathOf(this.framework.originalUrl ?? this.request.url);
  }

  evaluate(policy) {
    const { headers } = this;
    const { origin } = headers;
    const requestMethod = headers["access-control-request-method"];
    // Without these the method decides nothing.
    if (origin === undefined || requestMethod === undefined) return origin?.includes(",") ? policy.decide(...this.fields) : policy.decide("GET", origin);
    // Node joins lines with a comma, which no value has that counts. The engine tells two lines from a malformed one.
    if (origin.includes(",") || requestMethod.includes(",")) return policy.decide(...this.fields);
    return policy.decide(this.method, origin, requestMethod, headers["access-control-request-headers"], headers["access-control-request-private-network"]);
  }

  /** The method, and the lines of each field that a decision reads. */
  get fields() {
    return [this.method, ...READ.map((name) => this.#lines(name))];
  }

  #lines(name) {
    const { rawHeaders } = this.request;
    const value = this.headers[name];
    if (value === undefined || !rawHeaders?.length) return value;
    const lines = [];
    for (let index = 0; index < rawHeaders.length; index += 2) {
      if (rawHeaders[index].length === name.length && rawHeaders[index].toLowerCase() === name) lines.push(rawHeaders[index + 1]);
    }
    return lines.length === 0 ? value : lines;
  }
}

const READ = ["origin", "access-control-request-method", "access-control-request-headers", "access-control-request-private-network"];

/**
 * What was decided about a response whose head is not written yet.
 *
 * @typedef {object} Decided
 * @property {import("../src/engine.js").Decision} decision
 * @property {readonly [string, string][]} extra
 * @property {boolean} isDirect
 * @property {boolean} isDone whether the head was written, or no policy is for the response any longer
 */

// These are one for all copies of this package in a program: the last decision about a response counts.
const DECIDED = Symbol.for("cors-engine.decided");
const WRITE_HEAD = Symbol.for("cors-engine.writeHead");
// On a function that writes the fields of what was decided about any response.
const WRITES_FIELDS = Symbol.for("cors-engine.writesFields");

/**
 * What was decided about responses of Express, which cost a microsecond for each property that they get: Express changes the
 * prototype of each, and V8 then makes hidden classes that no other object has.
 */
class Decisions {
  /** The garbage collector looks at each entry: so the last one, of which the head is mostly the next that is written, is not among them. */
  #others = new WeakMap();
  #lastResponse = null;
  #last;

  get(response) {
    return response === this.#lastResponse ? this.#last : this.#others.get(response);
  }

  /** @param {Decided} decided */
  add(response, decided) {
    if (this.#lastResponse !== null) this.#others.set(this.#lastResponse, this.#last);
    this.#lastResponse = response;
    this.#last = decided;
  }

  delete(response) {
    if (response !== this.#lastResponse) this.#others.delete(response);
    else this.#lastResponse = this.#last = null;
  }
}

const IN_EXPRESS = (globalThis[Symbol.for("cors-engine.inExpress")] ??= new Decisions());

/** @returns {Decided | undefined} */
function decidedOf(response) {
  return response[DECIDED] ?? IN_EXPRESS.get(response);
}

/**
 * Has the response get its fields when its head is written, whoever writes it, so that they survive what handlers of errors,
 * proxies and the application set until then (A2, A3). The last decision about a response counts.
 *
 * @param {import("node:http").ServerResponse} response
 * @param {boolean} isDirect whether the framework gives a whole head to `writeHead`, and nobody asks the response about it
 */
export function addFields(response, decision, extra, isDirect = false) {
  const { writeHead } = response;
  const isExpress = typeof writeHead === "function" && writeHead[WRITES_FIELDS] === true;
  const known = isExpress ? IN_EXPRESS.get(response) : decidedOf(response);
  if (known !== undefined) {
    known.decision = decision;
    known.extra = extra;
    known.isDone = response.headersSent;
    return;
  }
  const decided = { decision, extra, isDirect: false, isDone: false };
  if (isExpress || hookExpress(response)) {
    IN_EXPRESS.add(response, decided);
    return;
  }
  if (!writesHeads(response)) return mergeNow(response, decision, extra);
  if (response.headersSent) return;
  // What another package has in the place of Node's function may not read a list, and streams of HTTP/2 have objects.
  decided.isDirect = isDirect && !Object.hasOwn(response, "writeHead") && response.stream === undefined;
  response[DECIDED] = decided;
  response[WRITE_HEAD] = writeHead;
  response.writeHead = writeHeadOfOne;
  if (response.stream !== undefined) guardStream(response, response.stream);
}

function writeHeadOfOne(status, reason, headers) {
  const decided = this[DECIDED];
  const writeHead = this[WRITE_HEAD];
  if (decided.isDone) return Reflect.apply(writeHead, this, arguments);
  const returned = writeFields(this, decided, this, writeHead, status, reason, headers);
  decided.isDone = true;
  return returned;
}

/**
 * Has every response of a copy of Express get its fields, by the prototype that Express has for extensions. Returns false for a
 * response of another server, or with a `writeHead` of its own.
 */
function hookExpress(response) {
  // Each application has a prototype that knows it; behind it is that of the application in which it is mounted, and at last `express.response`.
  let prototype = Object.getPrototypeOf(response);
  if (prototype === null || !Object.hasOwn(prototype, "app") || Object.hasOwn(response, "writeHead")) return false;
  while (prototype !== null && Object.hasOwn(prototype, "app")) prototype = Object.getPrototypeOf(prototype);
  if (prototype === null || !Object.hasOwn(prototype, "send")) return false;
  const server = Object.getPrototypeOf(prototype);
  if (server.constructor?.name !== "ServerResponse" || typeof server.writeHead !== "function") return false;
  const own = Object.hasOwn(prototype, "writeHead") ? prototype.writeHead : null;
  const value = function writeHeadOfAny(status, reason, headers) {
    const decided = IN_EXPRESS.get(this);
    const writeHead = own ?? server.writeHead;
    if (decided === undefined) return Reflect.apply(writeHead, this, arguments);
    // The functions are looked up on the prototype: on a response of Express that takes longer.
    const returned = writeFields(this, decided, prototype, writeHead, status, reason, headers);
    IN_EXPRESS.delete(this);
    return returned;
  };
  value[WRITES_FIELDS] = true;
  return Reflect.defineProperty(prototype, "writeHead", { value, writable: true, enumerable: false, configurable: true });
}

/** A handler over HTTP/2 may write the head of its stream itself. */
function guardStream(response, stream) {
  for (const [name, place] of RESPONDERS) {
    const write = stream[name];
    if (typeof write !== "function") continue;
    stream[name] = function (...given) {
      const decided = response[DECIDED];
      if (!decided.isDone) {
        given[place] = headOfStream(given[place] ?? {}, decided);
        guardStatCheck(given[place + 1], decided);
      }
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

/** A function that sees the file before the head is sent may change the head. */
function guardStatCheck(options, decided) {
  const statCheck = options?.statCheck;
  if (typeof statCheck !== "function") return;
  options.statCheck = function (stat, headers, ...rest) {
    const answer = Reflect.apply(statCheck, this, [stat, headers, ...rest]);
    const head = headOfStream(headers, decided);
    for (const name of Object.keys(headers)) delete headers[name];
    Object.assign(headers, head);
    return answer;
  };
}

function headOfStream(given, { decision, extra }) {
  const { headers, vary } = objectWithout(given);
  if (vary !== undefined) headers.vary = vary;
  for (const [name, value] of extra) headers[name] = value;
  for (const { name, value } of decision.fields) headers[name] = valueBeside(vary, name, value);
  return headers;
}

/** Takes the policy off a response that no policy is for any longer. */
export function forget(response) {
  if (response[DECIDED] !== undefined) response[DECIDED].isDone = true;
  IN_EXPRESS.delete(response);
}

/** False for what stands for a response: of a WebSocket handshake in engine.io, and in unit tests. Nobody writes its head. */
function writesHeads(response) {
  return typeof response.writeHead === "function" && (typeof response._implicitHeader === "function" || response.stream !== undefined);
}

/** Writes a head with the fields, by the functions of `by`: of the response, or of its prototype. */
function writeFields(response, decided, by, writeHead, status, reason, headers) {
  const hasReason = typeof reason === "string";
  const changed = mergeHead(response, headers ?? (hasReason ? undefined : (reason ?? undefined)), decided, by);
  return hasReason ? writeHead.call(response, status, reason, changed) : writeHead.call(response, status, changed);
}

/** Merges the fields with those that the response has and those that it is given last; returns what to give on. */
function mergeHead(response, given, { decision, extra, isDirect }, by) {
  const names = by.getHeaderNames.call(response);
  let vary;
  for (const name of names) {
    if (name === "vary") vary = response.getHeader("vary");
    else if (isPolicyField(name)) response.removeHeader(name);
  }
  if (given === undefined || given === null) {
    setFields(response, decision, extra, vary, by);
    return undefined;
  }
  const isList = Array.isArray(given);
  if (isDirect && !isList && names.length === 0) return linesOfHead(given, decision, extra);
  const kept = isList ? arrayWithout(given) : objectWithout(given);
  vary = kept.vary ?? vary;
  // Where nothing was set before, Node writes a list that it is given as it is, with lines that occur twice.
  if (isList && names.length === 0) return withFields(kept, decision, extra, vary);
  if (kept.vary !== undefined && !hasVary(decision)) response.setHeader("vary", kept.vary);
  setFields(response, decision, extra, vary, by);
  return kept.headers;
}

function setFields(response, { fields }, extra, vary, { setHeader }) {
  for (const [name, value] of extra) setHeader.call(response, name, value);
  for (const { name, value } of fields) setHeader.call(response, name, valueBeside(vary, name, value));
}

/** Returns the value of a field of the policy: the line of `Vary` has the names that the response has already, too. */
function valueBeside(vary, name, value) {
  return name === "vary" && vary !== undefined ? mergeVary(linesOf(vary), value) : value;
}

function withFields({ headers, isFlat }, decision, extra, vary) {
  const added = [...extra];
  for (const { name, value } of decision.fields) added.push([name, valueBeside(vary, name, value)]);
  if (vary !== undefined && !hasVary(decision)) added.push(["vary", vary]);
  return isFlat ? headers.concat(...added) : [...headers, ...added];
}

/** Returns a whole head, as the list that Node writes as it is. */
function linesOfHead(given, decision, extra) {
  const lines = [];
  let vary;
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (isTaken(name)) {
      const lower = name.toLowerCase();
      if (lower === "vary") vary = joined(vary, value);
      if (lower === "vary" || isPolicyField(lower)) continue;
    }
    lines.push(name, value);
  }
  for (const [name, value] of extra) lines.push(name, value);
  for (const { name, value } of decision.fields) lines.push(name, valueBeside(vary, name, value));
  if (vary !== undefined && !hasVary(decision)) lines.push("vary", vary);
  return lines;
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

/** True for a name that may be `vary` or that of a field of the policy. */
function isTaken(name) {
  const first = name.charCodeAt(0) | 32;
  return (first === LETTER_A && name.length > SHORTEST) || (first === LETTER_V && name.length === 4);
}

const LETTER_A = 97;
const LETTER_V = 118;
const SHORTEST = "access-control-".length;

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
  return response.writeHead?.[WRITES_FIELDS] !== true && SOCKETS.has(response.socket?.constructor?.name) && decidedOf(response) === undefined && response.stream === undefined && response.getHeaderNames().length === 0;
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
