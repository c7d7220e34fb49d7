// The page as files, as people open it: from a file server and from `file:`, in Chromium and in Firefox.

import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { AXE } from '../support/axe.mjs';
import { launchChromium } from '../support/chromium.mjs';
import { launchFirefox } from '../support/firefox.mjs';
import { listen } from '../support/listen.mjs';
import { bareTitles } from '../support/titles.mjs';
import { change } from '../../cors-ui/page/change.js';
import { open, verdict } from './page.mjs';

const { SITE } = process.env;
const MODULES = ['policy', 'text'];
/** What a person loads for an answer, compressed: the page, and the module that has the answer. */
const MOST = 200_000;
const FILE = pathToFileURL(SITE).href;
const MESSAGE =
  "Access to fetch at 'https://api.example.com/orders?token=hidden' from origin 'https://app.example.com' has been blocked by CORS policy: " +
  "No 'Access-Control-Allow-Origin' header is present on the requested resource.";
const COMMAND = "curl 'https://api.example.com/orders' -X PUT -H 'Origin: https://app.example.com' -H 'Cookie: session=hidden'";

let browser;
let server;
let url;

before(async () => {
  browser = await launchChromium();
  server = await listen(createServer(async (request, response) => {
    const name = new URL(request.url, 'http://localhost').pathname.slice(1) || 'index.html';
    const text = await readFile(new URL(name, FILE)).catch(() => undefined);
    if (text === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', name.endsWith('.js') ? 'text/javascript' : 'text/html').end(text);
  }));
  url = `http://127.0.0.1:${server.port}/`;
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Opens the page; afterwards it has asked for nothing but itself and its engine, and its own policy was kept. */
async function withPage(use, { from = FILE, fragment = '', ...options } = {}) {
  const { page, asked, troubles, close } = await open(browser, from + fragment, options);
  await use(page, asked);
  const own = [from, ...MODULES.map((name) => new URL(`engine-${name}.js`, from).href)];
  assert.deepEqual(asked.filter((one) => !own.includes(one.split(/[?#]/)[0]) && !one.startsWith('data:') && !one.startsWith('blob:')), []);
  assert.deepEqual(troubles, []);
  await close();
}

for (const home of ['a file', 'a server']) {
  test(`a message, from ${home}`, async () => {
    await withPage(async (page) => {
      assert.match(await verdict(page, /Why is it blocked/), /Paste the red line/);
      await page.fill('#text', MESSAGE);
      assert.match(await verdict(page, /Blocked/), /Send Access-Control-Allow-Origin: https:\/\/app\.example\.com .*MissingAllowOriginHeader/s);
      assert.match(await page.locator('.facts').innerText(), /https:\/\/api\.example\.com\/orders/);
      assert.doesNotMatch(await page.locator('#outcome').innerText(), /hidden/);
      await page.selectOption('#stack', 'express');
      await page.getByText('In Express', { exact: true }).waitFor();
      assert.match(await page.locator('.lines').first().innerText(), /npm install cors/);
    }, { from: home === 'a file' ? FILE : url });
  });
}

test('the same in Firefox, from a file and from a server', async () => {
  const firefox = await launchFirefox({ preferences: { 'network.dns.forceResolve': '' } });
  for (const from of [FILE, url]) {
    await firefox.visit(from);
    const shown = await firefox.execute(
      `const [text, done] = arguments;
       const area = document.getElementById('text');
       area.value = text;
       area.dispatchEvent(new Event('input'));
       const end = performance.now() + 20000;
       const look = () => {
         const shown = document.getElementById('verdict').innerText;
         if (/Blocked/.test(shown) || performance.now() > end) done(shown); else setTimeout(look, 50);
       };
       look();`,
      [MESSAGE],
    );
    assert.match(shown, /Blocked\s+Send Access-Control-Allow-Origin/);
  }
  await firefox.close();
});

test('a fix is pressed, and a risk is accepted with a press', async () => {
  await withPage(async (page) => {
    await page.check('#way-policy');
    await verdict(page, /Blocked/);
    await page.getByRole('button', { name: 'Do it: add PATCH to allow_methods' }).press('Enter');
    await verdict(page, /Allowed/);
    assert.match(await page.locator('#policy').inputValue(), /^allow_methods = \["PUT", "PATCH"\]$/m);
    await page.fill('#policy', 'allow_origins = ["https://app.example.com", "null"]\nallow_methods = ["PATCH"]\nallow_headers = ["content-type"]\nallow_credentials = true');
    await verdict(page, /The policy has 1 risk/);
    await page.getByRole('button', { name: 'Accept the risk NullOrigin' }).click();
    await verdict(page, /Allowed/);
    assert.match(await page.locator('#policy').inputValue(), /\naccept_risks = \["NullOrigin"\]\n$/);
  });
});

test('a HAR file, a copied request, a head, a policy', async () => {
  await withPage(async (page) => {
    await page.setInputFiles('#file', new URL('../har/chromium-acao-mismatch.har', import.meta.url).pathname);
    assert.match(await verdict(page, /Blocked/), /AllowOriginMismatch/);
    await page.fill('#text', COMMAND);
    assert.match(await verdict(page, /Asked/), /https:\/\/app\.example\.com/);
    assert.doesNotMatch(await page.locator('#outcome').innerText(), /hidden/);
    await page.locator('#share').click();
    await page.getByText('No link: what is copied from a browser may hold cookies and keys.').waitFor();
    assert.equal(new URL(page.url()).hash, '');
    await page.fill('#text', 'HTTP/2 200\naccess-control-allow-origin: https://www.example.com\n');
    assert.match(await verdict(page, /Not known/), /The page's origin is not in it: write it below the text\.$/);
    await page.fill('#page', 'https://app.example.com');
    assert.match(await verdict(page, /Blocked/), /AllowOriginMismatch/);
    await page.fill('#text', 'allow_origins = ["https://app.example.com"]\n');
    await page.getByRole('button', { name: 'Open it as a policy' }).click();
    await verdict(page, /Blocked/);
    assert.match(await page.locator('#policy-state').innerText(), /allows 1 origin/);
    await page.check('#way-text');
    await page.fill('#text', 'it does not work');
    assert.match(await verdict(page, /Not known/), /Nothing in this text is known/);
  });
});

test('a link holds a message without what may be secret, and is explained after a press', async () => {
  let link;
  await withPage(async (page) => {
    await page.fill('#text', MESSAGE);
    await verdict(page, /Blocked/);
    await page.locator('#share').click();
    await page.getByText('Copied.').waitFor();
    link = new URL(page.url()).hash;
    assert.doesNotMatch(link, /hidden/);
    await page.locator('#copy-markdown').click();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^\*\*Blocked\.\*\* Send /);
  }, { from: url, permissions: ['clipboard-read', 'clipboard-write'] });
  await withPage(async (page) => {
    assert.match(await verdict(page, /From a link/), /press Explain/);
    await page.locator('#explain').press('Enter');
    assert.match(await verdict(page, /Blocked/), /MissingAllowOriginHeader/);
  }, { fragment: link });
});

/** Returns what a link to this text holds. */
async function linkOf(page, text) {
  await page.fill('#text', text);
  await verdict(page, /./);
  await page.locator('#share').click();
  await page.locator('#share-state').filter({ hasText: /Copied|Copy it/ }).waitFor();
  const found = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('text');
  await page.locator('#text').focus();
  return found;
}

test('a link holds no keys of a path, of a field, or of a session', async () => {
  const message = (address) => MESSAGE.replace(/https:\/\/api[^']*/, address);
  await withPage(async (page) => {
    for (const [given, kept] of [
      ['https://api.example.com/reset/0123456789abcdef0123456789abcdef', 'https://api.example.com/reset/…'],
      ['https://api.example.com/login/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmVk/done', 'https://api.example.com/login/…/done'],
      ['https://api.example.com/cb;jsessionid=ABCDEF0123', 'https://api.example.com/cb;…'],
      ['https://hooks.slack.com/services/T0000/B0000/XXXXXXXXXXXXXXXXXXXXXXXX', 'https://hooks.slack.com/services/T0000/B0000/…'],
      ['https://api.example.com/v1/orders/current-and-previous', 'https://api.example.com/v1/orders/current-and-previous'],
    ]) assert.equal(await linkOf(page, message(given)), message(kept));
    await page.fill('#page', 'https://app.example.com');
    const head = ['HTTP/2 302', 'x-auth-token: hidden', 'X-Api-Key: hidden', 'set-cookie2: hidden', 'location: next/0123456789abcdef0123456789abcdef?code=hidden', 'access-control-allow-origin: *', 'vary: origin'].join('\n');
    const shown = ['HTTP/2 302', 'x-auth-token: …', 'X-Api-Key: …', 'set-cookie2: …', 'location: next/…', 'access-control-allow-origin: *', 'vary: origin'].join('\n');
    assert.equal(await linkOf(page, head), shown);
  }, { from: url });
});

test('a link holds the stack, and the answers to the three questions', async () => {
  let link;
  await withPage(async (page) => {
    await page.fill('#text', MESSAGE);
    await page.selectOption('#stack', 'nginx');
    await page.locator('#share').click();
    link = new URL(page.url()).hash;
  }, { from: url });
  await withPage(async (page) => {
    const explain = page.locator('#verdict #explain');
    // It is in view with the verdict.
    const box = await explain.boundingBox();
    assert.ok(box.y + box.height < 400, `${box.y}`);
    await explain.click();
    await verdict(page, /Blocked/);
    await page.locator('#stack option[value=nginx]').waitFor({ state: 'attached' });
    assert.equal(await page.inputValue('#stack'), 'nginx');
  }, { from: url, fragment: link, viewport: { width: 360, height: 640 } });
  await withPage(async (page) => {
    await page.check('#way-question');
    await page.fill('#origins', 'https://app.example.com\nhttps://www.example.com');
    await page.locator('#made-with option[value=django]').waitFor({ state: 'attached' });
    await page.selectOption('#made-with', 'django');
    await page.check('#question [name=cookies]');
    await page.uncheck('#question [name=json]');
    await page.fill('#server-url', 'https://shop.example.com/');
    await verdict(page, /These lines/);
    await page.locator('#share').click();
    link = new URL(page.url()).hash;
  }, { from: url });
  await withPage(async (page) => {
    assert.match(await verdict(page, /From a link/), /Look at the answers/);
    await page.locator('#made-with option[value=django]').waitFor({ state: 'attached' });
    await page.locator('#explain').click();
    assert.match(await verdict(page, /These lines/), /these origins/);
    assert.equal(await page.inputValue('#origins'), 'https://app.example.com\nhttps://www.example.com');
    assert.equal(await page.inputValue('#made-with'), 'django');
    assert.equal(await page.inputValue('#server-url'), 'https://shop.example.com/');
    assert.deepEqual(await page.locator('#question input').evaluateAll((all) => all.filter(({ checked }) => checked).map(({ name, value }) => `${name}=${value}`)), ['own=yes', 'who=listed', 'cookies=on']);
  }, { from: url, fragment: link });
});

test('a log of very many requests', async () => {
  const entry = (number) => ({
    startedDateTime: '2026-12-01T00:00:00Z',
    request: { method: 'GET', url: `https://api.example.com/${number}`, headers: [{ name: 'origin', value: 'https://app.example.com' }] },
    response: { status: 200, headers: [] },
  });
  const log = { log: { creator: { name: 'WebInspector' }, entries: Array.from({ length: 5000 }, (_, number) => entry(number)) } };
  await withPage(async (page) => {
    await page.setInputFiles('#file', { name: 'many.har', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(log)) });
    await verdict(page, /Blocked/);
    await page.getByText('5000, of which 400 are shown:').waitFor();
    await page.locator('#findings .row').last().click();
    // Those around the chosen one come.
    await page.locator('#findings [aria-current]', { hasText: 'https://api.example.com/399' }).waitFor();
    assert.equal(await page.locator('#findings .row').count(), 400);
    assert.match(await page.locator('#findings .row').last().innerText(), /com\/598/);
    assert.match(await page.evaluate(() => document.activeElement.innerText), /com\/399/);
  });
});

test('no title stands alone, whatever is answered', async () => {
  const messages = JSON.parse(await readFile(new URL('../../cors-diagnosis/tests/texts.json', import.meta.url), 'utf8'));
  const logs = (await readdir(new URL('../har/', import.meta.url))).filter((name) => name.endsWith('.har'));
  assert.ok(messages.length > 100 && logs.length > 50);
  const texts = [
    '', 'it does not work', COMMAND, 'HTTP/2 200\naccess-control-allow-origin: https://www.example.com\n', 'https://api.example.com/', '{"log": {}}',
    'allow_origins = ["https://app.example.com"]', 'await fetch("https://api.example.com/", {"method": "PUT"});', 'OPTIONS',
    ...messages.filter((_, index) => index % 7 === 0).map(({ text }) => text),
  ];
  await withPage(async (page) => {
    const seen = new Set();
    const look = async (what) => {
      assert.deepEqual(await page.evaluate(bareTitles), [], what);
      seen.add((await page.locator('#verdict strong').innerText()).replace(/ \(.*/, ''));
    };
    /** Does what asks, and waits until the verdict is written anew, which gives it the colour of its kind. */
    const answered = async (act) => {
      await page.evaluate(() => (document.getElementById('verdict').className = 'old'));
      await act();
      await page.waitForFunction(() => document.getElementById('verdict').className !== 'old');
    };
    const ask = (id, value) =>
      answered(async () => {
        await page.fill(id, value);
        await page.evaluate(() => document.getElementById('explain').click());
      });
    for (const text of texts) {
      await ask('#text', text);
      await look(text);
    }
    for (const name of logs) {
      await answered(() => page.setInputFiles('#file', new URL(`../har/${name}`, import.meta.url).pathname));
      await look(name);
    }
    await page.check('#way-policy');
    const allowed = 'allow_origins = ["https://app.example.com"]\nallow_methods = ["PATCH"]\nallow_headers = ["content-type"]\nallow_credentials = true';
    for (const policy of ['', allowed, 'allow_origins = ["x"]', 'allow_origins = ["null"]', '{', 'allow_origins = []']) {
      for (const origin of ['https://app.example.com', 'app', 'null']) {
        await page.fill('#origin', origin);
        await ask('#policy', policy);
        await look(`${policy} ${origin}`);
      }
    }
    await page.check('#way-question');
    for (const origins of ['', 'x', 'https://app.example.com']) {
      await ask('#origins', origins);
      await look(origins);
    }
    for (const word of ['Why is it blocked?', 'Blocked', 'Failed', 'Not known', 'A policy', 'Asked', 'Nothing is blocked', 'Allowed', 'No verdict yet', 'One thing more', 'Not an origin', 'These lines']) {
      assert.ok(seen.has(word), `${word} was not seen, but ${[...seen]}`);
    }
  });
});

test('three questions lead to lines', async () => {
  await withPage(async (page) => {
    await page.check('#way-question');
    await verdict(page, /One thing more/);
    await page.fill('#origins', 'https://app.example.com\nhttps://www.example.com');
    await verdict(page, /These lines/);
    assert.match(await page.locator('#result').innerText(), /origin: \['https:\/\/app\.example\.com', 'https:\/\/www\.example\.com'\]/);
    await page.fill('#origins', 'app.example.com');
    assert.match(await verdict(page, /Not an origin/), /add the scheme: https:\/\/app\.example\.com/);
    await page.fill('#origins', 'https://app.example.com');
    await page.getByLabel('no, it is somebody else’s').check();
    await verdict(page, /Not from the page/);
    assert.match(await page.locator('#result').innerText(), /cors proxy --policy policy\.toml/);
    await page.getByLabel('every page: the data is public').check();
    await page.getByLabel('yes', { exact: true }).check();
    await verdict(page, /Every page/);
    await page.getByLabel('with cookies or other credentials').check();
    await verdict(page, /Not both/);
  });
});

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[360, 780], [768, 1024], [1440, 900]]) {
    test(`axe-core finds nothing, the verdict is in view and nothing reaches over the sides: ${width} px, ${colorScheme}`, async () => {
      const { page, close } = await open(browser, FILE, { colorScheme, bypassCSP: true, reducedMotion: 'reduce', viewport: { width, height } });
      await page.evaluate(AXE);
      const look = async (what) => {
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`), [], what);
        const { scroll, seen } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, seen: document.documentElement.clientWidth }));
        assert.ok(scroll <= seen, `${what}: ${scroll} px`);
        for (const place of ['0', 'document.body.scrollHeight']) {
          await page.evaluate(`scrollTo(0, ${place})`);
          const { y, height: tall } = await page.locator('#verdict').boundingBox();
          assert.ok(y >= 0 && y + tall <= height, `${what}: the verdict is at ${y}`);
        }
        await page.evaluate('scrollTo(0, 0)');
        if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/site-${what}-${width}-${colorScheme}.png`, fullPage: true });
      };
      await look('empty');
      await page.fill('#text', MESSAGE);
      await page.selectOption('#stack', 'nginx');
      await page.getByText('In nginx', { exact: true }).waitFor();
      await look('message');
      await page.setInputFiles('#file', new URL('../har/chromium-acao-mismatch.har', import.meta.url).pathname);
      await page.locator('#sequence').waitFor();
      await look('har');
      await page.check('#way-question');
      await page.fill('#origins', 'https://app.example.com');
      await verdict(page, /These lines/);
      await look('question');
      await page.check('#way-policy');
      await verdict(page, /Blocked/);
      await look('policy');
      await close();
    });
  }
}

test('at 200 percent, and without JavaScript', async () => {
  await withPage(async (page) => {
    await page.fill('#text', MESSAGE);
    await verdict(page, /Blocked/);
    const { scroll, seen } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, seen: document.documentElement.clientWidth }));
    assert.ok(scroll <= seen, `${scroll} px`);
  }, { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(FILE);
  assert.match(await page.locator('body').innerText(), /This page needs JavaScript/);
  await context.close();
});

test('changes of a policy leave all else as it is written', () => {
  const add = (field, ...texts) => [{ field, add: texts }];
  for (const [before, changes, expected] of [
    ['', add('allow_methods', 'PUT'), 'allow_methods = ["PUT"]\n'],
    ['allow_methods = []', add('allow_methods', 'PUT'), 'allow_methods = ["PUT"]'],
    ['allow_methods = ["PUT",] # ]', add('allow_methods', 'PATCH'), 'allow_methods = ["PUT", "PATCH",] # ]'],
    ['a = [\n    "x", # one, "y"\n]\n', add('a', 'z'), 'a = [\n    "x",\n    "z", # one, "y"\n]\n'],
    ['a = [\n  "x" # ]\n]\n', add('a', 'z'), 'a = [\n  "x",\n  "z" # ]\n]\n'],
    ["a = ['x']", add('a', 'x'), "a = ['x']"],
    ['a = ["patch", "PUT"]', [{ field: 'a', add: ['PATCH'], remove: ['patch'] }], 'a = ["PATCH", "PUT"]'],
    ['b = false # no\n', [{ field: 'b', set: true }], 'b = true # no\n'],
    ['# b = false', [{ field: 'b', set: true }], '# b = false\nb = true\n'],
    ['{"a": ["x"]}', [...add('a', 'y'), { field: 'b', set: true }], '{\n  "a": [\n    "x",\n    "y"\n  ],\n  "b": true\n}\n'],
  ]) {
    assert.equal(change(before, changes), expected);
  }
});

test('a module of the engine is loaded when it is needed, and once', async () => {
  await withPage(async (page, asked) => {
    const loaded = () => asked.map((one) => /engine-(\w+)\.js/.exec(one)?.[1]).filter(Boolean);
    await page.fill('#text', MESSAGE);
    await verdict(page, /Blocked/);
    await page.fill('#text', COMMAND);
    await verdict(page, /Asked/);
    await page.check('#way-question');
    await page.fill('#origins', 'https://app.example.com');
    await verdict(page, /These lines/);
    assert.deepEqual(loaded(), ['text']);
    await page.check('#way-policy');
    await verdict(page, /Blocked/);
    assert.deepEqual(loaded(), ['text', 'policy']);
  }, { from: url });
  await withPage(async (page, asked) => {
    await verdict(page, /From a link/);
    await page.locator('#explain').click();
    await verdict(page, /Not known/);
    assert.deepEqual(asked.filter((one) => one.includes('engine-policy')), []);
  }, { from: url, fragment: '#text=nothing' });
});

test('without a file beside it the page says which, and asks again', async () => {
  const { page, close } = await open(browser, url, {});
  await page.route(/engine-policy/, (route) => route.abort());
  await page.check('#way-policy');
  assert.match(await verdict(page, /No answer/), /The engine is in engine-policy\.js, a file beside this page, and that does not load\./);
  await page.unroute(/engine-policy/);
  await page.fill('#origin', 'https://www.example.com');
  await verdict(page, /Blocked/);
  await close();
});

test('the sizes of SIZES.md', async () => {
  const known = new URL('SIZES.md', import.meta.url);
  const sizesOf = (bytes) => [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
  const sizes = { page: sizesOf(await readFile(SITE)) };
  for (const name of MODULES) {
    sizes[`engine-${name}`] = sizesOf(await readFile(new URL(`engine-${name}.js`, FILE)));
    sizes[`${name}.wasm`] = sizesOf(await readFile(process.env[`${name.toUpperCase()}_MODULE`]));
  }
  for (const name of MODULES) {
    sizes[`page and engine-${name}`] = sizes.page.map((size, index) => size + sizes[`engine-${name}`][index]);
    for (const size of sizes[`page and engine-${name}`].slice(1)) assert.ok(size < MOST, `${name}: ${size} bytes are loaded`);
  }
  const rows = Object.entries(sizes).map(([name, each]) => `| ${[name, ...each].join(' | ')} |\n`);
  if (process.env.UPDATE) {
    const head =
      'Sizes in bytes, of the page, of the two scripts of which it loads one for an answer (both, for answers of both kinds), and of the modules of wasm that are packed in ' +
      'them. The page and either script have to be less than 200,000 bytes by gzip. `UPDATE=1 tests/page/run` writes this file.\n\n';
    await writeFile(known, `${head}| what | raw | gzip | brotli |\n|---|---:|---:|---:|\n${rows.join('')}`);
  }
  const written = await readFile(known, 'utf8');
  for (const [name, each] of Object.entries(sizes)) {
    const line = written.split('\n').find((line) => line.startsWith(`| ${name} |`)).split('|');
    // Another compiler makes another module.
    each.forEach((size, index) => assert.ok(size <= Number(line[2 + index]) * 1.1, `${name}: ${size} bytes, of ${line[2 + index]}`));
  }
});
