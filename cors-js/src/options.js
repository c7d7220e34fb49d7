// The options of a policy as JSON, for the module: what JSON lacks is an object with its `kind` and the `text` that it stands for.

import { kindOf } from "./headers.js";

/**
 * @param {unknown} options
 * @returns {string}
 */
export function optionsJson(options) {
  // A policy, a map or a list would be read as no options, and so as a policy that allows nothing.
  if (options === null || typeof options !== "object" || isList(options) || typeof options.evaluate === "function") {
    throw new TypeError(`${kindOf(options)} where the options of a policy should be; write { allowOrigins: ["https://app.example.com"] }`);
  }
  const pairs = [];
  for (const [name, value] of Object.entries(options)) {
    // An option that is undefined is left out, as elsewhere in JavaScript.
    if (value !== undefined) pairs.push([name, isList(value) ? Array.from(value, scalar) : scalar(value)]);
  }
  return JSON.stringify(pairs);
}

/** Returns the text that an object of a class stands for, such as a `URL`. */
function textOf(value) {
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return isPlain || typeof value.toString !== "function" ? undefined : String(value);
}

function isList(value) {
  return typeof value === "object" && value !== null && typeof value[Symbol.iterator] === "function" && !(value instanceof String);
}

function scalar(value) {
  switch (typeof value) {
    case "string":
      // Half of a pair is not a character, and in no origin or token.
      return value.replace(/\p{Surrogate}/gu, "\ufffd");
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : { kind: String(value) };
    case "bigint":
      return Number(value);
    case "object":
      if (value === null) return null;
      if (Array.isArray(value)) return { kind: "a list" };
      return { kind: kindOf(value), text: textOf(value) };
    case "undefined":
      return { kind: "undefined" };
    default:
      return { kind: `a ${typeof value}` };
  }
}
