import { Risk } from "../src/full.js";
import { SiteBehaviour } from "./site.js";

/** An origin, a pattern such as `https://*.example.com`, or an expression, which is matched whole. */
export type OriginPattern = string | RegExp;

/** What of these is in a list, or in a list of it: true is any origin, and false none. */
export interface OriginList extends ReadonlyArray<boolean | OriginPattern | OriginList> {}

/** What a function may answer about an origin. */
export type OriginAnswer = boolean | OriginPattern | OriginList | null | undefined;

/** The options of this project that every adapter takes beside those of the package that it stands for. */
export interface OwnOptions<Q = any> extends SiteBehaviour<Q> {
  /** The risks that the policy takes: settings that are legal and dangerous, and refused until they are named. */
  acceptRisks?: readonly Risk[] | undefined;
  /** Whether to answer Access-Control-Request-Private-Network, which browsers no longer send. */
  allowPrivateNetwork?: boolean | undefined;
}
