// Writes dist/ of the modules in target/ and of src/ and adapters/:
//
//   dist/wasm   the modules, as files and inlined
//   dist/esm    the sources as they are, for bundlers, browsers and edge runtimes
//   dist/cjs    the same as CommonJS
//   dist/node   the names of dist/cjs as ES modules, so that a process that imports and requires has one engine
//   dist/types  the declarations, for either
//
//   node package.mjs FULL EVALUATE COMMAND

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const dist = join(root, "dist");
const FOLDERS = ["src", "adapters"];
/** The module whose CommonJS form is a function, with its other exports as properties. */
const ROOT = "src/index.js";

const read = (path) => readFileSync(join(root, path), "utf8");

/** What dist/ has to hold, by path. @type {Map<string, Buffer>} */
const made = new Map();

function write(path, content) {
  made.set(path, Buffer.from(content));
}

/** Makes dist/ hold that and nothing else. What is there already is not touched: another may be reading it. */
function finish() {
  for (const path of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const file = join(path.parentPath ?? path.path, path.name);
    if (path.isFile() && !made.has(relative(dist, file).replaceAll("\\", "/"))) rmSync(file);
  }
  for (const [path, content] of made) {
    const file = join(dist, path);
    if (existsSync(file) && readFileSync(file).equals(content)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  }
}

function files(folder, ending) {
  return readdirSync(join(root, folder)).filter((name) => name.endsWith(ending)).sort().map((name) => `${folder}/${name}`);
}

/** The statements that import and export, which in these sources stand at the beginnings of lines. */
const STATEMENT = {
  importNames: /^import \{([^}]*)\} from "([^"]+)";$/gm,
  importAll: /^import \* as (\w+) from "([^"]+)";$/gm,
  importDefault: /^import (\w+)(?:, \{([^}]*)\})? from "([^"]+)";$/gm,
  exportFrom: /^export \{([^}]*)\} from "([^"]+)";$/gm,
  exportNames: /^export \{([^}]*)\};$/gm,
  exportDefault: /^export default (\w+);$/gm,
  exportDeclaration: /^export ((?:async )?function\*?|class|const|let) (\w+)/gm,
};

function names(list) {
  return list.split(",").map((name) => name.trim()).filter(Boolean).map((name) => {
    const [local, as = local] = name.split(" as ");
    return { local, as };
  });
}

/** Returns a module's exported names. */
function exportsOf(path) {
  const text = read(path);
  const found = [];
  for (const [, list] of text.matchAll(STATEMENT.exportFrom)) found.push(...names(list).map(({ as }) => as));
  for (const [, list] of text.matchAll(STATEMENT.exportNames)) found.push(...names(list).map(({ as }) => as));
  for (const [, , name] of text.matchAll(STATEMENT.exportDeclaration)) found.push(name);
  if (text.search(STATEMENT.exportDefault) !== -1) found.push("default");
  return found;
}

function commonJs(path) {
  const made = [];
  const pattern = (list) => names(list).map(({ local, as }) => (local === as ? local : `${local}: ${as}`)).join(", ");
  const add = (name, value) => {
    made.push(`${name}: { enumerable: true, get: () => ${value} }`);
    return "";
  };
  let modules = 0;
  const text = read(path)
    .replace(STATEMENT.importNames, (_, list, from) => `const { ${pattern(list)} } = require("${from}");`)
    .replace(STATEMENT.importAll, (_, name, from) => `const ${name} = require("${from}");`)
    .replace(STATEMENT.importDefault, (_, name, list, from) =>
      [`const ${name} = require("${from}").default;`, list && `const { ${pattern(list)} } = require("${from}");`].filter(Boolean).join(" "))
    .replace(STATEMENT.exportFrom, (_, list, from) => {
      const module = `exported${modules++}`;
      names(list).forEach(({ local, as }) => add(as, `${module}.${local}`));
      return `const ${module} = require("${from}");`;
    })
    .replace(STATEMENT.exportNames, (_, list) => names(list).map(({ local, as }) => add(as, local)).join(""))
    .replace(STATEMENT.exportDefault, (_, name) => add("default", name))
    .replace(STATEMENT.exportDeclaration, (_, kind, name) => `${add(name, name)}${kind} ${name}`);
  const required = text.replace(/require\("(\.[^"]*)\.js"\)/g, 'require("$1.cjs")');
  const left = text.match(/^(import|export)\b.*|\bimport\.meta\b.*|^await .*/m);
  if (left) throw new Error(`${path}: package.mjs has no CommonJS for: ${left[0]}`);
  const isFunction = path === ROOT && made.some((line) => line.startsWith("default:"));
  // The names are there before other modules are loaded, which may load this one.
  const early = `Object.defineProperties(exports, { __esModule: { value: true }, ${made.join(", ")} });`;
  const late = isFunction ? `module.exports = Object.defineProperties(exports.default, Object.getOwnPropertyDescriptors(exports));\n` : "";
  return `"use strict";\n${early}\n${required}${late && `\n${late}`}`;
}

