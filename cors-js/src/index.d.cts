// What `require("cors-engine")` gives: the function, with the other exports as its properties.

import { cors as middleware, CorsMiddleware as Middleware, CorsOptions as Options, CorsOptionsDelegate as Delegate, CorsRequest as Request } from "../adapters/express.cjs";
import { Site as SiteClass, SiteBehaviour as Behaviour, SiteOptions as OptionsOfSite } from "../adapters/site.cjs";
import * as full from "./full.cjs";

declare function root<Q = any>(given?: Options<Q> | Delegate<Q> | full.Policy | SiteClass | OptionsOfSite<Q>): Middleware;

declare namespace root {
  export import ConfigError = full.ConfigError;
  export import ImageError = full.ImageError;
  export import OriginRegex = full.OriginRegex;
  export import Policy = full.Policy;
  export const Site: typeof SiteClass;
  export type Site = SiteClass;
  export const cors: typeof middleware;
  export { middleware as default };
  export type CorsMiddleware = Middleware;
  export type CorsOptions<Q = any> = Options<Q>;
  export type CorsOptionsDelegate<Q = any> = Delegate<Q>;
  export type CorsRequest = Request;
  export type SiteBehaviour<Q = any> = Behaviour<Q>;
  export type SiteOptions<Q = any> = OptionsOfSite<Q>;
  export type AllowOrigin = full.AllowOrigin;
  export type AllowOriginAsync = full.AllowOriginAsync;
  export type Bytes = full.Bytes;
  export type Decision = full.Decision;
  export type Denial = full.Denial;
  export type Explanation = full.Explanation;
  export type FetchQuestion = full.FetchQuestion;
  export type Field = full.Field;
  export type FieldOp = full.FieldOp;
  export type HeaderValue = full.HeaderValue;
  export type Kind = full.Kind;
  export type PolicyConfig = full.PolicyConfig;
  export type PolicyOptions = full.PolicyOptions;
  export type Problem = full.Problem;
  export type RequestHeaders = full.RequestHeaders;
  export type Risk = full.Risk;
}

export = root;
