import { Policy } from "../src/full.js";
import { OriginAnswer, OriginPattern, OwnOptions } from "./options.js";
import { Site, SiteOptions } from "./site.js";

export type Hook = "onRequest" | "preParsing" | "preValidation" | "preHandler" | "preSerialization";

/** The options of a request: of a delegator, and of a route's `config.cors`. */
export interface RequestOptions<Q = any> extends OwnOptions<Q> {
  /** `"*"` by default. A function is asked about origins alone, and not where a request has none; `this` is the instance. */
  origin?:
    | boolean
    | OriginPattern
    | readonly OriginPattern[]
    | ((
        this: any,
        origin: string,
        callback: (error: Error | null, answer?: OriginAnswer) => void,
      ) => OriginAnswer | void | PromiseLike<OriginAnswer | void>);
  /** `"GET,HEAD,POST"` by default. */
  methods?: string | readonly string[];
  /** Any by default. */
  allowedHeaders?: string | readonly string[] | null;
  exposedHeaders?: string | readonly string[] | null;
  credentials?: boolean;
  /** At most 86400. */
  maxAge?: number | string | null;
  /** The answer's `Cache-Control`; a number is its `max-age`. */
  cacheControl?: number | string | null;
  /** Whether the application answers preflights. */
  preflightContinue?: boolean;
  /** 204 by default. */
  optionsSuccessStatus?: number;
  /** Whether preflights are answered at all. */
  preflight?: boolean;
  /** Whether an OPTIONS request that is not a preflight, and for which there is no route, is answered with 400. */
  strictPreflight?: boolean;
}

/** Makes the options for a request. */
export type OptionsDelegate<Q = any> = (
  request: Q,
  callback: (error: Error | null, options?: RequestOptions) => void,
) => void | PromiseLike<RequestOptions | void>;

/** The options of @fastify/cors, with its defaults. */
export interface FastifyCorsOptions<Q = any> extends RequestOptions<Q> {
  /** `"onRequest"` by default. */
  hook?: Hook;
  delegator?: OptionsDelegate<Q>;
  hideOptionsRoute?: boolean;
  logLevel?: any;
  prefix?: string;
}

/** Policies in the place of options. */
export interface FastifyPolicies<Q = any> extends SiteOptions<Q> {
  /** A site in the place of the other options. */
  site?: Site;
  hook?: Hook;
}

/** The plugin: `app.register(fastifyCors, options)`. */
export function fastifyCors(
  fastify: any,
  options: FastifyCorsOptions | FastifyPolicies | OptionsDelegate | (() => OptionsDelegate),
  done: (error?: Error) => void,
): void;
export { fastifyCors as default };
