// The table: the number of cases that came out as predicted, for each engine and server kind.

import { ENGINES } from './engines/engines.mjs';
import { KINDS } from './servers/servers.mjs';

/** Returns the Markdown of a whole run. */
export function report(rounds) {
  const engines = [...new Map(rounds.map(({ engine, version }) => [engine, version]))];
  const servers = [...new Set(rounds.map(({ server }) => server))];
  const cell = (engine, server) => {
    const round = rounds.find((candidate) => candidate.engine === engine && candidate.server === server);
    return `${round.results.filter((result) => result.isRight).length}/${round.results.length}`;
  };
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
  ].join('\n');
}
