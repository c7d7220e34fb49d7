// Gives what the consoles printed back to `cors explain`, as a developer pastes it.

import { execFile } from 'node:child_process';

const AT_ONCE = 4;

/**
 * Takes for each case what was in the console and what the engine's model has as the error: `{ name, engine, lines, error }`, `error`
 * undefined if the fetch passed, with a warning; `isVague` if nobody can tell more of it than that it failed. Returns a result for each text that differs in more than addresses:
 * `{ engine, name, text, expected, told, isRight }`, `told` null where the command refused the text.
 */
export async function recognise(binary, cases) {
  const texts = new Map();
  for (const { name, engine, lines, error, isVague } of cases) {
    if (lines.length === 0) continue;
    // Each case once, as often as it was made.
    const text = [...new Set(lines)].join('\n');
    const expected = expectedCause({ engine, text, error, isVague });
    const key = `${engine} ${expected} ${text.replaceAll(/https?:\/\/[^\s'’”)]+/g, 'URL')}`;
    if (!texts.has(key)) texts.set(key, { engine, name, text, expected });
  }
  const waiting = [...texts.values()];
  const results = [];
  const take = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const told = await explain(binary, next.text);
      results.push({ ...next, told, isRight: told !== null && isRight(told, next) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
  return results;
}

/** Prints a line for each engine, and what is wrong; returns how many texts were not recognised, or taken for another. */
export function printRecognised(results, titles) {
  for (const [engine, title] of Object.entries(titles)) {
    const own = results.filter((result) => result.engine === engine);
    if (own.length > 0) console.log(`${title}, messages recognised: ${own.filter(({ isRight }) => isRight).length}/${own.length}`);
  }
  const wrong = results.filter(({ isRight }) => !isRight);
  for (const { engine, name, text, expected, told } of wrong) {
    const what = told === null ? 'refused' : `${told.cause} of ${told.source}, ${told.url}`;
    console.log(`${engine}, ${name}: ${expected} is taken for ${what}:\n${text.replaceAll(/^/gm, '    ')}`);
  }
  return wrong.length;
}

/** Of a query, `cors explain` keeps the names. Of a message without a stage it gives the name that the error of the request has. */
function isRight({ cause, stage, source, url }, { engine, text, expected }) {
  const isCause = cause === expected || (stage === null && cause === expected.replace(/^Preflight/, ''));
  // What is not about CORS has no engine: scripts see the same.
  return isCause && [engine, 'script'].includes(source) && text.includes((url ?? '').split('?', 1)[0]);
}

function expectedCause({ engine, text, error, isVague }) {
  if (error === undefined) return 'authorization-not-covered';
  const isFailureAlone = text.split('\n').every((line) => line.includes('CORS request did not succeed'));
  return isVague || (engine === 'firefox' && isFailureAlone) ? 'did-not-succeed' : error;
}

function explain(binary, text) {
  return new Promise((resolve, reject) => {
    const child = execFile(binary, ['explain', '--json'], { encoding: 'utf8' }, (error, stdout) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve(stdout === '' ? null : JSON.parse(stdout));
    });
    child.stdin.end(text);
  });
}
