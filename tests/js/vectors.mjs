// The cases that every language runs: tests/vectors.

import { readFileSync } from "node:fs";

const LISTS = { allow_origins: "allowOrigins", allow_methods: "allowMethods", allow_headers: "allowHeaders", expose_headers: "exposeHeaders" };

export const RISKS = ["NullOrigin", "AnyOriginWithCredentials", "InsecureOrigin", "PublicSuffix", "LocalFileOrigin"];

/** Returns the cases of a file. */
export function load(name) {
  // A worker has no files: what bundles it puts them there.
  const folder = () => process.env.CORS_VECTORS ?? new URL("../vectors", import.meta.url).pathname;
  const cases = globalThis.VECTORS?.[name] ?? JSON.parse(readFileSync(`${folder()}/${name}.json`, "utf8"));
  if (cases.length === 0) throw new Error(`${name}.json is empty`);
  return cases;
}

/** Returns the bytes of a value, each a character. */
export function value(written) {
  return Array.from(bytes(written), (byte) => String.fromCharCode(byte)).join("");
}

/** Returns the text of a value. */
export function text(written) {
  return new TextDecoder().decode(bytes(written));
}

function bytes(written) {
  const utf8 = (text) => new TextEncoder().encode(text);
  if (typeof written === "string") return utf8(written);
  if ("hex" in written) return Uint8Array.from(written.hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return utf8((written.prefix ?? "") + written.repeat.repeat(written.times) + (written.suffix ?? ""));
}

/** Returns the options of `Policy` for a config of the vectors. */
export function options(config) {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [camelCase(name), name in LISTS ? value.map(text) : value ?? undefined]),
  );
}

/** Returns the same policy as a policy file in JSON. */
export function file(config) {
  const entries = Object.entries(config).filter(([, value]) => value !== null);
  return JSON.stringify(Object.fromEntries(entries.map(([name, value]) => [name, name in LISTS ? value.map(text) : value])));
}

/** Returns a sentence about a policy file with the names of options. */
export function withOptionNames(sentence) {
  const fields = [...Object.keys(LISTS), "allow_credentials", "max_age", "allow_private_network", "preflight_status", "accept_risks"];
  return fields.reduce((text, field) => text.replaceAll(field, camelCase(field)), sentence);
}

export function camelCase(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

/** The cases of decisions.json and attacks.json that have requests. */
export const decisions = [...load("decisions"), ...load("attacks").filter(({ requests }) => requests !== undefined)];

/** Returns the first request that a function from a case's policy to `evaluate` decides otherwise than the vectors; else the numbers of cases and requests. */
export function runDecisions(policyOf) {
  let requests = 0;
  decisions.forEach((each, index) => {
    const policy = policyOf(each, index);
    each.requests.forEach(({ method, headers, kind, verdict, status, fields }, number) => {
      const decision = policy.evaluate(value(method), headers.map(([name, text]) => [name, value(text)]));
      const denial = verdict === "allowed" ? null : verdict;
      const expected = { kind, allowed: denial === null, denial, status, fields: fields.map(([name, text, op]) => ({ name, value: value(text), op })) };
      // Twice: the second decision is one that was kept.
      const again = policy.evaluate(value(method), headers.map(([name, text]) => [name, value(text)]));
      for (const got of [decision, again]) {
        const [a, b] = [got, expected].map((each) => JSON.stringify(each));
        if (a !== b) throw new Error(`${each.rule}: ${each.name}, request ${number}: ${a}, not ${b}`);
      }
      requests += 1;
    });
  });
  if (requests === 0) throw new Error("no vectors");
  return `${decisions.length} cases, ${requests} requests`;
}
