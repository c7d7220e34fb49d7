// The package in Node: the vectors, images that are none, and how responses are changed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { Engine, Policy, PolicyError } from "@cors/engine";

import { cases, compile, value } from "./vectors.mjs";

const images = process.env.CORS_IMAGES;
let engine;

before(async () => {
  engine = await Engine.load(readFileSync(process.env.CORS_WASM));
});

const image = (name) => readFileSync(`${images}/${name}.cors`);

function policyOf(name, file) {
  compile(JSON.stringify(file), `${images}/${name}.cors`);
  return engine.policy(image(name));
}

test("the decision vectors", () => {
  let requests = 0;
  assert.ok(cases.length > 0);
  cases.forEach(({ name, rule, policy: _, requests: asked }, index) => {
    const policy = engine.policy(image(index));
    asked.forEach(({ method, headers, kind, verdict, status, fields }, number) => {
      const decision = policy.evaluate({
        method: value(method),
        headers: headers.map(([name, text]) => [name, value(text)]),
      });
      const denial = verdict === "allowed" ? null : verdict;
      const expected = {
        kind,
        allowed: denial === null,
        denial,
        status,
        fields: fields.map(([name, text, op]) => ({ name, value: value(text), op })),
      };
      assert.deepEqual(decision, expected, `${rule}: ${name}, request ${number}`);
      requests += 1;
    });
  });
  console.log(`node: ${cases.length} cases, ${requests} requests`);
});

test("bytes that are no image", () => {
  const good = image(0);
  const flipped = Buffer.from(good);
  flipped[60] ^= 1;
  const bad = [
    [new Uint8Array(), "not an image: it does not begin with `cors`"],
    [new TextEncoder().encode("allow_origins = []"), "not an image: it does not begin with `cors`"],
    [good.subarray(0, -1), `an image cut short: ${good.length - 1} bytes of ${good.length}`],
    [Buffer.concat([good, Buffer.alloc(3)]), `an image of ${good.length} bytes with 3 more after it`],
    [flipped, "a damaged image: its checksum is not that of its contents"],
  ];
  for (const [bytes, message] of bad) {
    assert.throws(() => engine.policy(bytes), (error) => {
      assert.ok(error instanceof PolicyError);
      assert.equal(error.message, message);
      return true;
    });
  }
});

test("every kind of buffer is taken", () => {
  const bytes = image(0);
  const buffer = new ArrayBuffer(bytes.length + 5);
  new Uint8Array(buffer).set(bytes, 3);
  for (const source of [bytes, new DataView(buffer, 3, bytes.length), buffer.slice(3, 3 + bytes.length)]) {
    assert.ok(engine.policy(source) instanceof Policy);
  }
});

test("only the engine makes policies, and only of its module", async () => {
  assert.throws(() => new Policy(), TypeError);
  const empty = await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  assert.throws(() => new Engine(empty), /not the module of cors\.wasm/);
});

test("an origin as for a WebSocket handshake", () => {
  const policy = policyOf("socket", { allow_origins: ["https://*.example.org"] });
  assert.equal(policy.allowsOrigin("https://shop.example.org"), true);
  assert.equal(policy.allowsOrigin("\thttps://shop.example.org "), true);
  for (const other of ["https://example.org", "https://shop.example.org/", "", "null", "https://ä.example.org", "☃"]) {
    assert.equal(policy.allowsOrigin(other), false, other);
  }
});

test("a large request leaves the policy as it was", () => {
  const policy = policyOf("large", { allow_origins: ["https://app.example.com"] });
  const small = { method: "GET", headers: [["Origin", "https://app.example.com"]] };
  const expected = policy.evaluate(small);
  const large = policy.evaluate({ method: "GET", headers: [["origin", "x".repeat(5_000_000)]] });
  assert.equal(large.denial, "MalformedOrigin");
  assert.deepEqual(policy.evaluate(small), expected);
});

test("fields replace the application's, Vary is merged", async () => {
  const policy = policyOf("fields", { allow_origins: ["https://app.example.com"], expose_headers: ["x-id"] });
  const ask = (origin, headers) =>
    policy.handle(new Request("https://api.example.com/", { headers: origin ? { origin } : {} }), () =>
      new Response("body", { status: 404, headers }));
  const shown = async (response) => [response.status, await response.text(), [...response.headers]
    .filter(([name]) => name.startsWith("access-control-") || name === "vary")];
  const theirs = [["Access-Control-Allow-Origin", "*"], ["access-control-allow-credentials", "true"]];
  const ours = [
    ["access-control-allow-origin", "https://app.example.com"],
    ["access-control-expose-headers", "x-id"],
  ];
  const table = [
    ["https://app.example.com", theirs, [...ours, ["vary", "origin"]]],
    ["https://app.example.com", [["vary", "Accept-Encoding"]], [...ours, ["vary", "Accept-Encoding, origin"]]],
    ["https://app.example.com", [["vary", "Origin, accept"]], [...ours, ["vary", "Origin, accept"]]],
    ["https://app.example.com", [["vary", "*"]], [...ours, ["vary", "*"]]],
    ["https://evil.example", theirs, [["vary", "origin"]]],
    [null, theirs, [["vary", "origin"]]],
  ];
  for (const [origin, headers, expected] of table) {
    assert.deepEqual(await shown(await ask(origin, headers)), [404, "body", expected]);
  }
});

