import { Policy } from "../src/full.js";
import { OriginAnswer, OriginList, OriginPattern, OwnOptions } from "./options.js";
import { Site, SiteOptions } from "./site.js";

export type Hook = "onRequest" | "preParsing" | "preValidation" | "preHandler" | "preSerialization";

/** The options of a request: of a delegator, and of a route's `config.cors`. */
export interface RequestOptions<Q = any> extends OwnOptions<Q> {
  /** `"*"` by default. A function is asked about origins alone, and not where a request has none; `this` is the instance. */
  origin?:
    | boolean
    | OriginPattern
    | OriginList
    | ((
        this: any,
        origin: string,
        callback: (error: Error | null, answer?: OriginAnswer) => void,
      ) => OriginAnswer | void | PromiseLike<OriginAnswer | void>)
    | undefined;
  /** `"GET,HEAD,POST"` by default. */
  methods?: string | readonly string[] | undefined;
  /** Any by default. */
  allowedHeaders?: string | readonly string[] | null | undefined;
  exposedHeaders?: string | readonly string[] | null | undefined;
  credentials?: boolean | undefined;
  /** At most 86400. */
  maxAge?: number | string | null | undefined;
  /** The answer's `Cache-Control`; a number is its `max-age`. */
  cacheControl?: number | string | null | undefined;
  /** Whether the application answers preflights. */
  preflightContinue?: boolean | undefined;
  /** 204 by default. */
  optionsSuccessStatus?: number | undefined;
  /** Whether preflights are answered at all. */
  preflight?: boolean | undefined;
  /** Whether an OPTIONS request that is not a preflight, and for which there is no route, is answered with 400. */
  strictPreflight?: boolean | undefined;
}

/** Makes the options for a request. */
export type OptionsDelegate<Q = any> = (
  request: Q,
  callback: (error: Error | null, options?: RequestOptions) => void,
) => void | PromiseLike<RequestOptions | void>;

/** The options of @fastify/cors, with its defaults. */
export interface FastifyCorsOptions<Q = any> extends RequestOptions<Q> {
  /** `"onRequest"` by default. */
  hook?: Hook | undefined;
  delegator?: OptionsDelegate<Q> | undefined;
  hideOptionsRoute?: boolean | undefined;
  logLevel?: any;
  prefix?: string | undefined;
}

/** Policies in the place of options. */
export interface FastifyPolicies<Q = any> extends SiteOptions<Q> {
  /** A site in the place of the other options. */
  site?: Site | undefined;
  hook?: Hook | undefined;
}

/** The plugin: `app.register(fastifyCors, options)`. */
export function fastifyCors(
  fastify: any,
  options: FastifyCorsOptions | FastifyPolicies | OptionsDelegate | (() => OptionsDelegate),
  done: (error?: Error) => void,
): void;
export { fastifyCors as default };
