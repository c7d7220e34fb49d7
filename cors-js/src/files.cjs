// The file system of Node, Bun and Deno, for Policy.fromFile.

"use strict";

// Found when it is needed: in a bundle of ES modules there is no `require` that has it.
exports.readFileSync = (path) => (process.getBuiltinModule?.("node:fs") ?? require("node:fs")).readFileSync(path);
