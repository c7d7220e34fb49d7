// What the adapters need of the engine.

import { adviceAboutOrigin, ConfigError, OriginRegex, Policy } from "../src/full.js";
import { fullEngine } from "../src/full-engine.js";
import { kindOf } from "./values.js";

export { ConfigError, OriginRegex, Policy };

/** The names of the risks that a policy can accept. */
export const RISKS = Object.freeze(["NullOrigin", "AnyOriginWithCredentials", "InsecureOrigin", "PublicSuffix", "LocalFileOrigin"]);

/** Returns true for a field of a response that only the policy may set (A3). `name` is in lower case. */
export function isPolicyField(name) {
  return name.startsWith(POLICY_FIELDS) && fullEngine().isPolicyField(name);
}

// The beginning of every such name: the engine checks no other.
const POLICY_FIELDS = "access-control-";

/** Returns the one line of `Vary` for lines of the application and the names that the policy adds (A3). */
export function mergeVary(lines, names) {
  return lines.length === 0 ? names : fullEngine().mergeVary(lines, names);
}

/** Returns true if a request comes from the site's own pages (A6). What is null is absent or unknown. */
export function isSameOrigin(origin, secFetchSite, scheme, host, ownOrigins) {
  return fullEngine().isSameOrigin([origin, secFetchSite, scheme, host, ...ownOrigins]);
}

/** Returns the decision about a request whose path falls under no one policy (A9). */
export function ambiguousPath([method, origin, requestMethod]) {
  return fullEngine().ambiguousPath(method, origin, requestMethod);
}

/** The prefixes of paths that policies are for (A9). */
export class PathPrefixes {
  #parsed;

  constructor(prefixes) {
    this.#parsed = fullEngine().parsePrefixes(prefixes);
  }

  /** Returns the place of the longest prefix that covers a path as the browser sent it, `null` if none does, or `"ambiguous"`. */
  find(path) {
    const found = fullEngine().findPrefix(this.#parsed, path);
    return found === -1 ? null : found === -2 ? "ambiguous" : found;
  }
}

let messages;

/** Returns the reason of a denial, as a sentence. */
export function denialMessage(denial) {
  messages ??= fullEngine().denialMessages();
  return messages[denial];
}

/** Returns a list of origins, as browsers send them. Throws a `TypeError` for another value, with what to write. */
export function checkOrigins(name, given) {
  const origins = typeof given === "object" && given !== null && typeof given[Symbol.iterator] === "function" ? [...given] : null;
  if (origins === null) throw new TypeError(`${name}: a list of origins is expected, not ${kindOf(given)}; write ["https://shop.example"]`);
  for (const origin of origins) {
    if (typeof origin !== "string") throw new TypeError(`${name}: an origin is expected, not ${kindOf(origin)}`);
    const advice = adviceAboutOrigin(origin);
    if (advice !== null) throw new TypeError(`${name}: ${JSON.stringify(origin)}: ${advice}`);
  }
  return origins;
}
