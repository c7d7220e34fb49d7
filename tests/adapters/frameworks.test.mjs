// Every response has its fields, whoever makes it (A2, A3, A12): streams, errors, redirects, 304, files, heads that are written by
// hand, over one connection that is kept alive.

import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { Readable } from "node:stream";

import compression from "compression";
import connect from "connect";
import express from "express";
import express4 from "express-4";
import fastify from "fastify";
import fastify4 from "fastify-4";
import * as h3 from "h3";
import * as h31 from "h3-1";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { Hono as Hono3 } from "hono-3";
import Koa from "koa";
import Koa2 from "koa-2";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { getRequestListener } from "@hono/node-server";
import { getRequestListener as getRequestListener2 } from "@hono/node-server-2";
import { cors, Site, Policy } from "cors-engine";
import { fastifyCors } from "cors-engine/fastify";
import { cors as h3Cors, handleCors } from "cors-engine/h3";
import { cors as honoCors } from "cors-engine/hono";
import { cors as koaCors } from "cors-engine/koa";

import { ask, corsOf, listen } from "./servers.mjs";

const PAGE = "https://app.example.com";
const OTHER = "https://app.example.com.evil.example";
const LONG = "tea ".repeat(1000);
const files = mkdtempSync(`${tmpdir()}/cors-adapters-`);
writeFileSync(`${files}/file.txt`, LONG);

const site = () => new Site(new Policy({ allowOrigins: [PAGE], allowCredentials: true, allowMethods: ["PUT"] }));

// What an application answers at each path, and what a client gets. `vary` is the line of Vary.
const RESPONSES = {
  "/text": { status: 200, body: "text" },
  "/own": { status: 200, body: "own", vary: "Cookie, origin" },
  "/error": { status: 500 },
  "/rejected": { status: 500 },
  "/missing": { status: 404 },
  "/stream": { status: 200, body: "onetwo" },
  "/unchanged": { status: 304, body: "" },
  "/redirect": { status: 302 },
  "/by-hand": { status: 201, body: "by hand", vary: "Cookie, origin" },
};

/** Paths of some frameworks alone. */
const FURTHER = {
  "/passed": { status: 500 },
  "/by-hand-list": { status: 201, body: "list", vary: "Cookie, Accept, origin" },
  "/compressed": { status: 200, vary: "Accept-Encoding, origin" },
  "/file.txt": { status: 200, body: LONG },
  "/inner/text": { status: 200, body: "inner" },
  "/hijacked": { status: 202, body: "hijacked" },
};

const OWN = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "false", Vary: "Cookie" };
const LIST = ["Access-Control-Allow-Origin", "*", "Vary", "Cookie", "Set-Cookie", "a=1", "Set-Cookie", "b=2", "Vary", "Accept"];

function byHand(response) {
  response.writeHead(201, "Made", OWN);
  response.end("by hand");
}

function asList(response) {
  response.writeHead(201, LIST);
  response.end("list");
}

function inExpress(express, isFirst) {
  const application = express();
  application.set("env", "test");
  // Whether the compression is around the adapter or within it.
  if (!isFirst) application.use(compression());
  application.use(cors(site()));
  if (isFirst) application.use(compression());
  application.use(express.static(files));
  application.get("/text", (request, response) => response.send("text"));
  application.get("/own", (request, response) => response.set(OWN).send("own"));
  application.get("/error", () => {
    throw new Error("thrown");
  });
  application.get("/rejected", (request, response, next) => Promise.reject(new Error("rejected")).catch(next));
  application.get("/passed", (request, response, next) => next(new Error("passed")));
  application.get("/stream", (request, response) => Readable.from(["one", "two"]).pipe(response));
  application.get("/unchanged", (request, response) => response.status(304).end());
  application.get("/redirect", (request, response) => response.redirect("/text"));
  application.get("/by-hand", (request, response) => byHand(response));
  application.get("/by-hand-list", (request, response) => asList(response));
  application.get("/compressed", (request, response) => response.type("text/plain").send(LONG));
  application.use("/inner", express().get("/text", (request, response) => response.send("inner")));
  // Express clears the fields of a response before it answers an error.
  return listen(application);
}

function inConnect() {
  const application = connect();
  application.use(cors(site()));
  application.use(compression());
  return listen(routed(application, (add) => application.use(add)));
}

function routed(application, use) {
  const paths = {
    "/text": (request, response) => response.end("text"),
    "/own": (request, response) => {
      for (const [name, value] of Object.entries(OWN)) response.setHeader(name, value);
      response.end("own");
    },
    "/error": () => {
      throw new Error("thrown");
    },
    "/rejected": (request, response, next) => Promise.reject(new Error("rejected")).catch(next),
    "/passed": (request, response, next) => next(new Error("passed")),
    "/stream": (request, response) => {
      response.write("one");
      setImmediate(() => response.end("two"));
    },
    "/unchanged": (request, response) => {
      response.statusCode = 304;
      response.end();
    },
    "/redirect": (request, response) => {
      response.writeHead(302, { location: "/text" });
      response.end();
    },
    "/by-hand": (request, response) => byHand(response),
    "/by-hand-list": (request, response) => asList(response),
    "/compressed": (request, response) => {
      response.setHeader("content-type", "text/plain");
      response.end(LONG);
    },
  };
  use((request, response, next) => {
    const handle = paths[request.url];
    return handle === undefined ? next() : handle(request, response, next);
  });
  return application;
}

