// Explains what a person has in hand, and again when it changes.

import * as currentCase from './case.js';
import { change } from './change.js';
import * as editor from './editor.js';
import { button, count, element, get, prose, showVerdict, stackOptions, toClipboard } from './element.js';
import { explanationParts, sentence, verdictOf as verdictOfExplanation } from './explanation.js';
import { findingList, findingParts, rowsShown, verdictOf as verdictOfFinding } from './finding.js';
import { markdownOfExplanation, markdownOfFinding } from './markdown.js';
import { picture } from './picture.js';
import * as question from './question.js';

/** The pause after a key, in milliseconds. Safari lets a page change its address 100 times in 30 s. */
const PAUSE = 300;
/** The most characters that are read. A HAR file of a long day has more. */
const MAX_TEXT = 64 << 20;
/** The state of an entry of the history whose case this page has asked before. */
const ASKED = 'asked';
const WAYS = {
  text: ['text-section'],
  policy: ['policy-section', 'fetch-section'],
  question: ['question-section'],
};
const SAMPLE = {
  policy: 'allow_origins = ["https://app.example.com"]\nallow_methods = ["PUT"]\nallow_headers = ["content-type"]\nallow_credentials = true\n',
  fetch: { url: 'https://api.example.com/orders/1', method: 'PATCH', headers: ['content-type: application/json'], credentials: true, engine: 'chromium' },
};

/**
 * Starts the page.
 *
 * `engine` answers; `firstCase` returns the policy and the fetch to begin with, if the home has them; `where` says where it is judged.
 */
