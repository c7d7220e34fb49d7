// What evaluates images alone, small: for runtimes that compile their policies elsewhere.

import { Engine } from "./engine.js";
import { ImageError } from "./errors.js";
import { INTERNAL, Policy as EvaluatingPolicy, policyOfImage } from "./policy.js";
import { evaluate } from "#evaluate";

export { ImageError };

/** @type {Engine | undefined} */
let engine;

export class Policy extends EvaluatingPolicy {
  constructor(internal, engine, bytes) {
    if (internal !== INTERNAL) throw new TypeError("this module evaluates alone: compile the policy with `cors compile`, and write Policy.fromImage(image)");
    super(internal, engine, bytes);
  }

  static fromImage(image) {
    engine ??= new Engine(evaluate());
    return policyOfImage(Policy, engine, image);
  }
}
