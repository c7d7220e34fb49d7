// What the browsers say of the permissions: docs/page.md has their own words.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launchFirefox } from '../support/firefox.mjs';
import { startSites } from './cases.mjs';
import { openChromium } from './panels.mjs';

const { EXTENSION } = process.env;
const SITES = ['https://app.example.com/*', 'https://api.example.com/*'];

let sites;
let documented;

before(async () => {
  sites = await startSites();
  documented = await readFile(new URL('../../docs/page.md', import.meta.url), 'utf8');
});

after(() => sites?.stop());

/** The document has these words, as it sets what a browser says, beside the browser's name. */
function assertDocumented(browser, words) {
  for (const text of words) assert.ok(documented.includes(`*${text}*`), `${browser} says: ${text}`);
}

test('of Chromium', async () => {
  const panel = await openChromium({ port: sites.port, extension: EXTENSION });
  const manifest = JSON.parse(await readFile(`${EXTENSION}/manifest.json`, 'utf8'));
  const warningsOf = (one) => panel.inPanel(`chrome.management.getPermissionWarningsByManifest(${JSON.stringify(JSON.stringify(one))})`);
  const added = await warningsOf(manifest);
  // It is the panel that these words are for.
  const { devtools_page: panelPage, ...without } = manifest;
  assert.ok(panelPage);
  assert.deepEqual(await warningsOf(without), []);
  const asked = await warningsOf({ ...without, host_permissions: SITES });
  assert.deepEqual([added.length, asked.length], [1, 1]);
  assertDocumented('Chromium', [...added, ...asked]);
  await panel.close();
});

test('of Firefox', async () => {
  const firefox = await launchFirefox({});
  await firefox.install(EXTENSION);
  const { added, asked } = await firefox.inBrowser(`
    const { ExtensionData } = ChromeUtils.importESModule('resource://gre/modules/Extension.sys.mjs');
    const { extension } = WebExtensionPolicy.getByID('cors-explain@cors.invalid');
    const words = (permissions, type) => ExtensionData.formatPermissionStrings({ permissions, type }, { fullDomainsList: true }).msgs;
    return { added: words(extension.getRequiredPermissions()), asked: words({ permissions: [], origins: ${JSON.stringify(SITES)} }, 'optional') };`);
  assert.equal(added.length, 1);
  assert.ok(asked.length > 0);
  assertDocumented('Firefox', [...added, ...asked]);
  await firefox.close();
});
