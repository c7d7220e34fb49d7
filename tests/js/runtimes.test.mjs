// The package in other runtimes: Node 18 and 22, Bun, Deno, and workerd, for which wrangler and esbuild bundle it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { test } from "node:test";

import { Policy } from "cors-engine";
import { buildSync } from "esbuild";
import { Miniflare } from "miniflare";

import { send } from "./send.mjs";
import { decisions, load } from "./vectors.mjs";

const require = createRequire(import.meta.url);
const at = (path) => new URL(path, import.meta.url).pathname;
const packaged = (name, path) => join(require.resolve(`${name}/package.json`), "..", path);
const APP = "https://app.example.com";
const NUMBERS = `${decisions.length} cases, ${decisions.reduce((sum, { requests }) => sum + requests.length, 0)} requests`;
const scratch = mkdtempSync(join(tmpdir(), "cors-js-"));

// Of each path and origin: the status, whether the page's origin is allowed, and Vary.
const EXPRESS = [
  "200 true origin; 200 false origin",
  "201 true Cookie, origin; 201 false Cookie, origin",
  "500 true origin; 500 false origin",
  "404 true origin; 404 false origin",
  "204 true origin; 403 false origin",
].join("; ");
const NODE22 = packaged("node22", "bin/node");

for (const [name, program, ...options] of [
  ["Node 18", packaged("node18", "bin/node")],
  ["Node 22", NODE22],
  ["Bun", packaged("@oven/bun-linux-x64", "bin/bun")],
  ["Deno", packaged("@deno/linux-x64-glibc", "deno"), "run", "--allow-all", "--no-lock", "--node-modules-dir=manual"],
]) {
  test(`the vectors in ${name}`, () => {
    const output = execFileSync(program, [...options, at("runtime.main.mjs")], { encoding: "utf8", cwd: at(".") });
    assert.equal(output.trim(), NUMBERS);
    console.log(`${name}: ${output.trim()}`);
  });
  test(`Express in ${name}`, () => {
    const output = execFileSync(program, [...options, at("express.main.mjs")], { encoding: "utf8", cwd: at(".") });
    assert.deepEqual(output.trim().split("\n"), [EXPRESS, EXPRESS]);
  });
}

const TYPES = { ".js": "ESModule", ".wasm": "CompiledWasm", ".bin": "Data" };

/** Starts a worker of a folder with modules. */
async function start(t, folder, script, options = {}) {
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    modulesRoot: folder,
    // The first is the worker.
    modules: [script, ...readdirSync(folder).filter((name) => name !== script && TYPES[extname(name)])].map((name) => ({
      type: TYPES[extname(name)],
      path: join(folder, name),
    })),
    compatibilityDate: "2026-01-01",
    ...options,
  });
  t.after(() => miniflare.dispose());
  const { port } = await miniflare.ready;
  return { miniflare, port };
}

/** Copies a worker next to an installed package, and has wrangler bundle it as it is. */
function wrangle(worker, name, image, compatibilityFlags = []) {
  const folder = join(scratch, name);
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(at("../../cors-js"), join(folder, "node_modules/cors-engine"));
  writeFileSync(join(folder, "worker.mjs"), readFileSync(worker));
  if (image !== undefined) writeFileSync(join(folder, "shop.bin"), image);
  writeFileSync(join(folder, "wrangler.toml"), `name = "${name}"\nmain = "worker.mjs"\ncompatibility_date = "2026-01-01"\ncompatibility_flags = ${JSON.stringify(compatibilityFlags)}\n`);
  execFileSync(NODE22, [packaged("wrangler", "bin/wrangler.js"), "deploy", "--dry-run", "--outdir", "out"], {
    cwd: folder,
    env: { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: join(folder, "log") },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return join(folder, "out");
}

test("the vectors in workerd", async (t) => {
  const folder = join(scratch, "vectors");
  const contents = `globalThis.VECTORS = ${JSON.stringify({ decisions: load("decisions"), attacks: load("attacks") })};
    export default { async fetch() { const { run } = await import("./runtime.mjs"); return new Response(run()); } };`;
  buildSync({
    stdin: { contents, resolveDir: at("."), loader: "js" },
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["node:*"],
    loader: { ".wasm": "copy" },
    outfile: join(folder, "worker.js"),
  });
  const { port } = await start(t, folder, "worker.js", { compatibilityFlags: ["nodejs_compat"] });
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), NUMBERS);
  console.log(`workerd: ${NUMBERS}`);
});

const CREDENTIALS = ["access-control-allow-credentials", "true"];
const ALLOWED = ["access-control-allow-origin", APP];
const METHODS = ["access-control-allow-methods", "PUT"];
const VARY = ["vary", "origin"];
const THEIR_VARY = ["vary", "accept-encoding, origin"];
const TABLE = [
  ["GET", "/orders", { origin: APP }, 200, '{"pathname":"/orders"}', [CREDENTIALS, ALLOWED, THEIR_VARY]],
  ["GET", "/orders", { origin: "https://evil.example" }, 200, '{"pathname":"/orders"}', [THEIR_VARY]],
  ["GET", "/orders", {}, 200, '{"pathname":"/orders"}', [THEIR_VARY]],
  ["GET", "/broken", { origin: APP }, 500, "something went wrong", [CREDENTIALS, ALLOWED, VARY]],
  ["OPTIONS", "/", { origin: APP, "access-control-request-method": "PUT" }, 204, "", [CREDENTIALS, METHODS, ALLOWED, VARY]],
  ["OPTIONS", "/", { origin: "null", "access-control-request-method": "PUT" }, 403, "", [VARY]],
];

