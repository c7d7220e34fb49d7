// What is thrown for policies that are refused. Misuse of a function is a `TypeError`.

/** The reasons why a policy is refused: `problems` has each with its field, value and advice. */
export class ConfigError extends Error {
  name = "ConfigError";

  /** @param {readonly import("./index.js").Problem[]} problems */
  constructor(problems) {
    super(sentence(problems));
    this.problems = problems;
  }
}

/** The reason why bytes are not the image of a policy. */
export class ImageError extends Error {
  name = "ImageError";
}

/** Returns the error of these problems: a `TypeError` where an option has the wrong name or type (A11). */
export function errorOf(problems) {
  const wrongTypes = problems.filter(({ isTypeError }) => isTypeError);
  if (wrongTypes.length === 0) return new ConfigError(problems.map(shown));
  const error = new TypeError(sentence(wrongTypes));
  error.problems = problems.map(shown);
  return error;
}

/** A problem without what is not part of the interface. */
export function shown({ kind, field, index, value, reason, advice, risk, line, column, message }) {
  return Object.freeze({ kind, field, index, value, reason, advice, risk, line, column, message });
}

function sentence(problems) {
  const first = problems.slice(0, 100).map(({ line, column, message }) => (line === null ? message : `${line}:${column}: ${message}`));
  const more = problems.length - first.length;
  return (more > 0 ? [...first, `and ${more} more`] : first).join("\n");
}
