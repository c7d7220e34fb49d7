// The one instance of the module `full`, which is made when it is first needed.

import { Engine } from "./engine.js";
import { full } from "#full";

/** @type {Engine | undefined} */
let engine;

/** @returns {Engine} */
export function fullEngine() {
  return (engine ??= new Engine(full()));
}
