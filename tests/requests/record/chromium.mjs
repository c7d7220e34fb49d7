// Chromium through Playwright. Its resolver sends the example hosts to the server, so it speaks to it directly.

import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Starts the browser with a new profile, which goes when it is closed; gives `{ version, page, close }`. */
export async function open(port) {
  const rules = [`MAP *.example.com:80 127.0.0.1:${port}`, `MAP *.example.net:80 127.0.0.1:${port}`, 'MAP * ~NOTFOUND'];
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
      `--host-resolver-rules=${rules.join(', ')}`,
    ],
  });
  return { version: browser.version(), page: await browser.newPage(), close: () => browser.close() };
}