export async function start({ engine, firstCase, where }) {
  let asked = 0;
  let timer;
  let way = 'text';
  /** A file that was dropped, in place of the text. */
  let file;
  /** What can be copied of the answer. */
  let copies = {};

  /** Shows the parts of an answer below the title, which says what to do; without parts there is neither. */
  function showResult(parts, given = {}) {
    get('result').hidden = parts.length === 0;
    get('result').replaceChildren(...parts);
    copies = given;
    for (const name of ['markdown', 'mermaid', 'svg']) get(`copy-${name}`).hidden = !given[name];
  }

  /** Shows what is asked, and nothing else. */
  function choose(name) {
    way = name;
    for (const [other, ids] of Object.entries(WAYS)) for (const id of ids) get(id).hidden = other !== name;
    document.body.dataset.way = name;
    get('ways').elements.way.value = name;
    get('problems').hidden = true;
  }

  async function ask() {
    get('explain').hidden = true;
    asked += 1;
    const number = asked;
    try {
      const show = await { policy: askPolicy, text: askText, question: askQuestion }[way]();
      // A newer question was asked meanwhile.
      if (number === asked) show();
    } catch (error) {
      if (number !== asked) return;
      // The answer to another question would stand below.
      showResult([]);
      showVerdict({ word: 'No answer', text: error.message, tone: 'none' });
    }
  }

  function askSoon() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  async function askPolicy() {
    currentCase.closeFields();
    const thisCase = currentCase.fromForm();
    history.replaceState(ASKED, '', currentCase.toFragment(thisCase));
    const { problems, summary, wrong, explanation, mermaid } = await engine.explain(thisCase);
    return () => {
      editor.show(problems, (risk) => changePolicy([{ field: 'accept_risks', add: [risk] }]));
      get('policy-state').textContent = problems.length ? numberOf(problems) : (summary ?? '');
      showWrong(wrong);
      if (explanation) {
        const verdict = verdictOfExplanation(explanation);
        showVerdict(verdict);
        const given = {
          markdown: () => markdownOfExplanation(verdict, explanation, mermaid),
          mermaid: mermaid && (() => mermaid),
          svg: () => picture(explanation),
        };
        showResult(explanationParts(explanation, changePolicy), given);
        return;
      }
      const where = `Change the ${problems.length ? 'policy' : 'fetch'} where it is marked`;
      showResult([element('p', 'act', problems.some(({ risk }) => risk) ? `${where}, or accept the risk.` : `${where}.`)]);
      const what = problems.length ? `The policy has ${numberOf(problems)}.` : `The fetch: ${wrong.text}`;
      showVerdict({ word: 'No verdict yet', text: what, tone: 'none' });
    };
  }

  /** Changes the policy as a fix, or the acceptance of a risk, says. */
  function changePolicy(changes) {
    const policy = get('policy');
    policy.value = change(policy.value, changes);
    editor.paint([]);
    // The button that was pressed goes.
    get('outcome-title').focus({ preventScroll: true });
    ask();
  }

  async function askText() {
    const text = file?.text ?? get('text').value;
    if (!text.trim()) {
      const invitation = 'Paste the red line of the console, or drop a HAR file: the answer comes at once.';
      return () => {
        showResult([]);
        showVerdict({ word: 'Why is it blocked?', text: invitation, tone: 'none' });
      };
    }
    if (text.length > MAX_TEXT) throw new Error('This is more than the page reads; export a HAR file of fewer requests.');
    const { refusal, findings = [], passed = 0 } = await engine.diagnose(text, currentCase.besidesForm());
    if (refusal) return () => showRefusal(refusal, text);
    return () => showFindings(findings, passed, 0);
  }

  function showRefusal({ what, hints = [], input }, text) {
    const isPolicy = input === 'policy';
    showVerdict(isPolicy
      ? { word: 'A policy', text: 'It is explained for a page and a request: open it as a policy.', tone: 'none' }
      : { word: 'Not known', text: sentence(forPage(what)), tone: 'none' });
    const parts = hints.map((hint) => element('p', '', ...prose(sentence(forPage(hint)))));
    if (!isPolicy && parts.length === 0) parts.push(element('p', 'act', 'Give what is missing, or something else of the same request.'));
    if (isPolicy) {
      const press = () => {
        currentCase.toForm({ ...SAMPLE, policy: text });
        file = undefined;
        choose('policy');
        ask();
      };
      parts.push(button('Open it as a policy', press));
    }
    showResult(parts);
  }

  function showFindings(findings, passed, chosen) {
    const finding = findings[chosen];
    if (!finding) {
      showVerdict({ word: 'Nothing is blocked', text: `${count(passed, 'request')} of other origins passed.`, tone: 'good' });
      showResult([element('p', 'act', 'Nothing: the pages read the responses.')]);
      return;
    }
    const verdict = verdictOfFinding(finding);
    showVerdict(verdict);
    const rows = findings.length > 1 ? [element('p', 'hint', `${rowsShown(findings)}:`), findingList(findings, chosen, (index) => {
      showFindings(findings, passed, index);
      get('findings').querySelector('[aria-current]').focus();
    })] : [];
    const others = passed ? [element('p', 'hint', `${count(passed, 'other request')} of other origins passed.`)] : [];
    const given = {
      markdown: () => markdownOfFinding(verdict, finding),
      mermaid: finding.mermaid && (() => finding.mermaid),
      svg: finding.explanation && (() => picture(finding.explanation)),
    };
    showResult([...rows, ...others, ...findingParts(finding)], given);
  }

  async function askQuestion() {
    const { verdict, parts } = await question.answerTo(engine, question.wanted());
    return () => {
      showVerdict(verdict);
      showResult(parts.length ? parts : [element('p', 'act', ...prose(verdict.text))]);
    };
  }

  /** Shows the case without an explanation until the button is pressed or the case changes. */
  function wait() {
    clearTimeout(timer);
    // An answer that is still to come was for another case.
    asked += 1;
    showResult([]);
    get('explain').hidden = false;
    const what = `Look at the ${{ policy: 'policy and the fetch', text: 'text', question: 'answers' }[way]}, then press Explain.`;
    showVerdict({ word: 'From a link', text: what, tone: 'none' });
  }

  async function begin() {
    const linked = currentCase.fromFragment(location.hash);
    const first = linked ?? (await firstCase?.());
    currentCase.toForm(linked?.way === 'policy' ? linked : (firstCase && !linked ? first : SAMPLE));
    currentCase.closeFields();
    if (linked?.way === 'text') {
      get('text').value = linked.text;
      currentCase.toBesides(linked.said);
    }
    if (linked?.answers?.has('own')) question.fill(linked.answers);
    choose(linked?.way ?? (first ? 'policy' : 'text'));
    editor.paint([]);
    // Any site can lead here with a case of its own: a person has to want it explained.
    const waits = linked && (way !== 'question' || linked.answers.has('own')) && history.state !== ASKED;
    if (waits) wait();
    else await ask();
  }

  async function takeFile(chosen) {
    if (!chosen) return;
    if (chosen.size > MAX_TEXT) {
      showVerdict({ word: 'Too much', text: 'This file is more than the page reads; export a HAR file of fewer requests.', tone: 'none' });
      return;
    }
    const text = await chosen.text();
    choose('text');
    // A text area with megabytes is slow, and the file has its name.
    file = text.length > 20_000 ? { text } : undefined;
    get('text').value = file ? '' : text;
    get('file-name').textContent = `${chosen.name} is read, here and nowhere else.`;
    await ask();
  }

  function linkOf() {
    if (way === 'policy') return currentCase.toFragment(currentCase.fromForm());
    if (way === 'question') return currentCase.questionFragment(get('question'));
    const text = get('text').value;
    // What developer tools copy has cookies and keys in it.
    if (file || /^\s*(\{|curl\b|(await )?fetch\b|\$ curl)/.test(text) || /^(set-cookie|cookie|authorization):/im.test(text)) return undefined;
    return currentCase.textFragment(text, currentCase.besidesForm());
  }

  async function share({ currentTarget: pressed }) {
    const fragment = linkOf();
    const say = (text) => (get('share-state').textContent = text);
    if (fragment === undefined) say('No link: what is copied from a browser may hold cookies and keys.');
    else {
      history.replaceState(ASKED, '', fragment);
      say((await toClipboard(location.href)) ? 'Copied.' : 'Copy it from the address bar.');
    }
    pressed.addEventListener('blur', () => say(''), { once: true });
  }

  for (const name of ['markdown', 'mermaid', 'svg']) {
    get(`copy-${name}`).addEventListener('click', async ({ currentTarget: pressed }) => {
      get('share-state').textContent = (await toClipboard(copies[name]())) ? 'Copied.' : 'The browser does not let the page copy.';
      pressed.addEventListener('blur', () => (get('share-state').textContent = ''), { once: true });
    });
  }

  get('where').textContent = where;
  get('ways').addEventListener('change', ({ target }) => {
    choose(target.value);
    if (way !== 'policy') history.replaceState(null, '', location.pathname + location.search);
    ask();
  });
  get('policy').addEventListener('input', () => {
    editor.paint([]);
    askSoon();
  });
  get('text').addEventListener('input', () => {
    file = undefined;
    get('file-name').textContent = '';
    askSoon();
  });
  get('file').addEventListener('change', ({ target }) => takeFile(target.files[0]));
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    takeFile(event.dataTransfer.files[0]);
  });
  for (const id of ['fetch', 'besides', 'question']) {
    get(id).addEventListener('input', askSoon);
    get(id).addEventListener('submit', (event) => event.preventDefault());
  }
  get('ways').addEventListener('submit', (event) => event.preventDefault());
  get('explain').addEventListener('click', ask);
  get('share').addEventListener('click', share);
  addEventListener('hashchange', begin);

  engine.prepare?.(currentCase.fromFragment(location.hash)?.way === 'policy');
  await begin();
  const stacks = await engine.stacks().catch(() => []);
  // A link says what the server is made with before there is the option.
  const linked = new URLSearchParams(location.hash.slice(1)).get('stack');
  for (const [id, otherwise] of [['stack', ''], ['made-with', 'express']]) {
    const chosen = get(id).value || linked;
    get(id).append(...stackOptions(stacks));
    get(id).value = chosen;
    get(id).value ||= otherwise;
  }
  if (way === 'question' && get('explain').hidden) await ask();
}

/** Returns a sentence of the command's for a page: what options say there, fields and files say here. */
function forPage(text) {
  return text.replace(/; add --origin \S+?(?=[,.]|$).*/, ': write it below the text').replace('`cors explain --har FILE`', 'drop the file here');
}

function numberOf(problems) {
  const risks = problems.filter(({ risk }) => risk).length;
  const parts = [[problems.length - risks, 'problem'], [risks, 'risk']].filter(([number]) => number);
  const more = problems.length > editor.MAX_SHOWN ? `; the first ${editor.MAX_SHOWN} are shown` : '';
  return parts.map(([number, thing]) => count(number, thing)).join(' and ') + more;
}

/** Shows what is wrong with a part of the fetch, next to its field. */
function showWrong(wrong) {
  for (const part of ['origin', 'url', 'headers']) {
    const isWrong = wrong?.part === part;
    const text = part === 'headers' && isWrong ? `${wrong.value}: ${wrong.text}` : wrong?.text;
    get(`${part}-wrong`).textContent = isWrong ? text : '';
    get(part).setAttribute('aria-invalid', isWrong);
  }
}
