// What a request says fills no memory: options and patterns that are made of it, origins that are denied.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { Policy, Site } from "cors-engine";
import { cors } from "cors-engine/express";
import { WebHead } from "../../cors-js/dist/node/adapters/web.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const MEGABYTES = 1 << 20;

/** What so many runs keep, in bytes, of the heap and of what is beside it, after as many have filled what is bounded. */
async function kept(count, run) {
  await run(count);
  const before = await used();
  await run(count);
  return (await used()) - before;
}

async function used() {
  // What is dropped is given back in a later turn.
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise(setImmediate);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

let number = 0;
const origin = () => `https://h${(number += 1)}.${"a".repeat(40)}.example`;

function ask(middleware, requestOrigin) {
  const fields = {};
  const response = { getHeader: (name) => fields[name], setHeader: (name, value) => (fields[name] = value), getHeaderNames: () => [], removeHeader() {} };
  let reached = false;
  middleware({ method: "GET", url: "/", headers: { origin: requestOrigin } }, response, () => (reached = true));
  assert.ok(reached);
  return fields["Access-Control-Allow-Origin"];
}

// How often, because each expression is analysed for a millisecond.
const RUNS = {
  "options for each request, of its origin": [10000, cors((request, done) => done(null, { origin: request.headers.origin }))],
  "a function that answers a pattern, of the origin": [20000, cors({ origin: (given, done) => done(null, [given.replace(/h\d+/, "*")]) })],
  "a function that answers an expression, of the origin": [1000, cors({ origin: (given, done) => done(null, new RegExp(given.replaceAll(".", "\\."))) })],
};

for (const [name, [count, middleware]] of Object.entries(RUNS)) {
  test(name, async () => {
    const bytes = await kept(count, () => {
      for (let run = 0; run < count; run++) {
        const asked = origin();
        assert.equal(ask(middleware, asked), asked);
      }
    });
    assert.ok(bytes < 8 * MEGABYTES, `${bytes} bytes are kept`);
  });
}

test("origins that are denied, and asked whose they are", async () => {
  const site = new Site(new Policy({ allowOrigins: ["https://app.example.com"] }), { enforce: true });
  const plan = site.rules.only;
  const count = 20000;
  const bytes = await kept(count, () => {
    for (let run = 0; run < count; run++) {
      const head = new WebHead(new Request("https://api.example.com/", { headers: { origin: origin() } }));
      assert.equal(site.review(plan.decide(head), plan, head, null).status, 403);
    }
  });
  assert.ok(bytes < 8 * MEGABYTES, `${bytes} bytes are kept`);
  assert.deepEqual(site.denials, { OriginNotAllowed: 2 * count });
});
