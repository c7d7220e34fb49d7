// Writes the page for any file server and for `file:`: one file with its styles and scripts, and beside it the modules of the engine.
//
//   node site.mjs POLICY-MODULE TEXT-MODULE FOLDER
//
// A document of `file:` may load neither modules nor wasm, but scripts. So the page's modules become functions of one script, and a
// module of the engine is a text in a script of its own, which is loaded when it is needed. Takes Python, which can pack by LZMA.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const [policyModule, textModule, folder] = process.argv.slice(2);
const source = (name) => readFileSync(join(import.meta.dirname, 'page', name), 'utf8');

/** The statements that import and export, which in these sources stand at the beginnings of lines. */
const IMPORT = /^import (?:\{([^}]*)\}|\* as (\w+)) from '\.\/([\w-]+)\.js';$/gm;
const EXPORT = /^export (?:async )?(?:function|const) (\w+)/gm;

/** Returns the modules that a module needs, and itself, each once, in the order in which they run. */
function ordered(name, found = []) {
  for (const [, , , needed] of source(`${name}.js`).matchAll(IMPORT)) ordered(needed, found);
  if (!found.includes(name)) found.push(name);
  return found;
}

const local = (name) => `module_${name.replaceAll('-', '_')}`;

/** Returns a module as a function that returns what it exports. */
function wrapped(name) {
  const text = source(`${name}.js`);
  const exported = [...text.matchAll(EXPORT)].map(([, one]) => one);
  const body = text
    .replace(IMPORT, (_, names, all, needed) => `const ${all ?? `{ ${names.replaceAll(' as ', ': ').trim()} }`} = ${local(needed)};`)
    .replace(/^export /gm, '');
  if (/^(?:import|export)\b/m.test(body)) throw new Error(`${name}.js: a form of import or export that is not known here`);
  return `const ${local(name)} = (() => {\n${body}\nreturn { ${exported.join(', ')} };\n})();\n`;
}

/** Returns a script or a style without the lines that are comments, and without the spaces that begin a line; a text of several lines stays. */
function lean(text) {
  const lines = [];
  let isText = false;
  for (const line of text.replace(/^ *\/\*.*?\*\/\n/gms, '').split('\n')) {
    if (isText) lines.push(line);
    else if (!/^ *(\/\/.*)?$/.test(line)) lines.push(line.trimStart());
    // Of the marks that are not in a text or a pattern of their own, an odd one begins or ends such a text.
    if (line.replace(/'[^']*'|\/[^/ ]*\//g, '').split('`').length % 2 === 0) isText = !isText;
  }
  if (isText) throw new Error('a text of several lines has no end');
  return lines.join('\n');
}

/** Returns the bytes as LZMA packs them, without a head: as `lzma.js` unpacks. */
function packed(bytes) {
  const program = `import lzma, sys
filters = [{"id": lzma.FILTER_LZMA1, "preset": 9 | lzma.PRESET_EXTREME, "lc": 3, "lp": 0, "pb": 0}]
sys.stdout.buffer.write(lzma.compress(sys.stdin.buffer.read(), format=lzma.FORMAT_RAW, filters=filters))`;
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', program], { input: bytes, maxBuffer: 1 << 26 });
  if (error || status !== 0) throw new Error(`python3 does not pack: ${error ?? stderr}`);
  return stdout;
}

/** Returns the script that brings a module of the engine. */
function engineScript(name, path) {
  const bytes = readFileSync(path);
  return `corsEngine('${name}', ${bytes.length}, '${packed(bytes).toString('base64')}');\n`;
}

/** Returns the software that the engine has lines for. */
async function stacksOf(path) {
  const { instance } = await WebAssembly.instantiate(readFileSync(path));
  const { allocate, answer, output_data: outputData, memory } = instance.exports;
  const question = new TextEncoder().encode('{"ask":"stacks"}');
  const block = allocate(question.length);
  new Uint8Array(memory.buffer).set(question, block);
  const length = answer(block, question.length);
  return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, outputData(), length))).stacks;
}

const hashOf = (text) => createHash('sha256').update(text).digest('base64');

/** Returns the page. Its policy lets it ask for its own scripts alone. */
function page(scripts, stacks) {
  const asText = (value) => JSON.stringify(value).replace(/[\\'<]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const script = lean(`'use strict';\n${ordered('site').map(wrapped).join('')}`)
    .replace("'SCRIPTS'", () => `'${asText(scripts)}'`)
    .replace("'STACKS'", () => `'${asText(stacks)}'`);
  const style = lean(source('page.css')).replace(/ ?([{};]) ?\n?/g, '$1').replace(/([;{][a-z-]+): /g, '$1:').replace(/;\}/g, '}');
  if (/<\/(script|style)/i.test(script + style)) throw new Error('an end of an element in a script or a style');
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src 'sha256-${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types engine',
  ].join('; ');
  const icon = `data:image/svg+xml,${encodeURIComponent(source('icon.svg').trim())}`;
  const lines = [
    ['<meta charset="utf-8">', `<meta charset="utf-8">\n<meta http-equiv="content-security-policy" content="${policy}">\n<meta name="referrer" content="no-referrer">`],
    ['href="icon.svg"', `href="${icon}"`],
    ['<link rel="stylesheet" href="page.css">', `<style>${style}</style>`],
    ['<script type="module" src="serve.js"></script>\n', ''],
    ['</body>', `<script>${script}</script>\n</body>`],
  ];
  return lines.reduce((text, [before, after]) => {
    if (text.split(before).length !== 2) throw new Error(`index.html has not one ${before}`);
    return text.replace(before, () => after);
  }, source('index.html').replace(/^ +/gm, ''));
}

mkdirSync(folder, { recursive: true });
const sizes = [];
function write(name, text) {
  writeFileSync(join(folder, name), text);
  sizes.push(`${join(folder, name)}: ${Buffer.byteLength(text)} bytes, ${gzipSync(text, { level: 9 }).length} by gzip, ${brotliCompressSync(text).length} by brotli`);
}

const scripts = {};
for (const [name, path] of Object.entries({ policy: policyModule, text: textModule })) {
  const text = engineScript(name, path);
  write(`engine-${name}.js`, text);
  // Whoever has an older version of the file asks for this one.
  scripts[name] = `engine-${name}.js?${hashOf(text).replace(/\W/g, '').slice(0, 8)}`;
}
const stacks = await stacksOf(textModule);
write('index.html', page(scripts, stacks));
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE', 'cors-ui/THIRD-PARTY-NOTICES']) {
  copyFileSync(join(import.meta.dirname, '..', name), join(folder, name.split('/').at(-1)));
}
console.log(sizes.join('\n'));
