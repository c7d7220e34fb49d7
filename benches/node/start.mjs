// What the package costs at the start: time and memory of an import, and of the first policy, each in a process of its own.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../tests/adapters/package.json", import.meta.url));
const RUNS = process.argv.includes("--quick") ? 3 : 15;

const load = (name) => `const before = process.memoryUsage().rss; const start = performance.now(); const loaded = require(${JSON.stringify(require.resolve(name))});`;
const CASES = {
  "npm's cors, imported": load("cors"),
  "cors-engine, imported": load("cors-engine"),
  "cors-engine, and the first policy": `${load("cors-engine")} new loaded.Policy({ allowOrigins: ["https://app.example.com"] }).evaluate("GET", {});`,
  "cors-engine/edge, imported": load("cors-engine/edge"),
};

console.log(`Node ${process.version}, the median of ${RUNS} processes.\n\n| what | milliseconds | MB |\n|---|---:|---:|`);
for (const [name, program] of Object.entries(CASES)) {
  const runs = Array.from({ length: RUNS }, () => {
    const { stdout } = spawnSync(process.execPath, ["-e", `${program} console.log(performance.now() - start, (process.memoryUsage().rss - before) / 1e6)`], { encoding: "utf8" });
    return stdout.trim().split(" ").map(Number);
  });
  const median = (index) => runs.map((run) => run[index]).sort((one, other) => one - other)[RUNS >> 1];
  console.log(`| ${name} | ${median(0).toFixed(1)} | ${median(1).toFixed(1)} |`);
}
