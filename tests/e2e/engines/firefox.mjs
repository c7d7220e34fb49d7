// Firefox by Marionette, which alone reaches its console's messages about CORS.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from '../servers/process.mjs';
import { ASK_SCRIPT } from './ask.mjs';
import { openMarionette } from './marionette.mjs';

const EXECUTABLE = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const READY_MS = 60_000;
const CALLS_MS = 300_000;

export const title = 'Firefox';
export const isQuick = true;

/** As `open` of Chromium. Every host is this machine's, and the ports are the wire's. */
export async function open({ port, securePort }) {
  const profile = mkdtempSync(join(tmpdir(), 'cors-e2e-firefox-'));
  writeFileSync(join(profile, 'user.js'), preferences({ port, securePort }));
  const args = ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile];
  const firefox = await startProcess(EXECUTABLE, args, { ready: /Marionette\s+INFO\s+Listening on port (\d+)|Headless/ });
  const marionette = await openMarionette(await marionettePort(profile));
  const { capabilities } = await marionette.send('WebDriver:NewSession', { acceptInsecureCerts: true });
  await marionette.send('WebDriver:SetTimeouts', { script: CALLS_MS });
  const inBrowser = async (script) => {
    await marionette.send('Marionette:SetContext', { value: 'chrome' });
    const result = await marionette.send('WebDriver:ExecuteScript', { script, args: [] });
    await marionette.send('Marionette:SetContext', { value: 'content' });
    return result;
  };
  await inBrowser(LISTEN);
  return {
    version: capabilities.browserVersion,
    visit: (url) => marionette.send('WebDriver:Navigate', { url }),
    call: async (calls) => {
      const seen = { script: ASK_SCRIPT, args: [JSON.stringify(calls)] };
      return JSON.parse(await marionette.send('WebDriver:ExecuteAsyncScript', seen));
    },
    consoleLines: () => inBrowser('return window.corsLines.splice(0);'),
    async close() {
      marionette.close();
      await firefox.stop();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

// The console forgets all but the last messages: they are kept as they come.
const LISTEN = `
  window.corsLines = [];
  Services.console.registerListener({
    observe(message) {
      if (message instanceof Ci.nsIScriptError && message.category.startsWith('CORS')) window.corsLines.push(message.errorMessage);
    },
  });`;

function preferences({ port, securePort }) {
  const values = {
    'marionette.port': 0, // any
    'network.dns.forceResolve': '127.0.0.1',
    'network.socket.forcePort': `80=${port};443=${securePort}`,
    'network.proxy.type': 0,
    'network.trr.mode': 5, // no DNS over https
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'dom.security.https_first': false,
    'app.update.disabledForTesting': true,
    'browser.shell.checkDefaultBrowser': false,
    'browser.startup.page': 0,
    'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.server': '',
  };
  return Object.entries(values).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join('');
}

/** Firefox writes it into its profile. */
async function marionettePort(profile) {
  const end = performance.now() + READY_MS;
  for (;;) {
    try {
      const port = Number(readFileSync(join(profile, 'MarionetteActivePort'), 'utf8'));
      if (port > 0) return port;
    } catch (error) {
      if (error.code !== 'ENOENT' || performance.now() > end) throw error;
    }
    await sleep(50);
  }
}
