// The frameworks, each as a function that starts a server with the adapter in front of an application, on a free port.
//
//   start({ given, respond, mount }) -> { port, close }
//
// `given` is the adapter's argument. `respond(path, method)` returns what the application answers: `{ status, headers, body }`.

import http from "node:http";
import { once } from "node:events";

import connect from "connect";
import * as h3 from "h3";
import * as h31 from "h3-1";
import { getRequestListener } from "@hono/node-server";
import { getRequestListener as getRequestListener2 } from "@hono/node-server-2";
import express from "express";
import express4 from "express-4";
import fastify from "fastify";
import fastify4 from "fastify-4";
import { Hono } from "hono";
import { Hono as Hono3 } from "hono-3";
import Koa from "koa";
import Koa2 from "koa-2";
import koaMount from "koa-mount";
import { cors } from "cors-engine/express";
import { fastifyCors } from "cors-engine/fastify";
import { cors as h3Cors, handleCors } from "cors-engine/h3";
import { cors as honoCors } from "cors-engine/hono";
import { cors as koaCors } from "cors-engine/koa";

/** Listens with a handler of `node:http`. A request with `x-test-scheme: https` is one that came by TLS, for all that it tells. */
export async function listen(handler, server = http.createServer()) {
  server.on("request", (request, response) => {
    if (request.headers["x-test-scheme"] === "https") Object.defineProperty(request.socket, "encrypted", { value: true, configurable: true });
    handler(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    server.closeAllConnections?.();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: server.address().port, close };
}

/** Returns the values of each name. */
function pairs(headers) {
  const grouped = {};
  for (const [name, value] of headers) (grouped[name] ??= []).push(value);
  return Object.entries(grouped);
}

/** Answers as most applications do: fields one after the other, then the end. */
function answer(response, { status, headers, body }) {
  response.statusCode = status;
  for (const [name, values] of pairs(headers)) response.setHeader(name, values.length === 1 ? values[0] : values);
  response.end(body);
}

function inExpress(express) {
  return ({ given, respond, mount }) => {
    const application = express();
    application.use(cors(given));
    application.use((request, response) => answer(response, respond(request.originalUrl, request.method)));
    if (mount === undefined) return listen(application);
    return listen(express().use(mount, application));
  };
}

function inConnect({ given, respond, mount }) {
  const application = connect();
  application.use(cors(given));
  application.use((request, response) => answer(response, respond(request.originalUrl, request.method)));
  return listen(mount === undefined ? application : connect().use(mount, application));
}

/** The application writes the head by hand, with a list of names and values. */
function inNode({ given, respond }) {
  const middleware = cors(given);
  return listen((request, response) =>
    middleware(request, response, () => {
      const { status, headers, body } = respond(request.url, request.method);
      response.writeHead(status, headers.flat());
      response.end(body);
    }),
  );
}

function inFastify(fastify, path = (prefix) => `${prefix}/*`) {
  return async ({ given, respond, mount = "" }) => {
    let listening;
    const application = fastify({
      serverFactory: (handler) => {
        const server = http.createServer();
        listening = { handler, server };
        return server;
      },
    });
    await application.register(fastifyCors, "rules" in given ? { site: given } : given);
    const handle = (request, reply) => {
      const { status, headers, body } = respond(request.raw.url, request.raw.method);
      reply.code(status);
      for (const [name, values] of pairs(headers)) reply.header(name, values.length === 1 ? values[0] : values);
      reply.send(body);
    };
    application.setNotFoundHandler(handle);
    application.all(path(mount), { config: {} }, handle);
    await application.ready();
    const { port, close } = await listen(listening.handler, listening.server);
    return { port, close: () => Promise.all([close(), application.close()]) };
  };
}

function inKoa(Koa) {
  return ({ given, respond, mount }) => {
    const application = new Koa();
    application.silent = true;
    application.use(koaCors(given));
    application.use((ctx) => {
      const { status, headers, body } = respond(ctx.originalUrl, ctx.method);
      ctx.status = status;
      for (const [name, values] of pairs(headers)) ctx.set(name, values.length === 1 ? values[0] : values);
      ctx.body = body || null;
      ctx.status = status;
    });
    if (mount === undefined) return listen(application.callback());
    const outer = new Koa();
    outer.use(koaMount(mount, application));
    return listen(outer.callback());
  };
}

function inHono(Hono, getRequestListener) {
  return ({ given, respond }) => {
    const application = new Hono();
    application.use("*", honoCors(given));
    application.all("*", (c) => {
      const { status, headers, body } = respond(c.req.raw.url, c.req.method);
      return new Response([204, 304].includes(status) ? null : body, { status, headers });
    });
    return listen(getRequestListener(application.fetch, { overrideGlobalObjects: false }));
  };
}

function inH3First({ given, respond }) {
  const application = h31.createApp();
  application.use(
    h31.eventHandler((event) => {
      if (handleCors(event, given)) return;
      const { status, headers, body } = respond(event.node.req.url, event.method);
      answer(event.node.res, { status, headers, body });
    }),
  );
  return listen(h31.toNodeListener(application));
}

function inH3({ given, respond }) {
  const application = new h3.H3();
  application.use(h3Cors(given));
  application.all("/**", (event) => {
    const { status, headers, body } = respond(event.url.pathname, event.req.method);
    return new Response([204, 304].includes(status) ? null : body, { status, headers });
  });
  return listen(h3.toNodeHandler(application));
}

function inH3ByHand({ given, respond }) {
  const application = new h3.H3();
  application.use((event) => {
    const handled = handleCors(event, given);
    return handled === false ? undefined : handled;
  });
  application.all("/**", (event) => {
    const { status, headers, body } = respond(event.url.pathname, event.req.method);
    event.res.status = status;
    for (const [name, value] of headers) event.res.headers.append(name, value);
    return body;
  });
  return listen(h3.toNodeHandler(application));
}

/** A server of `Request` and `Response`, by hand. */
function inWeb({ given, respond }) {
  return listen(async (incoming, outgoing) => {
    const { method, url, rawHeaders, headers } = incoming;
    const scheme = incoming.socket.encrypted ? "https" : "http";
    const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 && name !== "content-length" ? [[name, rawHeaders[index + 1]]] : []));
    const request = new Request(`${scheme}://${headers.host}${url}`, { method, headers: pairs });
    const response = await given.handle(request, () => {
      const { status, headers, body } = respond(url, method);
      return new Response([204, 304].includes(status) ? null : body, { status, headers });
    });
    outgoing.writeHead(response.status, [...response.headers].flat());
    outgoing.end(await response.text());
  });
}

