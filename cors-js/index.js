// The engine's C interface (include/cors.h) over the linear memory of a wasm module. Each policy has an instance of its own,
// and with it a memory, which goes when the policy does: nothing has to be freed.
//
//   __heap_base   the image, then what a call needs: the arguments, the decision, the strings

import { DECISION, ERROR, FIELD, HEADER, KINDS, MESSAGE_SIZE, OK, OPS, POLICY, REQUEST, STRING } from "./layout.js";

// The fields of a request that a decision depends on.
const READ = new Set([
  "origin",
  "access-control-request-method",
  "access-control-request-headers",
  "access-control-request-private-network",
]);

// The beginning of every field name that only the policy may set: the engine checks no other name.
const POLICY_FIELDS = "access-control-";

const PAGE = 65536;

export class PolicyError extends Error {
  name = "PolicyError";
}

export class Engine {
  #module;

  constructor(module) {
    const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
    if (!exported.includes("cors_evaluate")) throw new TypeError("not the module of cors.wasm");
    this.#module = module;
  }

  static async load(source) {
    const given = await source;
    const bytes = given instanceof Response ? await given.arrayBuffer() : given;
    return new Engine(await WebAssembly.compile(bytes));
  }

  policy(image) {
    return new Policy(new Machine(new WebAssembly.Instance(this.#module).exports, bytesOf(image)));
  }
}

// An instance that holds an image.
class Machine {
  #exports;
  #policy;
  // The place where a call may write.
  #free;

  constructor(exports, image) {
    this.#exports = exports;
    const start = aligned(exports.__heap_base.value);
    this.#policy = aligned(start + image.length);
    this.#free = aligned(this.#policy + POLICY.size);
    this.#reserve(this.#free + ERROR.size);
    this.#bytes().set(image, start);
    const code = exports.cors_policy_load(start, image.length, this.#policy, this.#free);
    if (code !== OK) throw new PolicyError(this.#message());
  }

  evaluate(method, headers) {
    const decision = this.#free;
    const request = decision + DECISION.size;
    const lines = request + REQUEST.size;
    let end = lines + headers.length * HEADER.size;
    const texts = [method, ...headers.flat()];
    this.#reserve(end + texts.reduce((sum, text) => sum + text.length, 0));
    const bytes = this.#bytes();
    const view = this.#view();
    const string = (at, text) => {
      write(bytes, end, text);
      view.setUint32(at + STRING.data, end, true);
      view.setUint32(at + STRING.len, text.length, true);
      end += text.length;
    };
    view.setUint32(request, REQUEST.size, true);
    string(request + REQUEST.method, method);
    view.setUint32(request + REQUEST.headers, lines, true);
    view.setUint32(request + REQUEST.headerCount, headers.length, true);
    headers.forEach(([name, value], index) => {
      string(lines + index * HEADER.size + HEADER.name, name);
      string(lines + index * HEADER.size + HEADER.value, value);
    });
    const code = this.#exports.cors_evaluate(this.#policy, request, decision);
    if (code !== OK) throw new Error(`cors_evaluate: ${code}`);
    return this.#decision(decision);
  }

  allowsOrigin(origin) {
    const [string] = this.#strings([origin]);
    return Boolean(this.#exports.cors_policy_allows_origin(this.#policy, string));
  }

  isPolicyField(name) {
    const [string] = this.#strings([name]);
    return Boolean(this.#exports.cors_is_policy_field(string));
  }

  // Returns the one line of Vary; `line` if it may stay as it is.
  mergeVary(line, names) {
    const size = line.length + names.length + 2;
    const [lines, added, buffer] = this.#strings([line, names], size);
    const length = aligned(buffer + size);
    const code = this.#exports.cors_vary_merge(lines, 1, added, buffer, size, length);
    if (code !== OK) throw new Error(`cors_vary_merge: ${code}`);
    const merged = this.#view().getUint32(length, true);
    return merged === 0 ? line : decode(this.#bytes().subarray(buffer, buffer + merged));
  }

  isSameOrigin(origin, site, scheme, host, ownOrigins) {
    const [sender, where, by, to, own] = this.#strings([origin, site, scheme, host, ...ownOrigins]);
    return Boolean(this.#exports.cors_is_same_origin(sender, where, by, to, own ?? 0, ownOrigins.length));
  }

  // Writes strings one after the other, null as a string without data, and returns their place. After them is room for
  // `size` bytes and a number.
  #strings(texts, size = 0) {
    const start = this.#free;
    let end = start + texts.length * STRING.size;
    this.#reserve(texts.reduce((sum, text) => sum + (text?.length ?? 0), end) + size + 2 * STRING.size);
    const bytes = this.#bytes();
    const view = this.#view();
    const places = texts.map((text, index) => {
      const string = start + index * STRING.size;
      write(bytes, end, text ?? "");
      view.setUint32(string + STRING.data, text === null ? 0 : end, true);
      view.setUint32(string + STRING.len, text?.length ?? 0, true);
      end += text?.length ?? 0;
      return string;
    });
    return [...places, end];
  }

  #decision(at) {
    const view = this.#view();
    const denial = view.getUint8(at + DECISION.denial);
    const fields = Array.from({ length: view.getUint32(at + DECISION.fieldCount, true) }, (_, index) => {
      const field = at + DECISION.fields + index * FIELD.size;
      return {
        name: this.#text(field + FIELD.name),
        value: this.#text(field + FIELD.value),
        op: OPS[view.getUint8(field + FIELD.op)],
      };
    });
    return {
      kind: KINDS[view.getUint8(at + DECISION.kind)],
      allowed: denial === 0,
      denial: denial === 0 ? null : this.#denial(denial),
      status: view.getUint16(at + DECISION.status, true) || null,
      fields,
    };
  }

  #denial(number) {
    // A function returns a struct by writing it to its first argument.
    const string = this.#free + DECISION.size;
    this.#exports.cors_denial_name(string, number);
    return this.#text(string);
  }

  #message() {
    const length = this.#view().getUint32(this.#free + ERROR.messageLen, true);
    const start = this.#free + ERROR.message;
    return decode(this.#bytes().subarray(start, start + Math.min(length, MESSAGE_SIZE - 1)));
  }

  #text(string) {
    const view = this.#view();
    const start = view.getUint32(string + STRING.data, true);
    return decode(this.#bytes().subarray(start, start + view.getUint32(string + STRING.len, true)));
  }

  // Views do not survive the memory's growth, so they are made anew.
  #bytes() {
    return new Uint8Array(this.#exports.memory.buffer);
  }

  #view() {
    return new DataView(this.#exports.memory.buffer);
  }

  #reserve(end) {
    const { memory } = this.#exports;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  }
}

export class Policy {
  #machine;

  constructor(machine) {
    if (!(machine instanceof Machine)) throw new TypeError("a policy is made by Engine.policy()");
    this.#machine = machine;
  }

  evaluate({ method, headers }) {
    const read = [];
    for (const [name, value] of headers) {
      const lower = name.toLowerCase();
      if (READ.has(lower)) read.push([lower, byteString(value)]);
    }
    return this.#machine.evaluate(byteString(method), read);
  }

  allowsOrigin(origin) {
    return this.#machine.allowsOrigin(byteString(origin));
  }

  async handle(request, next, options = {}) {
    const decision = this.evaluate(request);
    options.onDecision?.(decision, request);
    if (options.shadow !== undefined) compare(decision, options.shadow.evaluate(request), request, options.onDifference);
    if (decision.kind === "preflight" && !options.passthrough) {
      const headers = new Headers(decision.fields.map(({ name, value }) => [name, value]));
      return new Response(null, { status: decision.status, headers });
    }
    if (options.enforce && decision.kind === "actual" && !decision.allowed && !this.#isSameOrigin(request, options)) {
      return this.apply(decision, new Response(null, { status: 403 }));
    }
    return this.apply(decision, await respond(request, next, options.onError));
  }

  apply(decision, response) {
    // An upgraded connection and a network error have no header fields that can be changed.
    if (response.status === 101 || response.type === "error") return response;
    try {
      this.#change(response.headers, decision.fields);
      return response;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    // The headers of a response that `fetch` returned cannot be changed.
    const copy = new Response(response.body, response);
    this.#change(copy.headers, decision.fields);
    return copy;
  }

  // Browsers send `Origin` to the page's own server, too, and let it read the response whatever the policy is (A6).
  #isSameOrigin({ url, headers }, { ownOrigins = [] }) {
    const [origin, site] = ["origin", "sec-fetch-site"].map((name) => headers.get(name));
    const { protocol, host } = new URL(url);
    const sent = (text) => (text === null ? null : byteString(text));
    return this.#machine.isSameOrigin(sent(origin), sent(site), protocol.slice(0, -1), host, ownOrigins.map(byteString));
  }

  // Merges the fields (A3).
  #change(headers, fields) {
    for (const name of [...headers.keys()]) {
      if (name.startsWith(POLICY_FIELDS) && this.#machine.isPolicyField(name)) headers.delete(name);
    }
    for (const { name, value, op } of fields) {
      const line = name === "vary" ? headers.get(name) : null;
      if (line !== null) headers.set(name, this.#machine.mergeVary(byteString(line), value));
      else if (op === "replace") headers.set(name, value);
      else headers.append(name, value);
    }
  }
}

function compare(decision, shadow, request, onDifference) {
  if (decision.denial !== shadow.denial) onDifference?.(decision, shadow, request);
}

async function respond(request, next, onError) {
  try {
    return await next(request);
  } catch (error) {
    if (onError === undefined) throw error;
    return await onError(error, request);
  }
}

// A header's value is a sequence of bytes, each a character. A text with other characters did not come from a request; the
// replacement keeps it from being an origin or a token.
function byteString(text) {
  return String(text).replace(/[^\0-\xff]/g, "\xff");
}

function write(bytes, start, text) {
  for (let index = 0; index < text.length; index++) bytes[start + index] = text.charCodeAt(index);
}

function bytesOf(source) {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function aligned(offset) {
  return Math.ceil(offset / 8) * 8;
}

function decode(bytes) {
  return decoder.decode(bytes);
}

const decoder = new TextDecoder();
