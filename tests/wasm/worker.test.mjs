// As a fetch handler: behind Node's HTTP server, and as the module worker of the example, in workerd.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { after, test } from "node:test";

import { Engine } from "@cors/engine";
import { Miniflare } from "miniflare";

import { compile } from "./vectors.mjs";

const images = process.env.CORS_IMAGES;
const at = (path) => new URL(path, import.meta.url).pathname;
const ORIGIN = "https://app.example.com";

function imageOf(origin) {
  const target = `${images}/worker.cors`;
  compile(JSON.stringify({ allow_origins: [origin], allow_methods: ["PUT"], allow_credentials: true }), target);
  return readFileSync(target);
}

// Every field line as it came over the wire.
function send(port, path, method, headers) {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: "127.0.0.1", port, path, method, headers }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      const raw = response.rawHeaders;
      const lines = Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index].toLowerCase(), raw[2 * index + 1]]);
      const cors = lines.filter(([name]) => name.startsWith("access-control-") || name === "vary").sort();
      resolve({ status: response.statusCode, body, cors });
    });
    asked.on("error", reject);
    asked.end();
  });
}

const CREDENTIALS = ["access-control-allow-credentials", "true"];
const ALLOWED = ["access-control-allow-origin", ORIGIN];
const METHODS = ["access-control-allow-methods", "PUT"];
const VARY = ["vary", "origin"];
const THEIR_VARY = ["vary", "accept-encoding, origin"];
const TABLE = [
  ["GET", "/orders", { origin: ORIGIN }, 200, '{"pathname":"/orders"}', [CREDENTIALS, ALLOWED, THEIR_VARY]],
  ["GET", "/orders", { origin: "https://evil.example" }, 200, '{"pathname":"/orders"}', [THEIR_VARY]],
  ["GET", "/orders", {}, 200, '{"pathname":"/orders"}', [THEIR_VARY]],
  ["GET", "/broken", { origin: ORIGIN }, 500, "something went wrong", [CREDENTIALS, ALLOWED, VARY]],
  ["OPTIONS", "/", { origin: ORIGIN, "access-control-request-method": "PUT" }, 204, "", [CREDENTIALS, METHODS, ALLOWED, VARY]],
  ["OPTIONS", "/", { origin: "null", "access-control-request-method": "PUT" }, 403, "", [VARY]],
];

async function checkAll(port) {
  for (const [method, path, headers, status, body, cors] of TABLE) {
    assert.deepEqual(await send(port, path, method, headers), { status, body, cors }, `${method} ${path} ${headers.origin}`);
  }
}

test("behind a real HTTP server", async () => {
  const engine = await Engine.load(readFileSync(process.env.CORS_WASM));
  let policy = engine.policy(imageOf(ORIGIN));
  const application = ({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === "/broken") throw new Error("broken");
    return Response.json({ pathname }, { headers: { vary: "accept-encoding" } });
  };
  const onError = () => new Response("something went wrong", { status: 500 });
  const server = createServer(async ({ method, url, headers }, to) => {
    const request = new Request(new URL(url, "http://api.example.com"), { method, headers });
    const response = await policy.handle(request, application, { onError });
    to.writeHead(response.status, [...response.headers].flat());
    to.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  const { port } = server.address();
  await checkAll(port);

  policy = engine.policy(imageOf("https://other.example"));
  assert.deepEqual((await send(port, "/", "GET", { origin: ORIGIN })).cors, [THEIR_VARY], "the policy was swapped");
});

test("as a module worker", async (t) => {
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/worker.mjs", contents: readFileSync(at("../../cors-js/examples/worker.mjs"), "utf8") },
      { type: "ESModule", path: "/@cors/engine", contents: readFileSync(at("../../cors-js/index.js"), "utf8") },
      { type: "ESModule", path: "/@cors/layout.js", contents: readFileSync(at("../../cors-js/layout.js"), "utf8") },
      { type: "CompiledWasm", path: "/@cors/engine/cors.wasm", contents: readFileSync(process.env.CORS_WASM) },
    ],
    compatibilityDate: "2026-01-01",
    kvNamespaces: ["POLICIES"],
  });
  t.after(() => miniflare.dispose());
  const { port } = await miniflare.ready;
  const store = await miniflare.getKVNamespace("POLICIES");
  await store.put("shop.cors", imageOf(ORIGIN));
  await checkAll(port);
});
