// What @koa/cors does with its options, and what `cors-engine/koa` does.

import assert from "node:assert/strict";
import { test } from "node:test";

import peer from "@koa/cors";
import { ConfigError } from "cors-engine";
import { cors } from "cors-engine/koa";
import Koa from "koa";

import { ask, listen } from "../servers.mjs";
import { GET, OPTIONS, PREFLIGHT, compare } from "./compare.mjs";

const A = "https://a.example";
const B = "https://b.example";

function around(make) {
  return (options) => {
    const application = new Koa();
    application.silent = true;
    application.use(options === undefined ? make() : make(options));
    application.use((ctx) => {
      ctx.body = "ok";
      ctx.set("X-Example", "value");
      if (ctx.path === "/error") throw new Error("thrown");
      if (ctx.path === "/error-with-fields") throw Object.assign(new Error("thrown"), { headers: { Vary: "Accept-Encoding", "X-Error": "value" } });
    });
    return listen(application.callback());
  };
}

const METHODS = "delete, get, head, patch, post, put";
const NONE = { status: 200, vary: "origin" };
const FORBIDDEN = { status: 403, vary: "origin" };
const answer = (origin, rest = {}) => ({ status: 204, "allow-origin": origin, "allow-methods": METHODS, ...rest });

const CASES = [
  [
    "no options",
    undefined,
    [
      ["a request", GET(A), "ANY_ORIGIN", { status: 200, "allow-origin": "*", vary: null }],
      ["a request without an origin", GET(), "ANY_ORIGIN", { status: 200, "allow-origin": "*", vary: null }],
      ["a preflight", PREFLIGHT(A), "ANY_HEADER", answer("*", { "allow-headers": "*, authorization", vary: null })],
      ["another OPTIONS", OPTIONS(A), "ANY_ORIGIN", { status: 200, "allow-origin": "*", vary: null }],
      ["an error", GET(A, "/error"), "ANY_ORIGIN", { status: 500, "allow-origin": "*", vary: null }],
    ],
  ],
  ["one origin", { origin: A }, [["a request", GET(A)], ["a denied request", GET(B), "DENIED", NONE], ["a denied preflight", PREFLIGHT(B), "DENIED", FORBIDDEN], ["a request without an origin", GET(), "NO_ORIGIN", NONE], ["an error", GET(A, "/error")], ["an error with fields of its own", GET(A, "/error-with-fields")]]],
  [
    "a function",
    { origin: (ctx) => (ctx.path === "/forbidden" ? false : ctx.get("Origin") === A ? A : "") },
    [["allowed", GET(A)], ["denied", GET(B)], ["denied by its path", GET(A, "/forbidden")], ["a denied preflight", PREFLIGHT(B), "FALSE", FORBIDDEN]],
  ],
  ["a function that answers any", { origin: () => "*" }, [["a request", GET(A)], ["a request without an origin", GET(), "NO_ORIGIN", NONE]]],
  ["a function that answers later", { origin: async () => A }, [["a request", GET(A)], ["another", GET(B), "DENIED", NONE]]],
  ["a function that fails", { origin: () => Promise.reject(new Error("ouch")) }, [["a request", GET(A), "VARY", { status: 500, vary: "origin" }]]],
  ["exposed headers as a text", { origin: A, exposeHeaders: "x-one,x-two" }, [["a request", GET(A)]]],
  ["exposed headers as a list", { origin: A, exposeHeaders: ["x-one", "x-two"] }, [["a request", GET(A)]]],
  ["an age", { origin: A, maxAge: 3600, allowHeaders: ["x-a"] }, [["a preflight", PREFLIGHT(A)], ["a request", GET(A)]]],
  ["an age as a text", { origin: A, maxAge: "3600", allowHeaders: "x-a" }, [["a preflight", PREFLIGHT(A)]]],
  ["an age of none", { origin: A, maxAge: 0, allowHeaders: ["x-a"] }, [["a preflight", PREFLIGHT(A)]]],
  ["an age of none as a text", { origin: A, maxAge: "0", allowHeaders: ["x-a"] }, [["a preflight", PREFLIGHT(A)]]],
  ["any header", { origin: A }, [["a preflight", PREFLIGHT(A, "PUT", "x-a"), "ANY_HEADER", answer(A, { "allow-headers": "*, authorization", vary: "origin" })]]],
  ["credentials, and any header", { origin: A, credentials: true }, [["a request", GET(A)], ["a preflight", PREFLIGHT(A, "DELETE", "x-a"), "VARY", answer(A, { "allow-credentials": "true", "allow-headers": "x-a", vary: "access-control-request-headers, origin" })]]],
  ["credentials by a function", { origin: A, credentials: (ctx) => ctx.path === "/error" }, [["without", GET(A)], ["with", GET(A, "/error")]]],
  ["methods as a list", { origin: A, allowMethods: ["GET", "POST"], allowHeaders: ["x-a"] }, [["a preflight", PREFLIGHT(A)]]],
  ["no methods", { origin: A, allowMethods: null, allowHeaders: ["x-a"] }, [["a preflight", PREFLIGHT(A)]]],
  ["errors without the fields", { origin: A, keepHeadersOnError: false }, [["an error", GET(A, "/error")], ["a request", GET(A)]]],
  ["a private network", { origin: A, privateNetworkAccess: true, allowHeaders: ["x-a"] }, [["a preflight", { ...PREFLIGHT(A), headers: [...PREFLIGHT(A).headers, ["access-control-request-private-network", "true"]] }, "VARY", answer(A, { "allow-headers": "x-a", "allow-private-network": "true", vary: "access-control-request-private-network, origin" })], ["a request", GET(A)]]],
];

