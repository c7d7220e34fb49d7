// The stand-in: it mends what it says that it mends, and nothing for another page, server or tab; it ends with its page, and with the browser.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '../support/devtools.mjs';
import { removeFolder } from '../support/folder.mjs';
import { sentAs, withoutSecrets } from '../../integrations/extension/src/har.js';
import { hindrance, ruleOf, standInOf } from '../../integrations/extension/src/rules.js';
import { PAGE, callOf, startSites } from './cases.mjs';
import { openChromium, openFirefox } from './panels.mjs';

/** What the rule for GET, PUT and x-token mends, with credentials. */
const MENDED = [
  'missing', 'mismatch', 'invalid', 'empty', 'several-in-one', 'several-lines', 'wildcard-credentials', 'credentials-missing', 'error-500',
  'preflight-missing', 'preflight-mismatch', 'preflight-wildcard-credentials', 'method', 'header', 'after-preflight-missing', 'xhr-missing', 'script-missing',
];
const NOT_MENDED = ['preflight-401', 'preflight-403', 'preflight-404', 'preflight-405', 'preflight-redirect', 'reset'];

let sites;
let folder;
let extension;

before(async () => {
  sites = await startSites();
  // Nobody presses the browser's own question, so that the permission for the two sites is there from the start.
  folder = mkdtempSync(join(tmpdir(), 'cors-extension-'));
  extension = join(folder, 'extension');
  cpSync(process.env.EXTENSION, extension, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8'));
  writeFileSync(join(extension, 'manifest.json'), JSON.stringify({ ...manifest, host_permissions: [`${PAGE}/*`, 'http://api.example.com/*'] }));
});

after(async () => {
  await sites?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function results(call, names) {
  const passed = [];
  for (const name of names) if (await call(callOf(name))) passed.push(name);
  return passed;
}

/** Chooses a request in the panel, and gives what is said about the stand-in. */
async function choose(panel, name) {
  await until(`the row of ${name}`, async () => (await panel.rows())[name]);
  await panel.inPanel(`[...document.querySelectorAll('#findings .row')].findLast((row) => row.children[1].textContent.endsWith('/${name}')).click()`);
  return panel.inPanel("document.getElementById('result').innerText");
}

test('in Chromium', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'cors-chromium-'));
  let panel = await openChromium({ port: sites.port, extension, profile });
  const all = [...MENDED, ...NOT_MENDED];
  assert.deepEqual(await results(panel.call, all), []);
  assert.match(await choose(panel, 'preflight-401'), /The stand-in cannot mend this: the server refuses the preflight with 401.*cors proxy/s);
  await choose(panel, 'missing');
  const href = await panel.inPanel("document.querySelector('#result a').href");
  await panel.inPanel("document.querySelector('#result a').click()");
  const standIn = await panel.chromium.attach(({ url }) => url.includes('/standin.html'), 'the page of the stand-in');
  assert.equal(await until('the switch', () => standIn.evaluate("document.getElementById('switch')?.hidden === false && document.getElementById('verdict').innerText.trim().split(/\\s/)[0]")), 'Off');
  const badge = () => standIn.evaluate('chrome.action.getBadgeText({})');
  const press = () => standIn.send('Runtime.evaluate', { expression: "document.getElementById('switch').click()", userGesture: true });
  assert.equal(await badge(), '');
  assert.deepEqual(await results(panel.call, ['missing']), [], 'off');
  await press();
  await until('on', () => standIn.evaluate("document.getElementById('verdict').innerText.includes('On')"));
  assert.equal(await badge(), 'on');
  assert.deepEqual(await results(panel.call, all), MENDED);
  // Another server, another tab, another page in this tab.
  assert.equal(await panel.call("fetch('http://cdn.example.net/target-missing').then(() => true, () => false)"), false);
  const { targetId } = await panel.chromium.send('Target.createTarget', { url: `${PAGE}/` });
  const tab = await panel.chromium.attach((target) => target.targetId === targetId, 'another tab');
  await until('its page', () => tab.evaluate('document.title === "page"'));
  assert.deepEqual(await results(tab.evaluate, MENDED), []);
  for (const other of ['http://shop.example.com/', 'http://sub.app.example.com/']) {
    await panel.page.send('Page.navigate', { url: other });
    await until(other, () => panel.page.evaluate(`location.href === ${JSON.stringify(other)} && document.readyState === 'complete'`));
    assert.deepEqual(await results(panel.call, MENDED), [], other);
  }
  await panel.page.send('Page.navigate', { url: `${PAGE}/` });
  await until('the page', () => panel.page.evaluate(`location.origin === '${PAGE}' && document.readyState === 'complete'`));
  assert.deepEqual(await results(panel.call, ['missing']), ['missing']);
  // Its page once more, as after the browser put it away: it is on, and can be switched off there.
  const twin = await panel.chromium.send('Target.createTarget', { url: href });
  const twinPage = await panel.chromium.attach((target) => target.targetId === twin.targetId, 'its page, opened again');
  await until('on in its page, opened again', () => twinPage.evaluate("document.getElementById('switch')?.hidden === false && document.getElementById('verdict').innerText.startsWith('On')"));
  assert.equal(await twinPage.evaluate('chrome.declarativeNetRequest.getSessionRules().then((rules) => rules.length)'), 1);
  await twinPage.send('Runtime.evaluate', { expression: "document.getElementById('switch').click()", userGesture: true });
  await until('off', async () => (await badge()) === '');
  await until('off in the first page', () => standIn.evaluate("document.getElementById('verdict').innerText.startsWith('Off')"));
  await panel.chromium.send('Target.closeTarget', { targetId: twin.targetId });
  await press();
  await until('on', async () => (await badge()) === 'on');
  // What is left of a tab that is gone ends when a page of the extension is opened.
  const orphan = { ...ruleOf(standInOf(new URL(href).hash), 99) };
  orphan.condition = { ...orphan.condition, tabIds: [987654] };
  await standIn.evaluate(`chrome.declarativeNetRequest.updateSessionRules({ addRules: [${JSON.stringify(orphan)}] })`);
  const opened = await panel.chromium.send('Target.createTarget', { url: href.split('#')[0] });
  await until('the orphan is gone', () => standIn.evaluate('chrome.declarativeNetRequest.getSessionRules().then((rules) => rules.length === 1 && rules[0].id !== 99)'));
  assert.equal(await badge(), 'on');
  await panel.chromium.send('Target.closeTarget', { targetId: opened.targetId });
  // Off by a press, on again, and off with its page.
  await press();
  await until('off', async () => (await badge()) === '');
  assert.deepEqual(await results(panel.call, MENDED), []);
  // A stand-in for another tab ends with that tab.
  const extra = await panel.chromium.send('Target.createTarget', { url: `${PAGE}/?extra` });
  const number = await until('its number', () => standIn.evaluate("chrome.tabs.query({}).then((tabs) => tabs.find(({ url }) => url?.endsWith('?extra'))?.id)"));
  const third = await panel.chromium.send('Target.createTarget', { url: href.replace(/tab=\d+/, `tab=${number}`) });
  const other = await panel.chromium.attach((target) => target.targetId === third.targetId, 'the page of another stand-in');
  await until('the switch', () => other.evaluate("document.getElementById('switch')?.hidden === false"));
  await other.send('Runtime.evaluate', { expression: "document.getElementById('switch').click()", userGesture: true });
  await until('on', async () => (await badge()) === 'on');
  assert.deepEqual(await results(panel.call, ['missing']), [], 'for another tab');
  await panel.chromium.send('Target.closeTarget', { targetId: extra.targetId });
  await until('off', async () => (await badge()) === '');
  assert.match(await other.evaluate("document.getElementById('verdict').innerText"), /Off\s+The tab was closed\./);
  await press();
  await until('on', async () => (await badge()) === 'on');
  await panel.chromium.send('Target.closeTarget', { targetId: standIn.targetId });
  await until('off', async () => (await results(panel.call, ['missing'])).length === 0);
  // On once more, when the browser ends: it begins without.
  const again = await panel.chromium.send('Target.createTarget', { url: href });
  const second = await panel.chromium.attach((target) => target.targetId === again.targetId, 'its page once more');
  await until('the switch', () => second.evaluate("document.getElementById('switch')?.hidden === false"));
  await second.send('Runtime.evaluate', { expression: "document.getElementById('switch').click()", userGesture: true });
  await until('on', () => second.evaluate("document.getElementById('verdict').innerText.includes('On')"));
  await panel.close();
  panel = await openChromium({ port: sites.port, extension, profile });
  assert.deepEqual(await results(panel.call, MENDED), []);
  await panel.close();
  await removeFolder(profile);
});

