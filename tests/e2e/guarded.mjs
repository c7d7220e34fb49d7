// What a stranger's page gets of servers that guard a part of themselves: nothing of it, in a real Chromium (A6, A9, A10).
//
//     node guarded.mjs
//
// `run` has built and installed the programs that it needs, below the folder that E2E_TARGET names.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { launchChromium } from '../support/chromium.mjs';
import { listen } from '../support/listen.mjs';
import { stopAll } from '../support/process.mjs';
import { prepare } from './prepare.mjs';
import { startGunicorn, startPython } from './servers/python.mjs';

const STRANGER = 'http://stranger.example.com/';

// Each of these leads a server to what is guarded, by one of the readings of a path.
const TO_PRIVATE_FILES = [
  '/private/s.txt',
  '/public/..%2fprivate/s.txt',
  '/public/..%5cprivate/s.txt',
  '/public/%2e%2e%2fprivate/s.txt',
  '/public/..%252fprivate/s.txt',
  '/public//..%2f../private/s.txt',
  '//private/s.txt',
  '/.%2fprivate/s.txt',
];
const TO_ADMIN = ['/admin/users', '//admin/users', '/%2Fadmin/users', '///admin//users', '/public/..%2fadmin/users', '/%61dmin/users'];

process.exit(await run().then(() => 0, (error) => (console.error(error), 1)).finally(stopAll));

async function run() {
  const target = process.env.E2E_TARGET;
  const { env, context } = await prepare({ target, folder: join(target, 'e2e'), binaries: join(target, 'debug') });
  const uvicorn = (name) =>
    startPython(
      context,
      (cert, key) => [
        '-m', 'uvicorn', '--host', '127.0.0.1', '--port', '0', '--http', 'h11', '--ws', 'wsproto', '--no-access-log',
        ...(cert === undefined ? [] : ['--ssl-certfile', cert, '--ssl-keyfile', key]),
        `guarded_asgi:${name}`,
      ],
      /Uvicorn running on https?:\/\/127\.0\.0\.1:(\d+)/,
    );
  const pages = await listen(createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>a page')));
  const [files, enforcing, flask, routes] = await Promise.all([
    uvicorn('site'), uvicorn('enforcing'), startGunicorn(context, 'guarded_flask:app'), startGunicorn(context, 'guarded_flask:by_routes'),
  ]);
  const hosts = [
    ['stranger.example.com:80', pages],
    ['shop.example.com:80', pages],
    ['shop.example.com:443', enforcing.address('https')],
    ['files.example.com:80', files.address('http')],
    ['flask.example.com:80', flask.address('http')],
    ['routes.example.com:80', routes.address('http')],
  ];
  const rules = hosts.map(([host, { port }]) => `MAP ${host} 127.0.0.1:${port}`);
  const browser = await launchChromium({
    args: ['--ignore-certificate-errors', `--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND'].join(', ')}`],
  });
  const page = await browser.newPage();
  const answer = (url, options = {}) =>
    page.evaluate(([url, options]) => fetch(url, options).then((response) => response.text(), () => null), [url, options]);
  const log = (begin) => readFileSync(env.E2E_LOG, 'utf8').split('\n').filter((line) => line.startsWith(begin));
  let count = 0;
  const check = (actual, expected, what) => {
    count += 1;
    assert.deepEqual(actual, expected, what);
  };

  await page.goto(STRANGER);
  // A9. What is public is read, whatever stands behind its prefix, as long as all readings agree.
  for (const path of ['/public/page.txt', '/public/fetch/https://example.org/x', '/public/a%20b', '/public/./page.txt']) {
    check(typeof (await answer(`http://files.example.com${path}`)), 'string', path);
  }
  for (const path of TO_PRIVATE_FILES) check(await answer(`http://files.example.com${path}`), null, path);
  check(log('GET private/s.txt').length > 0, true, 'the server has read such paths as paths to the private file');
  // A9. A mounted application's prefixes begin at the root that the browser sees.
  check(await answer('http://files.example.com/v1/orders'), 'v1/orders', 'what is mounted');
  for (const path of ['/v1/admin/users', '/v1//admin/users', '/v1/x/..%2fadmin/users']) {
    check(await answer(`http://files.example.com${path}`), null, path);
  }
  check(await answer('http://flask.example.com/public/page'), 'public/page', 'a public page of Flask');
  for (const path of TO_ADMIN) {
    check(await answer(`http://flask.example.com${path}`), null, path);
    check(await answer(`http://flask.example.com${path}`, { method: 'DELETE' }), null, `DELETE ${path}`);
  }
  check(log('DELETE admin/users'), [], 'a stranger has deleted users');

  // A10. The preflight for a GET lets no DELETE through, which no policy allows.
  check(await answer('http://routes.example.com/x', { headers: { 'x-a': '1' } }), 'x', 'the route that has a policy');
  check(await answer('http://routes.example.com/x', { method: 'DELETE' }), null, 'the route beside it');
  check(log('DELETE x'), [], 'a stranger has deleted x');

  // A6. To a server of https the page of the same host by http is a stranger.
  await page.goto('http://shop.example.com/');
  check(await answer('https://shop.example.com/orders', { method: 'POST', body: 'a=b' }), null, 'the answer to a POST');
  check(log('POST orders'), [], 'the POST has reached the application');
  const opened = await page.evaluate(
    (url) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url);
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
      }),
    'wss://shop.example.com/socket',
  );
  check(opened, false, 'a WebSocket');
  check(log('opened'), [], 'the WebSocket has reached the application');
  // The same requests from where they may come.
  await page.goto('https://shop.example.com/');
  check(await answer('https://shop.example.com/orders', { method: 'POST', body: 'a=b' }), 'orders', 'a POST of the own page');

  await browser.close();
  await pages.stop();
  writeFileSync(env.E2E_LOG, '');
  console.log(`Chromium ${browser.version()}, guarded parts of sites: ${count}/${count}`);
}
