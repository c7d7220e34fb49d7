// An instance of the wasm module, and its memory. The module's functions are documented in engine/src.
//
// The images of policies belong to JavaScript, whose garbage collector takes them when their policies are dropped. The
// module's memory holds copies of the images that are in use, up to a bound: the oldest make room for others. What has a copy is held here,
// also where nobody else holds it any longer, so that their number is bounded, too.

import { KINDS, OPS } from "./names.js";

/** The most bytes of copies of images, unless a single image is larger. */
const MOST_RESIDENT = 32 * 1024 * 1024;
/** The most copies of images. */
const MOST_RESIDENT_IMAGES = 8192;

/** The bounds of the decisions that are kept, those of all policies together. */
const MOST_KEPT = 16_384;
const MOST_KEPT_CHARACTERS = 4 * 1024 * 1024;

/** A request with longer values is decided anew each time. */
const LONGEST_KEPT = 1024;

const ORIGIN = 0;
const REQUEST_METHOD = 1;
const REQUEST_HEADERS = 2;
const PRIVATE_NETWORK = 3;

/** Set in the first word of a decision that depends on the caller's answer about the origin. */
const ASKED = 1 << 16;

/**
 * A header field to send.
 * @typedef {{ readonly name: string, readonly value: string, readonly op: "replace" | "append" }} Field
 */

/**
 * What a policy decides about a request. Requests that are alike share it, so that it cannot be changed.
 * @typedef {{
 *   readonly kind: "not-cors" | "actual" | "preflight",
 *   readonly allowed: boolean,
 *   readonly denial: string | null,
 *   readonly status: number | null,
 *   readonly fields: readonly Field[],
 * }} Decision
 */

/** An image, and where its copy is in the module's memory. */
export class Image {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.place = 0;
    /** Texts of the image, by their place in it. */
    this.texts = new Map();
    /** Decisions about requests, by their origins. */
    this.kept = new Map();
    /** Decisions about preflights, by what they depend on: apart, so that nobody can send an origin that is such a text. */
    this.keptPreflights = new Map();
    /** The characters of the keys of both. */
    this.keptCharacters = 0;
    /** @type {Decision | undefined} */
    this.notCors = undefined;
  }
}

