// What stops a request before it is sent (B4): mixed content, ports of other protocols, local network access, addresses that no page
// can ask. Real browsers against what `cors explain` says of the same fetch; of one that is redirected, what `cors_core::explain` says.
//
//     node before.mjs [--quick]
//
// `run` has built and installed the programs that it needs, below the folder that E2E_TARGET names.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../support/chromium.mjs';
import { launchFirefox } from '../support/firefox.mjs';
import { stopAll } from '../support/process.mjs';
import { launchWebKit } from '../support/webkit.mjs';
import { predict as predictRedirects } from './predict.mjs';
import { prepare } from './prepare.mjs';
import { printRecognised, recognise } from './recognise.mjs';
import { startWire } from './wire/wire.mjs';

const HTTPS = 'https://app.example.com';
const HTTP = 'http://app.example.com';
/** Of a private network, to Chromium. */
const INTRANET = 'http://intranet.example.com';
const MIXED = 'http://api.example.net/x';
const TO_PORT = 'http://api.example.net:6666/x';

// The page, and what it asks. `{loopback}` is a port of this machine, `{local}` one that Chromium and Firefox are told is of a
// private network. `not` names the engines in which the test cannot have the case, `firefox` another address, since Firefox asks for
// the address of a name alone.
const CASES = {
  'loopback from https': { page: HTTPS, url: 'http://127.0.0.1:{loopback}/x' },
  'localhost from https': { page: HTTPS, url: 'http://localhost:{loopback}/x' },
  'loopback from https, xhr': { page: HTTPS, url: 'http://127.0.0.1:{loopback}/x', api: 'XMLHttpRequest' },
  'loopback from https, put': { page: HTTPS, url: 'http://127.0.0.1:{loopback}/x', method: 'PUT' },
  'loopback from http': { page: HTTP, url: 'http://127.0.0.1:{loopback}/x' },
  'loopback with the permission': { page: HTTPS, url: 'http://127.0.0.1:{loopback}/x', isPermitted: true, not: ['firefox', 'webkit'] },
  'private address from https': { page: HTTPS, url: 'http://192.168.7.1/x' },
  'private address from http': { page: HTTP, url: 'http://192.168.7.1/x', firefox: 'http://near.example.net:{local}/x' },
  'private address by https': { page: HTTPS, url: 'https://192.168.7.1/x', not: ['firefox'] },
  'local name from https': { page: HTTPS, url: 'http://printer.local/x' },
  'private network from a page of it': { page: INTRANET, url: 'http://192.168.7.1/x', pageSpace: 'local', not: ['firefox'] },
  'loopback from a page of a private network': { page: INTRANET, url: 'http://127.0.0.1:{loopback}/x', pageSpace: 'local', not: ['firefox'] },
  mixed: { page: HTTPS, url: MIXED },
  'mixed, xhr': { page: HTTPS, url: MIXED, api: 'XMLHttpRequest' },
  'mixed, script': { page: HTTPS, url: 'http://api.example.net/script', api: 'script' },
  'mixed, image': { page: HTTPS, url: 'http://api.example.net/image', api: 'image' },
  'image at an address': { page: HTTPS, url: 'http://8.8.8.8/image', api: 'image' },
  'http from http': { page: HTTP, url: MIXED },
  'port 6666': { page: HTTP, url: 'http://api.example.net:6666/x' },
  'port 6666, put': { page: HTTP, url: 'http://api.example.net:6666/x', method: 'PUT' },
  'port 6666, xhr': { page: HTTP, url: 'http://api.example.net:6666/x', api: 'XMLHttpRequest' },
  'port 6666, script': { page: HTTP, url: 'http://api.example.net:6666/script', api: 'script' },
  'port 6000 by https': { page: HTTPS, url: 'https://api.example.net:6000/x' },
  'port 10080 of this machine': { page: HTTPS, url: 'http://127.0.0.1:10080/x' },
  'port 6666, mixed': { page: HTTPS, url: 'http://api.example.net:6666/x' },
  'port 6666, mixed image': { page: HTTPS, url: 'http://api.example.net:6666/image', api: 'image' },
  'port 4190': { page: HTTP, url: 'http://api.example.net:4190/x' },
  'port 6679': { page: HTTP, url: 'http://api.example.net:6679/x' },
  'port 6680': { page: HTTP, url: 'http://api.example.net:6680/x', not: ['firefox'] },
  'redirect to port 6666': { page: HTTP, url: 'http://api.example.net/to-port-6666', to: TO_PORT },
  'no scheme': { page: HTTPS, url: 'api.example.net/x' },
  'host and port': { page: HTTPS, url: 'localhost:3000/x' },
  'host and port, xhr': { page: HTTPS, url: 'localhost:3000/x', api: 'XMLHttpRequest' },
  'no http': { page: HTTPS, url: 'ftp://api.example.net/x' },
  'a file': { page: HTTPS, url: 'file:///etc/hosts' },
};

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const REDIRECT = {
  status: 302,
  fields: [['cache-control', 'no-store'], ['access-control-allow-origin', '*'], ['location', TO_PORT]],
  body: '',
};
const FIREFOX_PROMPT_MS = 200;
const QUIET_MS = 100;

