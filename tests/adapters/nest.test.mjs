// Nest, which requires `cors` on Express and registers `@fastify/cors` on Fastify: overrides have it use this package.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { ask, corsOf } from "./servers.mjs";

const PAGE = "https://app.example.com";
const OTHER = "https://app.example.com.evil.example";
const here = fileURLToPath(new URL(".", import.meta.url));

const ALLOWED = [["access-control-allow-credentials", "true"], ["access-control-allow-origin", PAGE]];

for (const version of ["12", "11"]) {
  for (const platform of ["express", "fastify"]) {
    test(`Nest ${version} on ${platform}`, async (context) => {
      const nest = spawn(process.execPath, ["nest.mjs", `${here}nest-${version}`, platform], { cwd: here, stdio: ["ignore", "pipe", "inherit"] });
      context.after(() => nest.kill());
      const [port] = await Promise.race([
        once(createInterface(nest.stdout), "line"),
        once(nest, "exit").then(([code]) => assert.fail(`Nest ended with ${code}`)),
      ]);
      const seen = async (method, path, origin, headers = []) => corsOf(await ask(port, { method, path, headers: [["origin", origin], ...headers] }));
      for (const [method, path, status] of [["GET", "/orders", 200], ["PUT", "/orders", 200], ["GET", "/error", 500], ["GET", "/own", 200], ["GET", "/nowhere", 404], ["DELETE", "/orders", 404]]) {
        assert.deepEqual(await seen(method, path, PAGE), { status, fields: ALLOWED, vary: "origin" }, path);
        assert.deepEqual(await seen(method, path, OTHER), { status, fields: [], vary: "origin" }, path);
      }
      const preflight = [["access-control-request-method", "PUT"], ["access-control-request-headers", "x-token"]];
      const answer = await seen("OPTIONS", "/orders", PAGE, preflight);
      assert.deepEqual(answer.fields, [...ALLOWED.slice(0, 1), ["access-control-allow-headers", "x-token"], ["access-control-allow-methods", "PUT"], ...ALLOWED.slice(1)]);
      assert.equal(answer.status, 204);
      assert.equal((await seen("OPTIONS", "/orders", OTHER, preflight)).status, 403);
      if (platform === "express") {
        // engine.io requires `cors` for the options of a gateway.
        const polled = await seen("GET", "/socket.io/?EIO=4&transport=polling", PAGE);
        assert.deepEqual(polled.fields, ALLOWED.slice(1));
      }
    });
  }
}
