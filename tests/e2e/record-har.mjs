// Records HAR files: what the developer tools of Chromium and Firefox export of one fetch each, for every failure of `failures.mjs`.
// Then `cors explain --har` judges each, and the recorder prints what it concludes beside what the browser itself said.
//
//     node record-har.mjs [--browser NAME …] [--out FOLDER] [CASE …]     FOLDER/NAME-CASE.har; target/e2e/har by default
//
// The exit status is 1 if a conclusion that is given as certain is another than the browser's.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchWithExtension, until } from '../support/devtools.mjs';
import { launchFirefox } from '../support/firefox.mjs';
import { removeFolder } from '../support/folder.mjs';
import { listen } from '../support/listen.mjs';
import { stopAll } from '../support/process.mjs';
import { address, FAILURES, PAGE, siteOf } from './failures.mjs';
import { makeCertificate } from './prepare.mjs';
import { startWire } from './wire/wire.mjs';

const QUIET_MS = 300;
const READY_MS = 20_000;
const BROWSERS = { chromium: openChromium, firefox: openFirefox };
const CALL = '(url, ask) => fetch(url, ask).then((response) => response.text()).catch(() => {})';

/** The names of Firefox's console messages. */
const LISTEN = `
  window.keys = [];
  Services.console.registerListener({
    observe(message) {
      if (message instanceof Ci.nsIScriptError && /^(?:CORS|Mixed Content Blocker)/.test(message.category)) window.keys.push(message.category);
    },
  });`;

const { values: options, positionals } = parseArgs({
  options: { browser: { type: 'string', multiple: true, default: Object.keys(BROWSERS) }, out: { type: 'string' } },
  allowPositionals: true,
});
process.exit(await run().then((wrong) => (wrong === 0 ? 0 : 1), (error) => (console.error(error), 1)).finally(stopAll));

async function run() {
  const target = process.env.E2E_TARGET;
  const folder = options.out ?? join(target, 'e2e', 'har');
  const command = join(target, 'debug', 'cors');
  const scratch = join(target, 'e2e', 'har-run');
  for (const made of [folder, scratch]) mkdirSync(made, { recursive: true });
  const { key, cert } = makeCertificate(scratch);
  const certificate = { key: readFileSync(key), cert: readFileSync(cert) };
  const wire = await startWire({ siteOf, certificate, onRequest: () => {} });
  const cases = Object.entries(FAILURES).filter(([name]) => positionals.length === 0 || positionals.includes(name));
  let wrong = 0;
  for (const name of options.browser) {
    const browser = await BROWSERS[name](wire);
    let [right, unsure] = [0, 0];
    for (const [what, { ask = {}, url = address(what), error }] of cases) {
      const { har, said } = await browser.record(url, ask);
      const file = join(folder, `${name}-${what.replaceAll(/[ ,]+/g, '-')}.har`);
      writeFileSync(file, `${JSON.stringify(har, null, 1)}\n`);
      const told = judge(command, file);
      const isSame = told.cause === (error ?? null) || told.cause === said;
      const isRight = isSame || (said?.startsWith('net::') && told.cause === readMessage(command, said));
      const isSure = told.certainty === 'certain' || told.certainty === 'by-elimination';
      const isWrong = isSure && !isRight;
      right += Number(isSure && isRight);
      unsure += Number(!isSure);
      wrong += Number(isWrong);
      console.log(`${name}, ${what}: ${isWrong ? 'WRONG: ' : ''}the browser ${said ?? 'says nothing'}; the file ${told.cause ?? 'passed'}, ${told.certainty}`);
    }
    const title = `${name[0].toUpperCase()}${name.slice(1)} ${browser.version}`;
    console.log(`${title}, HAR files judged as the browser did: ${right}/${cases.length - unsure}`);
    if (unsure > 0) console.log(`${title} leaves ${unsure} of them uncertain`);
    await browser.close();
  }
  await wire.stop();
  return wrong;
}

/** What `cors explain` says of the file's one fetch: `{ cause, certainty }`. */
function judge(command, file) {
  const { requests, passed } = explain(command, ['--har', file]);
  // What was never a request is in no network panel.
  return requests[0] ?? { cause: null, certainty: passed > 0 ? 'certain' : 'absent' };
}

/** The cause of a message, such as a network error. */
function readMessage(command, text) {
  return explain(command, [text]).cause;
}