/** What the page does, in it. */
const MAKE = `({ api, method, url }) => new Promise((resolve) => {
  const load = (element) => {
    element.crossOrigin = 'anonymous';
    element.onload = () => resolve(true);
    element.onerror = () => resolve(false);
    element.src = url;
    if (api === 'script') document.head.append(element);
  };
  if (api === 'image') return load(new Image());
  if (api === 'script') return load(document.createElement('script'));
  if (api === 'fetch') return fetch(url, { method }).then(() => resolve(true), () => resolve(false));
  const request = new XMLHttpRequest();
  request.open(method, url);
  request.onload = () => resolve(true);
  request.onerror = () => resolve(false);
  request.send();
})`;

process.exit(await run().then((wrong) => (wrong === 0 ? 0 : 1), (error) => (console.error(error), 1)).finally(stopAll));

async function run() {
  const target = process.env.E2E_TARGET;
  const binaries = join(target, 'debug');
  const { certificate, context } = await prepare({ target, folder: join(target, 'e2e'), binaries });
  const policy = join(context.folder, 'anyone.toml');
  writeFileSync(policy, 'allow_origins = ["*"]\nallow_methods = ["PUT"]\n');
  const heard = [];
  const wire = () => startWire({ siteOf, certificate, onRequest: ({ url }) => heard.push(url) });
  const [far, local, loopback] = await Promise.all([wire(), wire(), wire()]);
  const wires = { far, local, loopback };
  const engines = { chromium: openChromium, firefox: openFirefox, ...(process.argv.includes('--quick') ? {} : { webkit: openWebKit }) };
  let wrong = 0;
  const told = [];
  const titles = {};
  for (const [engine, open] of Object.entries(engines)) {
    const browser = await open(wires);
    const cases = Object.entries(CASES).filter(([, { not = [] }]) => !not.includes(engine));
    let right = 0;
    for (const [name, asked] of cases) {
      const call = { api: 'fetch', method: 'GET', ...asked };
      call.url = (call[engine] ?? call.url).replace('{loopback}', loopback.port).replace('{local}', local.port);
      const predicted = call.to === undefined
        ? predict(join(binaries, 'cors'), policy, engine, call)
        : predictRedirect(join(binaries, 'e2e-predict'), context.policies, engine, call);
      heard.length = 0;
      const isLoaded = await browser.make(call);
      await sleep(QUIET_MS);
      const host = /^(?:\w+:\/\/)?([^/]*)/.exec(call.to ?? call.url)[1];
      const isReached = heard.some((url) => url.split('/')[2] === host);
      const observed = { isAllowed: isLoaded && isReached, isReached, console: await browser.lines() };
      if (engine === 'webkit') observed.console = predicted.console;
      const { error, ...expected } = predicted;
      if (engine !== 'webkit') told.push({ name, engine, lines: observed.console, error });
      const same = JSON.stringify(observed) === JSON.stringify(expected);
      right += Number(same);
      if (!same) console.log(`${engine}, ${name}:\n  predicted ${JSON.stringify(expected)}\n  observed  ${JSON.stringify(observed)}`);
    }
    console.log(`${engine} ${browser.version}, before a request: ${right}/${cases.length}`);
    wrong += cases.length - right;
    titles[engine] = `${engine[0].toUpperCase()}${engine.slice(1)} ${browser.version}, before a request`;
    await browser.close();
  }
  await Promise.all(Object.values(wires).map((each) => each.stop()));
  return wrong + printRecognised(await recognise(join(binaries, 'cors'), told), titles);
}

function siteOf(host, target) {
  const answer = (type, body) => {
    const fields = [['cache-control', 'no-store'], ['access-control-allow-origin', '*'], ['access-control-allow-methods', 'PUT'], ['content-type', type]];
    return { isNoted: true, answer: { status: 200, fields, body } };
  };
  if (target === '/') return answer('text/html', '<!doctype html><title>page</title>');
  if (target === '/image') return answer('image/png', PIXEL);
  if (target === '/to-port-6666') return { isNoted: true, answer: REDIRECT };
  if (target === '/script') return answer('text/javascript', '');
  return answer('text/plain', 'x');
}

/** What `cors explain` says: whether the page gets the response, whether the server gets the request, and the console. */
function predict(binary, policy, engine, { page, url, api, method, pageSpace, isPermitted }) {
  const options = {
    XMLHttpRequest: ['--xhr'],
    script: ['--element', 'script'],
    image: ['--element', 'image'],
    fetch: [],
  }[api];
  if (url.startsWith('http://near.')) options.push('--address-space', 'local');
  if (pageSpace !== undefined) options.push('--page-address-space', pageSpace);
  if (isPermitted) options.push('--local-network-permission');
  if (method !== 'GET') options.push('--method', method);
  const args = ['explain', policy, '--origin', page, '--url', url, '--engine', engine, '--json', ...options];
  const { status, stdout } = execFile(binary, args);
  const { verdict, error, console: lines, steps } = JSON.parse(stdout);
  const isAllowed = verdict === 'allowed';
  if (isAllowed !== (status === 0)) throw new Error(`${args.join(' ')}: ${stdout}`);
  return { isAllowed, isReached: steps.some(({ step }) => step === 'request'), console: lines, error };
}

