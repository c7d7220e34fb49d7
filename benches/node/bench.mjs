// What CORS costs in Node: cors-engine and the packages that it stands for, interleaved in one process.
//
//   node bench.mjs            every table, as Markdown
//   node bench.mjs --quick    few rounds, to see that it runs
//
// A row is a request without Origin, an allowed one, a denied one, or a preflight. A figure is the time of the middleware alone: the
// batch that one in ten is faster than, less that of the same handler without CORS; for a preflight, less that of a middleware that
// answers every OPTIONS with an empty 204. Batches are short, and rounds interleave the contenders: what else the machine does falls
// on all of them, and mostly on other batches than that one.

import { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../tests/adapters/package.json", import.meta.url));
const load = async (name) => {
  const loaded = require(name);
  return loaded.default === undefined ? { ...loaded, default: loaded } : loaded;
};

const QUICK = process.argv.includes("--quick");
const ROUNDS = QUICK ? 5 : 600;
const BATCH = QUICK ? 200 : 25;
const WARM_UP = QUICK ? 200 : 5000;

const APP = "https://app.example.com";
const METHODS = ["PUT", "PATCH"];
const HEADERS = ["content-type", "x-token"];

/** As many origins, of which the allowed one is in the middle: the average case for a peer that looks at each. */
function origins(count) {
  const list = Array.from({ length: count }, (_, number) => `https://tenant-${number}.example.com`);
  list[count >> 1] = APP;
  return list;
}

const OTHERS = { host: "api.example.com", "user-agent": "Mozilla/5.0 (X11; Linux x86_64)", accept: "application/json", "accept-encoding": "gzip, br", referer: `${APP}/orders`, cookie: "session=abcdef0123456789" };
const REQUESTS = {
  "no Origin": { method: "GET", headers: OTHERS },
  allowed: { method: "GET", headers: { ...OTHERS, origin: APP } },
  denied: { method: "GET", headers: { ...OTHERS, origin: "https://evil.example" } },
  preflight: { method: "OPTIONS", headers: { ...OTHERS, origin: APP, "access-control-request-method": "PUT", "access-control-request-headers": "content-type,x-token" } },
};

/** A request and a response of node:http that no socket has; `ended` is called when the response is. */
function exchange({ method, headers }, ended) {
  const request = new IncomingMessage({ encrypted: false, remoteAddress: "127.0.0.1", readable: true, writable: true });
  request.method = method;
  request.url = "/orders/1";
  request.headers = headers;
  const response = new ServerResponse(request);
  const end = response.end;
  response.end = function (...args) {
    end.apply(this, args);
    ended();
    return this;
  };
  return [request, response];
}

/** Calls a handler for each request of a batch, one after the other. */
async function batch(handler, asked, count) {
  const start = performance.now();
  for (let number = 0; number < count; number++) {
    let isEnded = false;
    let wake;
    const [request, response] = exchange(asked, () => {
      isEnded = true;
      wake?.();
    });
    handler(request, response);
    if (!isEnded) await new Promise((resolve) => (wake = resolve));
  }
  return ((performance.now() - start) / count) * 1000;
}

async function batchOfFetch(handler, { method, headers }, count) {
  const requests = Array.from({ length: count }, () => new Request("http://api.example.com/orders/1", { method, headers }));
  const start = performance.now();
  for (const request of requests) await handler(request);
  return ((performance.now() - start) / count) * 1000;
}

/** Returns each contender's cost in microseconds, above that of the same without CORS. */
async function measure(contenders, asked, run = batch) {
  const names = Object.keys(contenders);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await run(contenders[name], asked, WARM_UP);
  for (let round = 0; round < ROUNDS; round++) {
    const order = names.map((_, index) => names[(index + round) % names.length]);
    for (const name of order) times[name].push(await run(contenders[name], asked, BATCH));
  }
  const cost = (name) => times[name].sort((one, other) => one - other)[Math.floor(ROUNDS / 10)];
  const baseline = cost(asked.method === "OPTIONS" ? "empty" : "none");
  return Object.fromEntries(names.map((name) => [name, cost(name) - baseline]));
}

const engine = await load("cors-engine");
const options = (list) => ({ origin: list, methods: METHODS, allowedHeaders: HEADERS, credentials: true, maxAge: 600 });
const koaOptions = (list) => ({ origin: (context) => (list.includes(context.get("origin")) ? context.get("origin") : ""), allowMethods: METHODS, allowHeaders: HEADERS, credentials: true, maxAge: 600 });
const policy = (list) => new engine.Policy({ allowOrigins: list, allowMethods: METHODS, allowHeaders: HEADERS, allowCredentials: true, maxAge: 600 });

const answer = (_, response) => {
  response.statusCode = 200;
  response.setHeader("content-type", "text/plain");
  response.end("ok");
};
const around = (middleware) => (request, response) => middleware(request, response, () => answer(request, response));
const empty = (request, response, next) => {
  if (request.method !== "OPTIONS") return next();
  response.statusCode = 204;
  return response.end();
};

/** Express, by the name that its version has here. */
async function express(name, list) {
  const [{ default: make }, { default: cors }] = [await load(name), await load("cors")];
  const app = (middleware) => {
    const made = make();
    if (middleware) made.use(middleware);
    made.all("/orders/:id", (_, response) => response.type("text/plain").send("ok"));
    return made;
  };
  return { none: app(), empty: app(empty), cors: app(cors(options(list))), "cors-engine": app(engine.cors(policy(list))) };
}

const FRAMEWORKS = {
  async "a bare handler"(list) {
    const { default: cors } = await load("cors");
    return { none: answer, empty: around(empty), cors: around(cors(options(list))), "cors-engine": around(engine.cors(policy(list))) };
  },
  "Express 5": (list) => express("express", list),
  "Express 4": (list) => express("express-4", list),
  async Fastify(list) {
    const [{ default: fastify }, { default: peer }, { default: ours }] = [await load("fastify"), await load("@fastify/cors"), await load("cors-engine/fastify")];
    const app = async (plugin, given) => {
      const made = fastify();
      if (plugin) await made.register(plugin, given);
      made.all("/orders/:id", async () => "ok");
      await made.ready();
      return made.routing;
    };
    const emptyPlugin = (made, _, done) => {
      made.addHook("onRequest", (request, reply, next) => (request.method === "OPTIONS" ? void reply.code(204).send() : next()));
      done();
    };
    emptyPlugin[Symbol.for("skip-override")] = true;
    return { none: await app(), empty: await app(emptyPlugin), "@fastify/cors": await app(peer, options(list)), "cors-engine": await app(ours, { policy: policy(list) }) };
  },
  async Koa(list) {
    const [{ default: Koa }, { default: peer }, { default: ours }] = [await load("koa"), await load("@koa/cors"), await load("cors-engine/koa")];
    const app = (middleware) => {
      const made = new Koa();
      if (middleware) made.use(middleware);
      made.use((context) => { context.body = "ok"; });
      return made.callback();
    };
    const emptyMiddleware = (context, next) => (context.method === "OPTIONS" ? void (context.status = 204) : next());
    return { none: app(), empty: app(emptyMiddleware), "@koa/cors": app(peer(koaOptions(list))), "cors-engine": app(ours(policy(list))) };
  },
  async Hono(list) {
    const [{ Hono }, { cors: peer }, { default: ours }] = [await load("hono"), await load("hono/cors"), await load("cors-engine/hono")];
    const app = (middleware) => {
      const made = new Hono();
      if (middleware) made.use("*", middleware);
      made.all("/orders/:id", (context) => context.text("ok"));
      return (request) => made.fetch(request);
    };
    return {
      none: app(),
      empty: app((context, next) => (context.req.method === "OPTIONS" ? context.body(null, 204) : next())),
      "hono/cors": app(peer({ origin: list, allowMethods: METHODS, allowHeaders: HEADERS, credentials: true, maxAge: 600 })),
      "cors-engine": app(ours(policy(list))),
      run: batchOfFetch,
    };
  },
};

console.log(`Node ${process.version}, ${ROUNDS} rounds of ${BATCH} requests. Microseconds of the middleware alone, for a preflight of what is beside an empty answer; ÷ is cors-engine's part of the peer's.\n`);
for (const [framework, make] of Object.entries(FRAMEWORKS)) {
  const rows = {};
  let peer;
  const COUNTS = [1, 100, 10_000];
  for (const count of COUNTS) {
    const { run, ...contenders } = await make(origins(count));
    [, , peer] = Object.keys(contenders);
    for (const [name, asked] of Object.entries(REQUESTS)) {
      const cost = await measure(contenders, asked, run);
      (rows[name] ??= []).push(cost[peer], cost["cors-engine"]);
    }
  }
  console.log(`## ${framework}\n`);
  console.log(`| request | ${COUNTS.map((count) => `${peer}, ${count.toLocaleString("en")} | cors-engine | ÷`).join(" | ")} |`);
  console.log(`|---|${COUNTS.map(() => "---:|---:|---:|").join("")}`);
  for (const [name, costs] of Object.entries(rows)) {
    const cells = COUNTS.map((_, index) => {
      const [theirs, ours] = [costs[2 * index], costs[2 * index + 1]];
      return `${theirs.toFixed(2)} | ${ours.toFixed(2)} | ${theirs > 0.05 ? (Math.max(ours, 0) / theirs).toFixed(2) : "–"}`;
    });
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
  console.log("");
}
