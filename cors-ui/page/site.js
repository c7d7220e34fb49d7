// The page as files, for any file server and for `file:`, where a page may load scripts alone. `site.mjs` puts in what is in capitals.

import { connect } from './engine.js';
import { unpacked } from './lzma.js';
import { start } from './page.js';

/** The addresses of the scripts that bring the modules of the engine, by the modules' names. */
const SCRIPTS = JSON.parse('SCRIPTS');
/** The software that there are lines for. */
const STACKS = JSON.parse('STACKS');

// The page's own policy takes no address of a script from elsewhere.
const trusted = globalThis.trustedTypes?.createPolicy('engine', { createScriptURL: (name) => SCRIPTS[name] });
const arrived = {};

/** A script calls this with its module, packed by LZMA, in base64. */
globalThis.corsEngine = (name, length, text) => {
  arrived[name] = unpacked(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)), length);
};

function load(name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const missing = `The engine is in ${SCRIPTS[name].split('?')[0]}, a file beside this page, and that does not load.`;
    script.addEventListener('load', () => (arrived[name] ? resolve(arrived[name]) : reject(new Error(missing))));
    script.addEventListener('error', () => reject(new Error(missing)));
    script.src = trusted ? trusted.createScriptURL(name) : SCRIPTS[name];
    document.head.append(script);
  });
}

start({
  engine: { ...connect(load), stacks: async () => STACKS },
  where: 'Nothing of this leaves your browser: the page asks for its own files alone. The public suffix list is not in it; cors check has it.',
});