/** Frameworks that resolve a path before a middleware sees it, by the URL standard. */
export const RESOLVES = new Set(["site.handle", "hono 4", "hono 3", "h3 2", "h3 2, handleCors"]);

export const SERVERS = {
  "express 5": inExpress(express),
  "express 4": inExpress(express4),
  connect: inConnect,
  "node:http": inNode,
  "fastify 5": inFastify(fastify),
  "fastify 4": inFastify(fastify4),
  "koa 3": inKoa(Koa),
  "koa 2": inKoa(Koa2),
  "site.handle": inWeb,
  "hono 4": inHono(Hono, getRequestListener2),
  "hono 3": inHono(Hono3, getRequestListener),
  "h3 2": inH3,
  "h3 2, handleCors": inH3ByHand,
  "h3 1": inH3First,
};

/** Asks a server, and returns the status, the header lines in lower case, and the body. */
export async function ask(port, { method = "GET", path = "/", headers = [], agent, body } = {}) {
  // A list of headers has the host, too.
  const all = headers.some(([name]) => name === "host") ? [...headers] : [["host", `127.0.0.1:${port}`], ...headers];
  if (body === undefined) all.push(["content-length", "0"]);
  const request = http.request({ port, host: "127.0.0.1", method, path, headers: all.flat(), setHost: false, agent });
  request.end(body);
  const [response] = await once(request, "response");
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const lines = [];
  for (let index = 0; index < response.rawHeaders.length; index += 2) {
    lines.push([response.rawHeaders[index].toLowerCase(), response.rawHeaders[index + 1]]);
  }
  return { status: response.statusCode, lines, body: Buffer.concat(chunks).toString() };
}

/** Returns what a response says about CORS, with its one line of `Vary`. */
export function corsOf({ status, lines }) {
  const vary = lines.filter(([name]) => name === "vary").map(([, value]) => value);
  return { status, fields: lines.filter(([name]) => name.startsWith("access-control-")).sort(), vary: vary.length > 1 ? vary : (vary[0] ?? null) };
}
