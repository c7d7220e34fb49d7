// The page as a file, for any file server and for `file:`. `site.mjs` puts the module of the engine in.

import { connect } from './engine.js';
import { start } from './page.js';

/** The module, compressed by gzip, in base64. */
const MODULE = 'cors_ui_wasm.wasm.gz';

async function bytes() {
  const compressed = Uint8Array.from(atob(MODULE), (character) => character.charCodeAt(0));
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

start({
  engine: connect(bytes),
  where: 'Nothing of this leaves your browser: the page makes no request. The public suffix list is not in it; cors check has it.',
});