function explain(command, args) {
  try {
    return JSON.parse(execFileSync(command, ['explain', '--json', ...args], { encoding: 'utf8' }));
  } catch (error) {
    if (error.status !== 1) throw error;
    return JSON.parse(error.stdout);
  }
}

/** By an extension beside the developer tools, which alone reaches the network panel's own HAR. */
async function openChromium({ port, securePort }) {
  const folder = mkdtempSync(join(tmpdir(), 'cors-har-'));
  const extension = join(folder, 'extension');
  cpSync(join(import.meta.dirname, 'har-extension'), extension, { recursive: true });
  const recorder = await startRecorder();
  const script = join(extension, 'devtools.js');
  writeFileSync(script, readFileSync(script, 'utf8').replace('PORT', recorder.port));
  const browser = await launchWithExtension({ extension, port, securePort });
  const page = await browser.attach(({ type, url }) => type === 'page' && url === 'about:blank', 'the page');
  const visit = async () => {
    await page.send('Page.navigate', { url: `${PAGE}/` });
    await until('the page', () => page.evaluate('document.readyState === "complete"'));
  };
  await page.send('Network.enable');
  let said;
  page.on('Network.loadingFailed', ({ corsErrorStatus, blockedReason, errorText }) => {
    said ??= corsErrorStatus?.corsError ?? (blockedReason === 'mixed-content' ? 'MixedContent' : errorText);
  });
  await visit();
  await recorder.ready();
  return {
    version: browser.version.replace(/^.*\//, ''),
    async record(url, ask) {
      await visit();
      said = undefined;
      await page.evaluate(`(${CALL})(${JSON.stringify(url)}, ${JSON.stringify(ask)})`);
      await sleep(QUIET_MS);
      return { har: await recorder.ask(), said };
    },
    async close() {
      await browser.close();
      await recorder.stop();
      await removeFolder(folder);
    },
  };
}

/** The extension asks `/next` until somebody wants a HAR, and posts it to `/har`. */
async function startRecorder() {
  let waiting;
  let wanted;
  let hasAsked;
  const first = new Promise((resolve) => (hasAsked = resolve));
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    if (request.url === '/next') {
      hasAsked();
      waiting = response;
      return;
    }
    let body = '';
    request.on('data', (chunk) => (body += chunk)).on('end', () => {
      response.end();
      wanted(JSON.parse(body));
    });
  });
  const { port, stop } = await listen(server);
  return {
    port,
    ready: () => Promise.race([first, sleep(READY_MS).then(() => Promise.reject(new Error('the developer tools have not opened')))]),
    async ask() {
      const har = new Promise((resolve) => (wanted = resolve));
      while (waiting === undefined) await sleep(20);
      waiting.end('har');
      waiting = undefined;
      return har;
    },
    stop,
  };
}

/** By the browser's own rights: the network panel of the toolbox exports what "Save all as HAR" does. */
async function openFirefox({ port, securePort }) {
  const firefox = await launchFirefox({ port, securePort, preferences: { 'devtools.netmonitor.persistlog': false } });
  const settled = async (script) => {
    await firefox.inBrowser(`window.settled = undefined; (async () => { ${script} })().then(
      (value) => (window.settled = { value }), (error) => (window.settled = { error: String(error) }));`);
    for (;;) {
      const found = await firefox.inBrowser('return window.settled ?? null;');
      if (found?.error !== undefined) throw new Error(found.error);
      if (found !== null) return found.value;
      await sleep(20);
    }
  };
  await firefox.inBrowser(LISTEN);
  await firefox.visit(`${PAGE}/`);
  await settled(`
    const { require } = ChromeUtils.importESModule('resource://devtools/shared/loader/Loader.sys.mjs');
    const { gDevTools } = require('devtools/client/framework/devtools');
    window.toolbox = await gDevTools.showToolboxForTab(gBrowser.selectedTab, { toolId: 'netmonitor' });`);
  return {
    version: firefox.version,
    async record(url, ask) {
      await firefox.visit(`${PAGE}/`);
      await sleep(QUIET_MS);
      await firefox.inBrowser('window.keys.splice(0);');
      await firefox.execute(`(${CALL})(arguments[0], arguments[1]).then(arguments[2]);`, [url, ask]);
      await sleep(QUIET_MS);
      const log = await settled('return JSON.stringify(await window.toolbox.getHARFromNetMonitor());');
      const keys = await firefox.inBrowser('return window.keys.splice(0);');
      return { har: { log: JSON.parse(log) }, said: keys[0] };
    },
    close: firefox.close,
  };
}
