// What npm's `cors` does with its options, and what `cors-engine/express` does.

import assert from "node:assert/strict";
import { test } from "node:test";

import peer from "cors";
import express from "express";
import { ConfigError, Policy, Site } from "cors-engine";
import { cors } from "cors-engine/express";

import { listen } from "../servers.mjs";
import { GET, OPTIONS, PREFLIGHT, compare } from "./compare.mjs";

const A = "https://a.example";
const B = "https://b.example";

function around(make) {
  return (options) => {
    const application = express();
    application.set("env", "test");
    application.use(options === undefined ? make() : make(options));
    application.get("/own", (request, response) => response.set("Access-Control-Allow-Origin", "*").vary("Accept").send("own"));
    application.get("/error", () => {
      throw new Error("thrown");
    });
    application.use((request, response) => response.send("ok"));
    return listen(application);
  };
}

const METHODS = "delete, get, head, patch, post, put";
const NONE = { status: 200, vary: "origin" };
const FORBIDDEN = { status: 403, vary: "origin" };
const callback = (answer) => (origin, done) => done(null, answer(origin));

const CASES = [
  [
    "no options",
    undefined,
    [
      ["a request", GET(A)],
      ["a request without an origin", GET()],
      ["an error", GET(A, "/error")],
      ["a preflight", PREFLIGHT(A), "ANY_HEADER", { status: 204, "allow-origin": "*", "allow-methods": METHODS, "allow-headers": "*, authorization", vary: null }],
      ["a preflight for headers", PREFLIGHT(A, "PUT", "x-a,x-b"), "ANY_HEADER", { status: 204, "allow-origin": "*", "allow-methods": METHODS, "allow-headers": "*, authorization", vary: null }],
      ["another OPTIONS", OPTIONS(A), "OTHER_OPTIONS", { status: 200, "allow-origin": "*", vary: null }],
    ],
  ],
  [
    "one origin",
    { origin: A },
    [
      ["a request", GET(A)],
      ["a denied request", GET(B), "DENIED", NONE],
      ["a request without an origin", GET(), "NO_ORIGIN", NONE],
      ["the application's own field", GET(A, "/own"), "REPLACES", { status: 200, "allow-origin": A, vary: "accept, origin" }],
      ["an error", GET(A, "/error")],
    ],
  ],
  [
    "every list",
    { origin: A, methods: ["FOO", "bar"], allowedHeaders: ["X-Fizz", "x-buzz"], exposedHeaders: ["X-One", "x-two"], credentials: true, maxAge: 123 },
    [
      ["a request", GET(A)],
      ["a preflight", PREFLIGHT(A, "FOO"), "ACTUAL", { status: 204, "allow-origin": A, "allow-credentials": "true", "allow-methods": "bar, foo", "allow-headers": "x-buzz, x-fizz", "max-age": "123", vary: "origin" }],
      ["a denied preflight", PREFLIGHT(B), "DENIED", FORBIDDEN],
      ["a denied request", GET(B), "DENIED", NONE],
    ],
  ],
  [
    "lists as texts",
    { origin: A, methods: "GET,PUT", allowedHeaders: "x-a,x-b", maxAge: "456" },
    [["a preflight", PREFLIGHT(A, "PUT", "x-a")]],
  ],
  [
    "lists in lists, and texts of several names in them",
    { origin: [[A, [/^https:\/\/x\.example$/]], false], methods: ["GET, PUT", ["DELETE"]], allowedHeaders: ["x-a,x-b", ["x-c"]], exposedHeaders: [["x-one, x-two"]] },
    [["a preflight", PREFLIGHT(A, "PUT", "x-a"), "ACTUAL", { status: 204, "allow-origin": A, "allow-methods": "delete, get, put", "allow-headers": "x-a, x-b, x-c", vary: "origin" }], ["a request", GET(A)], ["an expression", GET("https://x.example")], ["a denied request", GET(B), "DENIED", NONE]],
  ],
  ["a list with true", { origin: [A, true], allowedHeaders: ["x-a"] }, [["any origin", GET(B), "ANY_ORIGIN", { status: 200, "allow-origin": "*", vary: null }]]],
  ["a list with false alone", { origin: [false] }, [["a request", GET(A)]]],
  ["an age of none", { origin: A, maxAge: 0, allowedHeaders: ["x-a"] }, [["a preflight", PREFLIGHT(A)]]],
  ["any method", { origin: A, methods: "*", allowedHeaders: ["x-a"] }, [["a preflight", PREFLIGHT(A)]]],
  [
    "any method, with credentials",
    { origin: A, methods: ["*"], allowedHeaders: ["x-a"], credentials: true },
    [["a preflight", PREFLIGHT(A), "ANY_METHOD", { status: 204, "allow-origin": A, "allow-credentials": "true", "allow-methods": "put", "allow-headers": "x-a", vary: "access-control-request-method, origin" }]],
  ],
  ["exposed headers as a text", { origin: A, exposedHeaders: "x-one,x-two" }, [["a request", GET(A)]]],
  ["empty lists", { origin: A, allowedHeaders: [], exposedHeaders: [] }, [["a request", GET(A)], ["a preflight", PREFLIGHT(A)]]],
  ["`headers`, the other name", { origin: A, headers: ["x-a"] }, [["a preflight", PREFLIGHT(A, "PUT", "x-a")]]],
  ["no age", { origin: A, maxAge: 0, allowedHeaders: [] }, [["a preflight", PREFLIGHT(A)]]],
  ["another status", { origin: A, optionsSuccessStatus: 200, allowedHeaders: [] }, [["a preflight", PREFLIGHT(A)]]],
  ["credentials, and any header", { origin: A, credentials: true }, [["a preflight", PREFLIGHT(A, "PUT", "x-a, x-b")]]],
  ["several origins", { origin: [A, "https://c.example"] }, [["the first", GET(A)], ["the second", GET("https://c.example")], ["another", GET(B)], ["none", GET()]]],
  ["an expression", { origin: /^https:\/\/([a-z]+\.)?a\.example$/ }, [["a match", GET("https://x.a.example")], ["no match", GET(B)]]],
  ["an expression without its end", { origin: /https:\/\/a\.example/ }, [["a part of another origin", GET("https://a.example.evil.example"), "WHOLE", NONE]]],
  ["an expression that remembers", { origin: /https:\/\/a\.example/g }, [["once", GET(A)], ["twice", GET(A), "WHOLE", { status: 200, "allow-origin": A, vary: "origin" }], ["again", GET(A)]]],
  ["a mixed list", { origin: [/^https:\/\/x\.example$/, A] }, [["a text", GET(A)], ["an expression", GET("https://x.example")], ["neither", GET(B)]]],
  ["a pattern", { origin: "https://*.example.com" }, [["a host below", GET("https://x.example.com"), "PATTERN", { status: 200, "allow-origin": "https://x.example.com", vary: "origin" }]]],
  ["any origin, as true", { origin: true }, [["a request", GET(A), "ANY_ORIGIN", { status: 200, "allow-origin": "*", vary: null }]]],
  ["any origin, in a list", { origin: ["*"] }, [["a request", GET(A), "ANY_ORIGIN", { status: 200, "allow-origin": "*", vary: null }]]],
  ["no CORS", { origin: false }, [["a request", GET(A)], ["a preflight", PREFLIGHT(A)], ["the application's own field", GET(A, "/own")]]],
  ["a variable that is not set", { origin: undefined }, [["a request", GET(A)], ["a preflight", PREFLIGHT(A)]]],
  ["an empty variable", { origin: "" }, [["a request", GET(A)]]],
  [
    "a function that answers true",
    { origin: callback((origin) => origin === A) },
    [
      ["an allowed request", GET(A)],
      ["a denied request", GET(B), "FALSE", NONE],
      ["a denied preflight", PREFLIGHT(B), "FALSE", FORBIDDEN],
      ["a request without an origin", GET(), "VARY", NONE],
    ],
  ],
  ["a function that answers an origin", { origin: callback(() => A) }, [["it", GET(A)], ["another", GET(B), "DENIED", NONE]]],
  ["a function that answers a list", { origin: callback(() => [/^https:\/\/x\.example$/, A]) }, [["a text", GET(A)], ["an expression", GET("https://x.example")], ["neither", GET(B)]]],
  ["a function that answers later", { origin: (origin, done) => setImmediate(done, null, origin === A) }, [["a request", GET(A)]]],
  [
    "a function that fails",
    { origin: (origin, done) => done(new Error("not allowed")) },
    [["a request", GET(A), "VARY", { status: 500, vary: "origin" }], ["a request without an origin", GET(), "NO_ORIGIN", NONE]],
  ],
  ["a function, and what is not an origin", { origin: callback(() => true) }, [["an address", GET("https://a.example/path"), "MALFORMED", NONE], ["null", GET("null"), "MALFORMED", NONE]]],
  ["options for each request", (request, done) => done(null, request.path === "/own" ? { origin: A } : { origin: B, allowedHeaders: [] }), [["one", GET(A, "/error"), "DENIED", { status: 500, vary: "origin" }], ["the other", GET(B)], ["a preflight", PREFLIGHT(B)]]],
  ["a policy for each request", (request, done) => done(null, { policy: new Policy({ allowOrigins: [A] }) }), [["a denied request", GET(B), "DENIED", NONE]]],
  ["options for each request that have no effect there", (request, done) => done(null, { origin: A, enforce: true }), [["a request", GET(A), "REFUSED", { status: 500, vary: null }]]],
  ["options for each request, which fail", (request, done) => done(new Error("none")), [["a request", GET(A)]]],
  ["no options for a request", (request, done) => done(null), [["a request", GET(A)]]],
  ["the application answers preflights", { origin: A, preflightContinue: true, allowedHeaders: [] }, [["a preflight", PREFLIGHT(A)], ["another OPTIONS", OPTIONS(A), "OTHER_OPTIONS", { status: 200, "allow-origin": A, vary: "origin" }]]],
];

