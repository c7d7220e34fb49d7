// tests/vectors/decisions.json and attacks.json, and the image of each of its policies, which the `cors` command makes.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";

const folder = process.env.CORS_VECTORS ?? new URL("../vectors", import.meta.url).pathname;
const RISKS = ["NullOrigin", "AnyOriginWithCredentials", "InsecureOrigin", "PublicSuffix", "LocalFileOrigin"];
const LISTS = ["allow_origins", "allow_methods", "allow_headers", "expose_headers"];

const [decisions, attacks] = ["decisions", "attacks"].map((name) => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8")));

/** The cases of the files. The module evaluates only: policies that are refused have no image. */
export const cases = [...decisions, ...attacks.filter(({ requests }) => requests !== undefined)];

/** The bytes of a value, each a character. */
export function value(written) {
  if (typeof written === "string") return Buffer.from(written).toString("latin1");
  if ("hex" in written) return Buffer.from(written.hex, "hex").toString("latin1");
  return value((written.prefix ?? "") + written.repeat.repeat(written.times) + (written.suffix ?? ""));
}

/** Compiles policies to files in a folder, each named by its number. */
export function compileAll(target) {
  mkdirSync(target, { recursive: true });
  cases.forEach(({ policy }, index) => {
    const lists = LISTS.map((name) => [name, (policy[name] ?? []).map((text) => utf8(value(text)))]);
    const file = { ...policy, ...Object.fromEntries(lists), accept_risks: RISKS };
    if (file.max_age === null) delete file.max_age;
    compile(JSON.stringify(file), `${target}/${index}.cors`);
  });
}

/** Compiles a policy file's text to a file. */
export function compile(policy, target) {
  execFileSync(process.env.CORS_COMMAND, ["compile", "-", "-o", target], { input: policy, stdio: "pipe" });
}

function utf8(bytes) {
  return Buffer.from(bytes, "latin1").toString();
}
