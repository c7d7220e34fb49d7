// What answers: the engine in the wasm module of this page. `command.js` has the same functions for `cors explain --serve`.

import { address } from './address.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Returns the engine of a module, which is a promise of its bytes. It is compiled once somebody asks. */
export function connect(bytes) {
  let exports;
  async function ask(question) {
    exports ??= WebAssembly.instantiate(await bytes(), {}).then(({ instance }) => instance.exports);
    const { allocate, answer, output_data: outputData, memory } = await exports;
    const text = encoder.encode(JSON.stringify(question));
    const block = allocate(text.length);
    if (block === 0) throw new Error('this is too much for the memory of the page');
    new Uint8Array(memory.buffer).set(text, block);
    const length = answer(block, text.length);
    const result = JSON.parse(decoder.decode(new Uint8Array(memory.buffer, outputData(), length)));
    if (result.error) throw new Error(result.error);
    return result;
  }
  return {
    async explain({ policy, fetch }) {
      const { url, wrong } = address(fetch.url);
      const answer = await ask({ ask: 'explain', policy, fetch: { ...fetch, url } });
      return wrong && !answer.wrong ? { ...answer, wrong, explanation: undefined } : answer;
    },
    diagnose: (text, besides = {}) => ask({ ask: 'diagnose', text, ...besides }),
    requests: (text, besides = {}) => ask({ ask: 'requests', text, ...besides }),
    lines: (wanted) => ask({ ask: 'lines', ...wanted }),
    stacks: async () => (await ask({ ask: 'stacks' })).stacks,
  };
}
