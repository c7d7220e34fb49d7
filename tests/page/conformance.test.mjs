// The table of the conformance suite, as people open it: from `file:`, with the keyboard alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { AXE } from '../support/axe.mjs';
import { launchChromium } from '../support/chromium.mjs';

const PAGE = pathToFileURL(process.env.CONFORMANCE).href;

let browser;
let page;
const troubles = [];

before(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  await page.goto(PAGE);
});

after(() => browser?.close());

test('there is a row for each server and for each check, and nothing is reported to the console', async () => {
  const { subjects, checks } = await page.evaluate(() => ({
    subjects: Object.keys(window.RESULTS.subjects).length,
    checks: window.RESULTS.checks.length,
  }));
  assert.ok(subjects >= 39 && checks >= 168, `${subjects} servers, ${checks} checks`);
  assert.equal(await page.locator('#servers tbody tr').count(), subjects);
  assert.equal(await page.locator('#checks tbody tr').count(), checks);
  assert.deepEqual(troubles, []);
});

test('ours fail nothing of must and security', async () => {
  const rows = await page.locator('#servers tr.ours').allInnerTexts();
  assert.ok(rows.length >= 14, `${rows.length} of ours`);
  for (const row of rows) {
    const [must, security] = row.split('\t').slice(2);
    for (const score of [must, security]) assert.equal(...score.split('/'), row);
  }
});

test('a column sorts both ways', async () => {
  const button = page.locator('#servers thead button', { hasText: 'must' });
  const failures = async () => (await page.locator('#servers tbody tr').allInnerTexts()).map((row) => row.split('\t')[2].split('/')).map(([passed, all]) => all - passed);
  await button.press('Enter');
  const up = await failures();
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await page.locator('#servers thead button', { hasText: 'must' }).press('Enter');
  const down = await failures();
  assert.deepEqual(down, [...up].reverse());
  assert.ok(down[0] > 0);
});

test('a cell has the reason, the request and the response', async () => {
  await page.locator('#different').check();
  await page.getByRole('button', { name: 'flask-cors, cache-origin-after-denied: failed' }).press('Enter');
  const told = await page.locator('#told').innerText();
  for (const part of ['lock the allowed pages out', 'Origin: https://unlisted.invalid', 'HTTP/1.1 200', 'CORS protocol and HTTP caches']) {
    assert.ok(told.includes(part), told);
  }
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#cell').isVisible(), false);
});

test('nothing is hard to reach', async () => {
  // The page's own rules allow no other script; the checker comes from outside of it.
  const violations = await page.evaluate(`${AXE}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`);
  assert.deepEqual(violations, []);
});
