// What a policy does with its arguments, and with memory.

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { ConfigError, ImageError, OriginRegex, Policy } from "cors-engine";
import { Policy as EdgePolicy } from "cors-engine/edge";

const APP = "https://app.example.com";
const policy = new Policy({ allowOrigins: [APP], allowMethods: ["PUT"], allowHeaders: ["x-token"], allowCredentials: true });

/** Asserts that a call throws an error of this class whose message begins and ends like this. */
function refuses(call, Class, start, end = "") {
  assert.throws(call, (error) => {
    assert.ok(error instanceof Class, `${error?.name}: ${error?.message}`);
    assert.ok(error.message.startsWith(start) && error.message.endsWith(end), error.message);
    return true;
  });
}

test("headers in each form", () => {
  const preflight = [["Origin", APP], ["Access-Control-Request-Method", "PUT"], ["access-control-request-headers", "x-token"]];
  const forms = [preflight, Object.fromEntries(preflight), new Headers(preflight), new Map(preflight), Object.assign(Object.create(null), Object.fromEntries(preflight))];
  for (const headers of forms) {
    const { kind, allowed, status } = policy.evaluate("OPTIONS", headers);
    assert.deepEqual({ kind, allowed, status }, { kind: "preflight", allowed: true, status: 204 });
  }
});

test("a field that is there twice", () => {
  const forms = [
    [["origin", APP], ["Origin", APP]],
    { origin: [APP, APP] },
    { origin: APP, Origin: APP },
  ];
  for (const headers of forms) assert.equal(policy.evaluate("GET", headers).denial, "MultipleOrigins");
  // As `Headers` and Node join two lines.
  assert.equal(policy.evaluate("GET", { origin: `${APP}, ${APP}` }).denial, "MalformedOrigin");
  const echo = new Policy({ allowOrigins: [APP], allowHeaders: ["*"], allowCredentials: true });
  const asked = { origin: APP, "access-control-request-method": "GET", "access-control-request-headers": ["x-a", "x-b"] };
  const echoed = echo.evaluate("OPTIONS", asked).fields.filter(({ name }) => name === "access-control-allow-headers");
  assert.deepEqual(echoed.map(({ value, op }) => [value, op]), [["x-a", "replace"], ["x-b", "append"]]);
});

test("misuse is a TypeError that says what to write", () => {
  refuses(() => policy.evaluate("GET", ["Origin", APP]), TypeError, "headers: a list of strings, such as request.rawHeaders; pass request.headers");
  refuses(() => policy.evaluate("GET"), TypeError, "headers: undefined where headers should be");
  refuses(() => policy.evaluate("GET", "origin"), TypeError, "headers: a string where headers should be");
  refuses(() => policy.evaluate("GET", { origin: undefined }), TypeError, "headers: the value of origin is undefined");
  refuses(() => policy.evaluate("GET", [["origin", null]]), TypeError, "headers: the value of origin is null");
  refuses(() => policy.evaluate("GET", [["origin"]]), TypeError, "headers: an entry is not a pair");
  refuses(() => policy.evaluate(undefined, {}), TypeError, "method: undefined where the request's method should be");
  refuses(() => policy.evaluate({ method: "GET" }, {}), TypeError, "method: an object where");
  refuses(() => policy.evaluate("GET", { origin: "https://x.example" }, true), TypeError, "allowOrigin: a boolean where a function");
  refuses(() => policy.evaluate("GET", { origin: "https://x.example" }, async () => true), TypeError, "allowOrigin: a Promise where", "evaluateAsync");
  refuses(() => policy.allowsOrigin(undefined), TypeError, "origin: undefined where a string should be");
  refuses(() => new Policy("https://a.example"), TypeError, "a string where the options of a policy should be");
  refuses(() => new Policy(), TypeError, "undefined where the options");
  refuses(() => new Policy(policy), TypeError, "a Policy where the options");
  refuses(() => new Policy(new Map([["allowOrigins", [APP]]])), TypeError, "a Map where the options");
  refuses(() => new Policy({ allowOrigins: [Object.create(null)] }), TypeError, "allowOrigins[0]: an object where a string");
  refuses(() => policy.decide("GET", null), TypeError, "a header's value is a string");
  refuses(() => Policy.fromToml(undefined), TypeError, "text: undefined where");
  refuses(() => Policy.fromImage("cors"), TypeError, "image: a string where bytes should be");
  refuses(() => Policy.fromImage(Promise.resolve()), TypeError, "image: a Promise where", "; await it first");
  refuses(() => Policy.fromBytes("cors"), TypeError, "bytes: a string where");
  refuses(() => new EdgePolicy({ allowOrigins: [APP] }), TypeError, "this module evaluates alone");
  refuses(() => new OriginRegex(["https://.*"]), TypeError, "patterns: a string where a RegExp should be");
});

