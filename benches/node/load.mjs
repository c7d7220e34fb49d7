// The CPU time that a request costs a real server under autocannon, in turns: Express without CORS, with npm's cors, and with
// cors-engine. Requests per second depend on what else the machine does; the time that a process has computed does so less.
//
//   node load.mjs            fifteen turns of 4,000 requests for each
//   node load.mjs --quick    two of 400

import { fork } from "node:child_process";
import { createRequire } from "node:module";

const QUICK = process.argv.includes("--quick");
const TURNS = QUICK ? 2 : 15;
const AMOUNT = QUICK ? 400 : 4000;
const APP = "https://app.example.com";
const WITH = ["none", "cors", "cors-engine"];
const require = createRequire(new URL("../../tests/adapters/package.json", import.meta.url));

if (process.send !== undefined) {
  // A server, in a process of its own. It says what it has computed, in microseconds, when it is asked.
  const express = require("express");
  const app = express();
  const options = { origin: [APP], methods: ["PUT"], allowedHeaders: ["x-token"], credentials: true, maxAge: 600 };
  if (process.argv[2] !== "none") app.use(require(process.argv[2])(options));
  app.all("/orders/:id", (_, response) => response.type("text/plain").send("ok"));
  process.on("message", () => process.send(process.cpuUsage().user));
  const server = app.listen(0, "127.0.0.1", () => process.send(server.address().port));
} else {
  const { default: autocannon } = await import("autocannon");
  const REQUESTS = {
    "no Origin": { method: "GET", headers: {} },
    allowed: { method: "GET", headers: { origin: APP } },
    denied: { method: "GET", headers: { origin: "https://evil.example" } },
    preflight: { method: "OPTIONS", headers: { origin: APP, "access-control-request-method": "PUT", "access-control-request-headers": "x-token" } },
  };
  const said = (server) => new Promise((resolve) => server.once("message", resolve));
  const computed = (server) => {
    server.send("what was computed?");
    return said(server);
  };
  const servers = WITH.map((name) => fork(new URL(import.meta.url), [name]));
  const ports = await Promise.all(servers.map(said));
  console.log(`Node ${process.version}, Express, autocannon with 20 connections: microseconds of CPU in the server's process for a request, the median of ${TURNS} turns of ${AMOUNT.toLocaleString("en")}.\n`);
  console.log(`| request | ${WITH.join(" | ")} |\n|---|${WITH.map(() => "---:|").join("")}`);
  for (const [name, request] of Object.entries(REQUESTS)) {
    const times = WITH.map(() => []);
    // The first two turns warm up.
    for (let turn = -2; turn < TURNS; turn++) {
      for (const place of ports.keys()) {
        const index = (place + turn + 2) % ports.length;
        const before = await computed(servers[index]);
        const { non2xx, errors } = await autocannon({ url: `http://127.0.0.1:${ports[index]}/orders/1`, connections: 20, amount: AMOUNT, ...request });
        if (non2xx > 0 || errors > 0) throw new Error(`${WITH[index]}, ${name}: ${non2xx} responses, ${errors} errors`);
        const time = ((await computed(servers[index])) - before) / AMOUNT;
        if (turn >= 0) times[index].push(time);
      }
    }
    const median = (list) => list.sort((one, other) => one - other)[TURNS >> 1];
    console.log(`| ${name} | ${times.map((each) => median(each).toFixed(1)).join(" | ")} |`);
  }
  for (const server of servers) server.kill();
}
