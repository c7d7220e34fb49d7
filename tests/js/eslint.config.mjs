// The lints of the package's sources and of these tests.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/dist/**", "**/node_modules/**"] },
  js.configs.recommended,
  { languageOptions: { globals: { ...globals["shared-node-browser"], ...globals.nodeBuiltin } }, rules: { "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }] } },
  { files: ["**/*.cjs"], languageOptions: { sourceType: "commonjs", globals: globals.node } },
];
