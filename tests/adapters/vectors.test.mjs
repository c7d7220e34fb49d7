// tests/vectors/adapters.json in every framework, over sockets.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Policy, Site } from "cors-engine";

import { RESOLVES, SERVERS, ask, corsOf } from "./servers.mjs";

const folder = process.env.CORS_VECTORS ?? new URL("../vectors", import.meta.url).pathname;
const cases = JSON.parse(readFileSync(`${folder}/adapters.json`, "utf8"));
assert.ok(cases.length > 0);

const KNOWN = {
  vector: ["rule", "name", "policies", "options", "requests"],
  options: ["enforce", "passthrough", "own_origins", "shadow"],
  request: ["method", "path", "mount", "sees", "scheme", "headers", "application", "reaches", "status", "fields", "vary", "denial", "difference"],
};

function known(what, object) {
  for (const name of Object.keys(object)) assert.ok(KNOWN[what].includes(name), `a ${what} has ${name}, which this driver does not know`);
}

const policyOf = (config) => Policy.fromJson(JSON.stringify(config));

// The others know no place where they are mounted.
const MOUNTS = ["express 5", "express 4", "connect", "koa 3", "koa 2"];

for (const [name, start] of Object.entries(SERVERS)) {
  test(name, async (context) => {
    let ran = 0;
    let left = 0;
    for (const vector of cases) {
      known("vector", vector);
      known("options", vector.options);
      await context.test(`${vector.rule}: ${vector.name}`, async () => {
        for (const request of vector.requests) {
          known("request", request);
          const isLeftOut = request.sees === "decoded" || (RESOLVES.has(name) && isResolved(request.path));
          if (isLeftOut || (request.mount !== undefined && !MOUNTS.includes(name))) {
            left += 1;
            continue;
          }
          await run(start, vector, request);
          ran += 1;
        }
      });
    }
    context.diagnostic(`${name}: ${ran} requests, ${left} left out`);
    assert.ok(ran > left, `${ran} requests`);
  });
}

/** True for a path that `URL` changes: what is left of it is another case. */
function isResolved(path) {
  return new URL(`http://localhost${path}`).pathname !== path;
}

async function run(start, { policies, options, rule }, request) {
  let reached = false;
  const differences = [];
  const denials = [];
  const { enforce, passthrough, own_origins: ownOrigins, shadow } = options;
  const site = new Site({
    policies: Object.fromEntries(Object.entries(policies).map(([path, config]) => [path, policyOf(config)])),
    enforce,
    passthrough,
    ownOrigins,
    shadow: shadow && policyOf(shadow),
    onDenial: (denial) => denials.push(denial),
    onDifference: (decision, would) => differences.push([decision.denial ?? "allowed", would.denial ?? "allowed"]),
  });
  const respond = () => {
    reached = true;
    return { ...request.application, body: "" };
  };
  const server = await start({ given: site, respond, mount: request.mount });
  try {
    const { method, path, scheme } = request;
    const headers = [...request.headers, ...(scheme === "https" ? [["x-test-scheme", "https"]] : [])];
    const response = corsOf(await ask(server.port, { method, path, headers }));
    const expected = { status: request.status, fields: request.fields.toSorted(), vary: request.vary };
    assert.deepEqual({ ...response, reached }, { ...expected, reached: request.reaches }, JSON.stringify(request));
    assert.deepEqual(denials, request.denial === undefined ? [] : [request.denial], rule);
    assert.deepEqual(site.denials, request.denial === undefined ? {} : { [request.denial]: 1 });
    assert.deepEqual(differences, request.difference === undefined ? [] : [request.difference]);
  } finally {
    await server.close();
  }
}
