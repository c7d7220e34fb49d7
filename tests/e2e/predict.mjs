// Runs `e2e-predict`, which calls `cors_core::explain`.

import { execFileSync } from 'node:child_process';

/** Returns a prediction for each question: `{ outcome, requests, application, console, story }`. */
export function predict(binary, policies, questions) {
  const input = questions.map((asked) => `${JSON.stringify(asked)}\n`).join('');
  const output = execFileSync(binary, [policies], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return output.trimEnd().split('\n').map((line) => JSON.parse(line));
}