test("npm's cors", async (context) => {
  const servers = { ours: around(cors), peers: around(peer) };
  for (const one of CASES) await compare(context, servers, one);
});

// Options, the class of the error, and what it says.
const REFUSED = [
  [{ credentials: true }, ConfigError, 'origin "*": risk AnyOriginWithCredentials: any site that a signed-in user visits can act and read as that user; list the origins, or add AnyOriginWithCredentials to acceptRisks'],
  [{ origin: true, credentials: true }, ConfigError, "origin true: risk AnyOriginWithCredentials"],
  [{ origin: ["*"], credentials: true }, ConfigError, 'origin "*": risk AnyOriginWithCredentials'],
  [{ origin: "https://A.example/" }, ConfigError, "write https://a.example"],
  [{ origin: [A, "b.example"] }, ConfigError, 'origin[1] "b.example": '],
  [{ origin: "null" }, ConfigError, "add NullOrigin to acceptRisks"],
  [{ origin: "http://a.example", credentials: true }, ConfigError, "write https, or add InsecureOrigin to acceptRisks"],
  [{ origin: "https://*.github.io", credentials: true }, ConfigError, "add PublicSuffix to acceptRisks"],
  [{ origin: /a\.example/, credentials: true }, ConfigError, "origin "],
  [{ origin: [A, /.*/], credentials: true }, ConfigError, "origin[1] "],
  [{ origin: /(?=https)https:\/\/a\.example/ }, ConfigError, "origin "],
  [{ origin: [A, /example\.com$/] }, ConfigError, "it matches no origin: the whole of one has to match"],
  [{ origin: /example\.com$/ }, ConfigError, "write https://*.example.com among the origins, in place of the expression"],
  [{ origin: /(?:example|other)\.com\/?$/giu }, ConfigError, "it matches no origin"],
  [{ origin: /https?:\/\/(a|b).example\/$/ }, ConfigError, "it matches no origin"],
  [{ origin: /localhost/ }, ConfigError, "write http://localhost:* for any port of this machine"],
  [{ origin: A, maxAge: 1e9 }, ConfigError, "maxAge 1000000000: "],
  [{ origin: A, methods: ["CONNECT"] }, ConfigError, 'methods[0] "CONNECT"'],
  [{ origin: A, allowedHeaders: ["x-a", "Access-Control-Allow-Origin"] }, ConfigError, "remove it"],
  [{ origin: A, optionsSuccessStatus: 404 }, ConfigError, "optionsSuccessStatus 404"],
  [{ origins: [A] }, TypeError, 'unknown option "origins", which would have no effect; write origin'],
  [{ origin: A, allowHeaders: [] }, TypeError, "write allowedHeaders"],
  [{ origin: A, credential: true }, TypeError, "write credentials"],
  [{ origin: A, colour: 1 }, TypeError, "the options are origin, methods"],
  [{ origin: A, credentials: "true" }, TypeError, 'credentials: true or false is expected, not "true"; write true, without quotation marks'],
  [{ allowOrigins: [A] }, TypeError, "write origin, or a policy in place of the options: new Policy({ allowOrigins: … })"],
  [{ method: "GET", url: "/", headers: {} }, TypeError, "use(cors()), and not use(cors)"],
  [{ origin: new URL(A) }, TypeError, 'write "https://a.example"'],
  [{ policy: new Policy({}), enforced: true }, TypeError, 'unknown option "enforced"; the options of a Site are policy, policies'],
  [{ policies: { api: new Policy({}) } }, TypeError, 'write "/api"'],
  [{ policies: { "/api": { allowOrigins: [A] } } }, TypeError, 'policies["/api"]: a Policy is expected'],
  [{ origin: 5 }, TypeError, "origin: an origin is expected, not 5"],
  [{ origin: { a: 1 } }, TypeError, "origin: an origin is expected, not an object"],
  [{ origin: A, methods: 5 }, TypeError, "methods: a list of names is expected, not 5"],
  [{ origin: A, maxAge: "an hour" }, TypeError, "maxAge: a number of seconds is expected"],
  [{ origin: A, acceptRisks: ["Everything"] }, TypeError, "the risks are NullOrigin"],
  ["https://a.example", TypeError, 'write { origin: ["https://app.example.com"] }'],
  [{ origin: A, enforce: "yes" }, TypeError, "enforce: true or false is expected"],
  [{ origin: A, ownOrigins: "https://a.example" }, TypeError, "ownOrigins: a list of origins is expected"],
  [{ origin: A, ownOrigins: ["a.example"] }, TypeError, 'ownOrigins: "a.example": '],
];

