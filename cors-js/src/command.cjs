// The `cors` command as a module of its own, for Node, Bun and Deno: what `npx cors-engine` runs, and what explains.

"use strict";

const builtin = (name) => process.getBuiltinModule?.(name) ?? require(name);

let module_;

/** Returns the module of the command, which is read when it is first needed. */
exports.commandModule = () => {
  if (module_ === undefined) {
    const { readFileSync } = builtin("node:fs");
    const { join } = builtin("node:path");
    module_ = new WebAssembly.Module(readFileSync(join(__dirname, "../../wasm/command.wasm")));
  }
  return module_;
};
