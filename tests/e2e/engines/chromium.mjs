// Chromium: Playwright drives its page, and reads its console.

import { launchChromium } from '../../support/chromium.mjs';
import { askExpression } from './ask.mjs';

// The beginning of its messages about CORS: its other messages about a failed load do not give the reason.
const CORS = /^(?:Access to |Fetch API cannot load |Unsafe attempt to load )/;

export const title = 'Chromium';
export const isQuick = true;

/** Returns `{ version, visit(url), call(calls), consoleLines(), close }`; the lines are those of CORS since the last time. */
export async function open({ port, securePort }) {
  const browser = await launchChromium({ port, securePort, args: ['--ignore-certificate-errors'] });
  const page = await browser.newPage();
  let lines = [];
  page.on('console', (message) => lines.push(message.text().trimEnd()));
  return {
    version: browser.version(),
    visit: (url) => page.goto(url),
    call: async (calls) => JSON.parse(await page.evaluate(askExpression(JSON.stringify(calls)))),
    consoleLines: async () => {
      const found = lines.filter((line) => CORS.test(line));
      lines = [];
      return found;
    },
    close: () => browser.close(),
  };
}
