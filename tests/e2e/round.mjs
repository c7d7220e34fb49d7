// One engine and one server kind: every case, observed and compared.

import { readFileSync, truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { idIn, ownNames, pageCall, question } from './case.mjs';
import { differences } from './compare.mjs';
import { predict } from './predict.mjs';

const QUIET_MS = 150;

/**
 * Returns a result for each case, `{ name, engine, server, call, predicted, observed, isRight }`, and in `stray` the requests
 * and console lines that do not belong to a case.
 */
export async function playRound({ engine, browser, server, calls, heard, log, predictor, policies }) {
  heard.length = 0;
  truncateSync(log);
  await browser.consoleLines();
  const seen = {};
  for (const page of new Set(calls.map((call) => call.page))) {
    await browser.visit(`${page}/`);
    const made = calls.filter((call) => call.page === page).map((call) => pageCall(call, server.name));
    Object.assign(seen, await browser.call(made));
  }
  const told = await settledLines(browser);
  const reached = readFileSync(log, 'utf8').split('\n').filter((line) => line !== '');
  const questions = calls.map((call) => question(call, server.name, engine, server.crash));
  const predictions = predict(predictor, policies, questions);
  const of = groupers({ heard, reached, told });
  const results = calls.map((call, index) => {
    const predicted = predictions[index];
    const observed = {
      outcome: (seen[call.id] ?? []).map((outcome) => withOwnNames(outcome, ownNames(call))),
      requests: of.heard(call.id).map((request) => ({ ...request, own_headers: ownHeaders(call, request) })),
      application: of.reached(call.id),
      console: of.told(call.id),
    };
    const isRight = differences(predicted, observed).length === 0;
    return { name: call.name, engine, server: server.name, call, predicted, observed, isRight };
  });
  return { results, stray: of.stray() };
}

/** Returns the console's lines until it has been quiet for a while: they may come after the page's own answer. */
async function settledLines(browser) {
  const told = [];
  for (let quiet = 0; quiet < 2; ) {
    const lines = await browser.consoleLines();
    told.push(...lines);
    quiet = lines.length === 0 ? quiet + 1 : 0;
    await sleep(QUIET_MS);
  }
  return told;
}

/** Returns `cors 200 a,b`, with the names that the application gave, sorted. */
function withOwnNames(outcome, own) {
  const found = /^(.*\d) ([^ ]*)$/.exec(outcome);
  if (found === null) return outcome;
  const names = found[2].split(',').map((name) => name.toLowerCase()).filter((name) => own.has(name));
  return `${found[1]} ${names.sort().join(',')}`;
}

/** Returns the headers of the page that have arrived; a preflight has none. */
function ownHeaders(call, { request_method: isPreflight, names }) {
  if (isPreflight !== null) return [];
  return call.headers.map(([name]) => name.toLowerCase()).filter((name) => names.includes(name)).sort();
}

function groupers({ heard, reached, told }) {
  const texts = { heard: (request) => request.url, reached: (line) => line, told: (line) => line };
  const all = { heard, reached, told };
  const grouped = {};
  const stray = [];
  for (const [kind, text] of Object.entries(texts)) {
    const byId = groupBy(all[kind], (item) => idIn(text(item)));
    stray.push(...(byId.get(undefined) ?? []).map(text));
    grouped[kind] = (id) => byId.get(id) ?? [];
  }
  return { ...grouped, stray: () => stray };
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
