// The gate of the package's sizes: node sizes.mjs. An engine may grow by 5 percent, the command, which others work on, by 25; UPDATE=1 writes SIZES.md.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const GROWTH = { full: 1.05, evaluate: 1.05, command: 1.25, package: 1.25 };
const NAMES = ["full", "evaluate", "command"];
const known = new URL("SIZES.md", import.meta.url);
const folder = new URL("../../cors-js/", import.meta.url).pathname;

const sizes = {};
for (const name of NAMES) {
  const bytes = readFileSync(`${folder}dist/wasm/${name}.wasm`);
  sizes[name] = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
}
const [tarball] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
sizes.package = { tarball: tarball.size, unpacked: tarball.unpackedSize };
console.table(sizes);

const HEAD = "Sizes in bytes, which `tests/js/sizes.mjs` compares; `UPDATE=1 node sizes.mjs` writes this file.\n\n";
if (process.env.UPDATE) writeFileSync(known, HEAD + table(NAMES, ["raw", "gzip", "brotli"]) + "\n" + table(["package"], ["tarball", "unpacked"]));
const written = readFileSync(known, "utf8");
for (const [name, each] of Object.entries(sizes)) {
  const line = written.split("\n").find((line) => line.startsWith(`| ${name} |`));
  Object.entries(each).forEach(([how, size], index) => {
    const before = Number(line.split("|")[2 + index]);
    if (size <= before * GROWTH[name]) return;
    console.error(`${name}, ${how}: ${size} bytes, of ${before}; if that is meant: UPDATE=1 node sizes.mjs`);
    process.exitCode = 1;
  });
}

function table(names, columns) {
  const rows = names.map((name) => `| ${[name, ...columns.map((how) => sizes[name][how])].join(" | ")} |\n`);
  return `| what | ${columns.join(" | ")} |\n|---|${"---:|".repeat(columns.length)}\n${rows.join("")}`;
}
