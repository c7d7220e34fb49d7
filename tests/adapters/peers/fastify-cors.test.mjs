// What @fastify/cors does with its options, and what `cors-engine/fastify` does.

import assert from "node:assert/strict";
import { test } from "node:test";

import peer from "@fastify/cors";
import { ConfigError, Policy, Site } from "cors-engine";
import { fastifyCors } from "cors-engine/fastify";
import fastify from "fastify";
import fastify4 from "fastify-4";

import { ask, corsOf } from "../servers.mjs";
import { GET, OPTIONS, PREFLIGHT, compare, evened } from "./compare.mjs";

const A = "https://a.example";
const B = "https://b.example";

async function started(application) {
  await application.listen({ port: 0, host: "127.0.0.1" });
  return { port: application.server.address().port, close: () => application.close() };
}

function around(plugin) {
  return async (options) => {
    const application = fastify();
    await application.register(plugin, options);
    application.get("/", async () => "ok");
    application.get("/error", async () => {
      throw new Error("thrown");
    });
    application.get("/own", (request, reply) => reply.header("access-control-allow-origin", "*").header("vary", "accept").send("own"));
    return started(application);
  };
}

const NONE = { status: 200, vary: "origin" };
const FORBIDDEN = { status: 403, vary: "origin" };
const callback = (answer) => (origin, done) => done(null, answer(origin));
const promise = (answer) => async (origin) => answer(origin);
const LISTS = { origin: A, methods: ["GET", "PUT"], allowedHeaders: ["x-a", "x-b"], exposedHeaders: ["x-one", "x-two"], credentials: true, maxAge: 123 };
const ANSWER = { status: 204, "allow-origin": A, "allow-credentials": "true", "allow-methods": "get, put", "allow-headers": "x-a, x-b", "max-age": "123", vary: "origin" };
const METHODS = "get, head, post";

