// docs/node.md: its programs run, and it names every difference that the tables know.

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";

import { DIFFERENCES } from "./peers/compare.mjs";

const text = readFileSync(new URL("../../docs/node.md", import.meta.url), "utf8");
const programs = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, program]) => program);

test("there are programs", () => assert.ok(programs.length >= 10));

programs.forEach((program, index) => {
  test(`program ${index + 1}: ${program.split("\n").find((line) => line.includes("from"))}`, async (context) => {
    // Beside this file, where the packages are found.
    const file = new URL(`./documents-${index}.tmp.mjs`, import.meta.url);
    writeFileSync(file, program);
    context.after(() => rmSync(file));
    await import(file);
  });
});

for (const [name, sentence] of Object.entries(DIFFERENCES)) {
  test(`${name} is named`, () => assert.ok(text.includes(`| ${sentence} |`), sentence));
}

test("no other difference is named", () => {
  const [, section] = text.split("## What differs");
  const named = [...section.split("\n## ")[0].matchAll(/^\| (.*?) \| /gm)].map(([, sentence]) => sentence).slice(1);
  assert.deepEqual(named.toSorted(), Object.values(DIFFERENCES).toSorted());
});
