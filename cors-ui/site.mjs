// Writes the page as one file: styles, scripts and the engine's module in it, for any file server and for `file:`.
//
//   node site.mjs MODULE FOLDER
//
// A document of `file:` may load neither modules nor wasm. So the modules become functions of one script, and the engine is in it.

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const [modulePath, folder] = process.argv.slice(2);
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

/** Returns the page with everything in it. Its policy lets it ask for nothing. */
function page(module) {
  const script = `'use strict';\n${ordered('site').map(wrapped).join('')}`.replace('cors_ui_wasm.wasm.gz', () => gzipSync(module, { level: 9 }).toString('base64'));
  const style = source('page.css');
  if (/<\/(script|style)/i.test(script + style)) throw new Error('an end of an element in a script or a style');
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const icon = `data:image/svg+xml,${encodeURIComponent(source('icon.svg').trim())}`;
  const lines = [
    ['<meta charset="utf-8">', `<meta charset="utf-8">\n  <meta http-equiv="content-security-policy" content="${policy}">\n  <meta name="referrer" content="no-referrer">`],
    ['href="icon.svg"', `href="${icon}"`],
    ['<link rel="stylesheet" href="page.css">', `<style>${style}</style>`],
    ['  <script type="module" src="serve.js"></script>\n', ''],
    ['</body>', `<script>${script}</script>\n</body>`],
  ];
  return lines.reduce((text, [before, after]) => {
    if (text.split(before).length !== 2) throw new Error(`index.html has not one ${before}`);
    return text.replace(before, () => after);
  }, source('index.html'));
}

const text = Buffer.from(page(readFileSync(modulePath)));
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'index.html'), text);
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE', 'cors-ui/THIRD-PARTY-NOTICES']) {
  copyFileSync(join(import.meta.dirname, '..', name), join(folder, name.split('/').at(-1)));
}
console.log(`${join(folder, 'index.html')}: ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} by gzip, ${brotliCompressSync(text).length} by brotli`);
