/** CORS, decided by compiled policies: the engine as a wasm module, and what a fetch handler needs around it. */

/** What a request is to the CORS protocol. */
export type Kind = "not-cors" | "actual" | "preflight";

/** Why a request is denied. */
export type Denial =
  | "OriginNotAllowed"
  | "MalformedOrigin"
  | "MultipleOrigins"
  | "MultipleRequestMethods"
  | "MethodNotAllowed"
  | "MalformedMethod"
  | "HeaderNotAllowed"
  | "MalformedHeaders"
  | "HeadersTooLong";

/** A header field to send. */
export interface Field {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Whether it takes the place of every field of that name, or stands beside them. */
  readonly op: "replace" | "append";
}

/** What a policy says of a request. */
export interface Decision {
  readonly kind: Kind;
  /** Whether the browser will let the page go on. A request that is not CORS is allowed: there is nothing to decide. */
  readonly allowed: boolean;
  readonly denial: Denial | null;
  /** A preflight's status; `null` for other requests, whose status is the application's. */
  readonly status: number | null;
  readonly fields: readonly Field[];
}

/** What of a request the decision depends on: a `Request`, or the same in parts. */
export interface RequestHead {
  readonly method: string;
  /** Names, in any case, and values. A field that occurs twice has to be there twice, or joined as `Headers` joins it. */
  readonly headers: Iterable<readonly [string, string]>;
}

/** The application. */
export type Next = (request: Request) => Response | PromiseLike<Response>;

export interface HandleOptions {
  /** The response to what `next` throws, so that the page may read that, too. Without it the error goes on to the caller. */
  onError?: (error: unknown, request: Request) => Response | PromiseLike<Response>;
  /** Told of every decision: to count and to log denials. */
  onDecision?: (decision: Decision, request: Request) => void;
  /**
   * Whether to answer 403 to a denied request that is no preflight. Without it the application answers, and the browser keeps
   * the response from the page. Requests of the server's own pages are never refused.
   */
  enforce?: boolean;
  /** Whether the application answers preflights. The fields are still added; the status has to be one from 200 to 299. */
  passthrough?: boolean;
  /** A policy that is evaluated beside this one, without effect: to try a change before it counts. */
  shadow?: Policy;
  /** Told of every request on which the shadow decides otherwise. */
  onDifference?: (decision: Decision, shadow: Decision, request: Request) => void;
}

/** The wasm module, compiled. One is enough for any number of policies. */
export class Engine {
  /** Takes `cors.wasm` as edge runtimes import it. Throws a `TypeError` for another module. */
  constructor(module: WebAssembly.Module);

  /** Compiles the bytes of `cors.wasm`, or the response that has them. */
  static load(source: BufferSource | Response | PromiseLike<Response>): Promise<Engine>;

  /**
   * The policy in an image, which `cors compile` makes. The bytes are checked and copied, whoever made them. Throws a
   * `PolicyError` for those that are no image.
   */
  policy(image: BufferSource): Policy;
}

/** A policy. It does not change: to swap it, make another and use that for the requests that come. */
export class Policy {
  private constructor();

  /** What the policy says of a request. */
  evaluate(request: RequestHead): Decision;

  /** Whether some pattern of the policy allows an origin, as for a WebSocket handshake. */
  allowsOrigin(origin: string): boolean;

  /**
   * Answers a preflight, and hands every other request to `next`, whose response gets the policy's fields. They replace
   * those that it has; `Vary` is merged.
   */
  handle(request: Request, next: Next, options?: HandleOptions): Promise<Response>;

  /** The response with the fields of a decision: itself, or a copy where its header cannot be changed. */
  apply(decision: Decision, response: Response): Response;
}

/** Why bytes are no policy. */
export class PolicyError extends Error {
  readonly name: "PolicyError";
}
