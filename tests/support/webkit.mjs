// WebKitGTK's MiniBrowser by WebDriver, under Xvfb.

import { existsSync, readdirSync } from 'node:fs';
import { freePort } from './free_port.mjs';
import { startProcess } from './process.mjs';

const DRIVER = process.env.WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver';

/**
 * Starts the browser; gives `{ version, visit(url), execute(script, args), close }` as `launchFirefox` does. The browser has no
 * resolver rules: the server at `port` is its proxy.
 */
export async function launchWebKit({ port, scriptMs = 30_000 }) {
  const screen = await startProcess('Xvfb', ['-displayfd', '1', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], { ready: /^(\d+)\n/m });
  const driverPort = await freePort();
  const env = { DISPLAY: `:${screen.match[1]}` };
  const driver = await startProcess(DRIVER, [`--port=${driverPort}`, '--host=127.0.0.1'], { env, port: driverPort });
  const send = async (method, path, body) => {
    const url = `http://127.0.0.1:${driverPort}${path}`;
    const response = await fetch(url, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(scriptMs) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
    return value;
  };
  const { sessionId, capabilities } = await send('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        acceptInsecureCerts: true,
        // WebDriver's own `proxy` takes the one for https to speak TLS.
        'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation', `--proxy=http://127.0.0.1:${port}`] },
        timeouts: { script: scriptMs },
      },
    },
  });
  const session = (method, path, body) => send(method, `/session/${sessionId}${path}`, body);
  return {
    version: capabilities.browserVersion,
    visit: (url) => session('POST', '/url', { url }),
    execute: (script, args) => session('POST', '/execute/async', { script, args }),
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
