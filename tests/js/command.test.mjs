// `npx cors-engine`: what it prints, writes and returns is what the command that Rust builds does.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Policy } from "cors-engine";

const PROGRAM = new URL("../../cors-js/bin/cors-engine.cjs", import.meta.url).pathname;
const MESSAGE = "Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.";

/** Makes a folder of policies, and one below it in which commands are run. */
function folder() {
  const root = mkdtempSync(join(tmpdir(), "cors-command-"));
  const files = {
    "shop.toml": 'allow_origins = ["https://app.example.com"]\nallow_methods = ["PATCH"]\nallow_credentials = true\n',
    "bad.toml": 'allow_origins = ["https://Example.com/", "http://a.example"]\nallow_credentials = true\nmax_ages = 3\n# \u{1f600}\n',
    "shop.json": '{ "allow_origins": ["https://app.example.com"], "max_age": 60 }',
    "empty.toml": "",
    "none.toml": "allow_origins = []\n",
    "request.http": "OPTIONS / HTTP/1.1\nOrigin: https://app.example.com\nAccess-Control-Request-Method: PATCH\n\nGET / HTTP/1.1\nOrigin: null\n\n",
    "long name \u00e9.toml": "allow_origins = 1\n",
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
  mkdirSync(join(root, "below"));
  symlinkSync("shop.toml", join(root, "link.toml"));
  writeFileSync(join(root, "below/mine.toml"), files["shop.toml"]);
  return join(root, "below");
}

function runs(program, args, cwd, { input = "", env = {} } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, input, env: { PATH: process.env.PATH, HOME: "/", ...env } });
  assert.equal(error, undefined);
  const inFolder = (bytes) => bytes.toString("latin1").replaceAll(join(cwd, ".."), "ROOT");
  return { status, stdout: inFolder(stdout), stderr: inFolder(stderr) };
}

const ASK = ["--origin", "https://app.example.com"];
const LINES = [
  ["check", "../shop.toml"],
  ["check", "mine.toml", "./mine.toml", "../below/../shop.json"],
  ["check", "../bad.toml", "../shop.toml"],
  ["check", "../bad.toml", "--json"],
  ["check", "../empty.toml", "../none.toml", "none", "..", "../link.toml", "../long name \u00e9.toml"],
  ["check", "-", { input: "allow_origins = 3" }],
  ["check", "../bad.toml", { env: { CLICOLOR_FORCE: "1" } }],
  ["check"],
  ["compile", "../shop.toml", "-o", "-"],
  ["compile", "-", "-o", "new.cors", { input: 'allow_origins = ["*"]' }],
  ["compile", "../shop.toml", "-o", "none/shop.cors"],
  ["compile", "../bad.toml", "-o", "bad.cors"],
  ["compile", "../shop.toml", "-o", "../shop.toml"],
  ["compile", "../shop.toml", "-o", ".."],
  ["show", "old.cors"],
  ["show", "old.cors", "--json"],
  ["show", "../shop.toml"],
  ["decide", "../shop.toml", "../request.http"],
  ["decide", "old.cors", "../request.http", "--json"],
  ["explain", "../shop.toml", ...ASK],
  ["explain", "../shop.toml", ...ASK, "--method", "patch", "--engine", "firefox"],
  ["explain", "old.cors", ...ASK, "--method", "PUT", "--header", "x-a: 1", "--credentials", "--json"],
  ["explain", "old.cors", ...ASK, "--mermaid"],
  ["explain", "old.cors", ...ASK, "--ascii", { env: { COLUMNS: "60" } }],
  ["explain", "old.cors", "--origin", "https://app.example.com/"],
  ["explain", "--message", MESSAGE],
  ["explain", "--message", MESSAGE, "../shop.toml", "--json"],
  ["explain", "--message", "-", { input: MESSAGE }],
  ["completions", "bash"],
  ["man"],
  ["--version"],
  ["--help"],
  ["check", "--help"],
  ["nothing", "\u001b[2J"],
];