async function inFastify(fastify) {
  let listening;
  const application = fastify({
    serverFactory: (handler) => {
      const server = http.createServer();
      listening = { handler, server };
      return server;
    },
  });
  await application.register(fastifyCors, { site: site() });
  application.get("/text", async () => "text");
  application.get("/own", (request, reply) => reply.headers(OWN).send("own"));
  application.get("/error", () => {
    throw new Error("thrown");
  });
  application.get("/rejected", async () => Promise.reject(new Error("rejected")));
  application.get("/stream", (request, reply) => reply.send(Readable.from(["one", "two"])));
  application.get("/unchanged", (request, reply) => reply.code(304).send());
  application.get("/redirect", (request, reply) => reply.code(302).header("location", "/text").send());
  application.get("/by-hand", (request, reply) => {
    reply.hijack();
    byHand(reply.raw);
  });
  application.get("/by-hand-list", (request, reply) => {
    reply.hijack();
    asList(reply.raw);
  });
  application.get("/hijacked", (request, reply) => {
    reply.hijack();
    reply.raw.statusCode = 202;
    reply.raw.end("hijacked");
  });
  application.register(async (inner) => inner.get("/text", async () => "inner"), { prefix: "/inner" });
  await application.ready();
  const { port, close } = await listen(listening.handler, listening.server);
  return { port, close: () => Promise.all([close(), application.close()]) };
}

function inKoa(Koa) {
  const application = new Koa();
  application.silent = true;
  application.use(koaCors(site()));
  application.use(async (ctx) => {
    switch (ctx.path) {
      case "/text":
        ctx.body = "text";
        break;
      case "/own":
        ctx.set(OWN);
        ctx.body = "own";
        break;
      case "/error":
        throw new Error("thrown");
      case "/rejected":
        await Promise.reject(new Error("rejected"));
        break;
      case "/stream":
        ctx.body = Readable.from(["one", "two"]);
        break;
      case "/unchanged":
        ctx.status = 304;
        break;
      case "/redirect":
        ctx.redirect("/text");
        break;
      case "/by-hand":
        ctx.respond = false;
        byHand(ctx.res);
        break;
      case "/by-hand-list":
        ctx.respond = false;
        asList(ctx.res);
        break;
      default:
    }
  });
  return listen(application.callback());
}

