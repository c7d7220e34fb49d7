import { AllowOriginAsync, Decision, Denial, FetchRequest, FetchResponse } from "../src/policy.js";
import { Policy } from "../src/full.js";

/** The options of every adapter about what becomes of a decision. */
export interface SiteBehaviour<Q = any> {
  /** A policy that is evaluated as well, without effect: `site.differences` counts the requests that it would decide otherwise. */
  shadow?: Policy | undefined;
  /**
   * Whether to answer 403 to a denied request that is not a preflight. CORS leaves that to the browser. Requests of the site's
   * own pages are never refused.
   */
  enforce?: boolean | undefined;
  /**
   * The origins of the site's own pages, for a server that does not see its own address, for example behind a proxy that ends
   * TLS. They count where the browser sends no `Sec-Fetch-Site`.
   */
  ownOrigins?: Iterable<string> | undefined;
  /** Called for every denial, to log it: `request` is what the framework has. Escape what you log of it. */
  onDenial?: ((denial: Denial, request: Q, decision: Decision) => void) | undefined;
  /** Called for every request that the shadow decides otherwise. */
  onDifference?: ((decision: Decision, shadow: Decision, request: Q) => void) | undefined;
}

/** Policies, and what becomes of their decisions. Every adapter takes these in the place of the options of its peer. */
export interface SiteOptions<Q = any> extends SiteBehaviour<Q> {
  /** The policy for every path that `policies` has none for. */
  policy?: Policy | undefined;
  /**
   * Policies for the paths below a prefix, the longest of which counts. Prefixes are of the paths that the browser sends: they
   * begin with the place where the application is mounted. A path that can be read in several ways, under different policies, is
   * denied.
   */
  policies?: Readonly<Record<string, Policy>> | ReadonlyMap<string, Policy> | undefined;
  /** Whether the application answers preflights. The fields are still added. */
  passthrough?: boolean | undefined;
  /** Decides about a well-formed origin that no pattern allows. */
  allowOrigin?: AllowOriginAsync | undefined;
}

/** The policies of an application, and the counts of what they denied. Adapters share one, or make their own. */
export class Site {
  constructor(policy: Policy, options?: SiteOptions);
  constructor(options: SiteOptions);

  /** Replaces all policies, at once. A request that has begun keeps the policy that it began with. */
  swap(policy: Policy): void;
  swap(policies: Pick<SiteOptions, "policy" | "policies" | "shadow">): void;

  /** The number of requests denied, by reason. */
  readonly denials: Readonly<Partial<Record<Denial, number>>>;
  /** How often the shadow decided otherwise: the policy's verdict, the shadow's, and the number. */
  readonly differences: readonly (readonly [verdict: Denial | "allowed", shadow: Denial | "allowed", count: number])[];

  /** Answers a preflight, and passes every other request to `next`, whose response gets the fields. */
  handle<Q extends FetchRequest, R extends FetchResponse>(
    request: Q,
    next: (request: Q) => R | PromiseLike<R>,
    options?: { onError?: (error: unknown, request: Q) => R | PromiseLike<R> },
  ): Promise<R>;
}
