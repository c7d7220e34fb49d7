// tests/vectors/adapters.json, by way of `policy.handle`. It has one policy, so that cases of A9 with several are not its own;
// a server chooses among policies by itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { Engine } from "@cors/engine";

import { compile } from "./vectors.mjs";

const folder = process.env.CORS_VECTORS ?? new URL("../vectors", import.meta.url).pathname;
const cases = JSON.parse(readFileSync(`${folder}/adapters.json`, "utf8"));
const mine = cases.filter(({ policies }) => Object.keys(policies).join() === "/");
let engine;
let compiled = 0;

before(async () => {
  engine = await Engine.load(readFileSync(process.env.CORS_WASM));
});

function policyOf(config) {
  const target = `${process.env.CORS_IMAGES}/adapter-${compiled++}.cors`;
  compile(JSON.stringify(config), target);
  return engine.policy(readFileSync(target));
}

test("there are cases, and only those of A9 are left out", () => {
  assert.ok(mine.length > 0);
  assert.deepEqual(new Set(cases.filter((one) => !mine.includes(one)).map(({ rule }) => rule)), new Set(["A9"]));
});

// Headers that a page cannot set and Node's `Request` takes; the address is that of `host`.
function requestOf({ method, path, scheme = "http", headers }) {
  const host = headers.find(([name]) => name === "host")?.[1] ?? "localhost";
  return new Request(`${scheme}://${host}${path}`, { method, headers });
}

for (const { rule, name, policies, options, requests } of mine) {
  test(`${rule}: ${name}`, async () => {
    const policy = policyOf(policies["/"]);
    const { enforce, passthrough, own_origins: ownOrigins, shadow } = options;
    const beside = shadow && policyOf(shadow);
    for (const request of requests) {
      let reaches = false;
      let denial = null;
      const differences = [];
      const next = () => {
        reaches = true;
        const { status, headers } = request.application;
        return new Response(null, { status, headers });
      };
      const asked = requestOf(request);
      const response = await policy.handle(asked, next, {
        enforce,
        passthrough,
        ownOrigins,
        shadow: beside,
        onDecision: (decision) => (denial = decision.denial),
        onDifference: (first, second) => differences.push([first.denial ?? "allowed", second.denial ?? "allowed"]),
      });
      const fields = [...response.headers].filter(([name]) => name.startsWith("access-control-")).sort();
      const got = { reaches, status: response.status, fields, vary: response.headers.get("vary"), differences };
      const expected = {
        reaches: request.reaches,
        status: request.status,
        fields: request.fields.toSorted(),
        vary: request.vary,
        differences: request.difference ? [request.difference] : [],
      };
      assert.deepEqual(got, expected, JSON.stringify(request));
      // `onDecision` gets every decision: whose page it is, is the caller's to ask.
      if (request.denial !== undefined) assert.equal(denial, request.denial, JSON.stringify(request));
    }
  });
}