test("options of a wrong type or name are a TypeError, with every problem", () => {
  const table = [
    [{ allowOrigins: APP }, `allowOrigins: a string where a list of strings should be; write ["${APP}"]`],
    [{ allowOrigins: new URL(APP) }, `allowOrigins: a URL where a list of strings should be; write ["${APP}"]`],
    [{ allowOrigins: [new URL(APP)] }, `allowOrigins[0]: a URL where a string should be; write "${APP}"`],
    [{ allowOrigins: [undefined] }, "allowOrigins[0]: undefined where a string should be"],
    [{ allowOrigins: () => true }, "allowOrigins: a function where a list of strings should be; ", "allowOrigin"],
    [{ allowOrigins: [/x/] }, "allowOrigins[0]: a RegExp where a string should be; ", "OriginRegex"],
    [{ allowOrigin: [APP] }, "unknown option `allowOrigin`; did you mean `allowOrigins`?"],
    [{ allow_origins: [APP] }, "unknown option `allow_origins`; write `allowOrigins`"],
    [{ origin: APP }, "unknown option `origin`; "],
    [{ allowCredentials: "true" }, "allowCredentials: a string where true or false should be; write true, without quotation marks"],
    [{ maxAge: "60" }, "maxAge: a string where a whole number of seconds should be; write 60, without quotation marks"],
    [{ maxAge: 0.5 }, "maxAge: a fraction where a whole number"],
    [{ maxAge: NaN }, "maxAge: NaN where a whole number"],
    [{ allowMethods: null }, "allowMethods: null where a list of strings should be; write [], or leave the option out"],
  ];
  for (const [options, start, mention = ""] of table) {
    refuses(() => new Policy(options), TypeError, start);
    assert.throws(() => new Policy(options), (error) => error.message.includes(mention) && error.problems.length > 0);
    assert.ok(Policy.check(options)[0].message.startsWith(start), Policy.check(options)[0].message);
  }
  refuses(() => new Policy({ maxAge: "1", allowCredentials: 1, x: 1 }), TypeError, "unknown option `x`; ", "write 1, without quotation marks");
});

test("every problem, with field, index, value, reason and advice", () => {
  const options = { allowOrigins: ["https://Example.com/", "http://a.example"], allowCredentials: true, maxAge: 100_000 };
  assert.throws(() => new Policy(options), (error) => {
    assert.ok(error instanceof ConfigError && error instanceof Error);
    const shown = error.problems.map(({ field, index, value, risk, advice }) => [field, index, value, risk, advice]);
    assert.deepEqual(shown, [
      ["allowOrigins", 0, "https://Example.com/", null, "write https://example.com"],
      ["allowOrigins", 1, "http://a.example", "InsecureOrigin", "write https, or add InsecureOrigin to acceptRisks"],
      ["maxAge", null, 100_000, null, "write 86400 or less"],
    ]);
    return true;
  });
  assert.deepEqual(Policy.check({ allowOrigins: [APP] }), []);
});

