// Writes the image of each case of the decision vectors to a folder, named by its number, for the test in Python.

import { mkdirSync, writeFileSync } from "node:fs";

import { Policy } from "cors-engine";

import { RISKS, decisions, options } from "./vectors.mjs";

const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
decisions.forEach(({ policy }, index) => {
  writeFileSync(`${folder}/${index}.cors`, new Policy({ ...options(policy), acceptRisks: RISKS }).toImage());
});
