/** CORS decided by compiled policies. */

export { ConfigError, OriginRegex, Policy } from "./full.js";
export type { PolicyConfig, PolicyOptions, Problem, Risk } from "./full.js";
export { ImageError } from "./policy.js";
export type {
  AllowOrigin,
  AllowOriginAsync,
  Bytes,
  Decision,
  Denial,
  Field,
  FieldOp,
  HandleOptions,
  HeaderValue,
  Kind,
  RequestHeaders,
} from "./policy.js";
