// Chromium through Playwright. Its resolver sends the example hosts to the wire.

import { chromium } from 'playwright-core';
import { askExpression } from './ask.mjs';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

// How its messages about CORS begin: what else it says of a failed load does not tell why.
const CORS = /^(?:Access to |Fetch API cannot load |Unsafe attempt to load )/;

export const title = 'Chromium';
export const isQuick = true;

/** Gives `{ version, visit(url), call(calls), consoleLines(), close }`; the lines are those of CORS since the last time. */
export async function open({ port, securePort }) {
  const domains = ['com', 'net', 'org'].map((domain) => `*.example.${domain}`);
  const rules = domains.flatMap((hosts) => [
    `MAP ${hosts}:80 127.0.0.1:${port}`,
    `MAP ${hosts}:443 127.0.0.1:${securePort}`,
  ]);
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--ignore-certificate-errors',
      `--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND'].join(', ')}`,
    ],
  });
  const page = await browser.newPage();
  let lines = [];
  page.on('console', (message) => lines.push(message.text().trimEnd()));
  return {
    version: browser.version(),
    visit: (url) => page.goto(url),
    call: async (calls) => JSON.parse(await page.evaluate(askExpression(JSON.stringify(calls)))),
    consoleLines: async () => {
      const told = lines.filter((line) => CORS.test(line));
      lines = [];
      return told;
    },
    close: () => browser.close(),
  };
}
