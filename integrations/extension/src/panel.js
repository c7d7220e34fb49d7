// The panel: the requests of the inspected page to other origins, as they come, and what is said about the chosen one.

import { connect } from './engine.js';
import { count, element, get, prose, showVerdict, stackOptions } from './element.js';
import { findingList, findingParts, isOpen, rowsShown, verdictOf } from './finding.js';
import { sentAs, withoutSecrets } from './har.js';
import { hindrance, standInFor } from './rules.js';
import { tidy } from './session.js';

/** How often the log is read, in milliseconds. Firefox tells nothing of a request that it never sends. */
const INTERVAL = 1000;

const engine = connect(async () => (await fetch('cors_ui_wasm.wasm')).arrayBuffer());
let findings = [];
/** The request that is shown: its place among the others, or the last that was blocked. */
let chosen;
let seen = '';
/** What is written of the request that is shown. */
let written = '';

/** Returns the log of the network panel. */
const log = () => new Promise((resolve) => chrome.devtools.network.getHAR(resolve));

async function look() {
  if (document.hidden) return;
  const found = await log();
  const text = JSON.stringify({ log: withoutSecrets(found) });
  if (text === seen) return;
  seen = text;
  await judge();
}

async function judge() {
  const answer = await engine.requests(seen, { stack: get('stack').value || undefined });
  if (answer.refusal) throw new Error(answer.refusal.what);
  if (answer.findings.length < findings.length) chosen = undefined;
  findings = answer.findings;
  show();
}

const isBad = ({ verdict }) => verdict === 'blocked' || verdict === 'failed';

function show() {
  const shown = chosen ?? findings.findLastIndex(isBad);
  const finding = findings[shown] ?? findings.at(-1);
  showList(findings.indexOf(finding));
  // What a person reads, selects or copies stays, unless it changes.
  const text = JSON.stringify(finding) ?? '';
  if (text !== written) get('result').replaceChildren(...(finding ? [...findingParts(finding), ...standIn(finding)] : []));
  written = text;
  get('outcome').hidden = !finding;
  const number = (verdict) => findings.filter((one) => one.verdict === verdict && !isOpen(one)).length;
  const open = findings.filter(isOpen).length;
  const parts = [[number('blocked'), 'blocked'], [number('failed'), 'failed'], [open, 'perhaps blocked'], [number('lucky'), 'passed by luck'], [number('allowed'), 'allowed']];
  const summary = parts.filter(([some]) => some).map(([some, what]) => `${some} ${what}`).join(', ');
  if (!finding) showVerdict({ word: 'Nothing yet', text: 'The page has asked no other origin.', tone: 'none' });
  else if (isBad(finding) || chosen !== undefined) showVerdict(verdictOf(finding));
  else if (open) showVerdict({ word: 'Perhaps', text: `${summary}: the log does not tell which.`, tone: 'risk' });
  else showVerdict({ word: 'Nothing is blocked', text: `${count(findings.length, 'request')}: ${summary}.`, tone: 'good' });
  get('requests-hint').textContent = summary ? `${summary}, since the developer tools were opened.${rowsShown(findings) === String(findings.length) ? '' : ` ${rowsShown(findings)}.`}` : 'Those since the developer tools were opened. Reload the page for those before.';
}

/** Shows the requests, one of them as the one that is shown. Where the list was scrolled to, and which row has the focus, stays. */
function showList(current) {
  const old = get('findings');
  const placeOf = (row) => (old && row ? [...old.children].indexOf(row.closest('li')) : -1);
  const focused = placeOf(old?.querySelector(':focus'));
  const before = placeOf(old?.querySelector('[aria-current]'));
  const place = old?.scrollTop ?? 0;
  get('requests').replaceChildren(findingList(findings, current, (index) => {
    chosen = index;
    show();
    get('findings').querySelector('[aria-current]').focus();
  }));
  const list = get('findings');
  list.scrollTop = place;
  const row = list.querySelector('[aria-current]')?.closest('li');
  if (row && [...list.children].indexOf(row) !== before) showRow(list, row);
  list.children[focused]?.firstElementChild.focus({ preventScroll: true });
}

/** Scrolls the list, and not the panel, until a row is in view. */
function showRow(list, row) {
  const top = row.offsetTop - list.offsetTop;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + row.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = top + row.offsetHeight - list.clientHeight;
}

/** Returns what the stand-in can do about a request: a link to its page, or why it cannot. */
function standIn(finding) {
  if (finding.verdict !== 'blocked') return [];
  const title = element('h3', '', 'Until the server is mended');
  const reason = hindrance(finding, sentAs(JSON.parse(seen).log, finding));
  if (reason) return [title, element('p', '', ...prose(reason))];
  const link = element('a', '', 'Stand in for the server, in this tab…');
  link.href = `standin.html#${new URLSearchParams({ tab: chrome.devtools.inspectedWindow.tabId, ...standInFor(finding, findings) })}`;
  link.target = '_blank';
  return [title, element('p', '', 'The extension can answer as the server should, for this page, this server and this tab alone. It is off until you switch it on, and it mends nothing for your users.'), element('p', '', link)];
}

async function again() {
  try {
    await look();
  } catch (error) {
    const isGone = !chrome.runtime?.id;
    showVerdict({ word: 'No answer', text: isGone ? 'The extension was loaded anew: close the developer tools, and open them again.' : error.message, tone: 'none' });
    if (isGone) return;
  }
  setTimeout(again, INTERVAL);
}

// The requests of another page may stand in the same places.
chrome.devtools.network.onNavigated.addListener(() => (chosen = undefined));
get('stack').addEventListener('change', judge);
get('options').addEventListener('submit', (event) => event.preventDefault());
show();
again();
// Firefox lets a panel do no more than a script in a page; there the next stand-in does it.
if (chrome.declarativeNetRequest && chrome.permissions && chrome.tabs) tidy().catch(() => {});
const stacks = await engine.stacks();
get('stack').append(...stackOptions(stacks));
