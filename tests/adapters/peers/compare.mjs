// Runs a case with an adapter and with the package that it stands for, and compares what a browser gets.

import assert from "node:assert/strict";

import { ask, corsOf } from "../servers.mjs";

/**
 * Where the adapters answer otherwise than their peers, and why. docs/node.md has each of these sentences, so that nothing differs
 * that is not named.
 */
export const DIFFERENCES = {
  OTHER_OPTIONS: "An OPTIONS request that is not a preflight is the application's.",
  DENIED: "A denied origin gets no field, and its preflight 403.",
  NO_ORIGIN: "A request without `Origin` gets no field, unless any origin is allowed.",
  ANY_HEADER: "Any header is `*, authorization`; with credentials it is what the preflight asks for.",
  ANY_METHOD: "Any method is `*`; with credentials it is what the preflight asks for.",
  ANY_ORIGIN: "Any origin is `*` for all, without `Vary`.",
  VARY: "`Vary` names the request fields that the response depends on, on every response, and no others.",
  ACTUAL: "Access-Control-Expose-Headers is on responses alone, and the lists are on answers to preflights alone.",
  WHOLE: "An expression matches whole origins, without state between calls.",
  PATTERN: "`https://*.example.com` is a pattern.",
  REPLACES: "The policy's fields take the place of the application's.",
  REFUSED: "What is dangerous or means nothing is refused when the adapter is made.",
  MALFORMED: "What is not an origin is denied, and no function is asked about it.",
  CONTINUED: "Where the application answers preflights, its answers have the policy's lists.",
  DEFAULTS: "The defaults of h3 1 are those that it documents.",
  FALSE: "An origin that a function does not allow is denied, and its preflight is answered.",
};

const LISTS = ["access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers"];

/** Evens out the spelling: order and case of names in lists, and the length of an empty body. */
export function evened({ status, fields, vary }) {
  const names = (value) => value.toLowerCase().split(/\s*,\s*/).filter(Boolean).sort().join(", ");
  const seen = {};
  for (const [name, value] of fields) seen[name.replace("access-control-", "")] = LISTS.includes(name) ? names(value) : value;
  return { status, ...seen, vary: vary === null ? null : names([vary].flat().join(", ")) };
}

/**
 * Checks a case of a table. `ours` and `peers` start a server with the options. The case is `[name, options, requests]`, each request
 * `[what, request]`, or `[what, request, difference, expected]`.
 */
export async function compare(context, { ours, peers }, [name, options, requests]) {
  await context.test(name, async (inner) => {
    const [mine, theirs] = [await ours(options), await peers(options)];
    inner.after(() => Promise.all([mine.close(), theirs.close()]));
    for (const [what, request, difference, expected] of requests) {
      const [got, peer] = [evened(corsOf(await ask(mine.port, request))), evened(corsOf(await ask(theirs.port, request)))];
      if (difference === undefined) {
        assert.deepEqual(got, peer, `${what}: the same is expected`);
      } else {
        assert.ok(DIFFERENCES[difference], difference);
        assert.notDeepEqual(got, peer, `${what}: a difference is expected`);
        assert.deepEqual(got, expected, what);
      }
    }
  });
}

export const GET = (origin, path = "/") => ({ method: "GET", path, headers: origin === undefined ? [] : [["origin", origin]] });

export const PREFLIGHT = (origin, method = "PUT", names, path = "/") => ({
  method: "OPTIONS",
  path,
  headers: [
    ["origin", origin],
    ["access-control-request-method", method],
    ...(names === undefined ? [] : [["access-control-request-headers", names]]),
  ],
});

export const OPTIONS = (origin) => ({ ...GET(origin), method: "OPTIONS" });
