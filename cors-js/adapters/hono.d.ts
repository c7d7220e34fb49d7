import { Policy } from "../src/full.js";
import { OriginAnswer, OriginPattern, OwnOptions } from "./options.js";
import { Site, SiteOptions } from "./site.js";

/** The options of hono/cors, with its defaults. */
export interface HonoCorsOptions<C = any> extends OwnOptions<C> {
  /** `"*"` by default. A function is asked about origins alone, and not where a request has none. */
  origin?: OriginPattern | readonly OriginPattern[] | ((origin: string, c: C) => OriginAnswer | PromiseLike<OriginAnswer>) | undefined;
  /** GET, HEAD, PUT, POST, DELETE, PATCH, QUERY by default. */
  allowMethods?: readonly string[] | ((origin: string, c: C) => readonly string[] | PromiseLike<readonly string[]>) | undefined;
  /** Any by default. */
  allowHeaders?: readonly string[] | undefined;
  exposeHeaders?: readonly string[] | undefined;
  credentials?: boolean | undefined;
  /** At most 86400. */
  maxAge?: number | undefined;
  /** 204 by default. */
  preflightStatus?: number | undefined;
  /** Whether the application answers preflights. */
  passthrough?: boolean | undefined;
}

export interface HonoMiddleware {
  (c: any, next: () => Promise<void>): Promise<any>;
  /** The policies, and the counts. */
  readonly site: Site;
}

/** Returns a middleware for Hono. */
export function cors<C = any>(given?: HonoCorsOptions<C> | Policy | Site | SiteOptions<C>): HonoMiddleware;
export { cors as default };
