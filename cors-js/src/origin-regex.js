// Regular expressions for origins (P9).

import { ConfigError, errorOf, shown } from "./errors.js";
import { fullEngine } from "./full-engine.js";
import { kindOf } from "./headers.js";

/** The flags that the module does not have, and why. */
const FOREIGN_FLAGS = { v: "has a notation of its own; write the expression without it" };

/** Gives the module's memory of an expression back once the expression is dropped. */
const dropped = new FinalizationRegistry(({ engine, place }) => engine.call("regex_release", [], [place]));

export class OriginRegex {
  #sources;
  #places;
  /** The problems of each expression with credentials, found once. */
  #risks;

  constructor(patterns) {
    const list = patterns instanceof RegExp ? [patterns] : patterns;
    if (!Array.isArray(list) || !list.every((pattern) => pattern instanceof RegExp)) {
      const wrong = Array.isArray(list) ? list.find((pattern) => !(pattern instanceof RegExp)) : list;
      throw new TypeError(`patterns: ${kindOf(wrong)} where a RegExp should be; write [/https:\\/\\/pr-[0-9]+\\.example\\.com/]`);
    }
    const engine = fullEngine();
    const problems = [];
    const places = [];
    this.#sources = list.map(sourceOf);
    this.#sources.forEach((source, index) => {
      const place = engine.call("regex_compile", [encoder.encode(source)]) >>> 0;
      if (place === 0) problems.push(...placed(JSON.parse(decoder.decode(engine.outputBytes())), index));
      else places.push(place);
    });
    if (problems.length > 0) {
      for (const place of places) engine.call("regex_release", [], [place]);
      throw errorOf(problems);
    }
    this.#places = places;
    for (const place of places) dropped.register(this, { engine, place });
  }

  /** The expressions as they are matched: the flag `i` is written into them. */
  get patterns() {
    return [...this.#sources];
  }

  /** Returns true if some expression matches the origin from its first character to its last. */
  matches(origin) {
    if (typeof origin !== "string") throw new TypeError(`origin: ${kindOf(origin)} where a string should be`);
    const engine = fullEngine();
    const bytes = encoder.encode(origin);
    return this.#places.some((place) => engine.call("regex_matches", [bytes], [place]) !== 0);
  }

  /** Returns the risks of the expressions for responses with credentials, as problems. */
  risks() {
    const engine = fullEngine();
    this.#risks ??= this.#sources.flatMap((source, index) => {
      engine.call("regex_risks", [encoder.encode(source)]);
      return placed(JSON.parse(decoder.decode(engine.outputBytes())), index).map(shown);
    });
    return this.#risks;
  }

  /** Throws a `ConfigError` if the policy allows credentials and accepts not every risk of the expressions. */
  check(policy) {
    if (!policy.allowCredentials) return;
    const open = this.risks().filter(({ risk }) => !policy.acceptRisks.includes(risk));
    if (open.length > 0) throw new ConfigError(open);
  }

  /** For `policy.evaluate`. */
  askFor(policy) {
    this.check(policy);
    return (origin) => this.matches(origin);
  }
}

/** Returns the expression with its flags in it. `g` and `y` are about where a search goes on, which whole matches do not. */
function sourceOf({ source, flags }, index) {
  for (const [flag, why] of Object.entries(FOREIGN_FLAGS)) {
    if (flags.includes(flag)) throw new TypeError(`patterns[${index}]: the flag ${flag} ${why}`);
  }
  // RegExp escapes the slash in its source, which has no meaning in an expression.
  const text = source.replaceAll("\\/", "/");
  return flags.includes("i") ? `(?i)${text}` : text;
}

function placed(problems, index) {
  return problems.map((problem) => ({ ...problem, field: "patterns", index, message: `patterns[${index}] ${problem.message}` }));
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
