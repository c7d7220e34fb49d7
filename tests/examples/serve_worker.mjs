// Runs the worker's example in workerd, on a free port, and prints its address. The argument is the compiled policy.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const at = (path) => new URL(path, import.meta.url);
const { Miniflare } = createRequire(at("../wasm/package.json"))("miniflare");
const text = (path) => readFileSync(at(path), "utf8");

// `@cors/engine` is a file here, so that its imports of `./…` are files next to it.
const { files } = JSON.parse(text("../../cors-js/package.json"));
const engine = files
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({
    type: "ESModule",
    path: name === "index.js" ? "/@cors/engine" : `/@cors/${name}`,
    contents: text(`../../cors-js/${name}`),
  }));

const miniflare = new Miniflare({
  host: "127.0.0.1",
  port: 0,
  modulesRoot: "/",
  modules: [
    { type: "ESModule", path: "/worker.mjs", contents: text("../../examples/worker/worker.mjs") },
    ...engine,
    { type: "CompiledWasm", path: "/@cors/engine/cors.wasm", contents: readFileSync(at("../../cors-js/cors.wasm")) },
    { type: "Data", path: "/shop.cors", contents: readFileSync(process.argv[2]) },
  ],
  compatibilityDate: "2026-01-01",
});
process.on("SIGTERM", async () => {
  await miniflare.dispose();
  process.exit(0);
});
const { port } = await miniflare.ready;
console.log(`http://127.0.0.1:${port}`);
