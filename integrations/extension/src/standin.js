// The page of the stand-in: it is on while this page is open and the tab that it is for.

import { element, get } from './element.js';
import { ruleOf, standInOf } from './rules.js';

const standIn = standInOf(location.hash);
const permission = standIn && { origins: [`${standIn.page}/*`, `${standIn.api}/*`].map((site) => site.replace(/:\d+\/\*$/, '/*')) };
/** The number of the rule, while it is on. */
let rule;

function say(word, text, tone) {
  const verdict = get('verdict');
  verdict.className = tone;
  verdict.firstElementChild.textContent = word;
  verdict.lastElementChild.textContent = text;
  get('credentials').disabled = rule !== undefined;
  get('switch').textContent = rule === undefined ? 'Switch it on' : 'Switch it off';
  document.title = `CORS: stand-in ${word.toLowerCase()}`;
}

/** Shows whether any stand-in is on. */
async function mark() {
  const rules = await chrome.declarativeNetRequest.getSessionRules();
  await chrome.action.setBadgeText({ text: rules.length ? 'on' : '' });
  await chrome.action.setTitle({ title: rules.length ? 'CORS: a stand-in is on' : 'CORS: no stand-in is on' });
}

async function switchOn() {
  // Nothing may be awaited before it: a permission is asked for by a press alone.
  if (!(await chrome.permissions.request(permission))) {
    say('Off', 'Without the permission it stays off.', 'none');
    return;
  }
  const rules = await chrome.declarativeNetRequest.getSessionRules();
  rule = Math.max(0, ...rules.map(({ id }) => id)) + 1;
  await chrome.declarativeNetRequest.updateSessionRules({ addRules: [ruleOf({ ...standIn, credentials: get('credentials').checked }, rule)] });
  await mark();
  say('On', `${standIn.page} reads the responses of ${standIn.api} in one tab. Reload that page.`, 'risk');
}

async function switchOff(why) {
  if (rule === undefined) return;
  const ended = rule;
  rule = undefined;
  await chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: [ended] });
  await mark();
  const others = await chrome.declarativeNetRequest.getSessionRules();
  // Another stand-in may still need the sites.
  if (others.length === 0) await chrome.permissions.remove(permission).catch(() => {});
  say('Off', why, 'none');
}

function start() {
  if (!standIn) {
    say('Off', 'Open it from the panel CORS of the developer tools.', 'none');
    return;
  }
  const { page, api, methods, headers, credentials } = standIn;
  const rows = [['Page', page], ['Server', api], ['Methods', methods.join(', ')], ['Headers', headers.join(', ') || 'none']];
  // A log of Firefox does not show it.
  get('credentials').checked = credentials;
  get('what').replaceChildren(...rows.flatMap(([name, value]) => [element('dt', '', name), element('dd', '', value)]));
  get('switch').hidden = false;
  say('Off', 'Nothing is changed.', 'none');
  get('switch').addEventListener('click', () => {
    const done = rule === undefined ? switchOn() : switchOff('Nothing is changed.');
    done.catch((error) => say('Off', error.message, 'bad'));
  });
  chrome.tabs.onRemoved.addListener((tab) => tab === standIn.tab && switchOff('The tab was closed.'));
  // Firefox hears nothing any more of a page that is hidden for good; it asks the page before.
  for (const end of ['beforeunload', 'pagehide']) addEventListener(end, () => switchOff('The page was closed.'));
}

start();
