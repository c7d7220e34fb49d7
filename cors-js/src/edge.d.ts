/** CORS decided by images that were compiled elsewhere: the small part of the package, for runtimes at the edge. */

import { Bytes, EvaluatingPolicy } from "./policy.js";

export * from "./policy.js";

/** A policy. */
export interface Policy extends EvaluatingPolicy {}

export const Policy: {
  /**
   * Returns the policy in an image, which `cors compile` makes. The bytes are checked and copied, whoever made them. Throws
   * an `ImageError` for bytes that are not an image.
   */
  fromImage(image: Bytes): Policy;
  readonly prototype: Policy;
};
