import { Policy } from "../src/full.js";
import { OriginAnswer, OriginList, OriginPattern, OwnOptions } from "./options.js";
import { Site, SiteOptions } from "./site.js";

/** The parts of a request of `node:http`, and of what Express and Connect make of it, that are read. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: object;
}

/** The name of these in the types of npm's `cors`. */
export type CorsRequest = NodeRequest;

/** A response of `node:http` or `node:http2`. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: any): unknown;
  end(...values: any[]): unknown;
}

/** The options of npm's `cors`, with its defaults. */
export interface CorsOptions<Q = any> extends OwnOptions<Q> {
  /** `"*"` by default. A function is asked about origins alone, and not where a request has none. */
  origin?:
    | boolean
    | OriginPattern
    | OriginList
    | ((origin: string, callback: (error: Error | null, answer?: OriginAnswer) => void) => OriginAnswer | void | PromiseLike<OriginAnswer | void>)
    | undefined;
  /** `"GET,HEAD,PUT,PATCH,POST,DELETE"` by default. */
  methods?: string | readonly string[] | undefined;
  /** Any by default. */
  allowedHeaders?: string | readonly string[] | undefined;
  /** The same. */
  headers?: string | readonly string[] | undefined;
  exposedHeaders?: string | readonly string[] | undefined;
  credentials?: boolean | undefined;
  /** At most 86400. */
  maxAge?: number | string | undefined;
  /** Whether the application answers preflights. */
  preflightContinue?: boolean | undefined;
  /** 204 by default. */
  optionsSuccessStatus?: number | undefined;
}

/** Makes the options for a request. */
export type CorsOptionsDelegate<Q = any> = (
  request: Q,
  callback: (error: Error | null, options?: CorsOptions) => void,
) => void | PromiseLike<CorsOptions | void>;

export interface CorsMiddleware {
  (request: NodeRequest, response: NodeResponse, next: (error?: any) => void): void;
  /** The policies, and the counts. */
  readonly site: Site;
  /**
   * Returns whether a WebSocket handshake may go on, for a listener of `upgrade`: if its origin is allowed, or the site's own, or
   * missing. Browsers leave this check to servers.
   */
  mayUpgrade(request: NodeRequest): Promise<boolean>;
}

/** Returns a middleware for Express, Connect, and every server of `node:http` and `node:http2`. */
export function cors<Q = any>(given?: CorsOptions<Q> | CorsOptionsDelegate<Q> | Policy | Site | SiteOptions<Q>): CorsMiddleware;
export { cors as default };
