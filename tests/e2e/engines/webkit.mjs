// WebKitGTK's MiniBrowser by WebDriver, under Xvfb. It has no resolver rules: the wire is its proxy. What its console says
// is not compared, for its texts vary with the version.

import { existsSync, readdirSync } from 'node:fs';
import { freePort } from '../servers/free_port.mjs';
import { startProcess } from '../servers/process.mjs';
import { ASK_SCRIPT } from './ask.mjs';

const DRIVER = process.env.WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver';
const CALLS_MS = 300_000;

export const title = 'WebKitGTK';

/** As `open` of Chromium. */
export async function open({ port }) {
  const screen = await startProcess('Xvfb', ['-displayfd', '1', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], { ready: /^(\d+)\n/m });
  const driverPort = await freePort();
  const env = { DISPLAY: `:${screen.match[1]}` };
  const driver = await startProcess(DRIVER, [`--port=${driverPort}`, '--host=127.0.0.1'], { env, port: driverPort });
  const send = (method, path, body) => ask(`http://127.0.0.1:${driverPort}${path}`, method, body);
  const { sessionId, capabilities } = await send('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        acceptInsecureCerts: true,
        // WebDriver's own `proxy` takes the one for https to speak TLS.
        'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation', `--proxy=http://127.0.0.1:${port}`] },
        timeouts: { script: CALLS_MS },
      },
    },
  });
  const session = (method, path, body) => send(method, `/session/${sessionId}${path}`, body);
  return {
    version: capabilities.browserVersion,
    visit: (url) => session('POST', '/url', { url }),
    call: async (calls) =>
      JSON.parse(await session('POST', '/execute/async', { script: ASK_SCRIPT, args: [JSON.stringify(calls)] })),
    consoleLines: async () => [],
    async close() {
      await session('DELETE', '');
      await driver.stop();
      await screen.stop();
    },
  };
}

/** Debian keeps it beside the library, in a folder of the machine's architecture. */
function miniBrowser() {
  if (process.env.WEBKIT_MINIBROWSER !== undefined) return process.env.WEBKIT_MINIBROWSER;
  const places = readdirSync('/usr/lib').map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`);
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('no MiniBrowser of WebKitGTK; name it in WEBKIT_MINIBROWSER');
  return found;
}

async function ask(url, method, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(CALLS_MS) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}
