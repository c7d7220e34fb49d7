// What is expected of a value that an application gives, and how an error names another one (A11).

export function boolean(name, value, advice = "") {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  const meant = typeof value === "string" ? BOOLEANS[value.trim().toLowerCase()] : undefined;
  throw new TypeError(`${name}: true or false is expected, not ${kindOf(value)}; write ${meant ?? "true or false"}${meant === undefined ? "" : ", without quotation marks"}${advice}`);
}

const BOOLEANS = { true: "true", yes: "true", on: "true", 1: "true", false: "false", no: "false", off: "false", 0: "false" };

/** Returns the function, of which nobody waits for the promise: what that fails with is written to the console. */
export function callback(name, value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "function") throw new TypeError(`${name}: a function is expected, not ${kindOf(value)}`);
  return (...args) => {
    const returned = value(...args);
    if (isThenable(returned)) returned.then(undefined, (thrown) => console.error(`cors-engine: ${name} failed:`, thrown));
  };
}

export function isThenable(value) {
  return value !== null && typeof value === "object" && typeof value.then === "function";
}

/** True for an expression of another realm, too. */
export function isRegExp(value) {
  return Object.prototype.toString.call(value) === "[object RegExp]";
}

/** True for an object of options: not for a list, or what has a class of its own. */
export function isRecord(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value) && (Object.getPrototypeOf(value) === null || Object.getPrototypeOf(Object.getPrototypeOf(value)) === null);
}

/** True for the name of an option of a `Policy`. */
export function isPolicyOption(name) {
  return /^(?:allow(?:Origins|Methods|Headers|Credentials)|exposeHeaders|preflightStatus)$/.test(name);
}

/** Returns how an error names a value. */
export function kindOf(value) {
  if (value === null) return "null";
  if (typeof value === "string") return quoted(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "number" || typeof value === "boolean") return `${value}`;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return `an object (${value.constructor?.name ?? "without a class"})`;
  return typeof value === "undefined" ? "undefined" : `a ${typeof value}`;
}

export function quoted(text) {
  return JSON.stringify(text);
}

/**
 * Returns what a function answers: it takes a callback after the other arguments, or returns the answer or a promise of it. What a
 * function with a callback returns beside is nothing.
 */
export function answered(given, ...args) {
  const calls = given.length > args.length;
  let isDone = false;
  let failure;
  let value;
  let settle;
  const result = () => {
    if (failure) throw failure;
    return value;
  };
  const later = () =>
    new Promise((resolve, reject) => {
      settle = () => (failure ? reject(failure) : resolve(value));
    });
  const returned = given(...args, (error, answer) => {
    if (isDone) return;
    isDone = true;
    failure = error;
    value = answer;
    settle?.();
  });
  if (isThenable(returned)) {
    return returned.then((answer) => {
      if (isDone) return result();
      return answer === undefined && calls ? later() : answer;
    });
  }
  if (isDone) return result();
  return calls || returned === undefined ? later() : returned;
}

/**
 * Returns what was thrown, or an error in its place: frameworks go on where `next` is called without an error, and Express where it is
 * called with one of two words.
 */
export function asError(thrown, what) {
  if (thrown && thrown !== "route" && thrown !== "router") return thrown;
  return new Error(`${what} failed without an error, but with ${kindOf(thrown)}`);
}