test('in Firefox', async () => {
  const panel = await openFirefox({ port: sites.port, extension, preferences: { 'extensions.webextOptionalPermissionPrompts': false } });
  const all = [...MENDED, ...NOT_MENDED];
  assert.deepEqual(await results(panel.call, all), []);
  await choose(panel, 'missing');
  const href = await panel.inPanel("document.querySelector('#result a').href");
  assert.match(href, /^moz-extension:\/\/.*\/standin\.html#tab=\d+&page=http/);
  await panel.inPanel("document.querySelector('#result a').click()");
  await panel.standIn('opens');
  await panel.standIn('credentials');
  await panel.standIn('press');
  await until('on', async () => (await panel.standIn('word')) === 'On');
  assert.deepEqual(await results(panel.call, all), MENDED);
  assert.equal(await panel.call("fetch('http://cdn.example.net/target-missing').then(() => true, () => false)"), false);
  await panel.standIn('close');
  await until('off', async () => (await results(panel.call, ['missing'])).length === 0);
  await panel.close();
});

test('the sites are given back', async () => {
  const panel = await openChromium({ port: sites.port, extension: process.env.EXTENSION });
  await results(panel.call, ['missing']);
  await choose(panel, 'missing');
  const href = await until('its link', () => panel.inPanel("document.querySelector('#result a')?.href"));
  const { targetId: settingsId } = await panel.chromium.send('Target.createTarget', { url: 'chrome://extensions' });
  const settings = await panel.chromium.attach((target) => target.targetId === settingsId, 'the settings');
  const [api, cdn, page] = ['http://api.example.com/*', 'http://cdn.example.net/*', `${PAGE}/*`];
  // Nobody presses the browser's own question: a person can give a site in the settings as well.
  const grant = async (...given) => {
    for (const site of given) await until('a site', () => settings.evaluate(`typeof chrome.developerPrivate?.addHostPermission === 'function' && chrome.developerPrivate.addHostPermission('${new URL(href).host}', '${site}').then(() => true)`));
  };
  const standInPage = async (address) => {
    const { targetId } = await panel.chromium.send('Target.createTarget', { url: address });
    const one = await panel.chromium.attach((target) => target.targetId === targetId, 'the page of a stand-in');
    await until('the switch', () => one.evaluate("document.getElementById('switch')?.hidden === false"));
    return {
      switchTo: async (word) => {
        await one.send('Runtime.evaluate', { expression: "document.getElementById('switch').click()", userGesture: true });
        await until(word, () => one.evaluate(`document.getElementById('verdict').innerText.startsWith('${word}')`));
      },
      close: () => panel.chromium.send('Target.closeTarget', { targetId }),
    };
  };
  const held = async () => (await panel.inPanel('chrome.permissions.getAll().then(({ origins }) => origins)')).sort();
  const becomes = async (expected) => {
    let last;
    await until(`${expected}, not ${last}`, async () => (last = JSON.stringify(await held())) === JSON.stringify(expected), 5000).catch(() => assert.deepEqual(JSON.parse(last), expected));
  };
  assert.deepEqual(await held(), []);
  const first = await standInPage(href);
  const second = await standInPage(href.replace('api.example.com', 'cdn.example.net'));
  await grant(page, api, cdn);
  await first.switchTo('On');
  await second.switchTo('On');
  await becomes([api, page, cdn]);
  await first.switchTo('Off');
  await becomes([page, cdn]);
  // By its page's end.
  await second.close();
  await becomes([]);
  await first.close();
  // Those of a rule that is gone are given back by the next page of the extension.
  await grant(api);
  await panel.chromium.send('Target.createTarget', { url: href.split('#')[0] });
  await becomes([]);
  await panel.close();

  const other = await openFirefox({ port: sites.port, extension: process.env.EXTENSION, preferences: { 'extensions.webextOptionalPermissionPrompts': false } });
  const allowed = () => other.firefox.inBrowser("return WebExtensionPolicy.getByID('cors-explain@cors.invalid').allowedOrigins.patterns.map(({ pattern }) => pattern).filter((site) => site.startsWith('http')).sort();");
  await results(other.call, ['missing']);
  await choose(other, 'missing');
  await until('its link', () => other.inPanel("document.querySelector('#result a')?.href"));
  await other.inPanel("document.querySelector('#result a').click()");
  await other.standIn('opens');
  await other.standIn('press');
  await until('on', async () => (await other.standIn('word')) === 'On');
  assert.deepEqual(await allowed(), [api, page]);
  await other.standIn('close');
  await until('nothing is held', async () => (await allowed()).length === 0);
  await other.close();
});

test('without the permission it stays off', async () => {
  // As it is handed out, without the sites; the browser asks, and is refused.
  const panel = await openFirefox({ port: sites.port, extension: process.env.EXTENSION });
  assert.deepEqual(await results(panel.call, ['missing']), []);
  await choose(panel, 'missing');
  await panel.inPanel("document.querySelector('#result a').click()");
  await panel.standIn('opens');
  await panel.standIn('press');
  const asked = await panel.firefox.inBrowser(`
    return (async () => {
      const end = Date.now() + 20000;
      let popup;
      while (!(popup = document.getElementById('addon-webext-permissions-notification')) || !popup.secondaryButton?.checkVisibility()) {
        if (Date.now() > end) throw new Error('nothing is asked');
        await new Promise((done) => setTimeout(done, 50));
      }
      // Its buttons do nothing at first, so that nobody presses them by chance.
      await new Promise((done) => setTimeout(done, Services.prefs.getIntPref('security.notification_enable_delay') + 300));
      const permissions = popup.querySelector('#addon-webext-perm-list-required');
      const text = [permissions.querySelector('label').getAttribute('value'), ...[...permissions.querySelectorAll('.webext-perm-domains-list li')].map((site) => site.textContent)].join('; ');
      popup.secondaryButton.click();
      return text;
    })();`);
  assert.equal(asked, 'Access your data for sites in 2 domains; app.example.com; api.example.com');
  await until('a word', async () => /Without the permission it stays off/.test(await panel.standIn('sentence')));
  assert.equal(await panel.standIn('word'), 'Off');
  assert.deepEqual(await results(panel.call, ['missing']), []);
  await panel.close();
});

test('what the log tells decides what the stand-in offers', () => {
  const request = (url, more = []) => ({ method: 'GET', url, headers: [{ name: 'Origin', value: PAGE }, ...more] });
  const answered = { status: 200, headers: [] };
  const finding = (url) => ({ page: PAGE, method: 'GET', url, verdict: 'blocked', answer: { name: 'MissingAllowOriginHeader' } });
  const said = (url, entries) => {
    const log = withoutSecrets({ entries: [null, { request: null }, { request: { method: 'GET', url: 'http://x.example/', headers: null }, response: {} }, ...entries] });
    return hindrance(finding(url), sentAs(log, finding(url)));
  };
  const api = 'http://api.example.com/x';
  assert.equal(said(api, [{ request: request(api), response: answered, pageref: 'page_1' }]), undefined);
  assert.match(said(api, [{ request: request(api), response: answered, _resourceType: 'ping' }]), /sendBeacon/);
  const redirected = { method: 'GET', url: api, headers: [{ name: 'origin', value: 'null' }] };
  assert.match(said(api, [{ request: redirected, response: answered }]), /after the redirect the browser sends the origin `null`/);
  const script = { request: request(`${PAGE}/sw.js`, [{ name: 'Service-Worker', value: 'script' }]), response: answered };
  const begun = { stack: { callFrames: [{ url: `${PAGE}/sw.js` }] } };
  assert.match(said(api, [script, { request: request(api), response: answered, _initiator: begun }]), /a service worker sends/);
  assert.match(said(api, [{ request: request(api), response: answered, pageref: 'page_1' }, { request: request(api), response: answered }]), /a service worker sends/);
  // A worker that is none of service: the tab's.
  assert.equal(said(api, [{ request: request(api), response: answered }]), undefined);
});

test('the rule is for one origin, and never `*`', () => {
  const standIn = standInOf('#tab=7&page=https://app.example.com/x&api=https://api.example.com:8443&methods=GET,*,a b,PUT&headers=x-a,*&credentials=true');
  const { condition, action } = ruleOf(standIn, 1);
  assert.deepEqual(condition.tabIds, [7]);
  assert.equal(condition.urlFilter, '|https://api.example.com:8443/');
  assert.deepEqual(condition.initiatorDomains, ['app.example.com']);
  const fields = Object.fromEntries(action.responseHeaders.map(({ header, value }) => [header, value]));
  assert.equal(fields['access-control-allow-origin'], 'https://app.example.com');
  assert.equal(fields['access-control-allow-methods'], 'GET, PUT');
  assert.equal(fields['access-control-allow-headers'], 'x-a');
  assert.ok(!JSON.stringify(action).includes('*'));
  // Firefox takes no field that is set to nothing.
  const bare = ruleOf(standInOf('#tab=7&page=http://[::1]:3000&api=https://bücher.example'), 1);
  assert.equal(bare.condition.urlFilter, '|https://xn--bcher-kva.example/');
  assert.deepEqual(bare.condition.initiatorDomains, ['[::1]']);
  assert.deepEqual(bare.action.responseHeaders.filter(({ operation, value }) => operation === 'set' && !value), []);
  for (const wrong of ['', '#tab=7', '#tab=x&page=https://a.example&api=https://b.example', '#tab=1&page=null&api=https://b.example', '#tab=1&page=https://a.example&api=javascript:1', '#tab=-1&page=https://a.example&api=https://b.example', '#tab=1&page=https://a.example&api=https://a.example/x']) {
    assert.equal(standInOf(wrong), undefined, wrong);
  }
});