/** The names of a CommonJS module as an ES module. */
function wrapper(path) {
  const exported = exportsOf(path);
  const listed = exported.filter((name) => name !== "default");
  const lines = [`import module from "../../cjs/${path.replace(/\.js$/, ".cjs")}";`, ""];
  if (listed.length > 0) lines.push(`export const { ${listed.join(", ")} } = module;`);
  if (exported.includes("default")) lines.push("export default module.default;");
  return `${lines.join("\n")}\n`;
}

/** Declarations with the endings of a module's kind. */
function declarations(text, ending) {
  return text.replace(/(from|import\(|require\()(\s*)"(\.[^"]*)\.js"/g, (_, word, space, from) => `${word}${space}"${from}.${ending}"`);
}

function inlined(name, path) {
  const base64 = readFileSync(path).toString("base64");
  const note = "// Generated by `cors-js/build`: the WebAssembly module, compiled when it is needed.\n\n";
  write(`wasm/${name}.js`, `${note}export function ${name}() {
  return new WebAssembly.Module(bytes());
}

function bytes() {
  if (typeof Buffer === "function") return Buffer.from(TEXT, "base64");
  const text = atob(TEXT);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

const TEXT =
  "${base64}";
`);
  // A bundle has the text; the package itself reads the file, which takes less time and memory.
  write(`wasm/${name}.cjs`, `"use strict";
${note}exports.${name} = () => new WebAssembly.Module(bytes());

function bytes() {
  if (typeof __filename === "string" && /[\\\\/]wasm[\\\\/]${name}\\.cjs$/.test(__filename)) {
    const files = process.getBuiltinModule?.("node:fs") ?? require("node:fs");
    const file = __filename.replace(/cjs$/, "wasm");
    // Nuxt and Next.js copy what is required, or keep its name in a bundle, without the file beside it.
    if (files.existsSync(file)) return files.readFileSync(file);
  }
  return Buffer.from(require("./${name}.text.cjs").text, "base64");
}
`);
  write(`wasm/${name}.text.cjs`, `"use strict";
// Generated by \`cors-js/build\`: the bytes of ${name}.wasm in base64, for bundles.

exports.text =
  "${base64}";
`);
  write(`wasm/${name}.workerd.js`, `// Generated by \`cors-js/build\`: for runtimes that take WebAssembly from files alone.

import module from "./${name}.wasm";

export const ${name} = () => module;
`);
}

const [full, evaluate, command] = process.argv.slice(2);
if (command === undefined) {
  console.error("usage: node package.mjs FULL EVALUATE COMMAND");
  process.exit(2);
}
mkdirSync(dist, { recursive: true });
for (const [name, path] of Object.entries({ full, evaluate })) {
  inlined(name, path);
  write(`wasm/${name}.wasm`, readFileSync(path));
}
write("wasm/command.wasm", readFileSync(command));
for (const path of FOLDERS.flatMap((folder) => files(folder, ".js"))) {
  write(`esm/${path}`, read(path));
  write(`cjs/${path.replace(/\.js$/, ".cjs")}`, commonJs(path));
  write(`node/${path.replace(/\.js$/, ".mjs")}`, wrapper(path));
}
for (const path of FOLDERS.flatMap((folder) => files(folder, ".cjs"))) write(`cjs/${path}`, read(path));
for (const path of FOLDERS.flatMap((folder) => files(folder, ".d.ts"))) {
  const name = `types/${path.replace(/\.d\.ts$/, "")}`;
  write(`${name}.d.mts`, declarations(read(path), "mjs"));
  write(`${name}.d.cts`, declarations(read(path), "cjs"));
}
for (const path of FOLDERS.flatMap((folder) => files(folder, ".d.cts"))) write(`types/${path}`, read(path));
finish();
console.log(`dist/: ${made.size} files`);
