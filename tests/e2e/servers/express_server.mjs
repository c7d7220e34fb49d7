// The application in Express: answers from files, a log, policies by path. `E2E_*` name their places.

import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import cors, { Policy } from 'cors-engine';
import express from 'express';

const { E2E_POLICIES, E2E_ANSWERS, E2E_LOG } = process.env;
const named = (folder, ending) => readdirSync(folder).filter((file) => file.endsWith(ending)).map((file) => [parse(file).name, join(folder, file)]);

const policies = Object.fromEntries(named(E2E_POLICIES, '.cors').map(([name, path]) => [`/${name}`, Policy.fromFile(path)]));
const answers = new Map(named(E2E_ANSWERS, '.http').map(([name, path]) => [name, answerIn(readFileSync(path))]));

function answerIn(bytes) {
  const end = bytes.indexOf('\n\n');
  const [status, ...lines] = bytes.subarray(0, end).toString().split('\n');
  const fields = lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]);
  return { status: Number(status), fields, body: bytes.subarray(end + 2) };
}

const app = express();
// A crash is not written where the test looks.
app.set('env', 'test');
app.disable('x-powered-by');
app.use(cors({ policies }));
app.use((request, response) => {
  const target = request.originalUrl;
  appendFileSync(E2E_LOG, `${request.method} ${target}\n`);
  const [, path, to] = /^([^?]*)(?:\?to=(.*))?/.exec(target);
  const answer = answers.get(path.split('/')[2]);
  if (answer === undefined) throw new Error('a crash');
  response.status(answer.status);
  for (const [name, value] of answer.fields) response.append(name, value);
  if (to !== undefined) response.set('location', to);
  response.end(answer.body);
});
const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
