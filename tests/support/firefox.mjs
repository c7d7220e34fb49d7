// Firefox by Marionette, which alone reaches its console's messages about CORS.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeFolder } from './folder.mjs';
import { openMarionette } from './marionette.mjs';
import { startProcess } from './process.mjs';

const EXECUTABLE = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const READY_MS = 60_000;

/**
 * Starts the browser with a new profile, which goes when it is closed; gives
 * `{ version, visit(url), execute(script, args), install(path), screenshot(), inBrowser(script), close }`.
 *
 * Every host is this machine's; `port` and `securePort` are asked in place of 80 and 443; `preferences` are set besides. `execute` runs the body of a function
 * in the page, whose last argument is the callback for its result; `inBrowser` runs one with the browser's own rights.
 */
export async function launchFirefox({ port, securePort, scriptMs = 30_000, preferences: more = {} }) {
  const profile = mkdtempSync(join(tmpdir(), 'cors-firefox-'));
  writeFileSync(join(profile, 'user.js'), preferences({ port, securePort, more }));
  const args = ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile];
  const firefox = await startProcess(EXECUTABLE, args, { ready: /Marionette\s+INFO\s+Listening on port (\d+)|Headless/ });
  const marionette = await openMarionette(await marionettePort(profile));
  const { capabilities } = await marionette.send('WebDriver:NewSession', { acceptInsecureCerts: true });
  await marionette.send('WebDriver:SetTimeouts', { script: scriptMs });
  return {
    version: capabilities.browserVersion,
    visit: (url) => marionette.send('WebDriver:Navigate', { url }),
    execute: (script, args) => marionette.send('WebDriver:ExecuteAsyncScript', { script, args }),
    /** Installs the extension of a folder or of an archive until Firefox ends. */
    install: (path) => marionette.send('Addon:Install', { path, temporary: true }),
    /** Returns a picture of the window. */
    async screenshot() {
      await marionette.send('Marionette:SetContext', { value: 'chrome' });
      const picture = await marionette.send('WebDriver:TakeScreenshot', { full: false });
      await marionette.send('Marionette:SetContext', { value: 'content' });
      return Buffer.from(picture, 'base64');
    },
    async inBrowser(script) {
      await marionette.send('Marionette:SetContext', { value: 'chrome' });
      const result = await marionette.send('WebDriver:ExecuteScript', { script, args: [] });
      await marionette.send('Marionette:SetContext', { value: 'content' });
      return result;
    },
    async close() {
      marionette.close();
      await firefox.stop();
      await removeFolder(profile);
    },
  };
}

function preferences({ port, securePort, more }) {
  const ports = [[80, port], [443, securePort]].filter(([, ours]) => ours !== undefined);
  const values = {
    'marionette.port': 0, // any
    'network.dns.forceResolve': '127.0.0.1',
    'network.socket.forcePort': ports.map((pair) => pair.join('=')).join(';'),
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
    ...more,
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