test("@koa/cors", async (context) => {
  const servers = { ours: around(cors), peers: around(peer) };
  for (const one of CASES) await compare(context, servers, one);
});

test("enforce counts beside a function for credentials", async (context) => {
  const { port, close } = await around(cors)({ origin: A, enforce: true, credentials: () => true });
  context.after(close);
  assert.equal((await ask(port, GET(A))).status, 200);
  assert.equal((await ask(port, GET(B))).status, 403);
});

test("a secure context", async (context) => {
  const { port, close } = await around(cors)({ origin: A, secureContext: true });
  context.after(close);
  for (const request of [GET(A), GET(B), GET(A, "/error"), PREFLIGHT(A)]) {
    const fields = Object.fromEntries((await ask(port, request)).lines);
    assert.equal(fields["cross-origin-opener-policy"], "same-origin", JSON.stringify(request));
    assert.equal(fields["cross-origin-embedder-policy"], "require-corp");
  }
});

test("an error keeps no other fields", async (context) => {
  const { port, close } = await around(cors)({ origin: A });
  context.after(close);
  assert.equal(Object.fromEntries((await ask(port, GET(A, "/error"))).lines)["x-example"], undefined);
  assert.equal(Object.fromEntries((await ask(port, GET(A, "/error-with-fields"))).lines)["x-error"], "value");
});

const REFUSED = [
  [{ credentials: true }, ConfigError, "list the origins, or add AnyOriginWithCredentials to acceptRisks"],
  [{ origin: "https://a.example/" }, ConfigError, "write https://a.example"],
  [{ allowedHeaders: [] }, TypeError, "write allowHeaders"],
  [{ keepHeadersOnError: "no" }, TypeError, "keepHeadersOnError: true or false is expected"],
];

for (const [options, kind, text] of REFUSED) {
  test(`refused: ${text}`, () => {
    assert.throws(
      () => cors(options),
      (error) => error instanceof kind && (error.message.includes(text) || assert.fail(error.message)),
    );
  });
}

test("a function that answers any origin, with credentials, fails the request and says what to write", async (context) => {
  const application = new Koa();
  const errors = [];
  application.on("error", (error) => errors.push(error.message));
  application.use(cors({ origin: () => "*", credentials: true }));
  const { port, close } = await listen(application.callback());
  context.after(close);
  const { status } = await ask(port, GET(A));
  assert.equal(status, 500);
  assert.match(errors[0], /return the origins that you mean, or add AnyOriginWithCredentials to acceptRisks/);
});
