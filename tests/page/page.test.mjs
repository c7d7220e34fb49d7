// The page of `cors explain --serve`, as people use it: by keyboard, by screen reader, in the dark, on a phone, by link.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AXE } from '../support/axe.mjs';
import { launchChromium } from '../support/chromium.mjs';
import { open, serve, verdict } from './page.mjs';

const BAD_POLICY = `allow_origins = [
    "https://app.example.com",
    "https://Shop.example.com:443/",
]
allow_credentials = true
allow_method = ["PUT"]
`;

let server;
let browser;

before(async () => {
  server = await serve();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the command ends well');
});

/** Opens the page; afterwards it has asked nobody else, and its own policy was kept. */
async function withPage(use, options = {}, fragment = '') {
  const { page, asked, troubles, close } = await open(browser, server.url + fragment, options);
  await use(page);
  const strangers = asked.filter((url) => new URL(url).origin !== new URL(server.url).origin);
  assert.deepEqual(strangers, []);
  assert.deepEqual(troubles, []);
  await close();
}

const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.value);

/** Presses Tab until the field is reached. */
async function tabTo(page, id) {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === id) {
      // What has the focus shows it.
      const outline = await page.evaluate(() => {
        const shown = document.activeElement.closest('.editor') ?? document.activeElement;
        return getComputedStyle(shown).outlineStyle;
      });
      assert.equal(outline, 'solid', `the focus is seen on ${id}`);
      return;
    }
  }
  assert.fail(`Tab does not lead to ${id}`);
}

test('from the sample to an allowed fetch, by keyboard alone', async () => {
  await withPage(async (page) => {
    assert.match(await verdict(page, /Blocked/), /MethodDisallowedByPreflightResponse/);
    await tabTo(page, 'policy');
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# my own\n');
    await tabTo(page, 'origin');
    await page.keyboard.type('https://shop.example.org');
    await tabTo(page, 'method');
    await page.keyboard.type('PUT');
    assert.match(await verdict(page, /Allowed/), /The page gets the response/);
    await tabTo(page, 'credentials');
    await page.keyboard.press('Space');
    await tabTo(page, 'chromium');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.getElementById('browser-name').textContent === 'Firefox');
    assert.match(await verdict(page, /Allowed/), /Allowed/);
    assert.equal(await page.locator('#policy').inputValue().then((text) => text.split('\n')[0]), '# my own');
  });
});

test('the drawing is an ordered list with the actors and their messages', async () => {
  await withPage(async (page) => {
    const steps = await page.locator('#sequence > li').evaluateAll((items) =>
      items.map((item) => [...item.children].map((part) => part.textContent).join('|')),
    );
    assert.equal(await page.locator('#sequence').evaluate((list) => list.tagName), 'OL');
    assert.equal(steps[0], 'page to browser: |fetch()|PATCH /orders/1|with credentials|content-type: application/json');
    const preflight = steps.find((step) => step.includes('OPTIONS'));
    assert.equal(
      preflight,
      'browser to server: |OPTIONS /orders/1|origin: https://app.example.com|access-control-request-method: PATCH|' +
        'access-control-request-headers: content-type',
    );
    assert.equal(steps.at(-2), 'browser: |blocked: MethodDisallowedByPreflightResponse');
    assert.equal(steps.at(-1), 'browser to page: |TypeError: Failed to fetch');
    assert.match(await page.locator('#fixes').innerText(), /add PATCH to allow_methods/);
    assert.match(await page.locator('#console').innerText(), /Method PATCH is not allowed by Access-Control-Allow-Methods/);
    assert.equal(await page.locator('#verdict').getAttribute('role'), 'status');
  });
});

test('a problem of the policy stands next to its line', async () => {
  await withPage(async (page) => {
    await page.fill('#policy', BAD_POLICY);
    await verdict(page, /No verdict yet/);
    const problems = page.locator('#problems li');
    assert.equal(await problems.count(), 2);
    assert.match(await problems.nth(0).innerText(), /Line 3, column 5\s+allow_origins: not in the form.*\s+write https:\/\/shop\.example\.com/);
    assert.match(await problems.nth(1).innerText(), /Line 6, column 1\s+unknown field `allow_method`\s+did you mean `allow_methods`\?/);
    // Right of the line, and at its height.
    const line = await page.locator('#gutter li').nth(2).boundingBox();
    const problem = await problems.nth(0).boundingBox();
    const editor = await page.locator('.editor').boundingBox();
    assert.ok(problem.x > editor.x + editor.width, 'next to the editor');
    assert.ok(Math.abs(problem.y - line.y) < 2, `at ${problem.y}, the line at ${line.y}`);
    assert.equal(await page.locator('#colours .problem').first().textContent(), '"https://Shop.example.com:443/"');
    assert.equal(await page.locator('#policy').getAttribute('aria-invalid'), 'true');
    // Its button leads there.
    await problems.nth(1).getByRole('button').focus();
    await page.keyboard.press('Enter');
    const selected = await page.evaluate(() => {
      const { value, selectionStart, selectionEnd } = document.activeElement;
      return value.slice(selectionStart, selectionEnd);
    });
    assert.equal(selected, 'allow_method');
    await page.keyboard.type('allow_methods');
    await page.waitForFunction(() => document.querySelectorAll('#problems li').length === 1);
  });
});