for (const [options, kind, text] of REFUSED) {
  test(`refused: ${text}`, () => {
    assert.throws(
      () => cors(options),
      (error) => error instanceof kind && (error.message.includes(text) || assert.fail(error.message)),
    );
  });
}

test("every problem is reported at once, by the user's names and places", () => {
  assert.throws(
    () => cors({ origin: [A, /.*/, "null", "b.example"], credentials: true, maxAge: 1e9 }),
    (error) => {
      assert.deepEqual(
        error.problems.map(({ field, index, risk }) => [field, index, risk]),
        [
          ["origin", 2, "NullOrigin"],
          ["origin", 3, null],
          ["maxAge", null, null],
          ["origin", 1, "AnyOriginWithCredentials"],
          ["origin", 1, "InsecureOrigin"],
        ],
      );
      return true;
    },
  );
});

test("a site says which of its options is unknown", () => {
  assert.throws(() => new Site(new Policy({}), { enforced: true }), /unknown option "enforced"/);
  assert.throws(() => new Site({ allowOrigins: [A] }), /write policy: new Policy\(\{ allowOrigins: … \}\)/);
  assert.throws(() => new Site({}), /a policy is missing/);
});

test("a risk that is named is taken", () => {
  cors({ credentials: true, acceptRisks: ["AnyOriginWithCredentials"] });
  cors({ origin: "null", acceptRisks: ["NullOrigin"] });
  cors({ origin: /.*/, credentials: true, acceptRisks: ["AnyOriginWithCredentials", "InsecureOrigin"] });
});

test("names that only browsers set are left out of the lists", async (context) => {
  const { port, close } = await around(cors)({ origin: A, allowedHeaders: ["Origin", "X-Requested-With", "Content-Type", "Accept", "Host", "Sec-Fetch-Site"] });
  context.after(close);
  const { ask } = await import("../servers.mjs");
  const { lines } = await ask(port, PREFLIGHT(A));
  assert.equal(Object.fromEntries(lines)["access-control-allow-headers"], "x-requested-with, content-type, accept");
});

test("what a callback fails with is passed on as it is, unless Express would take it for something else", async () => {
  const passed = (make, options) => new Promise((resolve) => make(options)({ method: "GET", url: "/", headers: { origin: A } }, { getHeader() {}, setHeader() {} }, resolve));
  for (const thrown of ["wrong", 5, new Error("wrong")]) {
    for (const options of [{ origin: (_, done) => done(thrown) }, (_, done) => done(thrown)]) {
      assert.equal(await passed(cors, options), thrown);
      assert.equal(await passed(peer, options), thrown);
    }
  }
  for (const thrown of ["route", "router"]) assert.match((await passed(cors, { origin: (_, done) => done(thrown) })).message, /failed without an error, but with "route/);
});
