// In Express the fields are written by the prototype of its responses, for all applications of a program: each response has its own.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";

import compression from "compression";
import express5 from "express";
import express4 from "express-4";
import { cors } from "cors-engine";

import { ask, corsOf, listen } from "./servers.mjs";

const PAGE = "https://app.example.com";
const OTHER = "https://shop.example.com";
const ALLOWED = [["access-control-allow-origin", PAGE]];

/** Listens with an application, and gives back what the server answers to a page. */
async function server(context, app) {
  const { port, close } = await listen(app);
  context.after(close);
  return (path = "/", origin = PAGE, headers = []) => ask(port, { path, headers: [["origin", origin], ...headers] });
}

for (const [name, express] of Object.entries({ "express 5": express5, "express 4": express4 })) {
  test(`${name}: requests at the same time, each with its own origin`, async (context) => {
    const app = express();
    app.use(cors({ origin: [PAGE, OTHER] }));
    app.get("/:wait", async (request, response) => {
      await setTimeout(Number(request.params.wait));
      response.send(request.headers.origin);
    });
    const get = await server(context, app);
    const asked = Array.from({ length: 60 }, (_, number) => [`/${(number * 7) % 30}`, [PAGE, OTHER, "https://evil.example"][number % 3]]);
    const answers = await Promise.all(asked.map(([path, origin]) => get(path, origin)));
    answers.forEach((answer, index) => {
      const [, origin] = asked[index];
      assert.equal(answer.body, origin);
      assert.deepEqual(corsOf(answer).fields, origin === "https://evil.example" ? [] : [["access-control-allow-origin", origin]]);
    });
  });

  test(`${name}: an application without the middleware sets what it likes`, async (context) => {
    const app = express();
    const plain = express();
    app.use(cors({ origin: PAGE }));
    for (const each of [app, plain]) each.get("/", (_, response) => response.set("Access-Control-Allow-Origin", "*").send("own"));
    assert.deepEqual(corsOf(await (await server(context, app))()).fields, ALLOWED);
    assert.deepEqual(corsOf(await (await server(context, plain))()).fields, [["access-control-allow-origin", "*"]]);
  });

  test(`${name}: an application called as a function, mounted, and what it leaves to the one around it`, async (context) => {
    const app = express();
    const called = express();
    const mounted = express();
    called.use(cors({ origin: PAGE }));
    mounted.use(cors({ origin: PAGE }));
    mounted.get("/", (_, response) => response.send("mounted"));
    app.use("/mounted", mounted);
    app.use("/called", (request, response, next) => called(request, response, next));
    app.get("/called/after", (_, response) => response.send("after"));
    const get = await server(context, app);
    for (const [path, status] of [["/mounted", 200], ["/mounted/missing", 404], ["/called/after", 200], ["/called/missing", 404]]) {
      assert.deepEqual(corsOf(await get(path)), { status, fields: ALLOWED, vary: "origin" }, path);
    }
    assert.deepEqual(corsOf(await get("/elsewhere")).fields, []);
  });

  test(`${name}: what wraps writeHead before the middleware and behind it`, async (context) => {
    const seen = [];
    const wrap = (place) => (_, response, next) => {
      const { writeHead } = response;
      response.writeHead = function (...given) {
        seen.push(place);
        return writeHead.apply(this, given);
      };
      next();
    };
    const app = express();
    app.get("/behind", cors({ origin: PAGE }), wrap("behind"), (_, response) => response.send("text"));
    app.get("/before", wrap("before"), cors({ origin: PAGE }), (_, response) => response.send("text"));
    app.get("/compressed", cors({ origin: PAGE }), compression({ threshold: 0 }), (_, response) => response.send("text"));
    app.get("/twice", cors({ origin: OTHER }), wrap("twice"), cors({ origin: PAGE }), (_, response) => response.send("text"));
    const get = await server(context, app);
    for (const path of ["/behind", "/before", "/twice"]) assert.deepEqual(corsOf(await get(path)), { status: 200, fields: ALLOWED, vary: "origin" }, path);
    assert.deepEqual(seen, ["behind", "before", "twice"]);
    const compressed = await get("/compressed", PAGE, [["accept-encoding", "gzip"]]);
    assert.deepEqual(corsOf(compressed), { status: 200, fields: ALLOWED, vary: "Accept-Encoding, origin" });
  });

  test(`${name}: a head that was refused, and a head written twice`, async (context) => {
    const app = express();
    app.use(cors({ origin: PAGE }));
    app.get("/refused", (_, response) => {
      assert.throws(() => response.writeHead(1000), RangeError);
      response.status(500).send("refused");
    });
    const codes = [];
    app.get("/twice", (_, response) => {
      response.writeHead(200, { "Content-Type": "text/plain" });
      for (const write of [() => response.writeHead(500), () => response.setHeader("x-a", "b")]) {
        try {
          write();
        } catch (error) {
          codes.push(error.code);
        }
      }
      response.end("twice");
    });
    const get = await server(context, app);
    assert.deepEqual(corsOf(await get("/refused")), { status: 500, fields: ALLOWED, vary: "origin" });
    assert.deepEqual(corsOf(await get("/twice")), { status: 200, fields: ALLOWED, vary: "origin" });
    assert.deepEqual(codes, ["ERR_HTTP_HEADERS_SENT", "ERR_HTTP_HEADERS_SENT"]);
  });

  test(`${name}: the scheme is the one that Express knows, behind a proxy that it trusts`, async (context) => {
    const app = express();
    app.set("trust proxy", true);
    const middleware = cors({ origin: PAGE, enforce: true });
    app.use(middleware);
    app.get("/", (_, response) => response.send("text"));
    const get = await server(context, app);
    const own = ["host", "api.example.com"];
    assert.equal((await get("/", "https://api.example.com", [own, ["x-forwarded-proto", "https"]])).status, 200);
    assert.equal((await get("/", "https://api.example.com", [own])).status, 403);
    assert.equal((await get("/", "http://api.example.com", [own])).status, 200);
    assert.equal((await get("/", "https://api.example.com", [own, ["sec-fetch-site", "cross-site"], ["x-forwarded-proto", "https"]])).status, 403);
    assert.equal((await get("/", "https://evil.example", [own, ["sec-fetch-site", "same-origin"]])).status, 200);
    assert.deepEqual(middleware.site.denials, { OriginNotAllowed: 2 });
  });
}