test("an option that is undefined is left out; sets and generators are lists", () => {
  const list = function* () { yield APP; };
  for (const allowOrigins of [[APP], new Set([APP]), list()]) {
    const made = new Policy({ allowOrigins, maxAge: undefined });
    assert.deepEqual(made.config.allowOrigins, [APP]);
    assert.equal(made.config.maxAge, undefined);
  }
});

test("policy files, and their places", () => {
  const folder = mkdtempSync(join(tmpdir(), "cors-engine-"));
  const toml = `allow_origins = ["${APP}"]\nmax_age = 60\n`;
  const expected = new Policy({ allowOrigins: [APP], maxAge: 60 }).toImage();
  const files = { "a.toml": toml, "a.json": JSON.stringify({ allow_origins: [APP], max_age: 60 }), "a.cors": expected, a: toml };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(path, content);
    assert.deepEqual(Policy.fromFile(path).toImage(), expected, name);
    assert.deepEqual(Policy.fromFile(pathToFileURL(path)).toImage(), expected, name);
  }
  assert.deepEqual(Policy.fromToml(toml).toImage(), expected);
  refuses(() => Policy.fromToml('allow_origins = [\n  "https://a.example/"]\nx = 1'), ConfigError, "2:3: allow_origins[0]");
  refuses(() => Policy.fromToml('allowOrigins = []'), ConfigError, "1:1: unknown field `allowOrigins`; did you mean `allow_origins`?");
  refuses(() => Policy.fromFile(join(folder, "none")), Error, "ENOENT");
});

test("bytes that are no image", () => {
  const good = policy.toImage();
  const flipped = good.slice();
  flipped[60] ^= 1;
  const table = [
    [new Uint8Array(), "not an image: it does not begin with `cors`; make one"],
    [good.subarray(0, -1), `an image cut short: ${good.length - 1} bytes of ${good.length}; copy it again, whole`],
    [Uint8Array.of(...good, 0, 0, 0), `an image of ${good.length} bytes with 3 more after it`],
    [flipped, "a damaged image: its checksum is not that of its contents"],
  ];
  for (const Class of [Policy, EdgePolicy]) {
    for (const [bytes, message] of table) refuses(() => Class.fromImage(bytes), ImageError, message);
  }
});

test("an image is copied, from every kind of buffer", () => {
  const image = policy.toImage();
  const buffer = new ArrayBuffer(image.length + 5);
  new Uint8Array(buffer).set(image, 3);
  const shared = new SharedArrayBuffer(image.length);
  new Uint8Array(shared).set(image);
  for (const source of [image, Buffer.from(image), new DataView(buffer, 3, image.length), buffer.slice(3, 3 + image.length), shared]) {
    assert.deepEqual(Policy.fromImage(source).toImage(), image);
  }
  const made = Policy.fromImage(image);
  image.fill(0);
  assert.equal(made.evaluate("GET", { origin: APP }).allowed, true);
  made.toImage().fill(0);
  assert.equal(made.evaluate("GET", { origin: APP }).allowed, true);
});

test("a decision cannot be changed, since others share it", () => {
  const decision = policy.evaluate("GET", { origin: APP });
  assert.equal(policy.evaluate("GET", { origin: APP }), decision);
  assert.throws(() => decision.fields.push({}), TypeError);
  assert.throws(() => { decision.fields[0].value = "*"; }, TypeError);
  assert.throws(() => { decision.allowed = false; }, TypeError);
});

