// Firefox: keeps its console's messages about CORS as they come.

import { launchFirefox } from '../../support/firefox.mjs';
import { ASK_SCRIPT } from './ask.mjs';

const CALLS_MS = 300_000;

export const title = 'Firefox';
export const isQuick = true;

/** Returns the same as `open` of Chromium. */
export async function open({ port, securePort }) {
  const firefox = await launchFirefox({ port, securePort, scriptMs: CALLS_MS });
  await firefox.inBrowser(LISTEN);
  return {
    version: firefox.version,
    visit: firefox.visit,
    call: async (calls) => JSON.parse(await firefox.execute(ASK_SCRIPT, [JSON.stringify(calls)])),
    consoleLines: () => firefox.inBrowser('return window.corsLines.splice(0);'),
    close: firefox.close,
  };
}

// The console forgets all but the last messages.
const LISTEN = `
  window.corsLines = [];
  Services.console.registerListener({
    observe(message) {
      if (message instanceof Ci.nsIScriptError && message.category.startsWith('CORS')) window.corsLines.push(message.errorMessage);
    },
  });`;