const CASES = [
  [
    "no options",
    undefined,
    [
      ["a request", GET(A)],
      ["a request without an origin", GET()],
      ["an unknown path", GET(A, "/nowhere")],
      ["an error", GET(A, "/error")],
      ["a preflight", PREFLIGHT(A, "GET"), "ANY_HEADER", { status: 204, "allow-origin": "*", "allow-methods": METHODS, "allow-headers": "*, authorization", vary: null }],
      ["a preflight for headers", PREFLIGHT(A, "GET", "x-a"), "ANY_HEADER", { status: 204, "allow-origin": "*", "allow-methods": METHODS, "allow-headers": "*, authorization", vary: null }],
      ["a preflight for an unknown path", PREFLIGHT(A, "GET", "x-a", "/nowhere"), "ANY_HEADER", { status: 204, "allow-origin": "*", "allow-methods": METHODS, "allow-headers": "*, authorization", vary: null }],
      ["an OPTIONS without a method", OPTIONS(A)],
      ["an OPTIONS without an origin", { method: "OPTIONS", path: "/", headers: [["access-control-request-method", "GET"]] }],
    ],
  ],
  [
    "every list",
    LISTS,
    [
      ["a request", GET(A), "VARY", { status: 200, "allow-origin": A, "allow-credentials": "true", "expose-headers": "x-one, x-two", vary: "origin" }],
      ["a preflight", PREFLIGHT(A, "GET"), "ACTUAL", ANSWER],
      ["a denied preflight", PREFLIGHT(B, "GET"), "DENIED", FORBIDDEN],
      ["a denied request", GET(B), "DENIED", NONE],
      ["a request without an origin", GET(), "NO_ORIGIN", NONE],
    ],
  ],
  ["lists as texts", { origin: [A], methods: "GET,PUT", allowedHeaders: "x-a,x-b", exposedHeaders: "x-one" }, [["a request", GET(A)]]],
  ["several origins", { origin: [A, "https://c.example"] }, [["the first", GET(A)], ["the second", GET("https://c.example")], ["another", GET(B)], ["the application's own field", GET(A, "/own"), "REPLACES", { status: 200, "allow-origin": A, vary: "accept, origin" }]]],
  ["any origin in a list", { origin: [A, "*"] }, [["a request", GET(B)]]],
  ["an expression", { origin: /^https:\/\/(a|x)\.example$/ }, [["a match", GET("https://x.example")], ["no match", GET(B)]]],
  ["an expression without its end", { origin: /^https:\/\/(a|x)\.example/ }, [["a longer origin", GET("https://a.example.evil.example"), "WHOLE", NONE]]],
  ["any origin, as true", { origin: true }, [["a request", GET(A), "ANY_ORIGIN", { status: 200, "allow-origin": "*", vary: null }]]],
  ["no CORS", { origin: false }, [["a request", GET(A)], ["a preflight", PREFLIGHT(A)]]],
  ["a callback", { origin: callback((origin) => origin === A), allowedHeaders: [] }, [["an allowed request", GET(A)], ["a denied request", GET(B)], ["a denied preflight", PREFLIGHT(B), "FALSE", FORBIDDEN], ["an allowed preflight", PREFLIGHT(A), "VARY", { status: 204, "allow-origin": A, "allow-methods": METHODS, vary: "origin" }]]],
  ["a callback that answers any", { origin: callback((origin) => (origin === A ? [A, "*"] : "*")) }, [["in a list", GET(A)], ["alone", GET(B)]]],
  ["a promise", { origin: promise((origin) => origin === A) }, [["an allowed request", GET(A)], ["a denied request", GET(B)]]],
  ["a callback that fails", { origin: (origin, done) => done(new Error("ouch")) }, [["a request", GET(A)]]],
  ["a promise that fails", { origin: () => Promise.reject(new Error("ouch")) }, [["a request", GET(A)]]],
  ["a callback that answers nothing", { origin: callback(() => undefined) }, [["a request", GET(A)]]],
  ["another status", { optionsSuccessStatus: 200, origin: [A], allowedHeaders: ["x-a"] }, [["a preflight", PREFLIGHT(A)]]],
  ["preflights that are not answered", { preflight: false }, [["a preflight", PREFLIGHT(A), "CONTINUED", { status: 404, "allow-origin": "*", "allow-methods": METHODS, "allow-headers": "*, authorization", vary: null }], ["a request", GET(A)]]],
  ["preflights that are not strict", { strictPreflight: false, origin: [A], allowedHeaders: ["x-a"] }, [["an OPTIONS without a method", OPTIONS(A), "OTHER_OPTIONS", { status: 204, "allow-origin": A, vary: "origin" }]]],
  ["the application answers preflights", { preflightContinue: true, origin: [A], allowedHeaders: ["x-a"] }, [["a preflight", PREFLIGHT(A, "GET", undefined, "/nowhere")]]],
  ["options for each request, by a callback", () => (request, done) => done(null, LISTS), [["a request", GET(A)], ["a preflight", PREFLIGHT(A), "ACTUAL", ANSWER]]],
  ["options for each request, by a promise", () => async () => LISTS, [["a request", GET(A)]]],
  ["options for each request, which fail", () => async () => Promise.reject(new Error("ouch")), [["a request", GET(A)]]],
  ["options for each request, by neither", () => () => {}, [["a request", GET(A)]]],
  ["a delegator beside options", { hook: "preHandler", delegator: async () => ({ origin: [A] }) }, [["a request", GET(A)], ["a denied request", GET(B)]]],
  ...["onRequest", "preParsing", "preValidation", "preHandler"].map((hook) => [
    `the hook ${hook}`,
    { hook, origin: [A], allowedHeaders: ["x-a"] },
    [["a request", GET(A)], ["a preflight", PREFLIGHT(A)], ["a denied request", GET(B)]],
  ]),
];

test("@fastify/cors", async (context) => {
  const servers = { ours: around(fastifyCors), peers: around(peer) };
  for (const one of CASES) await compare(context, servers, one);
});

const REFUSED = [
  [{ credentials: true }, ConfigError, "list the origins, or add AnyOriginWithCredentials to acceptRisks"],
  [{ origin: "" }, TypeError, "origin: an empty text"],
  [{ hook: "onSend" }, TypeError, 'hook: "onSend" is not one of onRequest, preParsing'],
  [{ site: new Site(new Policy({})), origin: [A] }, TypeError, "site has the policies; remove origin"],
  [{ site: new Policy({}) }, TypeError, "site: a Site is expected, not an object (Policy)"],
  [{ delegator: 5 }, TypeError, "delegator: a function is expected, not 5"],
  [{ origins: [A] }, TypeError, "write origin"],
  [{ strictPreflight: "no" }, TypeError, "strictPreflight: true or false is expected"],
];

for (const [options, kind, text] of REFUSED) {
  test(`refused when the application starts: ${text}`, async () => {
    const application = fastify();
    application.register(fastifyCors, options);
    await assert.rejects(
      async () => application.ready(),
      (error) => error instanceof kind && (error.message.includes(text) || assert.fail(error.message)),
    );
  });
}

