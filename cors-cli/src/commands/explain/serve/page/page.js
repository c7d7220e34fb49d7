// Asks the command to explain the case in the form, and again when the case changes.

import * as answer from './answer.js';
import * as currentCase from './case.js';
import * as editor from './editor.js';
import { get } from './element.js';

/** The pause after a key, in milliseconds. Safari lets a page change its address 100 times in 30 s. */
const PAUSE = 300;

/** The state of an entry of the history whose case this page has asked before. */
const ASKED = 'asked';

let asked = 0;
let timer;

async function ask() {
  get('explain').hidden = true;
  currentCase.closeFields();
  const thisCase = currentCase.fromForm();
  history.replaceState(ASKED, '', currentCase.toFragment(thisCase));
  asked += 1;
  const number = asked;
  try {
    const response = await fetch('/explain', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(thisCase),
    });
    const result = await response.json();
    // A newer question was asked meanwhile.
    if (number !== asked) return;
    if (response.ok) answer.show(result);
    else answer.showVerdict('No answer', result.error, 'none');
  } catch {
    answer.showVerdict('No answer', 'The command does not run any more: start cors explain --serve again.', 'none');
  }
}

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

async function start() {
  const linked = currentCase.fromFragment(location.hash);
  currentCase.toForm(linked ?? (await (await fetch('/case')).json()));
  currentCase.closeFields();
  editor.paint([]);
  // Any site can lead here with a case of its own: a person has to want it explained.
  const waits = linked !== undefined && history.state !== ASKED;
  if (waits) wait();
  else await ask();
}

/** Shows the case without an explanation until the button is pressed or the case changes. */
function wait() {
  clearTimeout(timer);
  // An answer that is still to come was for another case.
  asked += 1;
  get('result').hidden = true;
  get('explain').hidden = false;
  answer.showVerdict('From a link', 'Look at the policy and the fetch, then press Explain.', 'none');
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
get('explain').addEventListener('click', ask);
get('share').addEventListener('click', share);
addEventListener('hashchange', start);
start();
