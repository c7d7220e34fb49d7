// The whole engine: policies are checked, compiled, evaluated and explained.

import { ConfigError, ImageError, errorOf, shown } from "./errors.js";
import { fullEngine } from "./full-engine.js";
import { readFileSync } from "#files";
import { explain } from "./explain.js";
import { kindOf } from "./headers.js";
import { optionsJson } from "./options.js";
import { OriginRegex } from "./origin-regex.js";
import { INTERNAL, Policy as EvaluatingPolicy, policyOf, policyOfImage } from "./policy.js";

export { ConfigError, ImageError, OriginRegex };

export class Policy extends EvaluatingPolicy {
  #config;

  constructor(options, engine, bytes) {
    if (options === INTERNAL) super(INTERNAL, engine, bytes);
    else super(INTERNAL, fullEngine(), compiled("compile", [encoder.encode(optionsJson(options))]));
  }

  static check(options) {
    return problemsOf("compile", [encoder.encode(optionsJson(options))]).map(shown);
  }

  static fromToml(text) {
    return ofFile("policy.toml", text, "text");
  }

  static fromJson(text) {
    return ofFile("policy.json", text, "text");
  }

  static fromImage(image) {
    return policyOfImage(Policy, fullEngine(), image);
  }

  /** Makes a policy of what is in a file: TOML, JSON, or an image. Its name may tell which. */
  static fromBytes(bytes, name = "") {
    if (!ArrayBuffer.isView(bytes) && !(bytes instanceof ArrayBuffer)) {
      throw new TypeError(`bytes: ${kindOf(bytes)} where the bytes of a file should be; for a text there are fromToml and fromJson`);
    }
    const view = ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
    if (view[0] === 0x63 && view[1] === 0x6f && view[2] === 0x72 && view[3] === 0x73 && view[4] < 0x20) return Policy.fromImage(view);
    return policyOf(Policy, fullEngine(), compiled("compile_file", [encoder.encode(name), view]));
  }

  /** Reads the policy in a file. */
  static fromFile(path) {
    return Policy.fromBytes(readFileSync(path), String(path));
  }

  /** The options that compile to the policy's image. */
  get config() {
    if (this.#config === undefined) {
      this.engine.callWithImage("show", this.image);
      const file = JSON.parse(decoder.decode(this.engine.outputBytes()));
      const named = Object.entries(file).map(([name, value]) => [camelCase(name), Array.isArray(value) ? Object.freeze(value) : value]);
      this.#config = Object.freeze(Object.fromEntries(named));
    }
    return this.#config;
  }

  /** Explains what becomes of a page's fetch. */
  explain(fetch) {
    return explain(this.image.bytes, fetch);
  }

  get allowCredentials() {
    return this.config.allowCredentials;
  }

  get acceptRisks() {
    return this.config.acceptRisks;
  }
}

/** Returns true for an origin as a browser sends it. */
export function isOrigin(text) {
  return adviceAboutOrigin(text) === null;
}

/** Returns what is wrong with a text that is not an origin, and what to write; else null. */
export function adviceAboutOrigin(text) {
  const engine = fullEngine();
  if (engine.call("check_origin", [encoder.encode(text)]) !== 0) return null;
  return decoder.decode(engine.outputBytes());
}

function ofFile(name, text, what) {
  if (typeof text !== "string") throw new TypeError(`${what}: ${kindOf(text)} where the text of a policy file should be`);
  return policyOf(Policy, fullEngine(), compiled("compile_file", [encoder.encode(name), encoder.encode(text)]));
}

/** Returns the image that a function of the module makes. */
function compiled(name, texts) {
  const engine = fullEngine();
  const isCompiled = engine.call(name, texts) !== 0;
  const output = engine.outputBytes();
  if (isCompiled) return output;
  throw errorOf(JSON.parse(decoder.decode(output)));
}

function problemsOf(name, texts) {
  const engine = fullEngine();
  return engine.call(name, texts) !== 0 ? [] : JSON.parse(decoder.decode(engine.outputBytes()));
}

function camelCase(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
