// Chromium through Playwright.

import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const DOMAINS = ['com', 'net', 'org'].map((domain) => `*.example.${domain}`);

/**
 * Starts the browser with a new profile, which goes when it is closed; gives Playwright's browser.
 *
 * With `port`, and `securePort` for https, every host below example.com, example.net and example.org is that server of this
 * machine, and no other host is found.
 */
export function launchChromium({ port, securePort, args = [] } = {}) {
  const map = (standard, ours) => (ours === undefined ? [] : DOMAINS.map((hosts) => `MAP ${hosts}:${standard} 127.0.0.1:${ours}`));
  const rules = [...map(80, port), ...map(443, securePort)];
  return chromium.launch({
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
      ...(rules.length === 0 ? [] : [`--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND'].join(', ')}`]),
      ...args,
    ],
  });
}