function inHono(Hono, getRequestListener) {
  const application = new Hono();
  application.use("*", honoCors(site()));
  application.use("/compressed", compress());
  application.get("/text", (c) => c.text("text"));
  application.get("/own", (c) => c.text("own", 200, OWN));
  application.get("/error", () => {
    throw new Error("thrown");
  });
  application.get("/rejected", async () => Promise.reject(new Error("rejected")));
  application.get("/stream", () => new Response(Readable.toWeb(Readable.from([Buffer.from("one"), Buffer.from("two")]))));
  application.get("/unchanged", () => new Response(null, { status: 304 }));
  application.get("/redirect", (c) => c.redirect("/text"));
  application.get("/by-hand", (c) => {
    byHand(c.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  });
  application.get("/by-hand-list", (c) => {
    asList(c.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  });
  application.onError((error, c) => c.text("an error", 500));
  return listen(getRequestListener(application.fetch, { overrideGlobalObjects: false }));
}

function inH3First() {
  const application = h31.createApp();
  application.use(h31.eventHandler((event) => void handleCors(event, HANDLED)));
  const router = h31.createRouter();
  const get = (path, handle) => router.get(path, h31.eventHandler(handle));
  get("/text", () => "text");
  get("/own", (event) => {
    h31.setResponseHeaders(event, OWN);
    return "own";
  });
  get("/error", () => {
    throw new Error("thrown");
  });
  get("/rejected", async () => Promise.reject(new Error("rejected")));
  get("/stream", () => Readable.from(["one", "two"]));
  get("/unchanged", (event) => {
    h31.setResponseStatus(event, 304);
    return null;
  });
  get("/redirect", (event) => h31.sendRedirect(event, "/text"));
  get("/by-hand", (event) => {
    byHand(event.node.res);
  });
  get("/by-hand-list", (event) => {
    asList(event.node.res);
  });
  application.use(router);
  return listen(h31.toNodeListener(application));
}

const HANDLED = site();

function inH3(adapter) {
  const application = new h3.H3({ silent: true });
  application.use(adapter);
  application.get("/text", () => "text");
  application.get("/own", () => new Response("own", { headers: OWN }));
  application.get("/error", () => {
    throw new Error("thrown");
  });
  application.get("/rejected", async () => Promise.reject(new Error("rejected")));
  application.get("/stream", () => new Response(Readable.toWeb(Readable.from([Buffer.from("one"), Buffer.from("two")]))));
  application.get("/unchanged", () => new Response(null, { status: 304 }));
  application.get("/redirect", () => h3.redirect("/text"));
  application.get("/by-hand", (event) => {
    byHand(event.runtime.node.res);
    return h3.kHandled ?? new Promise(() => {});
  });
  return listen(h3.toNodeHandler(application));
}

const FRAMEWORKS = {
  "express 5": [() => inExpress(express, true), ["/passed", "/by-hand-list", "/compressed", "/file.txt", "/inner/text"]],
  "express 5, the compression around": [() => inExpress(express, false), ["/passed", "/by-hand-list", "/file.txt", "/inner/text"]],
  "express 4": [() => inExpress(express4, true), ["/passed", "/by-hand-list", "/compressed", "/file.txt", "/inner/text"]],
  connect: [inConnect, ["/passed", "/by-hand-list", "/compressed"]],
  "fastify 5": [() => inFastify(fastify), ["/by-hand-list", "/hijacked", "/inner/text"]],
  "fastify 4": [() => inFastify(fastify4), ["/by-hand-list", "/hijacked", "/inner/text"]],
  "koa 3": [() => inKoa(Koa), ["/by-hand-list"]],
  "koa 2": [() => inKoa(Koa2), ["/by-hand-list"]],
  "hono 4": [() => inHono(Hono, getRequestListener2), ["/by-hand-list"]],
  "hono 3": [() => inHono(Hono3, getRequestListener), ["/by-hand-list"]],
  "h3 2": [() => inH3(h3Cors(site())), []],
  "h3 2, handleCors": [
    () =>
      inH3((event) => {
        const handled = handleCors(event, HANDLED);
        return handled === false ? undefined : handled;
      }),
    [],
  ],
  "h3 1": [inH3First, ["/by-hand-list"]],
};

const ALLOWED = [
  ["access-control-allow-credentials", "true"],
  ["access-control-allow-origin", PAGE],
];

for (const [name, [start, further]] of Object.entries(FRAMEWORKS)) {
  test(name, async (context) => {
    const { port, close } = await start();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    context.after(async () => {
      agent.destroy();
      await close();
    });
    const compresses = /express|connect/.test(name);
    const paths = { ...RESPONSES, ...Object.fromEntries(further.map((path) => [path, FURTHER[path]])) };
    for (const [path, { status, body, vary = "origin" }] of Object.entries(paths)) {
      await context.test(path, async () => {
        for (const [origin, fields] of [[PAGE, ALLOWED], [OTHER, []], [undefined, []]]) {
          const headers = [...(origin === undefined ? [] : [["origin", origin]]), ...(path === "/compressed" ? [["accept-encoding", "gzip"]] : [])];
          const response = await ask(port, { path, headers, agent });
          const seen = corsOf(response);
          assert.deepEqual(seen.fields, fields, `${origin}`);
          assert.equal(seen.status, status, response.body);
          assertVary(seen.vary, vary, compresses);
          if (body !== undefined) assert.equal(response.body, body);
          if (path === "/by-hand-list") assert.deepEqual(response.lines.filter(([line]) => line === "set-cookie").map(([, value]) => value), ["a=1", "b=2"]);
        }
      });
    }
    await context.test("HEAD", async () => {
      const response = await ask(port, { method: "HEAD", path: "/text", headers: [["origin", PAGE]], agent });
      assert.deepEqual(corsOf(response).fields, ALLOWED);
      assert.equal(response.body, "");
    });
    await context.test("a method without a route", async () => {
      const response = await ask(port, { method: "DELETE", path: "/text", headers: [["origin", PAGE]], agent });
      assert.deepEqual(corsOf(response).fields, ALLOWED);
    });
    await context.test("a preflight, for a path without a route as well", async () => {
      for (const path of ["/text", "/nowhere/at/all"]) {
        const headers = [["access-control-request-method", "PUT"]];
        const allowed = corsOf(await ask(port, { method: "OPTIONS", path, headers: [["origin", PAGE], ...headers], agent }));
        assert.deepEqual(allowed, { status: 204, fields: [["access-control-allow-credentials", "true"], ["access-control-allow-methods", "PUT"], ["access-control-allow-origin", PAGE]], vary: "origin" });
        const denied = await ask(port, { method: "OPTIONS", path, headers: [["origin", OTHER], ...headers], agent });
        const { vary, ...seen } = corsOf(denied);
        assert.deepEqual(seen, { status: 403, fields: [] });
        assertVary(vary, "origin", compresses);
        assert.equal(denied.body, "CORS: the policy does not allow this origin\n");
      }
    });
  });
}

/** Compares the line of Vary. A compression adds to it what it depends on itself, and Express what chose the form of a redirect. */
function assertVary(seen, expected, compresses) {
  const names = (line) => line.toLowerCase().split(", ").filter((name) => !(compresses && ["accept-encoding", "accept"].includes(name)));
  assert.equal(typeof seen, "string", "one line");
  assert.deepEqual(names(seen), names(expected));
  assert.equal(new Set(seen.toLowerCase().split(", ")).size, seen.split(", ").length, seen);
}
