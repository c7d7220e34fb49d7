// The answer of the command: the verdict, what to change, the sequence, the console.

import * as editor from './editor.js';
import { count, element, get } from './element.js';

export function show({ problems, summary, wrong, explanation }) {
  editor.show(problems);
  get('policy-state').textContent = problems.length ? numberOf(problems) : (summary ?? '');
  showWrong(wrong);
  get('result').hidden = !explanation;
  if (explanation) {
    showExplanation(explanation);
  } else if (problems.length) {
    showVerdict('No verdict yet', `The policy has ${numberOf(problems)}.`, 'none');
  } else {
    showVerdict('No verdict yet', `The fetch: ${wrong.text}`, 'none');
  }
}

function numberOf(problems) {
  const risks = problems.filter(({ risk }) => risk).length;
  const parts = [[problems.length - risks, 'problem'], [risks, 'risk']].filter(([number]) => number);
  const more = problems.length > editor.MAX_SHOWN ? `; the first ${editor.MAX_SHOWN} are shown` : '';
  return parts.map(([number, thing]) => count(number, thing)).join(' and ') + more;
}

export function showVerdict(word, text, tone) {
  const verdict = get('verdict');
  verdict.className = tone;
  // A screen reader reads out whatever is put into a live region, so that only new text is.
  for (const [node, content] of [[verdict.firstElementChild, word], [verdict.lastElementChild, text]]) {
    if (node.textContent !== content) node.textContent = content;
  }
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

function showExplanation(explanation) {
  const { verdict, error, obstacles, steps, console_of, console, disagreements, notes } = explanation;
  const [word, text] = {
    allowed: ['Allowed', 'The page gets the response.'],
    blocked: ['Blocked', `The page sees no response: ${error}`],
    throws: ['The call throws', 'No request is made.'],
  }[verdict];
  showVerdict(word, text, verdict === 'allowed' ? 'good' : 'bad');
  get('fixes-title').textContent =
    obstacles.length > 1 ? `What to change: ${obstacles.length} obstacles, and all have to go` : 'What to change';
  fill('fixes', obstacles.map(obstacleItem));
  get('page-name').textContent = explanation.origin;
  const engine = get('fetch').querySelector(`[name=engine][value=${explanation.engine}]`);
  get('browser-name').textContent = engine.labels[0].textContent.trim();
  get('server-name').textContent = new URL(explanation.url).origin;
  get('sequence').replaceChildren(...steps.map(stepItem));
  get('console-title').textContent = console_of ?? '';
  fill('console', console.map((line) => element('li', '', line)));
  fill('notes', [...disagreements.map((other) => other.text), ...notes].map((note) => element('li', '', note)));
}

function fill(id, items) {
  get(id).replaceChildren(...items);
  get(`${id}-part`).hidden = items.length === 0;
}

function obstacleItem({ text, near_misses, fixes }) {
  const misses = near_misses.map((miss) => element('p', 'near', `Near miss: the policy lists ${miss.text}`));
  const items = fixes.map((fix, index) =>
    element(
      'li',
      '',
      element('b', '', index === 0 ? 'Fix' : 'Or'),
      element('span', 'tag', `in the ${fix.place}`),
      element('span', '', fix.text),
    ),
  );
  return element('li', '', element('p', '', text), ...misses, element('ul', '', ...items));
}

/** Returns a message between two actors, or a decision of one. The actors are drawn, and read out. */
function stepItem({ step, from, to, lines, tone }) {
  const isDecision = from === to;
  const who = element('span', 'who', isDecision ? `${from}: ` : `${from} to ${to}: `);
  const spans = lines.map((line, index) => element('span', index === 0 && !isDecision ? 'title' : '', line));
  const item = element('li', `${isDecision ? 'thought' : 'message'} ${from}-${to} ${tone}`, who, ...spans);
  item.dataset.step = step;
  return item;
}
