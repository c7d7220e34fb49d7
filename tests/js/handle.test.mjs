// `policy.handle`: the vectors of adapters with one policy, and how responses are changed.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";

import { Policy } from "cors-engine";
import { Policy as EdgePolicy } from "cors-engine/edge";

import { send } from "./send.mjs";
import { load, options } from "./vectors.mjs";

const APP = "https://app.example.com";
const cases = load("adapters");
const mine = cases.filter(({ policies }) => Object.keys(policies).join() === "/");

test("there are cases, and only those of A9 are left out", () => {
  assert.ok(mine.length > 0);
  assert.deepEqual(new Set(cases.filter((one) => !mine.includes(one)).map(({ rule }) => rule)), new Set(["A9"]));
});

// Headers that a page cannot set and Node's `Request` takes; the address is that of `host`.
function requestOf({ method, path, scheme = "http", headers }) {
  const host = headers.find(([name]) => name === "host")?.[1] ?? "localhost";
  return new Request(`${scheme}://${host}${path}`, { method, headers });
}

for (const [which, made] of [["whole", (config) => new Policy(options(config))], ["edge", (config) => EdgePolicy.fromImage(new Policy(options(config)).toImage())]]) {
  for (const { rule, name, policies, options: { enforce, passthrough, own_origins: ownOrigins, shadow }, requests } of mine) {
    test(`${which}: ${rule}: ${name}`, async () => {
      const policy = made(policies["/"]);
      const beside = shadow && made(shadow);
      for (const request of requests) {
        let reaches = false;
        let denial = null;
        const differences = [];
        const next = () => {
          reaches = true;
          const { status, headers } = request.application;
          return new Response(null, { status, headers });
        };
        const response = await policy.handle(requestOf(request), next, {
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
          fields: [...request.fields].sort(),
          vary: request.vary,
          differences: request.difference ? [request.difference] : [],
        };
        assert.deepEqual(got, expected, JSON.stringify(request));
        // `onDecision` gets every decision: whose page it is, is the caller's to ask.
        if (request.denial !== undefined) assert.equal(denial, request.denial, JSON.stringify(request));
      }
    });
  }
}

test("a response whose header cannot be changed is copied", async () => {
  const policy = new Policy({ allowOrigins: [APP] });
  const request = new Request("https://api.example.com/", { headers: { origin: APP } });
  const fetched = await fetch("data:text/plain,there");
  const response = await policy.handle(request, () => fetched);
  assert.notEqual(response, fetched);
  assert.equal(response.headers.get("access-control-allow-origin"), APP);
  assert.equal(await response.text(), "there");
  const redirect = await policy.handle(request, () => Response.redirect("https://elsewhere.example/"));
  assert.equal(redirect.status, 302);
  assert.equal(redirect.headers.get("location"), "https://elsewhere.example/");
  assert.equal(redirect.headers.get("access-control-allow-origin"), APP);
  const failed = Response.error();
  assert.equal(await policy.handle(request, () => failed), failed);
});

test("what the application throws", async () => {
  const policy = new Policy({ allowOrigins: [APP] });
  const request = new Request("https://api.example.com/", { headers: { origin: APP } });
  const broken = async () => { throw new RangeError("broken"); };
  await assert.rejects(policy.handle(request, broken), RangeError);
  const decisions = [];
  const response = await policy.handle(request, broken, {
    onError: (error) => new Response(error.message, { status: 500 }),
    onDecision: (decision) => decisions.push(decision.kind),
  });
  assert.equal(response.status, 500);
  assert.equal(await response.text(), "broken");
  assert.equal(response.headers.get("access-control-allow-origin"), APP);
  assert.deepEqual(decisions, ["actual"]);
});

test("a function of the origin, async or not", async () => {
  const policy = new Policy({ allowOrigins: [APP], allowMethods: ["PUT"] });
  const ask = (allowOrigin) =>
    policy.handle(new Request("https://api.example.com/", { method: "OPTIONS", headers: { origin: "https://t.example", "access-control-request-method": "PUT" } }), () => assert.fail(), { allowOrigin });
  for (const [allowOrigin, status] of [[() => true, 204], [async () => true, 204], [() => false, 403], [async () => false, 403]]) {
    assert.equal((await ask(allowOrigin)).status, status);
  }
  await assert.rejects(ask(() => 1), /allowOrigin: a number where true or false/);
});

test("arguments of a wrong type are an error", async () => {
  const policy = new Policy({});
  const request = new Request("https://api.example.com/");
  const next = () => new Response();
  const table = [
    [[{ method: "GET", headers: {} }, next], /request: an object where a Request should be/],
    [[request], /next: undefined where a function should be/],
    [[request, next, { enforce: "true" }], /enforce: a string where true or false/],
    [[request, next, { onDecision: 1 }], /onDecision: a number where a function/],
    [[request, next, { shadow: {} }], /shadow: an object where a policy/],
    [[request, next, { ownOrigins: APP }], /ownOrigins: a list of strings is expected/],
  ];
  for (const [args, message] of table) await assert.rejects(policy.handle(...args), { name: "TypeError", message });
});

test("behind a real HTTP server, and swapped", async () => {
  let policy = new Policy({ allowOrigins: [APP], allowMethods: ["PUT"], allowCredentials: true });
  const application = ({ url }) => Response.json({ pathname: new URL(url).pathname }, { headers: { vary: "accept-encoding" } });
  const server = createServer(async ({ method, url, headers }, to) => {
    const request = new Request(new URL(url, "http://api.example.com"), { method, headers });
    const response = await policy.handle(request, application);
    to.writeHead(response.status, [...response.headers].flat());
    to.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  const { port } = server.address();
  const credentials = ["access-control-allow-credentials", "true"];
  const allowed = ["access-control-allow-origin", APP];
  const vary = ["vary", "accept-encoding, origin"];
  assert.deepEqual((await send(port, "/", "GET", { origin: APP })).cors, [credentials, allowed, vary]);
  assert.deepEqual((await send(port, "/", "GET", { origin: "https://evil.example" })).cors, [vary]);
  policy = new Policy({ allowOrigins: ["https://other.example"] });
  assert.deepEqual((await send(port, "/", "GET", { origin: APP })).cors, [vary]);
});