test("what is kept does not depend on where values end", () => {
  const any = new Policy({ allowOrigins: ["*"], allowMethods: ["*"], allowHeaders: ["*"], allowCredentials: true, acceptRisks: ["AnyOriginWithCredentials"] });
  const asked = (origin, method, names, network) => JSON.stringify(any.decide("OPTIONS", origin, method, names, network).fields);
  const alike = [
    ["https://a.ex", "PUT", "x-a", undefined],
    ["https://a.exP", "UT", "x-a", undefined],
    ["https://a.ex", "PUTx", "-a", undefined],
    ["https://a.ex", "PUT", "x-atrue", undefined],
    ["https://a.ex", "PUT", "x-a", "true"],
    ["https://a.ex", "PUT", undefined, "x-a"],
    ["https://a.ex", "PUT", "", "x-a"],
  ];
  const alone = alike.map((values) => asked(...values));
  alike.forEach((values, index) => {
    const fresh = Policy.fromImage(any.toImage());
    assert.equal(JSON.stringify(fresh.decide("OPTIONS", ...values).fields), alone[index], String(values));
  });
});

test("a request's origin is never taken for a preflight that was kept", () => {
  const policy = new Policy({ allowOrigins: ["https://app.example.com"], allowMethods: ["PUT"], allowHeaders: ["content-type"] });
  const preflight = () => policy.decide("OPTIONS", "https://app.example.com", "PUT", "content-type");
  const request = () => policy.decide("GET", "23,3,12:https://app.example.comPUTcontent-type");
  for (const [first, second] of [[request, preflight], [preflight, request]]) {
    first();
    second();
    assert.equal(request().denial, "MalformedOrigin");
    assert.equal(preflight().kind, "preflight");
    assert.equal(preflight().allowed, true);
  }
});

test("functions of an origin (E12)", async () => {
  const asked = [];
  const ask = (answer) => (origin) => { asked.push(origin); return answer; };
  const request = (origin) => ["GET", { origin }];
  assert.equal(policy.evaluate(...request(APP), ask(false)).allowed, true);
  assert.deepEqual(asked, []);
  assert.equal(policy.evaluate(...request(" https://b.example\t"), ask(true)).allowed, true);
  assert.equal(policy.evaluate(...request("https://b.example"), ask(false)).denial, "OriginNotAllowed");
  assert.deepEqual(asked, ["https://b.example", "https://b.example"]);
  for (const origin of ["null", "file://", "https://B.example", ""]) policy.evaluate(...request(origin), ask(true));
  assert.equal(asked.length, 2);
  const lax = new Policy({ acceptRisks: ["NullOrigin"] });
  assert.equal(lax.evaluate(...request("null"), ask(true)).allowed, true);
  assert.deepEqual(asked.pop(), "null");
  assert.equal((await policy.evaluateAsync(...request("https://b.example"), async () => true)).allowed, true);
  assert.equal((await policy.evaluateAsync(...request("https://b.example"), async () => false)).allowed, false);
  await assert.rejects(policy.evaluateAsync(...request("https://b.example"), async () => "yes"), /allowOrigin: a string where true or false/);
  await assert.rejects(policy.evaluateAsync(...request("https://b.example"), async () => { throw new RangeError("x"); }), RangeError);
  const thrown = () => { throw new RangeError("x"); };
  assert.throws(() => policy.evaluate(...request("https://b.example"), thrown), RangeError);
  // What a function said once is not kept.
  assert.equal(policy.evaluate(...request("https://b.example")).denial, "OriginNotAllowed");
});

test("regular expressions match whole origins, and keep no state (P9)", () => {
  const regex = new OriginRegex([/https:\/\/pr-\d+\.example\.com/g, /HTTPS:\/\/A\.EXAMPLE/iy]);
  for (let round = 0; round < 3; round++) {
    assert.equal(regex.matches("https://pr-7.example.com"), true);
    assert.equal(regex.matches("https://a.example"), true);
  }
  for (const origin of ["https://pr-7.example.com.evil.example", "xhttps://pr-7.example.com", "https://pr-7.example.com/", "null", "", "https://pr-7xexample.com", "https://pr-\u0667.example.com"]) {
    assert.equal(regex.matches(origin), false, origin);
  }
  assert.equal(policy.evaluate("GET", { origin: "https://pr-7.example.com" }, regex).allowed, true);
});

