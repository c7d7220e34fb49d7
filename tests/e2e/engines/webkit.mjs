// WebKitGTK. Its console's messages are not compared, since their texts vary with the version.

import { launchWebKit } from '../../support/webkit.mjs';
import { ASK_SCRIPT } from './ask.mjs';

const CALLS_MS = 300_000;

export const title = 'WebKitGTK';

/** Returns the same as `open` of Chromium. */
export async function open({ port }) {
  const webkit = await launchWebKit({ port, scriptMs: CALLS_MS });
  return {
    version: webkit.version,
    visit: webkit.visit,
    call: async (calls) => JSON.parse(await webkit.execute(ASK_SCRIPT, [JSON.stringify(calls)])),
    consoleLines: async () => [],
    close: webkit.close,
  };
}
