// What is not a plain response: HTTP/2, WebSocket handshakes, socket.io, and Nest, which brings the adapters itself.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { cors, Policy, Site } from "cors-engine";
import { fastifyCors } from "cors-engine/fastify";
import fastify from "fastify";
import fastify4 from "fastify-4";
import { Server as SocketServer } from "socket.io";
import { io } from "socket.io-client";
import { WebSocket, WebSocketServer } from "ws";

import { ask, corsOf } from "./servers.mjs";

const PAGE = "https://app.example.com";
const OTHER = "https://app.example.com.evil.example";
const policy = () => new Policy({ allowOrigins: [PAGE], allowMethods: ["PUT"], allowCredentials: true });

/** Asks over one connection of HTTP/2. */
async function askHttp2(client, headers) {
  const stream = client.request({ ":path": "/", ...headers });
  stream.end();
  const [fields] = await once(stream, "response");
  let body = "";
  for await (const chunk of stream) body += chunk;
  return { status: fields[":status"], origin: fields["access-control-allow-origin"], vary: fields.vary, body };
}

async function checkHttp2(port) {
  const client = http2.connect(`http://127.0.0.1:${port}`);
  const allowed = { status: 200, origin: PAGE, vary: "accept, origin", body: "ok" };
  assert.deepEqual(await askHttp2(client, { origin: PAGE }), allowed);
  assert.deepEqual(await askHttp2(client, { origin: OTHER }), { ...allowed, origin: undefined });
  assert.deepEqual(await askHttp2(client, { origin: PAGE, ":path": "/by-hand" }), { ...allowed, status: 201, body: "by hand" });
  assert.deepEqual(await askHttp2(client, { origin: OTHER, ":path": "/by-hand" }), { ...allowed, status: 201, origin: undefined, body: "by hand" });
  for (const path of ["/stream", "/stream-file", "/stream-checked"]) {
    const { body, ...seen } = await askHttp2(client, { origin: PAGE, ":path": path });
    assert.deepEqual(seen, { status: 203, origin: PAGE, vary: "accept, origin" }, path);
    assert.notEqual(body, "");
    assert.equal((await askHttp2(client, { origin: OTHER, ":path": path })).origin, undefined);
  }
  const preflight = { ":method": "OPTIONS", "access-control-request-method": "PUT" };
  assert.deepEqual(await askHttp2(client, { ...preflight, origin: PAGE }), { status: 204, origin: PAGE, vary: "origin", body: "" });
  assert.deepEqual(await askHttp2(client, { ...preflight, origin: OTHER }), { status: 403, origin: undefined, vary: "origin", body: "CORS: the policy does not allow this origin\n" });
  // A server that closes waits for the connection.
  client.close();
  await once(client, "close");
}

const OWN = { "access-control-allow-origin": "*", vary: "accept" };

/** Writes the head of a stream, beside the response. */
function byStream(path, { stream }) {
  if (path === "/stream-file") return stream.respondWithFile(fileURLToPath(import.meta.url), { ":status": 203, ...OWN });
  if (path === "/stream-checked") {
    const statCheck = (stat, headers) => {
      headers["Access-Control-Allow-Origin"] = "https://evil.example";
      headers["content-length"] = stat.size;
    };
    return stream.respondWithFile(fileURLToPath(import.meta.url), { ":status": 203, ...OWN }, { statCheck });
  }
  stream.respond({ ":status": 203, ...OWN });
  return stream.end("by stream");
}

