// The editor of the policy: a text area, over the same text in colours, with the numbers of its lines; and the problems,
// each next to its line.

import { button, element, get } from './element.js';

const policy = get('policy');
const colours = get('colours');
const gutter = get('gutter');
const section = get('problems');
const list = section.querySelector('ol');

/** The most problems that are shown. */
export const MAX_SHOWN = 100;
let shown = [];

const TOKENS = new RegExp(
  [
    String.raw`(?<comment>#.*)`,
    String.raw`(?<string>"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?)`,
    String.raw`(?<name>^[ \t]*[\w-]+(?=[ \t]*=))`,
    String.raw`(?<value>\b(?:true|false|\d[\d_]*)\b)`,
  ].join('|'),
  'gm',
);

/** Shows these problems of the policy. `accept` is called with the name of a risk that is accepted by a press. */
export function show(problems, accept) {
  shown = problems.slice(0, MAX_SHOWN);
  paint(shown);
  policy.setAttribute('aria-invalid', problems.length > 0);
  section.hidden = problems.length === 0;
  list.replaceChildren(...shown.map((problem) => item(problem, accept)));
  align();
}

/** Shows the text, with marks where these problems are. */
export function paint(problems) {
  const lines = policy.value.split('\n');
  const kinds = new Map(problems.map((problem) => [problem.line, kindOf(problem)]));
  colours.replaceChildren(...pieces(policy.value, problems.filter(({ line }) => line).map(rangeOf)), '\n');
  gutter.replaceChildren(...lines.map((_, index) => element('li', kinds.get(index + 1))));
  policy.rows = Math.min(Math.max(lines.length, 8), 24);
  scrollAlong();
}

/** Returns the text in pieces. A piece has the classes of every range that contains it. */
function pieces(text, ranges) {
  const spans = [...ranges];
  for (const { 0: token, index, groups } of text.matchAll(TOKENS)) {
    const [kind] = Object.entries(groups).find(([, found]) => found !== undefined);
    spans.push({ start: index, end: index + token.length, kind });
  }
  const cuts = new Set([0, text.length]);
  for (const { start, end } of spans) cuts.add(start).add(end);
  const sorted = [...cuts].sort((one, other) => one - other);
  spans.sort((one, other) => one.start - other.start);
  let open = [];
  return sorted.slice(0, -1).map((start, index) => {
    while (spans.length && spans[0].start <= start) open.push(spans.shift());
    open = open.filter(({ end }) => end > start);
    return element('span', open.map(({ kind }) => kind).join(' '), text.slice(start, sorted[index + 1]));
  });
}

const kindOf = ({ risk }) => (risk ? 'risk' : 'problem');

/** Returns the range of a problem. The problem counts characters; a string counts UTF-16 units. */
function rangeOf(problem) {
  const lines = policy.value.split('\n');
  const before = lines.slice(0, problem.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const characters = [...lines[problem.line - 1]];
  const offset = (column) => before + characters.slice(0, column - 1).join('').length;
  const { column, length } = problem;
  return { start: offset(column), end: offset(column + Math.max(length, 1)), kind: kindOf(problem) };
}

function item(problem, accept) {
  const { line, column, risk, text, help } = problem;
  const head = element('p', 'head');
  if (line) {
    const place = element('button', 'place', `Line ${line}, column ${column}`);
    place.type = 'button';
    place.addEventListener('click', () => {
      const { start, end } = rangeOf(problem);
      policy.focus();
      policy.setSelectionRange(start, end);
    });
    head.append(place);
  }
  if (risk) head.append(element('span', 'tag', `risk ${risk}`));
  const node = element('li', kindOf(problem), head, element('p', '', text));
  if (help) node.append(element('p', 'help', help));
  if (risk && accept) {
    const press = button(`Accept the risk ${risk}`, () => accept(risk));
    node.append(element('p', 'accept', press, ' It is written into accept_risks, where a review shows it.'));
  }
  return node;
}

/** If there is room, each problem begins at the height of its line, or else below the problem before it. */
function align() {
  const isWide = matchMedia('(min-width: 60rem)').matches;
  for (const [index, { line }] of shown.entries()) {
    const { style } = list.children[index];
    style.marginTop = '';
    const place = gutter.children[line - 1];
    if (!isWide || !place) continue;
    const missing = place.getBoundingClientRect().top - list.children[index].getBoundingClientRect().top;
    if (missing > 0) style.marginTop = `calc(.5rem + ${missing}px)`;
  }
}

function scrollAlong() {
  colours.style.transform = `translate(${-policy.scrollLeft}px, ${-policy.scrollTop}px)`;
  gutter.style.transform = `translateY(${-policy.scrollTop}px)`;
}

policy.addEventListener('scroll', scrollAlong);
addEventListener('resize', align);