/** The same of a GET that is redirected. */
function predictRedirect(binary, policies, engine, { page, url, to }) {
  const hop = { is_application: true, policy: 'public', times: 1 };
  const [{ outcome, requests, errors, console: lines }] = predictRedirects(binary, policies, [
    {
      ...{ engine, origin: page, api: 'fetch', method: 'GET', headers: [], credentials: 'same-origin', mode: 'cors', repeat: 1 },
      ...{ has_body: false, upload_listener: false },
      hops: [
        { ...hop, url, status: 302, fields: [['location', to]] },
        { ...hop, url: to, status: 200, fields: [] },
      ],
    },
  ]);
  return { isAllowed: outcome[0] !== 'error', isReached: requests.some((request) => request.url === to), console: lines, error: errors[0] };
}

function execFile(binary, args) {
  try {
    return { status: 0, stdout: execFileSync(binary, args, { encoding: 'utf8' }) };
  } catch (error) {
    if (error.status !== 1) throw error;
    return error;
  }
}

async function openChromium({ far, local }) {
  const maps = [
    ['app.example.com:80', far.port],
    ['app.example.com:443', far.securePort],
    ['api.example.net:80', far.port],
    ['api.example.net:443', far.securePort],
    ...[4190, 6666, 6679, 6680].map((each) => [`api.example.net:${each}`, far.port]),
    ['8.8.8.8:80', far.port],
    ['intranet.example.com:80', local.port],
    ['192.168.7.1:80', local.port],
    ['192.168.7.1:443', local.securePort],
    ['printer.local:80', local.port],
  ].map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`);
  // Else all of them are of this machine.
  const spaces = [[far, 'public'], [local, 'local']].flatMap(([{ port, securePort }, space]) =>
    [port, securePort].map((each) => `127.0.0.1:${each}=${space}`),
  );
  const browser = await launchChromium({
    args: ['--ignore-certificate-errors', `--host-resolver-rules=${maps.join(', ')}`, `--ip-address-space-overrides=${spaces.join(',')}`],
  });
  let lines = [];
  return {
    version: browser.version(),
    async make({ page: url, isPermitted, ...call }) {
      const profile = await browser.newContext({ ignoreHTTPSErrors: true });
      if (isPermitted) await profile.grantPermissions(['local-network-access'], { origin: url });
      const page = await profile.newPage();
      await page.goto(`${url}/`);
      page.on('console', (message) => lines.push(message.text().trimEnd()));
      const isLoaded = await page.evaluate(`(${MAKE})(${JSON.stringify(call)})`);
      await sleep(QUIET_MS);
      await profile.close();
      return isLoaded;
    },
    lines: () => {
      const about = /^(?:Access to |Fetch API cannot load |Not allowed to load |Mixed Content: .*has been blocked|.*net::ERR_UNSAFE_PORT)/;
      const found = lines.filter((line) => about.test(line));
      lines = [];
      return found;
    },
    close: () => browser.close(),
  };
}

async function openFirefox({ far, local }) {
  const ports = ({ port, securePort }) => `127.0.0.1:${port},127.0.0.1:${securePort}`;
  const firefox = await launchFirefox({
    port: far.port,
    securePort: far.securePort,
    preferences: {
      'network.lna.address_space.public.override': ports(far),
      'network.lna.address_space.private.override': ports(local),
      // Nobody sees the prompt.
      'network.lna.prompt.timeout': FIREFOX_PROMPT_MS,
    },
  });
  await firefox.inBrowser(`
    window.lines = [];
    Services.console.registerListener({
      observe(message) {
        if (!(message instanceof Ci.nsIScriptError) || !/^(?:CORS|Mixed Content Blocker)/.test(message.category)) return;
        window.lines.push(message.errorMessage.split('\\n')[0]);
      },
    });`);
  return {
    version: firefox.version,
    async make({ page, ...call }) {
      await firefox.visit(`${page}/`);
      return firefox.execute(`(${MAKE})(arguments[0]).then(arguments[1]);`, [call]);
    },
    lines: () => firefox.inBrowser('return window.lines.splice(0);'),
    close: firefox.close,
  };
}

async function openWebKit({ far }) {
  const webkit = await launchWebKit({ port: far.port });
  return {
    version: webkit.version,
    async make({ page, ...call }) {
      await webkit.visit(`${page}/`);
      return webkit.execute(`(${MAKE})(arguments[0]).then(arguments[1]);`, [call]);
    },
    lines: async () => [],
    close: webkit.close,
  };
}
