/** CORS decided by compiled policies. */

export { ConfigError, OriginRegex, Policy } from "./full.js";
export type { Explanation, FetchQuestion, PolicyConfig, PolicyOptions, Problem, Risk } from "./full.js";
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
export { Site } from "../adapters/site.js";
export type { SiteBehaviour, SiteOptions } from "../adapters/site.js";
export { cors, cors as default } from "../adapters/express.js";
export type { CorsMiddleware, CorsOptions, CorsOptionsDelegate, CorsRequest } from "../adapters/express.js";
