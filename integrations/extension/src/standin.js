// The page of the stand-in: it is on while this page is open and the tab that it is for.

import { element, get } from './element.js';
import { hasCredentials, ruleIn, ruleOf, sitesOf, standInOf } from './rules.js';
import { changes, giveBack, mark, tidy } from './session.js';

/** A page that is loaded anew begins while the one before it still ends: it looks once more after this, in milliseconds. */
const PAUSE = 500;

const standIn = standInOf(location.hash);
const sites = standIn ? sitesOf(ruleOf(standIn, 1)) : [];
/** The rules in force, as far as this page knows. */
let rules = [];
/** The number of this stand-in's rule, while it is on. */
let rule;
/** True while it is switched on: the sites are there, and the rule is not yet. */
let isStarting = false;
/** How often this page has switched it on or off. */
let switched = 0;

function say(word, text, tone) {
  const verdict = get('verdict');
  verdict.className = tone;
  verdict.firstElementChild.textContent = word;
  verdict.lastElementChild.textContent = text;
  get('credentials').disabled = rule !== undefined;
  get('switch').textContent = rule === undefined ? 'Switch it on' : 'Switch it off';
  document.title = `CORS: stand-in ${word.toLowerCase()}`;
}

const sayOn = () => say('On', `${standIn.page} reads the responses of ${standIn.api} in one tab. Reload that page.`, 'risk');

/** Looks which rules are in force: this stand-in may be on already, or another page may have switched it off. */
async function look() {
  if (isStarting) return;
  const before = switched;
  const found = await tidy();
  if (isStarting) return;
  if (before !== switched) {
    // What was found, and what the badge tells by it, is from before the press.
    setTimeout(lookAgain, PAUSE);
    return;
  }
  rules = found;
  const own = standIn && ruleIn(rules, standIn);
  if (own?.id === rule) return;
  rule = own?.id;
  if (!own) return say('Off', 'Nothing is changed.', 'none');
  get('credentials').checked = hasCredentials(own);
  sayOn();
}

async function switchOn() {
  // Nothing may be awaited before it: a permission is asked for by a press alone.
  const permission = chrome.permissions.request({ origins: sites });
  isStarting = true;
  switched += 1;
  try {
    if (!(await permission)) return say('Off', 'Without the permission it stays off.', 'none');
    rules = await chrome.declarativeNetRequest.getSessionRules();
    const id = Math.max(0, ...rules.map((one) => one.id)) + 1;
    const added = ruleOf({ ...standIn, credentials: get('credentials').checked }, id);
    // Where another page has switched it on meanwhile, one rule is enough.
    const before = ruleIn(rules, standIn);
    rules = [...rules.filter((one) => one !== before), added];
    await chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: before ? [before.id] : [], addRules: [added] });
    rule = id;
    await mark(rules);
    sayOn();
  } finally {
    isStarting = false;
    changes.postMessage('');
    // A look that had begun before may have told the badge what is over.
    setTimeout(lookAgain, PAUSE);
  }
}

/** Switches it off. All is begun at once: a page that ends does nothing any more that would wait for something. */
async function switchOff(why) {
  if (rule === undefined) return;
  switched += 1;
  rules = rules.filter(({ id }) => id !== rule);
  const done = [chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: [rule] }), mark(rules), giveBack(sites, rules)];
  rule = undefined;
  changes.postMessage('');
  say('Off', why, 'none');
  await Promise.all(done);
}

const lookAgain = () => look().catch((error) => say('Off', error.message, 'bad'));

async function start() {
  changes.addEventListener('message', () => {
    lookAgain();
    setTimeout(lookAgain, PAUSE);
  });
  document.addEventListener('visibilitychange', () => document.hidden || lookAgain());
  setTimeout(lookAgain, PAUSE);
  if (!standIn) {
    say('Off', 'Open it from the panel CORS of the developer tools.', 'none');
    await look();
    return;
  }
  const { page, api, methods, headers, credentials } = standIn;
  const rows = [['Page', page], ['Server', api], ['Methods', methods.join(', ')], ['Headers', headers.join(', ') || 'none']];
  // A log of Firefox does not show it.
  get('credentials').checked = credentials;
  get('what').replaceChildren(...rows.flatMap(([name, value]) => [element('dt', '', name), element('dd', '', value)]));
  say('Off', 'Nothing is changed.', 'none');
  // One that was on before the browser put its page away, or that another page has switched on, is on.
  await lookAgain();
  get('switch').hidden = false;
  get('switch').addEventListener('click', () => {
    const done = rule === undefined ? switchOn() : switchOff('Nothing is changed.');
    done.catch((error) => {
      say('Off', error.message, 'bad');
      setTimeout(lookAgain, PAUSE);
    });
  });
  chrome.tabs.onRemoved.addListener((tab) => tab === standIn.tab && switchOff('The tab was closed.'));
  // Firefox hears nothing any more of a page that is hidden for good; it asks the page before.
  for (const end of ['beforeunload', 'pagehide']) addEventListener(end, () => switchOff('The page was closed.'));
}

start();
