// Records the request heads of real browsers into `../<engine>-<what>.http`.
//
//     node record.mjs                 both engines
//     node record.mjs firefox         one of them
//
// The set of files is fixed by `steps.mjs`. An engine's files are replaced only when all of them were recorded.

import { readdir, rm, writeFile } from 'node:fs/promises';
import * as chromium from './chromium.mjs';
import * as firefox from './firefox.mjs';
import { startServer } from './server.mjs';
import { steps } from './steps.mjs';

const ENGINES = { chromium, firefox };
const OUTPUT = new URL('../', import.meta.url);
const STEP_TIMEOUT_MS = 30_000;

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(ENGINES);
for (const name of wanted) {
  if (!Object.hasOwn(ENGINES, name)) {
    console.error(`unknown engine "${name}": write ${Object.keys(ENGINES).join(' or ')}`);
    process.exit(2);
  }
}
for (const name of wanted) {
  const heads = await record(name);
  await replaceFiles(name, heads);
  console.log(`${name}: ${heads.size} files written`);
}

/** Runs every step in one engine; gives a map from `<what>` to the head's bytes. */
async function record(name) {
  const heads = new Map();
  const problems = [];
  const server = await startServer((request) => {
    const step = steps.find((candidate) => candidate.url === request.url);
    if (step === undefined) {
      if (!request.url.endsWith('/favicon.ico')) console.log(`  (not listed: ${request.method} ${request.url})`);
      return;
    }
    if (step.files === undefined) return;
    const kind = request.isPreflight ? 'preflight' : 'actual';
    const what = step.files[kind];
    if (what === undefined) problems.push(`${request.method} ${request.url}: no ${kind} request was expected`);
    else if (heads.has(what)) problems.push(`${what}: recorded twice`);
    else if (showsMachine(request.head)) problems.push(`${what}: a loopback address or a port shows in its head`);
    else heads.set(what, request.head);
  });
  try {
    const engine = await ENGINES[name].open(server.port);
    try {
      console.log(`${name} ${engine.version}`);
      for (const step of steps) {
        const outcome = await withTimeout(take(step, engine), `${name}: ${step.url}`);
        const expected = Object.values(step.files ?? {});
        for (const what of expected.filter((what) => !heads.has(what))) problems.push(`${what}: not recorded`);
        console.log(`  ${step.url}: ${outcome}; ${expected.join(', ') || 'nothing to record'}`);
      }
    } finally {
      await engine.close();
    }
  } finally {
    await server.stop();
  }
  if (problems.length > 0) throw new Error(`${name}:\n  ${problems.join('\n  ')}`);
  return heads;
}

async function take(step, engine) {
  if (step.run !== undefined) return engine.call(step.run, { url: step.url, init: step.init });
  await engine.visit(step.url);
  return 'visited';
}

/** Whether the mapped host names did not hold: then a fixture would differ from one machine to the next. */
function showsMachine(head) {
  return /127\.0\.0\.1|localhost|^(?:host|origin|referer):.*:\d/im.test(head.toString('latin1'));
}

async function replaceFiles(name, heads) {
  for (const file of await readdir(OUTPUT)) {
    if (file.startsWith(`${name}-`) && file.endsWith('.http')) await rm(new URL(file, OUTPUT));
  }
  for (const [what, head] of heads) await writeFile(new URL(`${name}-${what}.http`, OUTPUT), head);
}

async function withTimeout(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing after ${STEP_TIMEOUT_MS} ms`)), STEP_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
