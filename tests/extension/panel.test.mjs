// The panel in Chromium and in Firefox: what it says about each request, beside what the browser itself says.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { AXE } from '../support/axe.mjs';
import { until } from '../support/devtools.mjs';
import { bareTitles } from '../support/titles.mjs';
import { CASES, callOf, startSites } from './cases.mjs';
import { openChromium, openFirefox } from './panels.mjs';

const { EXTENSION } = process.env;
const RESULTS = new URL('RESULTS.md', import.meta.url);

/** What Firefox's console calls the errors that the panel names as Chromium does. */
const FIREFOX = {
  CORSMissingAllowOrigin2: /^(Preflight)?MissingAllowOriginHeader/,
  CORSAllowOriginNotMatchingOrigin: /^(Preflight)?(AllowOriginMismatch|InvalidAllowOriginValue|MultipleAllowOriginValues)/,
  CORSNotSupportingCredentials: /^(Preflight)?WildcardOriginNotAllowed/,
  CORSMissingAllowCredentials: /^(Preflight)?InvalidAllowCredentials/,
  CORSMethodNotFound: /^MethodDisallowedByPreflightResponse/,
  CORSMissingAllowHeaderFromPreflight2: /^HeaderDisallowedByPreflightResponse/,
  CORSPreflightDidNotSucceed3: /^PreflightInvalidStatus/,
  CORSExternalRedirectNotAllowed: /^PreflightDisallowedRedirect/,
};

let sites;
/** By browser: its rows of the table, by case. */
const tables = new Map();

before(async () => {
  sites = await startSites();
});

after(() => sites?.stop());

/** Says whether the panel's word is the browser's: `yes`, `no`, or `open` where the panel says that the log does not tell. */
function agreement({ isOk, error }, { verdict, name } = {}) {
  if (verdict === undefined) return 'no';
  if (verdict === 'Perhaps blocked') return 'open';
  if (isOk) return ['Allowed', 'Passed, by luck'].includes(verdict) ? 'yes' : 'no';
  if (!['Blocked', 'Failed'].includes(verdict)) return 'no';
  const isNetwork = error === undefined || error.startsWith('net::') || error === 'CORSDidNotSucceed2';
  if (isNetwork) return verdict === 'Failed' ? 'yes' : 'no';
  if (error.startsWith('CORS')) return FIREFOX[error]?.test(name) ? 'yes' : 'no';
  return name === error ? 'yes' : 'no';
}

/** Plays every case, and keeps what browser and panel say. */
async function play(panel) {
  const isOk = {};
  for (const name of Object.keys(CASES)) isOk[name] = await panel.call(callOf(name));
  const shownAs = (name) => CASES[name].shown ?? name;
  const rows = await until('a row of every request', async () => {
    const found = await panel.rows();
    return Object.keys(CASES).every((name) => found[shownAs(name)]) && found;
  });
  const errors = await panel.errors();
  const table = {};
  for (const name of Object.keys(CASES)) {
    const said = { isOk: isOk[name], error: errors[shownAs(name)] };
    const row = rows[shownAs(name)];
    table[name] = { browser: said.isOk ? 'passed' : (said.error ?? 'failed'), panel: `${row.verdict}: ${row.what}`, agrees: agreement(said, row) };
  }
  tables.set(panel.title, table);
  return table;
}

for (const [title, open, least] of [['Chromium', openChromium, 42], ['Firefox', openFirefox, 35]]) {
  test(`the panel agrees with ${title}`, async () => {
    const panel = await open({ port: sites.port, extension: EXTENSION });
    await until('the first word', () => panel.inPanel("/Nothing yet/.test(document.getElementById('verdict')?.textContent)"));
    const table = await play(panel);
    const agreeing = Object.values(table).filter(({ agrees }) => agrees === 'yes').length;
    assert.ok(agreeing >= least, `${agreeing} of ${Object.keys(table).length}: ${JSON.stringify(Object.entries(table).filter(([, { agrees }]) => agrees === 'no'), null, 1)}`);
    assert.deepEqual(await panel.inPanel(`(${bareTitles})()`), []);
    // Nothing that is secret is shown.
    assert.doesNotMatch(await panel.inPanel('document.body.innerText'), /hidden/);
    if (title === 'Chromium') {
      await panel.inPanel("document.querySelector('#findings .row').click()");
      // More requests come while a person is somewhere in the list: place and focus stay, and what is shown.
      await panel.inPanel("(() => { const list = document.getElementById('findings'); list.scrollTop = 200; list.children[4].firstElementChild.focus({ preventScroll: true }); document.getElementById('result').firstElementChild.id = 'kept'; })()");
      const number = await panel.inPanel("document.querySelectorAll('#findings .row').length");
      await panel.call(callOf('missing'));
      await until('another row', () => panel.inPanel(`document.querySelectorAll('#findings .row').length > ${number}`));
      const place = await panel.inPanel("[document.getElementById('findings').scrollTop, document.activeElement === document.getElementById('findings').children[4].firstElementChild, Boolean(document.getElementById('kept'))]");
      assert.deepEqual(place, [200, true, true]);
      await panel.inPanel("(() => { document.activeElement.blur(); document.getElementById('findings').scrollTop = 0; })()");
      assert.match(await panel.inPanel("document.getElementById('verdict').innerText"), /Blocked\s+Send Access-Control-Allow-Origin: http:\/\/app\.example\.com/);
      assert.match(await panel.inPanel("document.querySelector('#sequence').innerText"), /blocked: MissingAllowOriginHeader/);
      await panel.inPanel("(() => { const stack = document.getElementById('stack'); stack.value = 'express'; stack.dispatchEvent(new Event('change')); })()");
      await until('the lines', () => panel.inPanel("document.body.innerText.includes('npm install cors')"));
      await panel.inPanel(AXE);
      const violations = await panel.inPanel('axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + nodes.map(({ html }) => html)))');
      assert.deepEqual(violations, []);
    }
    if (process.env.SCREENSHOTS) await writeFile(`${process.env.SCREENSHOTS}/panel-${title.toLowerCase()}.png`, await panel.screenshot());
    await panel.close();
  });
}

test('the table of agreement is that of RESULTS.md', async () => {
  const [chromium, firefox] = ['Chromium', 'Firefox'].map((title) => tables.get(title));
  const count = (table) => `${Object.values(table).filter(({ agrees }) => agrees === 'yes').length} of ${Object.keys(table).length}`;
  const open = Object.values(firefox).filter(({ agrees }) => agrees === 'open').length;
  const cell = (text) => text.replaceAll('|', '\\|');
  const lines = Object.keys(CASES).map((name) => {
    const row = (table) => [table[name].browser, table[name].panel, table[name].agrees].map(cell).join(' | ');
    return `| ${name} | ${row(chromium)} | ${row(firefox)} |`;
  });
  const text = `# What the panel says, and what the browser says

Written by \`UPDATE=1 tests/extension/run\`, which plays each case of \`cases.mjs\` in Chromium and in Firefox, and reads the panel. Chromium's word is \`corsErrorStatus\` of its
protocol, Firefox's is the category of its console's message; the panel sees neither. *open*: the panel says that the log does not tell whether the request was
blocked, as Firefox's log does not, where only credentials are the reason.

The panel agrees with Chromium in ${count(chromium)} cases, and with Firefox in ${count(firefox)}; ${open} more are open there.

| case | Chromium | panel | agrees | Firefox | panel | agrees |
|---|---|---|---|---|---|---|
${lines.join('\n')}
`;
  if (process.env.UPDATE) await writeFile(RESULTS, text);
  assert.equal(await readFile(RESULTS, 'utf8'), text);
});
