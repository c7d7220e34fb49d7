// What pages get of Express in this runtime, of both its versions: a line for each, which is the same for both.

import { once } from "node:events";
import cors from "cors-engine";
import express5 from "express";
import express4 from "express-4";

const APP = "https://app.example.com";
const PREFLIGHT = { method: "OPTIONS", headers: { "access-control-request-method": "PUT" } };

for (const express of [express5, express4]) {
  const app = express();
  app.set("env", "test");
  app.use(cors({ origin: APP, methods: "PUT" }));
  app.get("/own", (_, response) => response.set("access-control-allow-origin", "*").send("own"));
  app.get("/by-hand", (_, response) => {
    response.writeHead(201, { Vary: "Cookie", "Access-Control-Allow-Origin": "*" });
    response.end("by hand");
  });
  app.get("/error", () => {
    throw new Error("thrown");
  });
  const server = app.listen(0, "127.0.0.1");
  if (!server.listening) await once(server, "listening");
  const got = [];
  for (const [path, options = {}] of [["/own"], ["/by-hand"], ["/error"], ["/missing"], ["/own", PREFLIGHT]]) {
    for (const origin of [APP, "https://evil.example"]) {
      const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { ...options, headers: { ...options.headers, origin } });
      await response.text();
      got.push([response.status, response.headers.get("access-control-allow-origin") === origin, response.headers.get("vary")].join(" "));
    }
  }
  console.log(got.join("; "));
  server.close();
}
process.exit(0);
