// The tables: the number of cases that came out as predicted, for each engine and server kind; and the number of console messages that
// were recognised.

import { ENGINES } from './engines/engines.mjs';
import { KINDS } from './servers/servers.mjs';

/** Returns the Markdown of a whole run. */
export function report(rounds, recognised) {
  const engines = [...new Map(rounds.map(({ engine, version }) => [engine, version]))];
  const servers = [...new Set(rounds.map(({ server }) => server))];
  const cell = (engine, server) => {
    const round = rounds.find((candidate) => candidate.engine === engine && candidate.server === server);
    return `${round.results.filter((result) => result.isRight).length}/${round.results.length}`;
  };
  const messages = (engine) => recognised.filter((result) => result.engine === engine);
  const row = (cells) => `| ${cells.join(' | ')} |`;
  const all = rounds.flatMap(({ results }) => results);
  const fetches = all.reduce((sum, { call }) => sum + call.repeat, 0);
  const requests = all.reduce((sum, { observed }) => sum + observed.requests.length, 0);
  return [
    '# Predicted = observed',
    '',
    'Written by `make e2e`, which see [README.md](README.md). Each cell: how many cases came out as `cors_core::explain` predicted',
    'for that engine (what the page saw, the requests on the wire, those that reached the application, the console), of how many.',
    '',
    row(['', ...engines.map(([engine, version]) => `${ENGINES[engine].title} ${version}`)]),
    row(['---', ...engines.map(() => '---')]),
    ...servers.map((server) => row([KINDS[server].title, ...engines.map(([engine]) => cell(engine, server))])),
    '',
    `In all ${fetches} fetches, which took ${requests} requests.`,
    '',
    'What the consoles printed of the failures, given to `cors explain`: the texts that differ in more than their addresses, and how',
    'many of them were told with the right cause, engine and address. WebKitGTK\'s console is not read.',
    '',
    row(['', 'texts', 'recognised and right']),
    row(['---', '---', '---']),
    ...engines
      .filter(([engine]) => messages(engine).length > 0)
      .map(([engine, version]) => {
        const right = messages(engine).filter(({ isRight }) => isRight).length;
        return row([`${ENGINES[engine].title} ${version}`, messages(engine).length, right]);
      }),
    '',
  ].join('\n');
}