test("a wrapper that is put around Node's function later is called", async (context) => {
  const app = express5();
  app.use(cors({ origin: PAGE }));
  app.get("/", (_, response) => response.send("text"));
  const get = await server(context, app);
  assert.deepEqual(corsOf(await get()).fields, ALLOWED);
  const { writeHead } = http.ServerResponse.prototype;
  const statuses = [];
  http.ServerResponse.prototype.writeHead = function (status, ...given) {
    statuses.push(status);
    return writeHead.call(this, status, ...given);
  };
  context.after(() => (http.ServerResponse.prototype.writeHead = writeHead));
  assert.deepEqual(corsOf(await get()).fields, ALLOWED);
  assert.deepEqual(statuses, [200]);
});

test("two copies of the package in a program: the last decision about a response counts", async (context) => {
  const folder = mkdtempSync(`${tmpdir()}/cors-engine-`);
  context.after(() => rmSync(folder, { recursive: true }));
  cpSync(new URL("../../cors-js/dist", import.meta.url), `${folder}/dist`, { recursive: true });
  cpSync(new URL("../../cors-js/package.json", import.meta.url), `${folder}/package.json`);
  const other = createRequire(`${folder}/package.json`)(folder);
  assert.notEqual(other.Policy, cors.Policy);
  const app = express5();
  app.get("/other", cors({ origin: OTHER }), other({ origin: PAGE }), (_, response) => response.send("text"));
  app.get("/own", other({ origin: OTHER }), cors({ origin: PAGE }), (_, response) => response.send("text"));
  const plain = http.createServer((request, response) => cors({ origin: OTHER })(request, response, () => other({ origin: PAGE })(request, response, () => response.end("plain"))));
  const get = await server(context, app);
  for (const path of ["/other", "/own"]) assert.deepEqual(corsOf(await get(path)).fields, ALLOWED, path);
  const { port, close } = await listen(plain.listeners("request")[0]);
  context.after(close);
  assert.deepEqual(corsOf(await ask(port, { headers: [["origin", PAGE]] })).fields, ALLOWED);
});