test("node:http2", async (context) => {
  const middleware = cors(policy());
  const server = http2.createServer((request, response) => {
    middleware(request, response, () => {
      if (request.url.startsWith("/stream")) return byStream(request.url, response);
      if (request.url === "/by-hand") {
        response.writeHead(201, OWN);
        return response.end("by hand");
      }
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("vary", "accept");
      return response.end("ok");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  await checkHttp2(server.address().port);
});

for (const [version, create] of [["5", fastify], ["4", fastify4]]) {
  test(`Fastify ${version} over HTTP/2`, async (context) => {
    const application = create({ http2: true });
    await application.register(fastifyCors, { policy: policy() });
    application.get("/", (request, reply) => reply.headers(OWN).send("ok"));
    application.get("/by-hand", (request, reply) => {
      reply.hijack();
      reply.raw.writeHead(201, OWN);
      reply.raw.end("by hand");
    });
    application.get("/:stream", (request, reply) => {
      reply.hijack();
      byStream(request.raw.url, reply.raw);
    });
    await application.listen({ port: 0, host: "127.0.0.1" });
    context.after(() => application.close());
    await checkHttp2(application.server.address().port);
  });
}

test("A6 over HTTP/2: the site's own pages, by :authority and :scheme", async (context) => {
  const site = new Site(policy(), { enforce: true });
  const middleware = cors(site);
  const server = http2.createServer((request, response) => middleware(request, response, () => response.end("ok")));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  context.after(() => {
    client.close();
    server.close();
  });
  const own = { ":authority": "shop.example", ":scheme": "http" };
  assert.equal((await askHttp2(client, { ...own, origin: "http://shop.example" })).status, 200);
  assert.equal((await askHttp2(client, { ...own, origin: "https://shop.example" })).status, 403);
  assert.deepEqual(site.denials, { OriginNotAllowed: 1 });
});

test("ws: a handshake of a page that the policy denies", async (context) => {
  const middleware = cors(new Site({ policies: { "/chat": policy() } }));
  const server = http.createServer((request, response) => middleware(request, response, () => response.end("ok")));
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", async (request, socket, head) => {
    if (!(await middleware.mayUpgrade(request))) return socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
    return sockets.handleUpgrade(request, socket, head, (opened) => opened.send("hello"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    sockets.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();
  const opened = async (origin, path = "/chat") => {
    const client = new WebSocket(`ws://127.0.0.1:${port}${path}`, origin === undefined ? {} : { origin });
    const result = await Promise.race([
      once(client, "message").then(([message]) => String(message)),
      once(client, "unexpected-response").then(([, response]) => response.statusCode),
    ]);
    client.terminate();
    return result;
  };
  assert.equal(await opened(PAGE), "hello");
  assert.equal(await opened(undefined), "hello");
  assert.equal(await opened(`http://127.0.0.1:${port}`), "hello", "the site's own");
  assert.equal(await opened(OTHER), 403);
  assert.equal(await opened(OTHER, "/none"), "hello", "no policy is for the path");
  assert.equal(await opened(OTHER, "//chat"), 403, "a path that can be read in two ways");
  assert.deepEqual(middleware.site.denials, { OriginNotAllowed: 1, AmbiguousPath: 1 });
});

test("socket.io, whose engine takes a middleware", async (context) => {
  const server = http.createServer();
  const allow = cors({ origin: PAGE, credentials: true });
  const sockets = new SocketServer(server, { allowRequest: async (request, done) => done(null, await allow.mayUpgrade(request)) });
  sockets.engine.use(allow);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => sockets.close());
  const { port } = server.address();
  const path = "/socket.io/?EIO=4&transport=polling";
  const seen = corsOf(await ask(port, { path, headers: [["origin", PAGE]] }));
  assert.deepEqual(seen, { status: 200, fields: [["access-control-allow-credentials", "true"], ["access-control-allow-origin", PAGE]], vary: "origin" });
  assert.deepEqual(corsOf(await ask(port, { path, headers: [["origin", OTHER]] })), { status: 403, fields: [], vary: "origin" });
  const preflight = { method: "OPTIONS", path, headers: [["origin", OTHER], ["access-control-request-method", "POST"]] };
  assert.equal((await ask(port, preflight)).status, 403);
  for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
    const client = io(`http://127.0.0.1:${port}`, { transports, extraHeaders: { origin: PAGE } });
    await once(client, "connect");
    client.close();
  }
  const denied = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], extraHeaders: { origin: OTHER }, reconnection: false });
  await once(denied, "connect_error");
  denied.close();
});

test("the responses of functions in a cloud, which have no socket, tell their fields", () => {
  const middleware = cors({ origin: PAGE, methods: ["PUT"], allowedHeaders: [] });
  const answered = (method, headers) => {
    const request = Object.assign(new http.IncomingMessage(null), { method, url: "/" });
    for (const [name, value] of Object.entries(headers)) {
      request.rawHeaders.push(name, value);
      request.headers[name] = value;
    }
    const response = new http.ServerResponse(request);
    middleware(request, response, () => {
      response.writeHead(201, { "Access-Control-Allow-Origin": "*", "X-Own": "1" });
      response.end();
    });
    return [response.statusCode, { ...response.getHeaders() }];
  };
  const preflight = { origin: PAGE, "access-control-request-method": "PUT" };
  assert.deepEqual(answered("OPTIONS", preflight), [204, { "access-control-allow-methods": "PUT", "access-control-allow-origin": PAGE, "content-length": "0", vary: "origin" }]);
  assert.deepEqual(answered("GET", { origin: PAGE }), [201, { "access-control-allow-origin": PAGE, vary: "origin", "x-own": "1" }]);
  assert.deepEqual(answered("GET", { origin: OTHER }), [201, { vary: "origin", "x-own": "1" }]);
});

test("what stands for a response gets its fields at once: a WebSocket handshake in engine.io, and in unit tests", () => {
  const fields = { Vary: "Accept" };
  const response = { getHeader: (name) => fields[name], setHeader: (name, value) => (fields[name] = value) };
  let reached = false;
  cors({ origin: PAGE })({ method: "GET", headers: { origin: PAGE } }, response, () => (reached = true));
  assert.ok(reached);
  assert.deepEqual(fields, { Vary: "Accept, origin", "Access-Control-Allow-Origin": PAGE });
});

test("a handshake under options that a function gives, and under none", async () => {
  const request = (origin) => ({ method: "GET", url: "/", headers: { host: "api.example.com", origin } });
  const list = { origin: [PAGE] };
  for (const given of [(asked, done) => done(null, list), async () => list, list]) {
    const { mayUpgrade } = cors(given);
    assert.equal(await mayUpgrade(request(PAGE)), true);
    assert.equal(await mayUpgrade(request(OTHER)), false);
  }
  for (const given of [{ origin: undefined }, { origin: "" }, { origin: false }, (asked, done) => done(null, { origin: false })]) {
    const { mayUpgrade } = cors(given);
    assert.equal(await mayUpgrade(request(OTHER)), false);
    assert.equal(await mayUpgrade(request(undefined)), true);
  }
  await assert.rejects(cors((asked, done) => done(new Error("no database"))).mayUpgrade(request(PAGE)), /no database/);
});

/** Answers what a middleware does with a request: the error that `next` is called with, or "passed on". */
function outcome(middleware, origin) {
  const response = { getHeader() {}, setHeader() {}, getHeaderNames: () => [], removeHeader() {} };
  return new Promise((resolve) => {
    middleware({ method: "GET", url: "/", headers: { origin } }, response, (error) => resolve(error ?? "passed on"));
  });
}

test("a function that fails without an error lets nothing through", async () => {
  const failures = [
    { origin: () => Promise.reject() },
    { origin: () => Promise.reject(null) },
    { origin: () => { throw undefined; } },
    { origin: (origin, done) => done("router") },
    () => Promise.reject(),
    () => { throw undefined; },
  ];
  for (const given of failures) {
    const options = typeof given === "function" ? given : { ...given, enforce: true };
    assert.ok((await outcome(cors(options), OTHER)) instanceof Error, String(given.origin ?? given));
  }
});

test("a callback that throws is an error of its request", async () => {
  const circular = {};
  circular.self = circular;
  for (const origin of [() => false, async () => false]) {
    const onDenial = () => JSON.stringify(circular);
    assert.match(String(await outcome(cors({ origin, onDenial }), OTHER)), /circular/);
  }
  // Nobody waits for its promise.
  assert.equal(await outcome(cors({ origin: [PAGE], onDenial: async () => Promise.reject(new Error("no log")) }), OTHER), "passed on");
});