const image = new Policy({ allowOrigins: [APP], allowMethods: ["PUT"], allowCredentials: true }).toImage();

test("the worker with a key-value store, bundled by wrangler", async (t) => {
  const { miniflare, port } = await start(t, wrangle(at("../../cors-js/examples/worker.mjs"), "store"), "worker.js", { kvNamespaces: ["POLICIES"] });
  const store = await miniflare.getKVNamespace("POLICIES");
  await store.put("shop.cors", image);
  for (const [method, path, headers, status, body, cors] of TABLE) {
    assert.deepEqual(await send(port, path, method, headers), { status, body, cors }, `${method} ${path} ${headers.origin}`);
  }
});

/** The first block of JavaScript in a document. */
function firstBlock(document) {
  return readFileSync(at(`../../docs/${document}`), "utf8").match(/```js\n([^]*?)```/)[1];
}

test("the worker of docs/edge.md, bundled by wrangler as it is written", async (t) => {
  writeFileSync(join(scratch, "edge.mjs"), firstBlock("edge.md").replace("fetch(request))", 'new Response("shop"))'));
  const { port } = await start(t, wrangle(join(scratch, "edge.mjs"), "edge", image), "worker.js");
  assert.deepEqual(await send(port, "/", "GET", { origin: APP }), { status: 200, body: "shop", cors: [CREDENTIALS, ALLOWED, VARY] });
  assert.equal((await send(port, "/", "OPTIONS", { origin: APP, "access-control-request-method": "PUT" })).status, 204);
});

test("a worker with the whole engine, bundled by wrangler", async (t) => {
  const source = `import { Policy } from "cors-engine";
    const policy = new Policy({ allowOrigins: ["${APP}"] });
    export default { fetch: (request) => policy.handle(request, () => new Response(JSON.stringify(Policy.check({ allowOrigins: ["*.example.com"] }).length))) };`;
  writeFileSync(join(scratch, "whole.mjs"), source);
  const { port } = await start(t, wrangle(join(scratch, "whole.mjs"), "whole"), "worker.js");
  assert.deepEqual(await send(port, "/", "GET", { origin: APP }), { status: 200, body: "1", cors: [ALLOWED, VARY] });
});

test("bundled for Node into one file, in either format", () => {
  for (const format of ["esm", "cjs"]) {
    const outfile = join(scratch, `bundle.${format === "esm" ? "mjs" : "cjs"}`);
    const contents = format === "esm" ? 'import { Policy } from "cors-engine";' : 'const { Policy } = require("cors-engine");';
    buildSync({ stdin: { contents: `${contents} console.log(new Policy({ allowOrigins: ["${APP}"] }).allowsOrigin("${APP}"));`, resolveDir: at(".") }, bundle: true, platform: "node", format, outfile });
    assert.equal(execFileSync(process.execPath, [outfile], { encoding: "utf8", cwd: tmpdir() }), "true\n");
  }
});

test("bundled for browsers, without anything of Node's", () => {
  const outfile = join(scratch, "browser.mjs");
  buildSync({ stdin: { contents: `import { Policy } from "cors-engine"; console.log(new Policy({ allowOrigins: ["${APP}"] }).allowsOrigin("${APP}"));`, resolveDir: at(".") }, bundle: true, platform: "browser", format: "esm", outfile });
  const text = readFileSync(outfile, "utf8");
  assert.ok(!/\bfrom "node:|require\("/.test(text));
  assert.equal(execFileSync(process.execPath, [outfile], { encoding: "utf8", cwd: tmpdir() }), "true\n");
});

test("the tarball is whole, and works where it is installed", () => {
  const folder = join(scratch, "installed");
  mkdirSync(folder);
  const [{ filename, files }] = JSON.parse(execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: at("../../cors-js"), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  for (const needed of ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-NOTICES", "dist/wasm/full.wasm", "dist/wasm/evaluate.wasm"]) {
    assert.ok(files.some(({ path }) => path === needed), needed);
  }
  execFileSync("tar", ["-xzf", filename], { cwd: folder });
  mkdirSync(join(folder, "node_modules"));
  cpSync(join(folder, "package"), join(folder, "node_modules/cors-engine"), { recursive: true });
  const program = (load) => `${load}; console.log(new Policy({ allowOrigins: ["${APP}"] }).allowsOrigin("${APP}"))`;
  for (const options of [["-e", program('const { Policy } = require("cors-engine")')], ["--input-type=module", "-e", program('import { Policy } from "cors-engine"')]]) {
    assert.equal(execFileSync(packaged("node18", "bin/node"), options, { cwd: folder, encoding: "utf8" }), "true\n");
  }
});

test("who imports and who requires the package has one engine", () => {
  const program = 'import * as all from "cors-engine"; import { createRequire } from "node:module"; const required = createRequire(import.meta.url)("cors-engine"); for (const [name, value] of Object.entries(all)) if (name !== "default" && required[name] !== value) throw name; console.log(Object.keys(all).length > 3)';
  const file = at("one-engine.tmp.mjs");
  assert.equal(execFileSync(process.execPath, ["--input-type=module", "-e", program.replace("import.meta.url", JSON.stringify(`file://${file}`))], { cwd: at("."), encoding: "utf8" }), "true\n");
});