test("each command line", () => {
  for (const line of LINES) {
    const options = typeof line.at(-1) === "object" ? line.at(-1) : {};
    const args = line.filter((each) => typeof each === "string");
    const results = [[process.env.CORS_COMMAND], [process.execPath, PROGRAM]].map(([program, ...first]) => {
      const cwd = folder();
      writeFileSync(join(cwd, "old.cors"), Policy.fromFile(join(cwd, "../shop.toml")).toImage());
      const result = runs(program, [...first, ...args], cwd, options);
      const files = readdirSync(cwd).filter((name) => name.endsWith(".cors")).map((name) => [name, readFileSync(join(cwd, name), "latin1"), statSync(join(cwd, name)).mode]);
      return { ...result, files };
    });
    // The words of the system for an error are the system's.
    assert.deepEqual(results[1], results[0], args.join(" "));
  }
  console.log(`${LINES.length} command lines`);
});

test("an image takes the place of an older one, with its permissions, and of a link's target", () => {
  const cwd = folder();
  writeFileSync(join(cwd, "real.cors"), "old", { mode: 0o600 });
  symlinkSync("real.cors", join(cwd, "link.cors"));
  assert.equal(runs(process.execPath, [PROGRAM, "compile", "mine.toml", "-o", "link.cors"], cwd).status, 0);
  assert.deepEqual(new Uint8Array(readFileSync(join(cwd, "real.cors"))), Policy.fromFile(join(cwd, "mine.toml")).toImage());
  assert.equal(statSync(join(cwd, "real.cors")).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(cwd).sort(), ["link.cors", "mine.toml", "real.cors"]);
});

test("a reader that goes away ends the output, and nothing else", () => {
  const cwd = folder();
  const { status } = spawnSync("bash", ["-c", `set -o pipefail; "${process.execPath}" "${PROGRAM}" man | head -1 >/dev/null`], { cwd });
  assert.equal(status, 0);
});

test("what needs a network says so", () => {
  const cwd = folder();
  for (const args of [["probe", "https://a.example/", "--audit"], ["proxy", "--target", "https://a.example", "--policy", "mine.toml"], ["explain", "--serve"]]) {
    const { status, stderr } = runs(process.execPath, [PROGRAM, ...args], cwd);
    assert.equal(status, 2);
    assert.match(stderr, /this program has no network; install the command that is built by Rust/);
  }
});

test("policy.explain returns what `cors explain --json` prints", () => {
  const policy = new Policy({ allowOrigins: ["https://app.example.com"], allowMethods: ["PATCH"], allowCredentials: true });
  const origin = "https://app.example.com";
  for (const [fetch, options] of [
    [{ origin }, []],
    [{ origin: "https://app.example.org" }, []],
    [{ origin, method: "patch", engine: "chromium" }, ["--method", "patch", "--engine", "chromium"]],
    [{ origin, method: "PUT", headers: { "x-a": "1", "content-type": "application/json" }, credentials: true, url: "https://api.example.com/orders/1" },
      ["--method", "PUT", "--header", "x-a: 1", "--header", "content-type: application/json", "--credentials", "--url", "https://api.example.com/orders/1"]],
    [{ origin, headers: [["x-a", "1"]], url: new URL("http://localhost:3000/") }, ["--header", "x-a: 1", "--url", "http://localhost:3000/"]],
  ]) {
    const cwd = folder();
    writeFileSync(join(cwd, "p.cors"), policy.toImage());
    const { stdout } = runs(process.env.CORS_COMMAND, ["explain", "p.cors", "--json", "--origin", fetch.origin, ...options], cwd);
    assert.deepEqual(policy.explain(fetch), JSON.parse(stdout));
  }
  for (const [fetch, message] of [
    [undefined, /undefined where a fetch should be/],
    [{}, /origin: undefined where the page's origin should be/],
    [{ origin: "https://app.example.com/" }, /--origin https:\/\/app\.example\.com\/: not an origin as a browser sends it; write https:\/\/app\.example\.com/],
    [{ origin, verb: "PUT" }, /unknown option verb; the options are origin, url/],
    [{ origin, engine: "netscape" }, /invalid value 'netscape'/],
    [{ origin, url: "api" }, /a URL begins with its scheme; write https:\/\/api/],
    [{ origin, credentials: "include" }, /credentials: a string where true or false/],
  ]) {
    assert.throws(() => policy.explain(fetch), { name: "TypeError", message });
  }
});