test("a response whose header cannot be changed is copied", async () => {
  const policy = policyOf("copied", { allow_origins: ["https://app.example.com"] });
  const request = new Request("https://api.example.com/", { headers: { origin: "https://app.example.com" } });
  const fetched = await fetch("data:text/plain,there");
  const response = await policy.handle(request, () => fetched);
  assert.notEqual(response, fetched);
  assert.equal(response.headers.get("access-control-allow-origin"), "https://app.example.com");
  assert.equal(await response.text(), "there");
  const redirect = await policy.handle(request, () => Response.redirect("https://elsewhere.example/"));
  assert.equal(redirect.status, 302);
  assert.equal(redirect.headers.get("location"), "https://elsewhere.example/");
  assert.equal(redirect.headers.get("access-control-allow-origin"), "https://app.example.com");
  const failed = Response.error();
  assert.equal(await policy.handle(request, () => failed), failed);
});

test("a preflight does not reach the application", async () => {
  const policy = policyOf("preflight", { allow_origins: ["https://app.example.com"], allow_methods: ["PUT"] });
  const never = () => assert.fail("the application was asked");
  const preflight = (origin) => policy.handle(new Request("https://api.example.com/", {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "PUT" },
  }), never);
  const allowed = await preflight("https://app.example.com");
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get("access-control-allow-methods"), "PUT");
  const denied = await preflight("https://evil.example");
  assert.equal(denied.status, 403);
  assert.equal(denied.headers.get("access-control-allow-methods"), null);
});

test("what the application throws", async () => {
  const policy = policyOf("throws", { allow_origins: ["https://app.example.com"] });
  const request = new Request("https://api.example.com/", { headers: { origin: "https://app.example.com" } });
  const broken = async () => { throw new RangeError("broken"); };
  await assert.rejects(policy.handle(request, broken), RangeError);
  const decisions = [];
  const response = await policy.handle(request, broken, {
    onError: (error) => new Response(error.message, { status: 500 }),
    onDecision: (decision) => decisions.push(decision.kind),
  });
  assert.equal(response.status, 500);
  assert.equal(await response.text(), "broken");
  assert.equal(response.headers.get("access-control-allow-origin"), "https://app.example.com");
  assert.deepEqual(decisions, ["actual"]);
});

test("a denied request is refused only where that is wanted, and never to the server's own pages", async () => {
  const policy = policyOf("enforce", { allow_origins: ["https://app.example.com"] });
  const table = [
    ["https://app.example.com", {}, 200],
    ["https://evil.example", {}, 403],
    ["null", {}, 403],
    ["https://api.example.com", {}, 200],
    ["http://api.example.com", {}, 403],
    ["https://api.example.com:8443", {}, 403],
    ["null", { "sec-fetch-site": "same-origin" }, 200],
    ["https://evil.example", { "sec-fetch-site": "cross-site" }, 403],
  ];
  for (const [origin, headers, expected] of table) {
    const request = new Request("https://api.example.com/orders", { headers: { origin, ...headers } });
    const response = await policy.handle(request, () => new Response("body"), { enforce: true });
    assert.equal(response.status, expected, origin);
    assert.equal(response.headers.get("vary"), "origin");
    assert.equal((await policy.handle(request, () => new Response("body"))).status, 200, origin);
  }
});

test("the application may answer preflights", async () => {
  const policy = policyOf("passthrough", { allow_origins: ["https://app.example.com"], allow_methods: ["PUT"] });
  const preflight = new Request("https://api.example.com/", {
    method: "OPTIONS",
    headers: { origin: "https://app.example.com", "access-control-request-method": "PUT" },
  });
  const response = await policy.handle(preflight, () => new Response("options", { headers: { allow: "PUT" } }), {
    passthrough: true,
  });
  assert.equal(await response.text(), "options");
  assert.equal(response.headers.get("allow"), "PUT");
  assert.equal(response.headers.get("access-control-allow-methods"), "PUT");
});

test("a shadow tells where it differs, and changes nothing", async () => {
  const policy = policyOf("counts", { allow_origins: ["https://app.example.com"] });
  const shadow = policyOf("shadow", { allow_origins: ["https://new.example.com", "https://app.example.com"] });
  const differences = [];
  const onDifference = (decision, other, { url }) => differences.push([url, decision.denial, other.denial]);
  for (const [origin, expected] of [
    ["https://app.example.com", "https://app.example.com"],
    ["https://new.example.com", null],
    ["https://evil.example", null],
  ]) {
    const request = new Request(`https://api.example.com/${origin.at(8)}`, { headers: { origin } });
    const response = await policy.handle(request, () => new Response("body"), { shadow, onDifference });
    assert.equal(response.headers.get("access-control-allow-origin"), expected);
  }
  assert.deepEqual(differences, [["https://api.example.com/n", "OriginNotAllowed", null]]);
});
