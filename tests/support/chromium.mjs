// Chromium through Playwright.

import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const DOMAINS = ['com', 'net', 'org'].map((domain) => `*.example.${domain}`);

/**
 * Starts the browser with a new profile, which goes when it is closed; gives Playwright's browser.
 *
 * With `port`, and `securePort` for https, every host below example.com, example.net and example.org is that server of this
 * machine, and no other host is found but this machine's address.
 */
export function launchChromium({ args = [], ...ports } = {}) {
  return chromium.launch({ executablePath: EXECUTABLE, headless: true, args: [...ARGUMENTS, ...resolverRules(ports), ...args] });
}

/** Starts the browser with an extension and with open developer tools, for servers as above; gives Playwright's context. */
export function openChromiumWith({ profile, extension, ...ports }) {
  return chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
    headless: true,
    ignoreDefaultArgs: ['--disable-extensions'],
    ignoreHTTPSErrors: true,
    args: [
      ...ARGUMENTS,
      ...resolverRules(ports),
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      '--auto-open-devtools-for-tabs',
    ],
  });
}

function resolverRules({ port, securePort }) {
  const map = (standard, ours) => (ours === undefined ? [] : DOMAINS.map((hosts) => `MAP ${hosts}:${standard} 127.0.0.1:${ours}`));
  const rules = [...map(80, port), ...map(443, securePort)];
  return rules.length === 0 ? [] : [`--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`];
}
