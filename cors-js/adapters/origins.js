// Origins as an application gives them: expressions, and what its functions return about an origin.

import { OriginRegex, Policy } from "./engine.js";
import { isRegExp, kindOf } from "./values.js";

/** Returns whether what a function returned about an origin allows it: true, the origin, a pattern, or a list of these. */
export function isAllowed(value, origin, policy) {
  if (value === undefined || value === null || value === false || value === "") return false;
  if (value === true) return true;
  if (typeof value === "string") {
    if (value === "*") return anyOrigin(policy);
    return value === origin || (value.includes("*") && patternPolicy(value, policy).allowsOrigin(origin));
  }
  if (Array.isArray(value)) return value.some((member) => isAllowed(member, origin, policy));
  if (isRegExp(value)) return provedExpression(value, policy).matches(origin);
  throw new TypeError(`an origin's function returned ${kindOf(value)}; return true, false, an origin, or a list of origins`);
}

function anyOrigin(policy) {
  if (policy.allowCredentials && !policy.acceptRisks.includes("AnyOriginWithCredentials")) {
    throw new TypeError(
      'an origin\'s function returned "*" with credentials, which is any site; return the origins that you mean, or add AnyOriginWithCredentials to acceptRisks',
    );
  }
  return true;
}

// Patterns and expressions that functions return are the same few, as a rule. The cache is bounded, because a function may
// also make them of what a request says.
const cached = new Map();
const CACHED = 256;
const LONGEST = 1024;

function remembered(key, make) {
  const known = cached.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (key.length <= LONGEST) {
    if (cached.size >= CACHED) cached.delete(cached.keys().next().value);
    cached.set(key, made);
  }
  return made;
}

function patternPolicy(pattern, { allowCredentials, acceptRisks }) {
  return remembered(`${allowCredentials} ${acceptRisks} ${pattern}`, () => new Policy({ allowOrigins: [pattern], allowCredentials, acceptRisks }));
}

function provedExpression(expression, policy) {
  const { allowCredentials, acceptRisks } = policy;
  return remembered(`${allowCredentials} ${acceptRisks} ${expression}`, () => {
    const regex = new OriginRegex(expression);
    regex.check(policy);
    return regex;
  });
}
