// Requests per second of real servers under autocannon, in turns: Express without CORS, with npm's cors, and with cors-engine.
//
//   node load.mjs            ten turns of two seconds for each
//   node load.mjs --quick    one of one second

import { fork } from "node:child_process";
import { createRequire } from "node:module";

const QUICK = process.argv.includes("--quick");
const TURNS = QUICK ? 1 : 10;
const SECONDS = QUICK ? 1 : 2;
const APP = "https://app.example.com";
const WITH = ["none", "cors", "cors-engine"];
const require = createRequire(new URL("../../tests/adapters/package.json", import.meta.url));

if (process.send !== undefined) {
  // A server, in a process of its own.
  const express = require("express");
  const app = express();
  const options = { origin: [APP], methods: ["PUT"], allowedHeaders: ["x-token"], credentials: true, maxAge: 600 };
  if (process.argv[2] !== "none") app.use(require(process.argv[2])(options));
  app.all("/orders/:id", (_, response) => response.type("text/plain").send("ok"));
  const server = app.listen(0, "127.0.0.1", () => process.send(server.address().port));
} else {
  const { default: autocannon } = await import("autocannon");
  const REQUESTS = {
    "no Origin": { method: "GET", headers: {} },
    allowed: { method: "GET", headers: { origin: APP } },
    preflight: { method: "OPTIONS", headers: { origin: APP, "access-control-request-method": "PUT", "access-control-request-headers": "x-token" } },
  };
  const servers = WITH.map((name) => fork(new URL(import.meta.url), [name]));
  const ports = await Promise.all(servers.map((server) => new Promise((resolve) => server.once("message", resolve))));
  console.log(`Node ${process.version}, Express, autocannon with 20 connections: requests per second, the best of ${TURNS} turns of ${SECONDS} s.\n`);
  console.log(`| request | ${WITH.join(" | ")} |\n|---|${WITH.map(() => "---:|").join("")}`);
  for (const [name, request] of Object.entries(REQUESTS)) {
    const best = WITH.map(() => 0);
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [index, port] of ports.entries()) {
        const { requests, non2xx, errors } = await autocannon({ url: `http://127.0.0.1:${port}/orders/1`, connections: 20, duration: SECONDS, ...request });
        if (non2xx > 0 || errors > 0) throw new Error(`${WITH[index]}, ${name}: ${non2xx} responses, ${errors} errors`);
        best[index] = Math.max(best[index], requests.average);
      }
    }
    console.log(`| ${name} | ${best.map((each) => Math.round(each).toLocaleString("en")).join(" | ")} |`);
  }
  for (const server of servers) server.kill();
}
