// What h3's `handleCors` does with its options, and what `cors-engine/h3` does.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ConfigError, Policy } from "cors-engine";
import { appendCorsHeaders, appendCorsPreflightHeaders, cors, handleCors, isCorsOriginAllowed, isPreflightRequest } from "cors-engine/h3";
import * as h3 from "h3";
import * as h31 from "h3-1";

import { listen } from "../servers.mjs";
import { GET, OPTIONS, PREFLIGHT, compare } from "./compare.mjs";

const A = "https://a.example";
const B = "https://b.example";

function around(handle) {
  return (options = {}) => {
    const application = new h3.H3({ silent: true });
    application.use((event) => {
      const handled = handle(event, options);
      return handled === false ? undefined : handled;
    });
    application.get("/error", () => {
      throw new Error("thrown");
    });
    application.get("/own", () => new Response("own", { headers: { "access-control-allow-origin": "*", vary: "accept" } }));
    application.all("/", () => "ok");
    return listen(h3.toNodeHandler(application));
  };
}

function aroundFirst(handle) {
  return (options = {}) => {
    const application = h31.createApp();
    application.use(
      h31.eventHandler((event) => {
        if (handle(event, options)) return;
        if (event.path === "/error") throw new Error("thrown");
        return "ok";
      }),
    );
    return listen(h31.toNodeListener(application));
  };
}

const NONE = { status: 200, vary: "origin" };
const FORBIDDEN = { status: 403, vary: "origin" };

const CASES = [
  [
    "no options",
    undefined,
    [
      ["a request", GET(A)],
      ["a request without an origin", GET()],
      ["an unknown path", GET(A, "/nowhere")],
      ["a preflight", PREFLIGHT(A, "PUT", "x-a"), "ANY_HEADER", { status: 204, "allow-origin": "*", "allow-methods": "*", "allow-headers": "*, authorization", vary: null }],
      ["another OPTIONS", OPTIONS(A)],
    ],
  ],
  [
    "every list",
    { origin: [A], methods: ["GET", "PUT"], allowHeaders: ["x-a"], exposeHeaders: ["x-one"], credentials: true, maxAge: "123", preflight: { statusCode: 200 } },
    [
      ["a request", GET(A)],
      ["a preflight", PREFLIGHT(A), "VARY", { status: 200, "allow-origin": A, "allow-credentials": "true", "allow-methods": "get, put", "allow-headers": "x-a", "max-age": "123", vary: "origin" }],
      ["a denied request", GET(B), "DENIED", NONE],
      ["a denied preflight", PREFLIGHT(B), "DENIED", FORBIDDEN],
      ["a field of the application", GET(A, "/own"), "REPLACES", { status: 200, "allow-origin": A, "allow-credentials": "true", "expose-headers": "x-one", vary: "accept, origin" }],
      ["an error", GET(A, "/error")],
    ],
  ],
  ["an age of none", { origin: [A], methods: ["PUT"], allowHeaders: ["x-a"], maxAge: 0 }, [["a preflight", PREFLIGHT(A, "PUT", "x-a"), "VARY", { status: 204, "allow-origin": A, "allow-methods": "put", "allow-headers": "x-a", vary: "origin" }]]],
  ["credentials, any method and header", { origin: [A], credentials: true, exposeHeaders: ["x-one"] }, [["a preflight", PREFLIGHT(A, "PUT", "x-a")]]],
  ["one origin, as a text", { origin: A, exposeHeaders: ["x-one"] }, [["it", GET(A)]]],
  ["an expression", { origin: [/^https:\/\/(a|x)\.example$/], exposeHeaders: ["x-one"] }, [["a match", GET("https://x.example")], ["no match", GET(B), "DENIED", NONE]]],
  ["a function", { origin: (origin) => origin === A, exposeHeaders: ["x-one"] }, [["allowed", GET(A)], ["denied", GET(B), "DENIED", NONE]]],
];

test("h3 2, handleCors", async (context) => {
  for (const one of CASES) await compare(context, { ours: around(handleCors), peers: around(h3.handleCors) }, one);
});

test("h3 1, handleCors", async (context) => {
  const cases = [
    ["no options", undefined, [["a request", GET(A), "DEFAULTS", { status: 200, "allow-origin": "*", "expose-headers": "*", vary: null }], ["a preflight", PREFLIGHT(A, "PUT", "x-a"), "DEFAULTS", { status: 204, "allow-origin": "*", "allow-methods": "*", "allow-headers": "*, authorization", vary: null }]]],
    ["several origins", { origin: [A], methods: ["PUT"], allowHeaders: ["x-a"], exposeHeaders: ["x-one"] }, [["a request", GET(A)], ["a denied request", GET(B), "DENIED", NONE]]],
  ];
  for (const one of cases) await compare(context, { ours: aroundFirst(handleCors), peers: aroundFirst(h31.handleCors) }, one);
});

const event = (method, headers = {}) => h3.mockEvent("/", { method, headers });

test("isPreflightRequest", () => {
  const whole = { origin: A, "access-control-request-method": "GET" };
  assert.equal(isPreflightRequest(event("OPTIONS", whole)), true);
  assert.equal(isPreflightRequest(event("GET", whole)), false);
  assert.equal(isPreflightRequest(event("OPTIONS", { origin: A })), false);
  assert.equal(isPreflightRequest(event("OPTIONS", { "access-control-request-method": "GET" })), false);
});

