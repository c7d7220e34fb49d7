// Asks the command what comes of the case in the form, and again when the case changes.

import * as answer from './answer.js';
import * as currentCase from './case.js';
import * as editor from './editor.js';
import { get } from './element.js';

/** After a key, in milliseconds. Safari lets a page change its address 100 times in 30 s. */
const PAUSE = 300;

let asked = 0;
let timer;

async function ask() {
  currentCase.closeFields();
  const thisCase = currentCase.fromForm();
  history.replaceState(null, '', currentCase.toFragment(thisCase));
  asked += 1;
  const number = asked;
  try {
    const response = await fetch('/explain', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(thisCase),
    });
    const told = await response.json();
    // An answer that comes after a newer question is of no use.
    if (number !== asked) return;
    if (response.ok) answer.show(told);
    else answer.showVerdict('No answer', told.error, 'none');
  } catch {
    answer.showVerdict('No answer', 'The command does not run any more: start cors explain --serve again.', 'none');
  }
}

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

async function start() {
  currentCase.toForm(currentCase.fromFragment(location.hash) ?? (await (await fetch('/case')).json()));
  editor.paint([]);
  await ask();
}

async function share({ currentTarget: button }) {
  try {
    const link = new URL(currentCase.toFragment(currentCase.fromForm()), location.href);
    await navigator.clipboard.writeText(link);
    get('share-state').textContent = 'Copied.';
  } catch {
    get('share-state').textContent = 'Copy it from the address bar.';
  }
  button.addEventListener('blur', () => (get('share-state').textContent = ''), { once: true });
}

get('policy').addEventListener('input', () => {
  editor.paint([]);
  askSoon();
});
get('fetch').addEventListener('input', askSoon);
get('fetch').addEventListener('submit', (event) => event.preventDefault());
get('share').addEventListener('click', share);
addEventListener('hashchange', start);
start();