test('a part of the fetch that cannot be asked is marked next to its field', async () => {
  await withPage(async (page) => {
    for (const [id, value, expected] of [
      ['origin', 'https://App.example.com', /write https:\/\/app\.example\.com/],
      ['url', '//api.example.com/x', /write https:\/\/api\.example\.com\/x/],
      ['headers', 'x-a', /x-a: not a header; write 'name: value'/],
    ]) {
      const before = await page.locator(`#${id}`).inputValue();
      await page.fill(`#${id}`, value);
      await verdict(page, /No verdict yet/);
      assert.match(await page.locator(`#${id}-wrong`).innerText(), expected);
      assert.equal(await page.locator(`#${id}`).getAttribute('aria-invalid'), 'true');
      await page.fill(`#${id}`, before);
      await verdict(page, /Blocked/);
      assert.equal(await page.locator(`#${id}-wrong`).innerText(), '');
    }
  });
});

test('what is typed is never taken for markup', async () => {
  await withPage(async (page) => {
    const markup = '<img src=x onerror=document.title=1><b>bold</b>';
    await page.fill('#policy', `${await page.locator('#policy').inputValue()}# ${markup}\n"${markup}" = 1\n`);
    await verdict(page, /No verdict yet/);
    await page.fill('#policy', `allow_origins = ["https://app.example.com"] # ${markup}`);
    // A value that is shown: of other headers only the name is.
    await page.fill('#headers', `accept: ${markup}`);
    await page.fill('#method', 'PUT');
    await verdict(page, /Blocked/);
    assert.match(await page.locator('#sequence').innerText(), /accept: <img src=x/);
    assert.equal(await page.locator('img, main section section, #sequence b').count(), 0);
    assert.equal(await page.title(), 'cors explain');
  });
});

test('a link restores the case', async () => {
  let link;
  await withPage(async (page) => {
    await page.fill('#policy', 'allow_origins = ["https://ünï.example"]\n# & = # % + "\n');
    await page.fill('#origin', 'https://www.example.com');
    await page.fill('#url', 'https://api.example.com/a?b=c&d=%20');
    await page.fill('#method', 'DELETE');
    await page.fill('#headers', 'x-a: 1\nx-b: é & = +');
    await page.selectOption('#api', 'XMLHttpRequest');
    await page.check('#upload_listener');
    await page.check('[value=webkit]');
    await page.waitForURL(/engine=webkit/);
    link = new URL(page.url()).hash;
    await page.locator('#share').press('Enter');
    await page.getByText('Copied.').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
  }, { permissions: ['clipboard-read', 'clipboard-write'] });
  const fields = ['policy', 'origin', 'url', 'method', 'headers', 'api'];
  await withPage(
    async (page) => {
      const restored = await page.evaluate((ids) => ids.map((id) => document.getElementById(id).value), fields);
      assert.deepEqual(restored, [
        'allow_origins = ["https://ünï.example"]\n# & = # % + "\n',
        'https://www.example.com',
        'https://api.example.com/a?b=c&d=%20',
        'DELETE',
        'x-a: 1\nx-b: é & = +',
        'XMLHttpRequest',
      ]);
      const checked = await page.locator('#fetch input:checked').evaluateAll((inputs) => inputs.map(({ id, value }) => id || value));
      assert.deepEqual(checked, ['credentials', 'upload_listener', 'webkit']);
      assert.equal(new URL(page.url()).hash, link, 'and stays the same');
    },
    {},
    link,
  );
});

test('a case from a link is asked after a press, or once a person changes it', async () => {
  const link = '#policy=allow_origins+%3D+[]&origin=https%3A%2F%2Fapp.example.com';
  for (const act of [
    (page) => page.locator('#explain').press('Enter'),
    (page) => page.fill('#method', 'PUT'),
  ]) {
    const { page, asked, troubles, close } = await open(browser, server.url + link);
    const questions = () => asked.filter((url) => new URL(url).pathname === '/explain').length;
    assert.match(await verdict(page, /From a link/), /press Explain/);
    assert.equal(questions(), 0);
    // Another link, while this one waits and after it was explained.
    await page.evaluate((fragment) => (location.hash = fragment), `${link}&method=DELETE`);
    await page.waitForFunction(() => document.getElementById('method').value === 'DELETE');
    assert.equal(questions(), 0);
    await act(page);
    await verdict(page, /Blocked/);
    assert.equal(questions(), 1);
    assert.equal(await page.locator('#explain').isHidden(), true);
    await page.evaluate((fragment) => (location.hash = fragment), `${link}&method=PATCH`);
    await verdict(page, /From a link/);
    assert.equal(await page.locator('#result').isHidden(), true);
    assert.equal(questions(), 1);
    assert.deepEqual(troubles, []);
    await close();
  }
  // What the page has asked already it asks again after a reload.
  await withPage(async (page) => {
    await page.fill('#method', 'PUT');
    await verdict(page, /Allowed/);
    await page.reload();
    await verdict(page, /Allowed/);
  });
});