test("isCorsOriginAllowed", () => {
  assert.equal(isCorsOriginAllowed(A), true);
  assert.equal(isCorsOriginAllowed(A, { origin: "*" }), true);
  assert.equal(isCorsOriginAllowed(undefined, {}), false);
  assert.equal(isCorsOriginAllowed(A, { origin: [A] }), true);
  assert.equal(isCorsOriginAllowed(B, { origin: [A] }), false);
  assert.equal(isCorsOriginAllowed(A, { origin: [/https:\/\/.*\.example/] }), true);
  assert.equal(isCorsOriginAllowed(`${A}.evil.test`, { origin: [/https:\/\/.*\.example/] }), false);
  assert.equal(isCorsOriginAllowed(A, { origin: (origin) => origin === A }), true);
  assert.equal(isCorsOriginAllowed(A, new Policy({ allowOrigins: [B] })), false);
});

test("fields on events without a server, and on the responses to their errors", () => {
  const options = { origin: [A], methods: ["PUT"], allowHeaders: ["x-a"], exposeHeaders: ["x-one"], maxAge: 60 };
  const actual = event("GET", { origin: A });
  appendCorsHeaders(actual, options);
  const fields = { "access-control-allow-origin": A, "access-control-expose-headers": "x-one", vary: "origin" };
  assert.deepEqual(Object.fromEntries(actual.res.headers), fields);
  assert.deepEqual(Object.fromEntries(actual.res.errHeaders), fields);
  const preflight = event("OPTIONS", { origin: A, "access-control-request-method": "PUT" });
  appendCorsPreflightHeaders(preflight, options);
  assert.deepEqual(Object.fromEntries(preflight.res.headers), { "access-control-allow-headers": "x-a", "access-control-allow-methods": "PUT", "access-control-allow-origin": A, "access-control-max-age": "60", vary: "origin" });
});

test("without a server: the middleware has the last word, and a promise is waited for", async () => {
  const application = new h3.H3({ silent: true });
  application.use(cors({ origin: async (origin) => origin === A, exposeHeaders: [] }));
  application.get("/response", () => new Response("own", { headers: { "access-control-allow-origin": "*", "access-control-allow-methods": "*", vary: "accept" } }));
  application.get("/text", (handled) => {
    handled.res.headers.set("access-control-allow-origin", "*");
    handled.res.headers.append("vary", "cookie");
    return "text";
  });
  application.get("/error", () => {
    throw new h3.HTTPError({ status: 418, headers: { vary: "accept" } });
  });
  const of = async (path, origin) => {
    const response = await application.request(path, { headers: { origin } });
    return [response.status, response.headers.get("access-control-allow-origin"), response.headers.get("access-control-allow-methods"), response.headers.get("vary").split(", ").sort().join(", ")];
  };
  assert.deepEqual(await of("/response", A), [200, A, null, "accept, origin"]);
  assert.deepEqual(await of("/response", B), [200, null, null, "accept, origin"]);
  assert.deepEqual(await of("/text", A), [200, A, null, "cookie, origin"]);
  assert.deepEqual(await of("/text", B), [200, null, null, "cookie, origin"]);
  assert.deepEqual(await of("/error", A), [418, A, null, "accept, origin"]);
  const preflight = await application.request("/text", { method: "OPTIONS", headers: Object.fromEntries(PREFLIGHT(B).headers) });
  assert.equal(preflight.status, 403);
});

test("without a server: handleCors has the last word, too", async () => {
  const seen = [];
  const application = new h3.H3({ silent: true, onResponse: (response) => void seen.push(response.headers.get("access-control-allow-origin")) });
  application.use((handled) => {
    const answer = handleCors(handled, { origin: [A], methods: ["PUT"], allowHeaders: [], exposeHeaders: [] });
    return answer === false ? undefined : answer;
  });
  const own = { "access-control-allow-origin": "*", "access-control-allow-credentials": "true" };
  application.get("/response", () => new Response("own", { headers: own }));
  application.get("/text", (handled) => {
    handled.res.headers.set("access-control-allow-origin", "*");
    return "text";
  });
  application.get("/error", (handled) => {
    handled.res.errHeaders.set("access-control-allow-origin", "*");
    throw new h3.HTTPError({ status: 418, headers: own });
  });
  application.get("/refused", () => new Response(null, { status: 404, headers: own }));
  const of = async (path, origin) => {
    const { status, headers } = await application.request(path, { headers: { origin } });
    return [status, headers.get("access-control-allow-origin"), headers.get("access-control-allow-credentials"), headers.get("vary")];
  };
  for (const [path, status] of [["/response", 200], ["/text", 200], ["/error", 418], ["/refused", 404], ["/missing", 404]]) {
    assert.deepEqual(await of(path, A), [status, A, null, "origin"], path);
    assert.deepEqual(await of(path, B), [status, null, null, "origin"], path);
  }
  assert.equal(seen.length, 10, "the application's own function is called for each");
});

test("refused", () => {
  const refused = [
    [{ credentials: true }, ConfigError, "list the origins, or add AnyOriginWithCredentials to acceptRisks"],
    [{ origin: "null" }, ConfigError, "add NullOrigin to acceptRisks"],
    [{ allowedHeaders: [] }, TypeError, "write allowHeaders"],
    [{ preflight: { statusCode: 404 } }, ConfigError, "preflightStatus 404"],
  ];
  for (const [options, kind, text] of refused) {
    assert.throws(
      () => handleCors(event("GET"), options),
      (error) => error instanceof kind && (error.message.includes(text) || assert.fail(error.message)),
    );
  }
  assert.throws(() => handleCors(event("GET", { origin: A }), { origin: async () => true, exposeHeaders: [] }), /use the middleware `cors\(options\)`, which waits/);
});
