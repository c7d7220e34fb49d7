#!/usr/bin/env node
// `npx cors-engine check|compile|show|decide|explain`: the `cors` command, compiled to WebAssembly. It has no network.

"use strict";

const fs = require("node:fs");

const { commandModule } = require("../dist/cjs/src/command.cjs");
const { run } = require("../dist/cjs/src/wasi.cjs");

if (globalThis.crypto === undefined) globalThis.crypto = require("node:crypto").webcrypto;

/** Calls again what has to wait: a pipe that is full or empty. */
function patiently(call) {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

const cwd = process.cwd().replaceAll("\\", "/");
const columns = process.env.COLUMNS ?? (process.stdout.isTTY ? String(process.stdout.columns) : undefined);
process.exitCode = run(commandModule(), {
  args: ["cors", ...process.argv.slice(2)],
  env: { ...process.env, COLUMNS: columns, PWD: cwd.startsWith("/") ? cwd : `/${cwd}` },
  read: (buffer) => patiently(() => fs.readSync(0, buffer)),
  write(stream, bytes) {
    for (let done = 0; done < bytes.length; ) done += patiently(() => fs.writeSync(stream, bytes, done));
  },
  isTerminal: (stream) => [process.stdin, process.stdout, process.stderr][stream].isTTY === true,
  files: fs,
});
