// A running `cors explain --serve`, and Chromium before it.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

/** Starts the command on a free port; gives `{ url, stop }`. */
export async function serve(...options) {
  const child = spawn(process.env.CORS_COMMAND, ['explain', '--serve', '--listen', '127.0.0.1:0', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for await (const line of createInterface({ input: child.stderr })) {
    const [url] = line.match(/http:\/\/\S+/) ?? [];
    if (!url) throw new Error(line);
    const stop = async () => {
      child.kill('SIGTERM');
      return ended;
    };
    return { url, stop };
  }
  throw new Error('cors explain --serve says nothing');
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
}

/** The page at `url`, in a profile of its own. What it asks and what goes wrong in it is kept. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const asked = [];
  const troubles = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && troubles.push(message.text()));
  // Told by the browser itself, whatever the console shows.
  await page.exposeFunction('told', (directive) => troubles.push(`policy of the page: ${directive}`));
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', ({ violatedDirective }) => globalThis.told(violatedDirective)),
  );
  await page.goto(url);
  await verdict(page, /./);
  return { page, asked, troubles, close: () => context.close() };
}

/** Waits until the verdict reads so. */
export async function verdict(page, pattern) {
  await page.waitForFunction(
    ([source]) => new RegExp(source).test(document.getElementById('verdict').innerText),
    [pattern.source],
    { timeout: 10_000 },
  );
  return page.locator('#verdict').innerText();
}
