import { Policy } from "../src/full.js";
import { OriginAnswer, OriginPattern, OwnOptions } from "./options.js";
import { Site, SiteOptions } from "./site.js";

/** The options of h3's `handleCors`, with its defaults. */
export interface H3CorsOptions<E = any> extends OwnOptions<E> {
  /** `"*"` by default. Only the middleware waits for a promise. */
  origin?: OriginPattern | readonly OriginPattern[] | ((origin: string) => OriginAnswer | PromiseLike<OriginAnswer>) | undefined;
  /** `"*"` by default. */
  methods?: "*" | readonly string[] | undefined;
  /** Any by default. */
  allowHeaders?: "*" | readonly string[] | undefined;
  /** `"*"` by default; with credentials none. */
  exposeHeaders?: "*" | readonly string[] | undefined;
  credentials?: boolean | undefined;
  /** At most 86400. */
  maxAge?: number | string | false | undefined;
  preflight?: { statusCode?: number } | undefined;
  /** Whether the application answers preflights. */
  passthrough?: boolean | undefined;
}

/** What decides: options, or policies. */
export type H3Cors<E = any> = H3CorsOptions<E> | Policy | Site | SiteOptions<E>;

export interface H3Middleware {
  (event: any, next?: () => any): Promise<any>;
  /** The policies, and the counts. */
  readonly site: Site;
}

/** Returns a middleware: `app.use(cors(options))`. */
export function cors(options?: H3Cors): H3Middleware;
export { cors as default };

/**
 * Decides about the request of an event, whose response gets the fields. Returns false for what the application answers. A
 * preflight is answered: in h3 2 the response is returned, and in h3 1 `true`.
 */
export function handleCors(event: any, options?: H3Cors): any;
/** Puts the fields of a request on the response of an event. */
export function appendCorsHeaders(event: any, options?: H3Cors): void;
/** Puts the fields of the answer to a preflight on the response of an event. */
export function appendCorsPreflightHeaders(event: any, options?: H3Cors): void;
/** Returns true for a preflight. */
export function isPreflightRequest(event: any): boolean;
/** Returns true if the options allow an origin. */
export function isCorsOriginAllowed(origin: string | null | undefined, options?: H3Cors): boolean;