test("a route's own options are refused when the route is added", async () => {
  const refused = [
    [{ origin: [A] }, { origin: "https://a.example/" }, ConfigError, "write https://a.example"],
    [{ origin: [A] }, { origins: [A] }, TypeError, "write origin"],
    [{ origin: [A] }, { origin: "*", credentials: true }, ConfigError, "AnyOriginWithCredentials"],
    [{ origin: [A] }, true, TypeError, "config.cors of /: options, a Policy or false is expected, not true"],
    // Without an origin of its own it would be any.
    [{ policies: { "/": new Policy({}) } }, { maxAge: 5 }, TypeError, "beside policies a route has a policy of its own"],
  ];
  for (const [options, own, kind, text] of refused) {
    const application = fastify();
    await application.register(fastifyCors, options);
    assert.throws(
      () => application.get("/", { config: { cors: own } }, async () => "ok"),
      (error) => error instanceof kind && (error.message.includes(text) || assert.fail(error.message)),
    );
  }
});

for (const [version, create] of [["5", fastify], ["4", fastify4]]) {
  test(`Fastify ${version}: scopes, routes with options of their own, and Cache-Control`, async (context) => {
    const application = create();
    // Two scopes without a prefix, each with its policy, and a route that has none.
    application.register(async (scope) => {
      await scope.register(fastifyCors, { origin: [A], methods: ["PUT"], allowedHeaders: [], cacheControl: 60 });
      scope.put("/of-a", async () => "a");
      scope.options("/own-options", async () => "own");
      scope.get("/own-options", async () => "a");
    });
    application.register(async (scope) => {
      await scope.register(fastifyCors, { origin: [B], methods: ["PUT", "DELETE"], allowedHeaders: [] });
      scope.put("/of-b", async () => "b");
      scope.put("/shared", async () => "b");
      scope.delete("/shared", { config: { cors: { origin: [A] } } }, async () => "a");
      scope.put("/none", { config: { cors: false } }, async () => "none");
    });
    application.register(async (scope) => scope.register(fastifyCors, { policy: new Policy({ allowOrigins: [A] }) }), { prefix: "/prefixed" });
    application.put("/outside", async () => "outside");
    const { port, close } = await started(application);
    context.after(close);
    const seen = async (request) => evened(corsOf(await ask(port, request)));

    assert.deepEqual(await seen(PREFLIGHT(A, "PUT", undefined, "/of-a")), { status: 204, "allow-origin": A, "allow-methods": "put", vary: "origin" });
    assert.deepEqual(await seen(PREFLIGHT(B, "PUT", undefined, "/of-a")), FORBIDDEN);
    assert.deepEqual(await seen(PREFLIGHT(B, "PUT", undefined, "/of-b")), { status: 204, "allow-origin": B, "allow-methods": "delete, put", vary: "origin" });
    // No policy is for what is outside of the scopes: nothing says that a page may.
    assert.deepEqual(await seen(PREFLIGHT(A, "PUT", undefined, "/outside")), { status: 404, vary: null });
    assert.deepEqual(await seen({ ...GET(A, "/outside"), method: "PUT" }), { status: 200, vary: null });
    assert.deepEqual(await seen(PREFLIGHT(A, "PUT", undefined, "/prefixed/nowhere")), { status: 204, "allow-origin": A, vary: "origin" });
    // The policy of an address depends on the method: a preflight is answered by that of the method it asks for, and is not kept (A10).
    assert.deepEqual(await seen(PREFLIGHT(B, "PUT", undefined, "/shared")), { status: 204, "allow-origin": B, "allow-methods": "put", "max-age": "0", vary: "origin" });
    assert.deepEqual(await seen(PREFLIGHT(A, "DELETE", undefined, "/shared")), { status: 204, "allow-origin": A, "allow-methods": "delete", "max-age": "0", vary: "origin" });
    assert.deepEqual(await seen(PREFLIGHT(A, "PUT", undefined, "/shared")), FORBIDDEN);
    assert.deepEqual(await seen({ ...GET(A, "/shared"), method: "DELETE" }), { status: 200, "allow-origin": A, vary: "origin" });
    assert.deepEqual(await seen({ ...GET(B, "/shared"), method: "DELETE" }), NONE);
    assert.deepEqual(await seen({ ...GET(B, "/none"), method: "PUT" }), { status: 200, vary: null });
    assert.deepEqual(await seen(PREFLIGHT(B, "PUT", undefined, "/none")), { status: 404, vary: null });
    // The application's own route for OPTIONS.
    const own = await ask(port, { ...OPTIONS(A), path: "/own-options" });
    assert.equal(own.body, "own");
    assert.deepEqual(evened(corsOf(own)), { status: 200, "allow-origin": A, vary: "origin" });
    assert.deepEqual(await seen(PREFLIGHT(A, "GET", undefined, "/own-options")), { status: 204, "allow-origin": A, "allow-methods": "put", vary: "origin" });
    const { lines } = await ask(port, PREFLIGHT(A, "PUT", undefined, "/of-a"));
    assert.equal(Object.fromEntries(lines)["cache-control"], "max-age=60");
  });

  test(`Fastify ${version}: the instance is this in the function for origins, and the route for OPTIONS is hidden`, async (context) => {
    const application = create();
    const hidden = [];
    application.addHook("onRoute", ({ method, url, schema }) => {
      if (method === "OPTIONS") hidden.push([url, schema.hide]);
    });
    let self;
    await application.register(fastifyCors, {
      origin(origin, done) {
        self = this;
        done(null, true);
      },
    });
    const { port, close } = await started(application);
    context.after(close);
    await ask(port, GET(A));
    assert.equal(self, application);
    assert.deepEqual(hidden, [["*", true]]);
  });

  test(`Fastify ${version}: a scope within a scope has its own policy, one scope has one`, async (context) => {
    const application = create();
    await application.register(fastifyCors, { origin: [A], methods: ["PUT"], allowedHeaders: [] });
    application.put("/outer", async () => "outer");
    for (const prefix of ["", "/prefixed"]) {
      application.register(
        async (scope) => {
          await scope.register(fastifyCors, { origin: [B], methods: ["PUT"], allowedHeaders: [] });
          scope.put("/inner", async () => "inner");
        },
        { prefix },
      );
    }
    const { port, close } = await started(application);
    context.after(close);
    const seen = async (request) => evened(corsOf(await ask(port, request)));
    for (const [path, allowed, denied] of [["/outer", A, B], ["/inner", B, A], ["/prefixed/inner", B, A]]) {
      assert.deepEqual(await seen(PREFLIGHT(allowed, "PUT", undefined, path)), { status: 204, "allow-origin": allowed, "allow-methods": "put", vary: "origin" }, path);
      assert.deepEqual(await seen(PREFLIGHT(denied, "PUT", undefined, path)), FORBIDDEN, path);
      assert.deepEqual(await seen({ ...GET(allowed, path), method: "PUT" }), { status: 200, "allow-origin": allowed, vary: "origin" }, path);
      assert.deepEqual(await seen({ ...GET(denied, path), method: "PUT" }), NONE, path);
    }
    const twice = create();
    await twice.register(fastifyCors, { origin: [A] });
    await assert.rejects(async () => twice.register(fastifyCors, { origin: [B] }), /registered twice in one scope/);
  });

  test(`Fastify ${version}: enforce counts beside a delegator and routes with options of their own`, async (context) => {
    const application = create();
    await application.register(fastifyCors, { enforce: true, delegator: async () => ({ origin: [A] }) });
    application.get("/", async () => "ok");
    application.get("/own", { config: { cors: { origin: [B] } } }, async () => "own");
    application.get("/policy", { config: { cors: new Policy({ allowOrigins: [B] }) } }, async () => "own");
    const { port, close } = await started(application);
    context.after(close);
    const status = async (origin, path) => (await ask(port, GET(origin, path))).status;
    assert.deepEqual([await status(A, "/"), await status(B, "/")], [200, 403]);
    assert.deepEqual([await status(A, "/own"), await status(B, "/own")], [403, 200]);
    assert.deepEqual([await status(A, "/policy"), await status(B, "/policy")], [403, 200]);
  });

  test(`Fastify ${version}: swapped while serving, and counted`, async (context) => {
    const site = new Site(new Policy({ allowOrigins: [A] }));
    const application = create();
    await application.register(fastifyCors, { site });
    application.get("/", async () => "ok");
    const { port, close } = await started(application);
    context.after(close);
    assert.equal(evened(corsOf(await ask(port, GET(A))))["allow-origin"], A);
    site.swap(new Policy({ allowOrigins: [B] }));
    assert.deepEqual(evened(corsOf(await ask(port, GET(A)))), NONE);
    assert.deepEqual(site.denials, { OriginNotAllowed: 1 });
  });
}
