// The application's answers, by the second segment of the path, whatever the method. Every server gets them as files.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FIELDS = [
  ['content-type', 'text/plain'],
  ['content-language', 'en'],
  ['cache-control', 'no-store'],
  ['x-total', '12'],
  ['x-trace', '7f3a'],
];
const PIXEL = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');

const typed = (type) => [['content-type', type], ['cache-control', 'no-store']];
const redirect = (status) => ({ status, fields: [['cache-control', 'no-store']], body: '' });

export const ANSWERS = {
  text: { status: 200, fields: FIELDS, body: 'text\n' },
  missing: { status: 404, fields: FIELDS, body: 'missing\n' },
  error: { status: 500, fields: FIELDS, body: 'error\n' },
  // An application with its own CORS fields, which the policy's fields have to replace.
  own: {
    status: 200,
    fields: [...FIELDS, ['access-control-allow-origin', '*'], ['access-control-expose-headers', 'x-trace'], ['vary', 'Accept']],
    body: 'own\n',
  },
  module: { status: 200, fields: typed('text/javascript'), body: 'export default 1;\n' },
  script: { status: 200, fields: typed('text/javascript'), body: '0;\n' },
  image: { status: 200, fields: typed('image/gif'), body: PIXEL },
  // Its body is made when the run starts.
  font: { status: 200, fields: typed('font/ttf') },
  // These redirect to the address after `?to=`.
  'redirect-302': redirect(302),
  'redirect-303': redirect(303),
  'redirect-307': redirect(307),
};

/** The kind without an answer: the application crashes. */
export const CRASH = 'crash';

/** Writes the files: a status line, header fields, an empty line, the body. */
export async function writeAnswers(folder, fontFile) {
  ANSWERS.font.body = await readFile(fontFile);
  for (const [kind, { status, fields, body }] of Object.entries(ANSWERS)) {
    const head = [String(status), ...fields.map(([name, value]) => `${name}: ${value}`)].join('\n');
    await writeFile(join(folder, `${kind}.http`), Buffer.concat([Buffer.from(`${head}\n\n`), Buffer.from(body)]));
  }
}

/** Returns the status, fields and body for a request's target; undefined if the application crashes. */
export function answerTo(target) {
  const answer = ANSWERS[target.split('/')[2]];
  if (answer === undefined) return undefined;
  const to = locationIn(target);
  return to === undefined ? answer : { ...answer, fields: [...answer.fields, ['location', to]] };
}

function locationIn(target) {
  const start = target.indexOf('?to=');
  return start === -1 ? undefined : target.slice(start + '?to='.length);
}
