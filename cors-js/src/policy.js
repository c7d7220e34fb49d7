// A policy that evaluates: what both modules have.

import { Image } from "./engine.js";
import { ImageError } from "./errors.js";
import { applyDecision, handle } from "./handle.js";
import { fieldsOf, kindOf } from "./headers.js";

const ADVICE = {
  1: "make one with policy.toImage() or the command `cors compile`",
  2: "compile the policy again with this version",
  3: "copy it again, whole, or compile the policy again",
};

/** What makes a policy of an image, inside of this package. */
export const INTERNAL = Symbol("cors-engine");

/** The rules for pages of other origins, immutable. */
export class Policy {
  #engine;
  /** @type {Image | undefined} */
  #image;

  /**
   * For the classes of this package alone.
   * @param {symbol} internal
   * @param {import("./engine.js").Engine} engine
   * @param {Uint8Array} bytes an image that was checked or compiled
   */
  constructor(internal, engine, bytes) {
    if (internal !== INTERNAL) throw new TypeError("a policy is made by Policy.fromImage(), or by new Policy({…}) of the whole package");
    this.#engine = engine;
    this.#image = new Image(bytes);
  }

  /** The engine that decides for the policy. */
  get engine() {
    return this.#engine;
  }

  /** @returns {Image} */
  get image() {
    if (this.#image === undefined) throw new TypeError("the policy was freed; make another, or do not call free()");
    return this.#image;
  }

  evaluate(method, headers, allowOrigin) {
    checkMethod(method);
    const [origin, requestMethod, requestHeaders, privateNetwork] = fieldsOf(headers);
    if (allowOrigin === undefined) {
      return this.decide(method, origin, requestMethod, requestHeaders, privateNetwork);
    }
    const ask = this.asking(allowOrigin);
    return this.#engine.evaluateWith(this.image, method, origin, requestMethod, requestHeaders, privateNetwork, (asked) => {
      const answer = ask(asked);
      if (typeof answer === "boolean") return answer;
      const hint = typeof answer?.then === "function" ? "; a function that takes its time is for evaluateAsync" : "";
      throw new TypeError(`allowOrigin: ${kindOf(answer)} where true or false should be${hint}`);
    });
  }

  async evaluateAsync(method, headers, allowOrigin) {
    checkMethod(method);
    const fields = fieldsOf(headers);
    const ask = this.asking(allowOrigin);
    const image = this.image;
    const asked = this.#engine.originToAsk(image, method, ...fields);
    if (asked === undefined) return this.decide(method, ...fields);
    const answer = await ask(asked);
    if (typeof answer !== "boolean") throw new TypeError(`allowOrigin: ${kindOf(answer)} where true or false should be`);
    return this.#engine.evaluateWith(image, method, ...fields, () => answer);
  }

  /** Returns the function of an `allowOrigin`. */
  asking(allowOrigin) {
    if (typeof allowOrigin === "function") return allowOrigin;
    if (typeof allowOrigin?.askFor === "function") return allowOrigin.askFor(this);
    throw new TypeError(`allowOrigin: ${kindOf(allowOrigin)} where a function of an origin should be; origins are listed in allowOrigins`);
  }

  decide(method, origin, requestMethod, requestHeaders, privateNetwork) {
    return this.#engine.evaluate(this.image, method, origin, requestMethod, requestHeaders, privateNetwork);
  }

  decideWith(method, origin, requestMethod, requestHeaders, privateNetwork, ask) {
    return this.#engine.evaluateWith(this.image, method, origin, requestMethod, requestHeaders, privateNetwork, ask);
  }

  originToAsk(method, origin, requestMethod, requestHeaders, privateNetwork) {
    return this.#engine.originToAsk(this.image, method, origin, requestMethod, requestHeaders, privateNetwork);
  }

  allowsOrigin(origin) {
    if (typeof origin !== "string") throw new TypeError(`origin: ${kindOf(origin)} where a string should be; pass the value of the header Origin`);
    return this.#engine.allowsOrigin(this.image, origin);
  }

  handle(request, next, options) {
    return handle(this, request, next, options);
  }

  apply(decision, response) {
    return applyDecision(this.#engine, decision, response);
  }

  toImage() {
    return this.image.bytes.slice();
  }

  free() {
    if (this.#image !== undefined) this.#engine.unload(this.#image);
    this.#image = undefined;
  }
}

function checkMethod(method) {
  if (typeof method === "string") return;
  throw new TypeError(`method: ${kindOf(method)} where the request's method should be; pass request.method`);
}

/** Makes a policy of this class of an image that was checked or compiled. */
export function policyOf(Class, engine, bytes) {
  return new Class(INTERNAL, engine, bytes);
}

/** Makes a policy of this class of bytes from any source. */
export function policyOfImage(Class, engine, source) {
  const bytes = bytesOf(source);
  const error = engine.checkImage(bytes);
  if (error !== null) throw new ImageError(`${error.message}; ${ADVICE[error.code]}`);
  return policyOf(Class, engine, bytes);
}

/** Copies the bytes of a buffer or a view. */
function bytesOf(source) {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
  if (source instanceof ArrayBuffer || Object.prototype.toString.call(source) === "[object SharedArrayBuffer]") {
    return new Uint8Array(source).slice();
  }
  const hint = typeof source?.then === "function" ? "; await it first" : "";
  throw new TypeError(`image: ${kindOf(source)} where bytes should be; pass an ArrayBuffer or a Uint8Array${hint}`);
}
