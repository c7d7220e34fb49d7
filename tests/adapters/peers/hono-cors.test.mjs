// What hono/cors does with its options, and what `cors-engine/hono` does.

import assert from "node:assert/strict";
import { test } from "node:test";

import { getRequestListener } from "@hono/node-server";
import { ConfigError } from "cors-engine";
import { cors } from "cors-engine/hono";
import { Hono } from "hono";
import { cors as peer } from "hono/cors";

import { listen } from "../servers.mjs";
import { GET, OPTIONS, PREFLIGHT, compare } from "./compare.mjs";

const A = "https://a.example";
const B = "https://b.example";

function around(make) {
  return (options) => {
    const application = new Hono();
    application.use("*", options === undefined ? make() : make(options));
    application.get("/vary", () => new Response("ok", { headers: { vary: "X-Custom" } }));
    application.get("/own", () => new Response("ok", { headers: { "access-control-allow-origin": "*" } }));
    application.get("/error", () => {
      throw new Error("thrown");
    });
    application.all("/", (c) => c.text("ok"));
    application.onError((error, c) => c.text("error", 500));
    return listen(getRequestListener(application.fetch, { overrideGlobalObjects: false }));
  };
}

const METHODS = "delete, get, head, patch, post, put, query";
const NONE = { status: 200, vary: "origin" };
const FORBIDDEN = { status: 403, vary: "origin" };
const LISTS = { origin: A, allowMethods: ["POST", "GET", "OPTIONS"], allowHeaders: ["X-Custom", "Upgrade-Insecure-Requests"], exposeHeaders: ["Content-Range", "X-Kuma-Revision"], maxAge: 600, credentials: true };

const CASES = [
  [
    "no options",
    undefined,
    [
      ["a request", GET(A)],
      ["a request without an origin", GET()],
      ["a Vary of the application", GET(A, "/vary")],
      ["an error", GET(A, "/error")],
      ["an unknown path", GET(A, "/nowhere")],
      ["a preflight", PREFLIGHT(A, "PUT", "x-a"), "ANY_HEADER", { status: 204, "allow-origin": "*", "allow-methods": METHODS, "allow-headers": "*, authorization", vary: null }],
      ["another OPTIONS", OPTIONS(A), "OTHER_OPTIONS", { status: 200, "allow-origin": "*", vary: null }],
    ],
  ],
  [
    "every list",
    LISTS,
    [
      ["a request", GET(A)],
      ["a preflight", PREFLIGHT(A, "GET"), "ACTUAL", { status: 204, "allow-origin": A, "allow-credentials": "true", "allow-methods": "get, options, post", "allow-headers": "upgrade-insecure-requests, x-custom", "max-age": "600", vary: "origin" }],
      ["a denied preflight", PREFLIGHT(B, "GET"), "DENIED", FORBIDDEN],
      ["a denied request", GET(B), "DENIED", NONE],
    ],
  ],
  [
    "several origins",
    { origin: [A, "https://c.example"] },
    [["the first", GET(A)], ["another", GET(B)], ["none", GET()], ["a Vary of the application", GET(A, "/vary")], ["a field of the application", GET(B, "/own"), "REPLACES", NONE], ["an error", GET(A, "/error")]],
  ],
  ["a function", { origin: (origin) => (origin.endsWith(".example.com") ? origin : A) }, [["a host below", GET("https://x.example.com")], ["the fixed one", GET(A)], ["another", GET(B), "DENIED", NONE], ["none", GET(), "NO_ORIGIN", NONE]]],
  ["a function that answers later", { origin: async (origin) => (origin === A ? origin : null) }, [["allowed", GET(A)], ["denied", GET(B)]]],
  ["a function that answers any", { origin: (origin) => (origin === A ? origin : "*"), allowHeaders: ["x-a"] }, [["one", GET(A)]]],
  [
    "methods by a function",
    { origin: [A, B], allowHeaders: ["x-a"], allowMethods: async (origin) => (origin === A ? ["GET", "PATCH"] : ["GET"]) },
    [["the one", PREFLIGHT(A), "VARY", { status: 204, "allow-origin": A, "allow-methods": "get, patch", "allow-headers": "x-a", vary: "origin" }], ["the other", PREFLIGHT(B), "VARY", { status: 204, "allow-origin": B, "allow-methods": "get", "allow-headers": "x-a", vary: "origin" }], ["a request", GET(A)]],
  ],
  ["credentials, and any header", { origin: A, credentials: true }, [["a preflight", PREFLIGHT(A, "PUT", "x-a, x-b")]]],
];

test("hono/cors", async (context) => {
  const servers = { ours: around(cors), peers: around(peer) };
  for (const one of CASES) await compare(context, servers, one);
});

const REFUSED = [
  [{ credentials: true }, ConfigError, "list the origins, or add AnyOriginWithCredentials to acceptRisks"],
  [{ origin: ["a.example"] }, ConfigError, 'origin[0] "a.example"'],
  [{ methods: ["GET"] }, TypeError, "write allowMethods"],
];

for (const [options, kind, text] of REFUSED) {
  test(`refused: ${text}`, () => {
    assert.throws(
      () => cors(options),
      (error) => error instanceof kind && (error.message.includes(text) || assert.fail(error.message)),
    );
  });
}

test("without a server: the fields, the phrase of a 204, and headers that cannot be changed", async () => {
  const application = new Hono();
  application.use("*", cors({ origin: A }));
  application.get("/proxied", () => Response.redirect("https://elsewhere.example/"));
  const preflight = await application.request("/", { method: "OPTIONS", headers: Object.fromEntries(PREFLIGHT(A).headers) });
  assert.deepEqual([preflight.status, preflight.statusText, preflight.headers.get("access-control-allow-origin")], [204, "No Content", A]);
  const response = await application.request("/proxied", { headers: { origin: A } });
  assert.deepEqual([response.status, response.headers.get("access-control-allow-origin"), response.headers.get("vary")], [302, A, "origin"]);
});
