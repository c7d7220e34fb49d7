// For runtimes that run a file.

import { run } from "./runtime.mjs";

console.log(run());