test('a link may name an interface and an engine that do not exist', async () => {
  const use = async (page) => {
    await page.locator('#explain').press('Enter');
    assert.match(await verdict(page, /Blocked/), /MissingAllowOriginHeader/);
    assert.equal(await page.locator('#api').inputValue(), 'fetch');
    assert.equal(await page.locator('#browser-name').innerText(), 'the standard');
  };
  await withPage(use, {}, '#policy=allow_origins+%3D+[]&api=beacon&engine=netscape&x=1');
});

test('parts of a page: fields that they do not have are disabled', async () => {
  await withPage(async (page) => {
    await page.selectOption('#api', 'font');
    assert.match(await verdict(page, /Allowed/), /Allowed/);
    for (const id of ['method', 'headers', 'credentials', 'stream', 'upload_listener']) {
      assert.equal(await page.locator(`#${id}`).isDisabled(), true, id);
    }
    await page.fill('#origin', 'https://www.example.com');
    await verdict(page, /Blocked/);
    assert.match(await page.locator('#console').innerText(), /^Access to font at /);
  });
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe-core finds nothing in ${colorScheme} colours`, async () => {
    for (const [width, height] of [[1280, 900], [360, 780]]) {
      // It works by what the page's own policy forbids.
      const context = { colorScheme, bypassCSP: true, viewport: { width, height } };
      const { page, close } = await open(browser, server.url, context);
      await page.evaluate(AXE);
      for (const [pattern, fields] of [
        [/Blocked/, {}],
        [/Allowed/, { method: 'PUT' }],
        [/The policy has/, { policy: `${BAD_POLICY}max_age = "2h"\n"https://*.github.io" = 1\n` }],
        [/The policy has 1 risk/, { policy: 'allow_origins = ["https://*.github.io"]\nallow_credentials = true\n' }],
        [/The fetch: /, { policy: 'allow_origins = []', origin: 'https://*.example.com' }],
        [/The call throws/, { origin: 'https://app.example.com', method: 'TRACE' }],
      ]) {
        for (const [id, value] of Object.entries(fields)) await page.fill(`#${id}`, value);
        await verdict(page, pattern);
        const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
        assert.deepEqual(found, [], `${pattern} at ${width}`);
        assert.ok(passes.some(({ id }) => id === 'color-contrast'), 'contrast was looked at');
      }
      await close();
    }
  });
}

for (const [width, height] of [[360, 780], [320, 640], [768, 1024], [1280, 900], [2560, 1440]]) {
  test(`nothing reaches over the sides at ${width} px`, async () => {
    await withPage(
      async (page) => {
        const long = 'a'.repeat(300);
        for (const [policy, url] of [
          [undefined, `https://api.example.com/${long}`],
          [`${BAD_POLICY}x${long} = "${long}"\n`, undefined],
        ]) {
          if (url) await page.fill('#url', url);
          if (policy) await page.fill('#policy', policy);
          await page.fill('#headers', `x-${long}: ${long}`);
          await verdict(page, policy ? /No verdict yet/ : /Blocked/);
          const { scroll, seen } = await page.evaluate(() => ({
            scroll: document.documentElement.scrollWidth,
            seen: document.documentElement.clientWidth,
          }));
          assert.ok(scroll <= seen, `${scroll} px`);
          const over = await page.evaluate(() =>
            [...document.querySelectorAll('main *')]
              .filter((node) => !node.closest('.editor, .who'))
              .filter((node) => node.getBoundingClientRect().right > document.documentElement.clientWidth)
              .map((node) => node.outerHTML.slice(0, 80)),
          );
          assert.deepEqual(over, []);
        }
      },
      { viewport: { width, height } },
    );
  });
}

test('the command line fills the form', async () => {
  const own = await serve('--origin', 'https://app.example.com', '--element', 'script', '--engine', 'firefox');
  const { page, close } = await open(browser, own.url);
  assert.equal(await page.locator('#api').inputValue(), 'script');
  assert.equal(await page.locator('#browser-name').innerText(), 'Firefox');
  await close();
  assert.equal(await own.stop(), 0);
});

test('the page says that the command has ended', async () => {
  const own = await serve();
  const { page, close } = await open(browser, own.url);
  assert.equal(await own.stop(), 0);
  await page.fill('#method', 'PUT');
  await verdict(page, /No answer/);
  await close();
});

async function takeScreenshots(folder) {
  for (const [name, width, height, colorScheme] of [
    ['light', 1280, 900, 'light'],
    ['dark', 1280, 900, 'dark'],
    ['phone', 360, 780, 'light'],
  ]) {
    await withPage(
      async (page) => {
        await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
        await page.fill('#policy', BAD_POLICY);
        await verdict(page, /No verdict yet/);
        await page.screenshot({ path: `${folder}/${name}-problems.png`, fullPage: true });
      },
      { viewport: { width, height }, colorScheme },
    );
  }
}

if (process.env.SCREENSHOTS) test('screenshots', () => takeScreenshots(process.env.SCREENSHOTS));