test("with credentials an expression is proved, or refused with the pattern to write (P9)", () => {
  for (const open of [/https:\/\/.*example\.com/, /.*\.example\.com/, /https:\/\/example\.[a-z]+/, /https?:\/\/a\.example\.com/]) {
    const regex = new OriginRegex(open);
    refuses(() => policy.evaluate("GET", { origin: "https://x.example" }, regex), ConfigError, "patterns[0] ", "to acceptRisks");
    assert.ok(regex.risks().length > 0);
    assert.equal(new Policy({}).evaluate("GET", { origin: "https://x.other" }, regex).allowed, false);
  }
  refuses(() => new OriginRegex(/(a)\1/), ConfigError, "patterns[0]");
  refuses(() => new OriginRegex(/(?=a)a/), ConfigError, "patterns[0]");
  refuses(() => new OriginRegex(/https:\/\/*.example.com/), ConfigError, "patterns[0]");
});

test("an expression takes linear time", () => {
  const regex = new OriginRegex(/https:\/\/(a+)+\.example\.com/);
  assert.equal(regex.matches(`https://${"a".repeat(60)}.${"a".repeat(60)}.${"a".repeat(60)}`), false);
});

test("a large request leaves the policy as it was", () => {
  const small = { origin: APP };
  const expected = policy.evaluate("GET", small);
  assert.equal(policy.evaluate("GET", { origin: "x".repeat(5_000_000) }).denial, "MalformedOrigin");
  assert.equal(policy.evaluate("GET", { origin: "\u2603https://a.example" }).denial, "MalformedOrigin");
  assert.deepEqual(policy.evaluate("GET", small), expected);
});

test("a policy that was freed", () => {
  const made = Policy.fromImage(policy.toImage());
  assert.equal(made.evaluate("GET", { origin: APP }).allowed, true);
  made.free();
  made.free();
  for (const use of [() => made.evaluate("GET", {}), () => made.toImage(), () => made.allowsOrigin(APP), () => made.config]) {
    refuses(use, TypeError, "the policy was freed; make another");
  }
});

test("any number of policies in a bounded memory", () => {
  const { engine } = policy;
  const origins = (number) => [`https://t${number}.example.com`];
  for (let number = 0; number < 100_000; number++) {
    const made = new Policy({ allowOrigins: origins(number) });
    if (number % 1000 === 0) assert.equal(made.evaluate("GET", { origin: origins(number)[0] }).allowed, true);
    else made.decide("GET", APP);
  }
  const kept = Array.from({ length: 20_000 }, (_, number) => new Policy({ allowOrigins: origins(number) }));
  for (let round = 0; round < 3; round++) {
    kept.forEach((made, number) => {
      assert.equal(made.decide("GET", origins(number)[0]).allowed, true);
      assert.equal(made.decide("GET", origins(number + 1)[0]).allowed, false);
    });
  }
  assert.ok(engine.memorySize < 64 << 20, `${engine.memorySize} bytes`);
});

test("strangers' origins are kept in a bounded memory", () => {
  const { engine } = policy;
  const made = new Policy({ allowOrigins: ["https://*.example.com"] });
  for (let number = 0; number < 200_000; number++) made.decide("GET", `https://${number}.example.com`);
  assert.ok(made.image.kept.size <= 16_384, `${made.image.kept.size} decisions`);
  assert.ok(engine.memorySize < 64 << 20);
});

test("a policy that is larger than the copies' bound", () => {
  const many = Array.from({ length: 300_000 }, (_, number) => `https://a-long-name-of-a-tenant-${number}.with-a-long-domain.example.com`);
  const large = new Policy({ allowOrigins: many });
  assert.ok(large.toImage().length > 32 << 20 || many.length * 100 < 32 << 20);
  for (const made of [large, policy, large]) {
    assert.equal(made.decide("GET", made === large ? many[299_999] : APP).allowed, true);
  }
  large.free();
});
