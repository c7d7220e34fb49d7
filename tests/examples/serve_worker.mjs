// Runs the worker's example in workerd, on a free port, and prints its address. The argument is the compiled policy.

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

const at = (path) => new URL(path, import.meta.url).pathname;
const require = createRequire(at("../js/package.json"));
const { buildSync } = require("esbuild");
const { Miniflare } = require("miniflare");

const TYPES = { ".js": "ESModule", ".wasm": "CompiledWasm", ".bin": "Data" };

// As wrangler bundles it: what is imported as bytes or as a module stays a file.
const folder = mkdtempSync(join(tmpdir(), "cors-worker-"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(at("../../cors-js"), join(folder, "node_modules/cors-engine"));
writeFileSync(join(folder, "shop.bin"), readFileSync(process.argv[2]));
writeFileSync(join(folder, "worker.mjs"), readFileSync(at("../../examples/worker/worker.mjs")));
buildSync({
  entryPoints: [join(folder, "worker.mjs")],
  bundle: true,
  format: "esm",
  conditions: ["workerd", "worker", "browser"],
  loader: { ".wasm": "copy", ".bin": "copy" },
  outfile: join(folder, "out/worker.js"),
});
const built = readdirSync(join(folder, "out")).sort((one, other) => (other === "worker.js") - (one === "worker.js"));
const modules = built.map((name) => ({
  type: TYPES[extname(name)],
  path: join("/", name),
  contents: extname(name) === ".js" ? readFileSync(join(folder, "out", name), "utf8") : readFileSync(join(folder, "out", name)),
}));
rmSync(folder, { recursive: true });

const miniflare = new Miniflare({ host: "127.0.0.1", port: 0, modulesRoot: "/", modules, compatibilityDate: "2026-01-01" });
process.on("SIGTERM", async () => {
  await miniflare.dispose();
  process.exit(0);
});
const { port } = await miniflare.ready;
console.log(`http://127.0.0.1:${port}`);
