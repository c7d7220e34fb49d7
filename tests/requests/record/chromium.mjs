// Chromium, as the recorder needs it.

import { launchChromium } from '../../support/chromium.mjs';

/** Gives `{ version, visit(url), call(function, argument), close }`. */
export async function open(port) {
  const browser = await launchChromium({ port });
  const page = await browser.newPage();
  return {
    version: browser.version(),
    visit: (url) => page.goto(url),
    call: (made, argument) => page.evaluate(made, argument),
    close: () => browser.close(),
  };
}
