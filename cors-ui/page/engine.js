// What answers: the engine in the wasm modules of this page. `command.js` has the same functions for `cors explain --serve`.

import { address } from './address.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Which module answers what. */
const MODULES = { explain: 'policy', diagnose: 'text', requests: 'text', lines: 'text', stacks: 'text' };

/** Returns the engine. `load` returns a promise of the bytes of a module, by its name; it is called once somebody asks, or prepares. */
export function connect(load) {
  const modules = {};
  function moduleOf(name) {
    modules[name] ??= load(name)
      .then((bytes) => WebAssembly.compile(bytes))
      .catch((error) => {
        // The next question tries again.
        modules[name] = undefined;
        throw error;
      });
    return modules[name];
  }

  async function ask(question) {
    const module = await moduleOf(MODULES[question.ask]);
    // Each question has an instance of its own: its memory goes with it, and no question can disturb another.
    const { allocate, answer, output_data: outputData, memory } = (await WebAssembly.instantiate(module)).exports;
    const text = encoder.encode(JSON.stringify(question));
    const block = allocate(text.length);
    if (block === 0) throw new Error(TOO_MUCH);
    new Uint8Array(memory.buffer).set(text, block);
    let length;
    try {
      length = answer(block, text.length);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw new Error(TOO_MUCH, { cause: error });
      throw error;
    }
    const result = JSON.parse(decoder.decode(new Uint8Array(memory.buffer, outputData(), length)));
    if (result.error) throw new Error(result.error);
    return result;
  }

  return {
    /** Gets what answers about a policy, or about anything else, before somebody asks. */
    prepare: (isPolicy) => moduleOf(isPolicy ? 'policy' : 'text').catch(() => {}),
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

const TOO_MUCH = 'The engine has stopped: this is more than its memory takes, or a mistake in it.';
