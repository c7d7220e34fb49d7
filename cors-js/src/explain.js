// Explanations, by the `cors` command itself.

import { commandModule } from "#command";
import { kindOf } from "./headers.js";
import { run } from "./wasi.js";

const OPTIONS = ["origin", "url", "method", "headers", "credentials", "engine"];

/**
 * Returns what `cors explain --json` prints for an image and a fetch.
 * @param {Uint8Array} image
 */
export function explain(image, fetch) {
  const args = ["cors", "explain", "-", "--json", ...argumentsOf(fetch)];
  const output = { 1: [], 2: [] };
  let read = 0;
  const status = run(commandModule(), {
    args,
    env: {},
    read(buffer) {
      const part = image.subarray(read, read + buffer.length);
      buffer.set(part);
      read += part.length;
      return part.length;
    },
    write: (stream, bytes) => output[stream].push(decoder.decode(bytes, { stream: true })),
    isTerminal: () => false,
  });
  // 0: the page gets the response; 1: the fetch is blocked.
  if (status > 1) throw new TypeError(`policy.explain: ${output[2].join("").replace(/^error: /, "").split("\n\n")[0].trim()}`);
  return JSON.parse(output[1].join(""));
}

function argumentsOf(fetch) {
  if (fetch === null || typeof fetch !== "object") {
    throw new TypeError(`policy.explain: ${kindOf(fetch)} where a fetch should be; write { origin: "https://app.example.com", method: "PUT" }`);
  }
  for (const name of Object.keys(fetch)) {
    if (!OPTIONS.includes(name)) throw new TypeError(`policy.explain: unknown option ${name}; the options are ${OPTIONS.join(", ")}`);
  }
  const { origin, url, method, headers = [], credentials = false, engine } = fetch;
  if (typeof origin !== "string") throw new TypeError(`policy.explain: origin: ${kindOf(origin)} where the page's origin should be`);
  if (typeof credentials !== "boolean") throw new TypeError(`policy.explain: credentials: ${kindOf(credentials)} where true or false should be`);
  const args = [`--origin=${origin}`];
  for (const [name, value] of Object.entries({ url, method, engine })) {
    if (value === undefined) continue;
    if (typeof value !== "string" && !(value instanceof URL)) throw new TypeError(`policy.explain: ${name}: ${kindOf(value)} where a string should be`);
    args.push(`--${name}=${value}`);
  }
  const pairs = typeof headers?.[Symbol.iterator] === "function" && typeof headers !== "string" ? [...headers] : Object.entries(headers ?? {});
  for (const [name, value] of pairs) args.push(`--header=${name}: ${value}`);
  if (credentials) args.push("--credentials");
  return args;
}

const decoder = new TextDecoder();
