// Firefox in other languages: what its console prints of each failure, given to `cors explain`.
//
//     node languages.mjs [LANGUAGE …]
//
// `run` has installed the language packs of German and Japanese, which are Debian packages, and built the programs that it needs,
// below the folder that E2E_TARGET names.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchFirefox } from '../support/firefox.mjs';
import { stopAll } from '../support/process.mjs';
import { address, FAILURES, PAGE, siteOf } from './failures.mjs';
import { makeCertificate } from './prepare.mjs';
import { printRecognised, recognise } from './recognise.mjs';
import { startWire } from './wire/wire.mjs';

const QUIET_MS = 300;

const LISTEN = `
  window.lines = [];
  Services.console.registerListener({
    observe(message) {
      if (!(message instanceof Ci.nsIScriptError) || !/^(?:CORS|Mixed Content Blocker)/.test(message.category)) return;
      window.lines.push(message.errorMessage.split('\\n')[0]);
    },
  });`;

process.exit(await run().then((wrong) => (wrong === 0 ? 0 : 1), (error) => (console.error(error), 1)).finally(stopAll));

async function run() {
  const target = process.env.E2E_TARGET;
  const folder = join(target, 'e2e', 'languages');
  mkdirSync(folder, { recursive: true });
  const { key, cert } = makeCertificate(folder);
  const certificate = { key: readFileSync(key), cert: readFileSync(cert) };
  const wire = await startWire({ siteOf, certificate, onRequest: () => {} });
  const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  let wrong = 0;
  for (const language of named.length > 0 ? named : ['de', 'ja']) wrong += await play(language, wire, join(target, 'debug', 'cors'));
  await wire.stop();
  return wrong;
}

/** Returns the number of failures that were not recognised. */
async function play(language, wire, command) {
  const preferences = { 'intl.locale.requested': language, 'extensions.autoDisableScopes': 0 };
  const firefox = await launchFirefox({ port: wire.port, securePort: wire.securePort, preferences });
  const locale = await firefox.inBrowser('return Services.locale.appLocaleAsBCP47;');
  if (locale !== language) throw new Error(`Firefox speaks ${locale}, not ${language}`);
  await firefox.inBrowser(LISTEN);
  await firefox.visit(`${PAGE}/`);
  const told = [];
  for (const [name, { ask = {}, url = address(name), error, isVague }] of Object.entries(FAILURES)) {
    await firefox.inBrowser('window.lines.splice(0);');
    await firefox.execute('fetch(arguments[0], arguments[1]).then(() => arguments[2](), () => arguments[2]());', [url, ask]);
    await sleep(QUIET_MS);
    const lines = await firefox.inBrowser('return window.lines.splice(0);');
    if (lines.length === 0) throw new Error(`${language}, ${name}: the console has nothing`);
    told.push({ name, engine: 'firefox', lines, error, isVague });
  }
  await firefox.close();
  const results = await recognise(command, told);
  return printRecognised(results, { firefox: `Firefox ${firefox.version} in ${language}` });
}
