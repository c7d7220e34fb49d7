// A running `cors explain --serve`, and its page in Chromium.

import { startProcess } from '../support/process.mjs';

/** Starts the command on a free port; returns `{ url, stop }`, where `stop` gives the exit status. */
export async function serve(...options) {
  const command = ['explain', '--serve', '--listen', '127.0.0.1:0', ...options];
  const { match, stop } = await startProcess(process.env.CORS_COMMAND, command, { ready: /http:\/\/\S+/ });
  return { url: match[0], stop };
}

/** Opens the page at `url` in a profile of its own; keeps what it asks and what goes wrong in it. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const asked = [];
  const troubles = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && troubles.push(message.text()));
  // Reported by the browser itself, whatever the console shows.
  await page.exposeFunction('violated', (directive) => troubles.push(`policy of the page: ${directive}`));
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', ({ violatedDirective }) => globalThis.violated(violatedDirective)),
  );
  await page.goto(url);
  await verdict(page, /./);
  return { page, asked, troubles, close: () => context.close() };
}

/** Waits until the verdict matches `pattern`, and returns it. */
export async function verdict(page, pattern) {
  await page.waitForFunction(
    ([source]) => new RegExp(source).test(document.getElementById('verdict').innerText),
    [pattern.source],
    { timeout: 60_000 },
  );
  return page.locator('#verdict').innerText();
}