export class Engine {
  #exports;
  #bytes;
  #words;
  /** The images with a copy, the oldest first. @type {Set<Image>} */
  #resident = new Set();
  #residentBytes = 0;
  /** The images that keep decisions. @type {Set<Image>} */
  #keeping = new Set();
  #keptCount = 0;
  #keptCharacters = 0;
  /** The block for requests and texts: its place and its length. */
  #block = 0;
  #blockLength = 0;
  /** Texts of the module itself, by their addresses. @type {Map<number, string>} */
  #texts = new Map();
  #fieldNames;
  #denials;
  /** Stands for the image where a path is ambiguous (A9). */
  #ambiguous = new Image(new Uint8Array());
  /** The decisions that would be others if the caller's answer about the origin were yes (E12). @type {WeakSet<Decision>} */
  #open = new WeakSet();

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const { exports } = new WebAssembly.Instance(module);
    if (typeof exports.check_image !== "function") throw new TypeError("not a module of cors-engine");
    this.#exports = exports;
    this.#look();
    this.#reserve(4096);
    this.#fieldNames = this.#table(0, exports.field_name);
    this.#denials = [null, ...this.#table(1, exports.denial_name)];
  }

  /** The sentences of the denials, by their names. */
  denialMessages() {
    const messages = this.#table(1, this.#exports.denial_message);
    return Object.fromEntries(messages.map((message, index) => [this.#denials[index + 1], message]));
  }

  #table(first, name) {
    const names = [];
    for (let number = first; name(number); number++) names.push(this.#output());
    return names;
  }

  /**
   * Checks the bytes of an image. Returns what is wrong with them, or null.
   * @param {Uint8Array} bytes
   * @returns {{ code: number, message: string } | null}
   */
  checkImage(bytes) {
    const place = this.#allocate(bytes.length);
    this.#bytes.set(bytes, place);
    const code = this.#exports.check_image(place, bytes.length);
    this.#look();
    this.#exports.release(place, bytes.length);
    return code === 0 ? null : { code, message: this.#output() };
  }

  /**
   * Decides a request by an image.
   * @param {Image} image
   * @param {string} method
   * @param {string | readonly string[] | undefined} origin
   * @param {string | readonly string[] | undefined} requestMethod
   * @param {string | readonly string[] | undefined} requestHeaders
   * @param {string | readonly string[] | undefined} privateNetwork
   * @returns {Decision}
   */
  evaluate(image, method, origin, requestMethod, requestHeaders, privateNetwork) {
    if (origin === undefined) {
      return (image.notCors ??= this.#decide(image, method, undefined, requestMethod, undefined, undefined, false));
    }
    // A decision depends on nothing else than what is in its key.
    let key;
    let { kept } = image;
    if (requestMethod === undefined || method !== "OPTIONS") {
      if (typeof origin === "string" && requestMethod === undefined) key = origin;
    } else if (
      typeof origin === "string" &&
      typeof requestMethod === "string" &&
      (requestHeaders === undefined || typeof requestHeaders === "string") &&
      (privateNetwork === undefined || typeof privateNetwork === "string")
    ) {
      kept = image.keptPreflights;
      key =
        `${origin.length},${requestMethod.length},${requestHeaders === undefined ? "" : requestHeaders.length}:` +
        `${origin}${requestMethod}${requestHeaders ?? ""}${privateNetwork ?? ""}`;
    }
    if (key === undefined || key.length > LONGEST_KEPT) {
      return this.#decide(image, method, origin, requestMethod, requestHeaders, privateNetwork, false);
    }
    const known = kept.get(key);
    if (known !== undefined) return known;
    const decision = this.#decide(image, method, origin, requestMethod, requestHeaders, privateNetwork, false);
    this.#keep(image, kept, key, decision);
    return decision;
  }

  /**
   * Decides a request, and asks about an origin that parses and that no pattern allows (E12).
   * @param {Image} image
   * @param {(origin: string) => boolean} ask
   */
  evaluateWith(image, method, origin, requestMethod, requestHeaders, privateNetwork, ask) {
    const decision = this.evaluate(image, method, origin, requestMethod, requestHeaders, privateNetwork);
    if (!this.#open.has(decision) || !ask(originOf(origin))) return decision;
    return this.#decide(image, method, origin, requestMethod, requestHeaders, privateNetwork, true);
  }

  /**
   * Returns the origin that `evaluateWith` would ask about, or undefined.
   * @param {Image} image
   * @returns {string | undefined}
   */
  originToAsk(image, method, origin, requestMethod, requestHeaders, privateNetwork) {
    const decision = this.evaluate(image, method, origin, requestMethod, requestHeaders, privateNetwork);
    return this.#open.has(decision) ? originOf(origin) : undefined;
  }

  /** Decides a request whose path is ambiguous (A9). */
  ambiguousPath(method, origin, requestMethod) {
    return this.#decide(this.#ambiguous, method, origin, requestMethod, undefined, undefined, false);
  }

  #decide(image, method, origin, requestMethod, requestHeaders, privateNetwork, answer) {
    const isAmbiguous = image === this.#ambiguous;
    if (!isAmbiguous && image.place === 0) this.#load(image);
    const values = [method];
    const numbers = [0];
    add(values, numbers, ORIGIN, origin);
    add(values, numbers, REQUEST_METHOD, requestMethod);
    add(values, numbers, REQUEST_HEADERS, requestHeaders);
    add(values, numbers, PRIVATE_NETWORK, privateNetwork);
    let length = 8 * values.length;
    for (let index = 0; index < values.length; index++) length += values[index].length;
    if (length > this.#blockLength) this.#reserve(length);
    const { place } = image;
    const start = this.#block;
    const words = this.#words;
    let at = start >> 2;
    words[at++] = method.length;
    words[at++] = values.length - 1;
    for (let index = 1; index < values.length; index++) {
      words[at++] = numbers[index];
      words[at++] = values[index].length;
    }
    const first = at << 2;
    let end = first;
    for (let index = 0; index < values.length; index++) end = this.#write(end, values[index]);
    const made = this.#exports.evaluate(isAmbiguous ? 0 : place, image.bytes.length, start, answer ? 1 : 0) >>> 2;
    const head = words[made];
    const fields = [];
    for (let index = made + 3, last = index + 3 * words[made + 2]; index < last; index += 3) {
      const name = words[index];
      const value = this.#value(image, words[index + 1], words[index + 2], first, end, values);
      fields.push(Object.freeze({ name: this.#fieldNames[name & 0xff], value, op: OPS[name >> 8] }));
    }
    const denial = this.#denials[(head >> 8) & 0xff];
    const decision = Object.freeze({
      kind: KINDS[head & 0xff],
      allowed: denial === null,
      denial,
      status: words[made + 1] || null,
      fields: Object.freeze(fields),
    });
    if ((head & ASKED) !== 0 && !answer) this.#open.add(decision);
    return decision;
  }

  /** Returns a field's value: a text of the image or of the module, each made once, or a part of the request. */
  #value(image, place, length, first, end, values) {
    let texts = this.#texts;
    let key = place;
    if (place >= first && place < end) {
      // What is echoed is mostly a whole value.
      let start = first;
      for (const value of values) {
        if (place === start && length === value.length) return value;
        start += value.length;
      }
      return latin1(this.#bytes, place, length);
    }
    if (image.place !== 0 && place >= image.place && place < image.place + image.bytes.length) {
      texts = image.texts;
      key = place - image.place;
    }
    let text = texts.get(key);
    if (text === undefined || text.length !== length) {
      text = latin1(this.#bytes, place, length);
      texts.set(key, text);
    }
    return text;
  }

  #keep(image, kept, key, decision) {
    if (this.#keptCount >= MOST_KEPT || this.#keptCharacters + key.length > MOST_KEPT_CHARACTERS) {
      for (const other of this.#keeping) this.#forget(other);
    }
    this.#keeping.add(image);
    image.keptCharacters += key.length;
    this.#keptCount += 1;
    this.#keptCharacters += key.length;
    kept.set(key, decision);
  }

  /** Drops the decisions that are kept for an image. */
  #forget(image) {
    if (!this.#keeping.delete(image)) return;
    this.#keptCount -= image.kept.size + image.keptPreflights.size;
    this.#keptCharacters -= image.keptCharacters;
    image.kept.clear();
    image.keptPreflights.clear();
    image.keptCharacters = 0;
  }

  #load(image) {
    const { length } = image.bytes;
    for (const oldest of this.#resident) {
      if (this.#residentBytes + length <= MOST_RESIDENT && this.#resident.size < MOST_RESIDENT_IMAGES) break;
      this.unload(oldest);
    }
    const place = this.#allocate(length);
    this.#bytes.set(image.bytes, place);
    image.place = place;
    this.#resident.add(image);
    this.#residentBytes += length;
  }

  /**
   * Gives back the copy of an image and what is kept for it.
   * @param {Image} image
   */
  unload(image) {
    this.#forget(image);
    if (image.place === 0) return;
    this.#exports.release(image.place, image.bytes.length);
    image.place = 0;
    this.#resident.delete(image);
    this.#residentBytes -= image.bytes.length;
  }

  /**
   * Returns true if some pattern allows the origin (E7).
   * @param {Image} image
   * @param {string} origin
   */
  allowsOrigin(image, origin) {
    if (image.place === 0) this.#load(image);
    const [place] = this.#place([origin]);
    return this.#exports.allows_origin(image.place, image.bytes.length, place, origin.length) !== 0;
  }

  /** Returns true for a field of a response that only the policy may set (A3). */
  isPolicyField(name) {
    const [place] = this.#place([name]);
    return this.#exports.is_policy_field(place, name.length) !== 0;
  }

  /**
   * Returns the one line of Vary (A3).
   * @param {readonly string[]} lines the application's
   * @param {string} names the policy's
   */
  mergeVary(lines, names) {
    if (lines.length === 0) return names;
    // A line feed ends no line of a response: its place is a comma's.
    const joined = lines.map((line) => line.replaceAll("\n", ",")).join("\n");
    const [at, added] = this.#place([joined, names]);
    return this.#exports.merge_vary(at, joined.length, added, names.length) ? this.#output() : lines[0];
  }

  /**
   * Returns true if a request comes from the site's own pages (A6).
   * @param {readonly (string | null | undefined)[]} texts Origin, Sec-Fetch-Site, scheme, host, and the own origins
   */
  isSameOrigin(texts) {
    const length = texts.reduce((sum, text) => sum + 4 + (text?.length ?? 0), 0);
    if (length > this.#blockLength) this.#reserve(length);
    const view = new DataView(this.#bytes.buffer);
    let end = this.#block;
    for (const text of texts) {
      view.setUint32(end, text?.length ?? 0xffffffff, true);
      end = this.#write(end + 4, text ?? "");
    }
    return this.#exports.is_same_origin(this.#block, length) !== 0;
  }

  /**
   * Reads prefixes of paths (A9). Throws a `TypeError` with what to write.
   * @param {readonly string[]} prefixes
   * @returns {string} for `findPrefix`
   */
  parsePrefixes(prefixes) {
    const parsed = prefixes.map((prefix) => {
      if (typeof prefix !== "string") throw new TypeError(`a path prefix is a string such as "/api", not ${typeof prefix}`);
      const text = utf8(prefix);
      const [place] = this.#place([text]);
      const isOne = this.#exports.parse_prefix(place, text.length);
      const output = this.#output();
      if (!isOne) throw new TypeError(output);
      return output;
    });
    parsed.forEach((prefix, index) => {
      if (parsed.indexOf(prefix) === index) return;
      throw new TypeError(`the path prefix ${JSON.stringify(prefixes[index])} has a policy already; leave one of the two out`);
    });
    return parsed.map((prefix) => `${utf8(prefix)}\n`).join("");
  }

  /**
   * Returns the place of the longest prefix that covers a path, -1 if none does, -2 if the path is ambiguous (A9).
   * @param {string} prefixes from `parsePrefixes`
   * @param {string} path as it was sent, without a query; or decoded once
   * @param {boolean} isDecoded
   */
  findPrefix(prefixes, path, isDecoded = false) {
    const text = isDecoded ? utf8(path) : path;
    const [at, place] = this.#place([prefixes, text]);
    return this.#exports.find_prefix(at, prefixes.length, place, text.length, isDecoded ? 1 : 0);
  }

  /**
   * Calls a function of the module `full` with texts, and returns its result and its output's bytes.
   * @param {string} name
   * @param {readonly Uint8Array[]} texts
   */
  call(name, texts, before = []) {
    const places = texts.map((text) => {
      const place = this.#allocate(text.length);
      this.#bytes.set(text, place);
      return place;
    });
    const result = this.#exports[name](...before, ...places.flatMap((place, index) => [place, texts[index].length]));
    this.#look();
    places.forEach((place, index) => this.#exports.release(place, texts[index].length));
    return result;
  }

  /** Calls a function of the module `full` with an image and a text. */
  callWithImage(name, image, texts = []) {
    if (image.place === 0) this.#load(image);
    return this.call(name, texts, [image.place, image.bytes.length]);
  }

  /** A copy of the output's bytes. */
  outputBytes() {
    const start = this.#exports.output_data();
    return this.#bytes.slice(start, start + this.#exports.output_length());
  }

  has(name) {
    return typeof this.#exports[name] === "function";
  }

  /** The size of the module's memory, in bytes. */
  get memorySize() {
    return this.#exports.memory.buffer.byteLength;
  }

  #output() {
    this.#look();
    const start = this.#exports.output_data();
    return decoder.decode(this.#bytes.subarray(start, start + this.#exports.output_length()));
  }

  /** Writes texts, a byte for each character, one behind the other, and returns their places. */
  #place(texts) {
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    if (length > this.#blockLength) this.#reserve(length);
    let end = this.#block;
    return texts.map((text) => {
      const place = end;
      end = this.#write(end, text);
      return place;
    });
  }

  /** Writes a byte for each character. One that is none did not come over the wire; 0xff is in no origin and no token. */
  #write(place, text) {
    const bytes = this.#bytes;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      bytes[place + index] = code > 0xff ? 0xff : code;
    }
    return place + text.length;
  }

  #reserve(length) {
    if (this.#block !== 0) this.#exports.release(this.#block, this.#blockLength);
    this.#blockLength = Math.max(4096, length * 2);
    this.#block = this.#allocate(this.#blockLength);
  }

  #allocate(length) {
    const place = this.#exports.allocate(length);
    if (place === 0) throw new RangeError("no memory is left for WebAssembly");
    this.#look();
    return place >>> 0;
  }

  /** Views do not survive the memory's growth. */
  #look() {
    const { buffer } = this.#exports.memory;
    if (this.#bytes?.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
  }
}

function add(values, numbers, number, value) {
  if (value === undefined) return;
  if (typeof value === "string") {
    values.push(value);
    numbers.push(number);
    return;
  }
  if (!Array.isArray(value)) {
    throw new TypeError(`a header's value is a string, a list of strings, or undefined for one that the request does not have, not ${value}`);
  }
  for (const line of value) {
    values.push(line);
    numbers.push(number);
  }
}

/** Returns the one value of Origin without the white space around it (E7). */
function originOf(origin) {
  const value = typeof origin === "string" ? origin : origin[0];
  let start = 0;
  let end = value.length;
  while (isBlank(value.charCodeAt(start))) start += 1;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

function isBlank(code) {
  return code === 0x20 || code === 0x09;
}

function latin1(bytes, place, length) {
  let text = "";
  for (let index = place; index < place + length; index++) text += String.fromCharCode(bytes[index]);
  return text;
}

/** Returns a text whose characters are the bytes of another's UTF-8. */
function utf8(text) {
  const bytes = encoder.encode(text);
  return latin1(bytes, 0, bytes.length);
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
