import { Policy } from "../src/full.js";
import { OriginAnswer, OriginPattern, OwnOptions } from "./options.js";
import { Site, SiteOptions } from "./site.js";

/** The options of @koa/cors, with its defaults. */
export interface KoaCorsOptions<C = any> extends OwnOptions<C> {
  /** `"*"` by default. A function is asked only where a request has an origin. */
  origin?: OriginPattern | readonly OriginPattern[] | ((ctx: C) => OriginAnswer | PromiseLike<OriginAnswer>) | undefined;
  /** `"GET,HEAD,PUT,POST,DELETE,PATCH"` by default. */
  allowMethods?: string | readonly string[] | undefined;
  /** Any by default. */
  allowHeaders?: string | readonly string[] | undefined;
  exposeHeaders?: string | readonly string[] | undefined;
  credentials?: boolean | ((ctx: C) => boolean | PromiseLike<boolean>) | undefined;
  /** At most 86400. */
  maxAge?: number | string | undefined;
  privateNetworkAccess?: boolean | undefined;
  /** Whether to send `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`. */
  secureContext?: boolean | undefined;
  /** Whether the response to an error has the fields: true by default. */
  keepHeadersOnError?: boolean | undefined;
  /** 204 by default. */
  preflightStatus?: number | undefined;
  /** Whether the application answers preflights. */
  passthrough?: boolean | undefined;
}

export interface KoaMiddleware {
  (ctx: any, next: () => Promise<any>): Promise<any>;
  /** The policies, and the counts. */
  readonly site: Site;
}

/** Returns a middleware for Koa. */
export function cors<C = any>(given?: KoaCorsOptions<C> | Policy | Site | SiteOptions<C>): KoaMiddleware;
export { cors as default };
