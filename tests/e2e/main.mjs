// Plays the matrix in real browsers against real servers, and compares the results with the engine's predictions.
//
//     node main.mjs [--quick] [--engine NAME …] [--server NAME …] [--case TEXT]
//
// `run` has built and installed the programs that it needs, below the folder that E2E_TARGET names.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stories } from './compare.mjs';
import { ENGINES } from './engines/engines.mjs';
import { matrix } from './matrix.mjs';
import { printRecognised, recognise } from './recognise.mjs';
import { report } from './report.mjs';
import { playRound } from './round.mjs';
import { prepare } from './prepare.mjs';
import { startApplication } from './servers/application.mjs';
import { stopAll } from '../support/process.mjs';
import { KINDS } from './servers/servers.mjs';
import { sites } from './sites.mjs';
import { startWire } from './wire/wire.mjs';

const MANY_STORIES = 12;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    engine: { type: 'string', multiple: true },
    server: { type: 'string', multiple: true },
    case: { type: 'string' },
  },
});
const engineNames = options.engine ?? Object.keys(ENGINES).filter((name) => !options.quick || ENGINES[name].isQuick);
const kindNames = options.server ?? Object.keys(KINDS);
const isWhole = Object.keys(options).every((name) => name === 'quick' && !options.quick);
const calls = matrix({ isQuick: options.quick }).filter((call) => call.name.includes(options.case ?? ''));

const target = process.env.E2E_TARGET;
const folder = join(target, 'e2e');
const binaries = join(target, 'debug');
const heard = [];
const seconds = {};
const timed = async (what, work) => {
  const start = performance.now();
  const result = await work();
  seconds[what] = (performance.now() - start) / 1000;
  return result;
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopAll().finally(() => process.exit(1)));
// The listeners in this process end with it.
process.exit(await run().finally(stopAll));

async function run() {
  const { certificate, env, context } = await prepare({ target, folder, binaries });
  const application = await startApplication(env.E2E_LOG);
  const servers = {};
  const startServer = async (name) => {
    servers[name] = await KINDS[name].start({ ...context, name, upstream: application.port });
  };
  await timed('servers', () => Promise.all(kindNames.map(startServer)));
  const wire = await startWire({ siteOf: sites(servers), certificate, onRequest: (request) => heard.push(request) });
  const rounds = [];
  for (const engine of engineNames) {
    await timed(engine, async () => rounds.push(...(await playEngine(engine, wire, env.E2E_LOG, context.policies))));
  }
  const wrong = rounds.flatMap(({ results }) => results.filter((result) => !result.isRight));
  const stray = rounds.flatMap(({ engine, server, stray: lines }) => lines.map((line) => `${engine}, ${server}: ${line}`));
  const asTold = rounds.flatMap(({ results }) =>
    results.map(({ name, engine, predicted, observed }) => ({ name, engine, lines: observed.console, error: predicted.errors[0] })),
  );
  const recognised = await timed('messages', () => recognise(join(binaries, 'cors'), asTold));
  const titles = Object.fromEntries(rounds.map(({ engine, version }) => [engine, `${ENGINES[engine].title} ${version}`]));
  const unknown = printRecognised(recognised, titles);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mismatches.txt'), wrong.map((result) => `${stories(result)}\n`).join('\n'));
  if (isWhole) writeFileSync(join(import.meta.dirname, 'RESULTS.md'), report(rounds, recognised));
  for (const result of wrong.slice(0, MANY_STORIES)) console.log(`\n${stories(result)}`);
  if (wrong.length > MANY_STORIES) console.log(`\n… and ${wrong.length - MANY_STORIES} more in ${join(folder, 'mismatches.txt')}`);
  for (const line of stray) console.log(`of no case: ${line}`);
  console.log(Object.entries(seconds).map(([what, time]) => `${what} ${time.toFixed(1)} s`).join(', '));
  return wrong.length + stray.length + unknown > 0 ? 1 : 0;
}

async function playEngine(engine, wire, log, policies) {
  const browser = await ENGINES[engine].open(wire);
  const rounds = [];
  for (const name of kindNames) {
    const { title, crash, takes = () => true } = KINDS[name];
    const round = await playRound({
      engine,
      browser,
      server: { name, crash },
      calls: calls.filter(takes),
      heard,
      log,
      predictor: join(binaries, 'e2e-predict'),
      policies,
    });
    rounds.push({ engine, version: browser.version, server: name, ...round });
    const right = round.results.filter((result) => result.isRight).length;
    console.log(`${ENGINES[engine].title} ${browser.version}, ${title}: ${right}/${round.results.length}`);
  }
  await browser.close();
  return rounds;
}
