// The adapters' types under the frameworks' own.

import http from "node:http";
import http2 from "node:http2";

import type peer from "cors";
import cors, { CorsOptions, CorsOptionsDelegate, CorsRequest, Policy, Site } from "cors-engine";
import { cors as expressCors } from "cors-engine/express";
import { fastifyCors } from "cors-engine/fastify";
import { cors as h3Cors, handleCors } from "cors-engine/h3";
import { cors as honoCors } from "cors-engine/hono";
import { cors as koaCors } from "cors-engine/koa";
import express from "express";
import Fastify from "fastify";
import { H3 } from "h3";
import { Hono } from "hono";
import Koa from "koa";

const policy = new Policy({ allowOrigins: ["https://app.example.com"] });
const site = new Site({ policies: { "/api": policy }, enforce: true, onDenial: (denial) => console.log(denial === "OriginNotAllowed") });

const app = express();
app.use(cors());
app.use(expressCors(policy), expressCors(site), expressCors({ policy }));
app.get("/one", cors({ origin: [/^https:\/\/a\.example$/, "https://b.example"], credentials: true, acceptRisks: ["InsecureOrigin"] }), (_request, response) => {
  response.send("one");
});
app.options("/{*path}", cors({ origin: (_origin, callback) => callback(null, true) }));
app.use(cors({ origin: async (origin) => origin === "https://a.example" }));
const delegate: CorsOptionsDelegate<express.Request> = (request, callback) => callback(null, { origin: request.path === "/public" });
app.use(cors(delegate));
const options: CorsOptions = { origin: true };
// @ts-expect-error: a misspelt option
app.use(cors({ origins: ["https://a.example"] }));
// @ts-expect-error: a text is not a boolean
app.use(cors({ credentials: "true" }));

const middleware = cors(options);
http.createServer((request, response) => middleware(request, response, () => response.end()));
http2.createServer((request, response) => middleware(request, response, () => response.end()));
const server = http.createServer();
server.on("upgrade", async (request) => {
  const may: boolean = await middleware.mayUpgrade(request);
  return may;
});
const denied: number | undefined = middleware.site.denials.OriginNotAllowed;

const fastify = Fastify();
await fastify.register(fastifyCors, { origin: ["https://a.example"], hook: "preHandler", strictPreflight: false });
await fastify.register(fastifyCors, { policy });
await fastify.register(fastifyCors, { site });
await fastify.register(fastifyCors, () => async () => ({ origin: "https://a.example" }));

new Koa().use(koaCors({ origin: (ctx: Koa.Context) => ctx.get("origin"), credentials: () => true })).use(koaCors(policy));

const hono = new Hono();
hono.use("*", honoCors({ origin: ["https://a.example"], allowMethods: async () => ["PUT"] }));
hono.use(honoCors(site));

const h3 = new H3();
h3.use(h3Cors({ origin: ["https://a.example"] }));
h3.use((event) => {
  const handled = handleCors(event, { origin: "*" });
  if (handled !== false) return handled;
});

// An option may be undefined, under exactOptionalPropertyTypes, too; and what @types/cors takes is taken.
const unset: CorsOptions = { origin: undefined, methods: undefined, credentials: undefined, maxAge: undefined };
const theirs: peer.CorsOptions = { origin: ["https://a.example", /^https:\/\/b\.example$/, true], methods: ["GET"], exposedHeaders: "x-a" };
const custom: peer.CorsOptions["origin"] = (origin, callback) => callback(null, origin === "https://a.example" ? [origin] : false);
const perRequest: peer.CorsOptionsDelegate<express.Request> = (request, callback) => callback(null, { origin: request.path });
const read: (request: CorsRequest) => string | undefined = (request) => request.method;
app.use(cors(unset), cors(theirs), cors({ origin: custom }), cors(perRequest), (request, _response, next) => next(read(request)));
const listed = ["https://a.example"] as const;
app.use(cors({ origin: listed, methods: listed }), cors({ origin: [[...listed], false] }));
new Site({ policy, policies: undefined, onDenial: undefined, ownOrigins: undefined });

export const response: Promise<Response> = site.handle(new Request("https://api.example/"), () => new Response());
export { denied };
