// The answer about a policy and a fetch: the verdict, what to change, the sequence, the console.

import { button, element, list } from './element.js';
import { sequence } from './sequence.js';

/** Returns the verdict: a word, a sentence to act on, the name of the error, and how it is coloured. */
export function verdictOf({ verdict, error, obstacles }) {
  const act = obstacles[0]?.fixes[0]?.text;
  return {
    allowed: { word: 'Allowed', text: 'The page gets the response.', tone: 'good' },
    blocked: { word: 'Blocked', text: act ? sentence(act) : 'The page sees no response.', name: error, tone: 'bad' },
    throws: { word: 'The call throws', text: act ? sentence(act) : 'No request is made.', tone: 'bad' },
  }[verdict];
}

export const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** Returns the parts of an explanation; `change` is called with the changes of a fix that is pressed. */
export function explanationParts(explanation, change) {
  const { obstacles, console_of, console, disagreements, notes } = explanation;
  const further = [...disagreements.map((other) => other.text), ...notes].map((note) => element('li', '', note));
  const console_lines = console.map((line) => element('li', '', line));
  const number = obstacles.length;
  return [
    number === 1 ? '' : element('p', 'act', number ? `${number} obstacles, and all have to go:` : NOTHING[explanation.verdict]),
    number > 0 ? list('ol', 'fixes', obstacles.map((obstacle) => obstacleItem(obstacle, change))) : '',
    ...story(explanation),
    part('console', console_of ?? '', 'ul', console_lines),
    part('notes', 'Notes', 'ul', further),
  ].filter(Boolean);
}

const NOTHING = { allowed: 'Nothing: the page gets the response.', blocked: 'Nothing in the policy.', throws: 'Change the call.' };

/** Returns the sequence with its title. */
export function story(explanation) {
  const title = element('h3', '', 'Sequence');
  title.id = 'sequence-title';
  const [actors, drawn] = sequence(explanation);
  drawn.id = 'sequence';
  return [title, actors, drawn];
}

/** Returns a list under its title, which is hidden if the list is empty. */
export function part(id, title, kind, items) {
  const node = element('div', '', element('h3', '', title), list(kind, id, items));
  node.id = `${id}-part`;
  node.hidden = items.length === 0;
  return node;
}

function obstacleItem({ text, near_misses, fixes }, change) {
  const misses = near_misses.map((miss) => element('p', 'near', `Near miss: the policy lists ${miss.text}`));
  const items = fixes.map((fix, index) =>
    element(
      'li',
      '',
      element('b', '', index === 0 ? 'Fix' : 'Or'),
      element('span', 'tag', `in the ${fix.place}`),
      element('span', '', fix.text, fix.changes && change ? ' ' : '', fix.changes && change ? pressed(fix, change) : ''),
    ),
  );
  return element('li', '', element('p', '', text), ...misses, element('ul', '', ...items));
}

function pressed(fix, change) {
  const node = button('Do it', () => change(fix.changes));
  node.setAttribute('aria-label', `Do it: ${fix.text}`);
  return node;
}
