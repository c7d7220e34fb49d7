// Asks the command what comes of the case in the form, and shows it. Whatever is shown is text, never markup.

const get = (id) => document.getElementById(id);
const policy = get('policy');
const form = get('fetch');
const fields = form.elements;

// The case: what is in the form, in the address after the `#`, and in what is asked.

const TEXTS = ['origin', 'url', 'method'];
const FLAGS = ['credentials', 'stream', 'upload_listener'];

function readForm() {
  const fetch = { xhr: fields.kind.value === 'xhr', engine: fields.engine.value };
  for (const name of TEXTS) fetch[name] = fields[name].value.trim();
  for (const name of FLAGS) fetch[name] = fields[name].checked && !fields[name].disabled;
  fetch.headers = fields.headers.value.split('\n').filter((line) => line.trim());
  return { policy: policy.value, fetch };
}

function fillForm({ policy: text, fetch }) {
  policy.value = text;
  fields.kind.value = fetch.xhr ? 'xhr' : 'fetch';
  fields.engine.value = fetch.engine ?? 'standard';
  fields.method.value = fetch.method ?? 'GET';
  fields.origin.value = fetch.origin ?? 'https://app.example.com';
  fields.url.value = fetch.url ?? 'https://api.example.com/';
  for (const name of FLAGS) fields[name].checked = fetch[name] ?? false;
  fields.headers.value = (fetch.headers ?? []).join('\n');
}

function toFragment({ policy, fetch }) {
  const parameters = new URLSearchParams({ policy });
  for (const [name, value] of Object.entries(fetch)) {
    for (const one of [value].flat()) if (one) parameters.append(name, one);
  }
  return `#${parameters}`;
}

function fromFragment(fragment) {
  const parameters = new URLSearchParams(fragment.slice(1));
  if (!parameters.has('policy')) return undefined;
  const fetch = { headers: parameters.getAll('headers') };
  for (const name of [...TEXTS, 'engine']) fetch[name] = parameters.get(name) ?? undefined;
  for (const name of ['xhr', ...FLAGS]) fetch[name] = parameters.get(name) === 'true';
  return { policy: parameters.get('policy'), fetch };
}

// The editor: a text area over the same text in colours, with the numbers of its lines.

const TOKENS = /(?<comment>#.*)|(?<string>"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?)|(?<name>^[ \t]*[\w-]+(?=[ \t]*=))|(?<value>\b(?:true|false|\d[\d_]*)\b)/gm;

function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** The text in pieces, each with the classes of what it is part of. */
function pieces(text, marks) {
  const spans = [...marks];
  for (const match of text.matchAll(TOKENS)) {
    const [kind] = Object.entries(match.groups).find(([, found]) => found !== undefined);
    spans.push({ start: match.index, end: match.index + match[0].length, kind });
  }
  const cuts = new Set([0, text.length]);
  for (const { start, end } of spans) cuts.add(start).add(end);
  const sorted = [...cuts].sort((one, other) => one - other);
  return sorted.slice(0, -1).map((start, index) => {
    const kinds = spans.filter((span) => span.start <= start && start < span.end).map((span) => span.kind);
    return element('span', kinds.join(' '), text.slice(start, sorted[index + 1]));
  });
}

function showPolicy(problems) {
  const text = policy.value;
  const lines = text.split('\n');
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1) + line.length + 1);
  const marks = problems.filter((problem) => problem.line).map((problem) => range(problem, lines, starts));
  get('highlight').replaceChildren(...pieces(text, marks), '\n');
  const faulty = new Map(problems.map((problem) => [problem.line, kind(problem)]));
  get('gutter').replaceChildren(...lines.map((_, index) => element('li', faulty.get(index + 1))));
  policy.rows = Math.min(Math.max(lines.length + 1, 8), 24);
  policy.setAttribute('aria-invalid', problems.length > 0);
  scrollAlong();
}

const kind = (problem) => (problem.risk ? 'risk' : 'problem');

/** Where a problem stands, in what JavaScript counts. */
function range(problem, lines, starts) {
  const characters = [...(lines[problem.line - 1] ?? '')];
  const offset = (column) => characters.slice(0, column).join('').length;
  const start = starts[problem.line - 1] + offset(problem.column - 1);
  const end = starts[problem.line - 1] + offset(problem.column - 1 + Math.max(problem.length, 1));
  return { start, end, kind: kind(problem) };
}

function scrollAlong() {
  get('highlight').style.transform = `translate(${-policy.scrollLeft}px, ${-policy.scrollTop}px)`;
  get('gutter').style.transform = `translateY(${-policy.scrollTop}px)`;
}

// What is shown.

function showProblems(problems, summary) {
  const section = get('problems');
  section.hidden = problems.length === 0;
  section.querySelector('ol').replaceChildren(...problems.map(problemItem));
  get('policy-state').textContent = problems.length ? `${count(problems.length, 'problem')}` : (summary ?? '');
  alignProblems(problems);
}

function problemItem(problem) {
  const item = element('li', kind(problem));
  if (problem.line) {
    const place = element('button', 'place', `Line ${problem.line}, column ${problem.column}`);
    place.type = 'button';
    place.addEventListener('click', () => select(problem));
    item.append(place);
  }
  if (problem.risk) item.append(element('span', 'tag', `risk ${problem.risk}`));
  item.append(element('p', '', problem.text));
  if (problem.help) item.append(element('p', 'help', problem.help));
  return item;
}

function select(problem) {
  const lines = policy.value.split('\n');
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1) + line.length + 1);
  const { start, end } = range(problem, lines, starts);
  policy.focus();
  policy.setSelectionRange(start, end);
}

/** On a wide screen each problem stands beside its line, or as near as those before it leave room. */
function alignProblems(problems) {
  const list = get('problems').querySelector('ol');
  const isWide = matchMedia('(min-width: 60rem)').matches;
  for (const [index, item] of [...list.children].entries()) {
    item.style.marginTop = '';
    const line = get('gutter').children[problems[index].line - 1];
    if (!isWide || !line) continue;
    const missing = line.getBoundingClientRect().top - item.getBoundingClientRect().top;
    if (missing > 0) item.style.marginTop = `${missing}px`;
  }
}

function showWrong(wrong) {
  for (const part of ['origin', 'url', 'headers']) {
    const isWrong = wrong?.part === part;
    const text = part === 'headers' && isWrong ? `${wrong.value}: ${wrong.text}` : (wrong?.text ?? '');
    get(`${part}-wrong`).textContent = isWrong ? text : '';
    get(part).setAttribute('aria-invalid', isWrong);
  }
}

const VERDICTS = { allowed: 'Allowed', blocked: 'Blocked', throws: 'The call throws' };

function showVerdict(word, text, tone) {
  const verdict = get('verdict');
  verdict.className = tone;
  // A live region says what is put into it: only what is new.
  for (const [node, content] of [[verdict.firstElementChild, word], [verdict.lastElementChild, text]]) {
    if (node.textContent !== content) node.textContent = content;
  }
}

function showExplanation(explanation) {
  const { verdict, error, obstacles, steps, console, notes, disagreements } = explanation;
  const told = {
    allowed: 'The page gets the response.',
    blocked: `The page sees no response: ${error}`,
    throws: 'There is no request at all.',
  };
  showVerdict(VERDICTS[verdict], told[verdict], verdict === 'allowed' ? 'good' : 'bad');
  get('actor-page').textContent = explanation.origin;
  get('actor-browser').textContent = engineLabel();
  get('actor-server').textContent = new URL(explanation.url).origin;
  get('sequence').replaceChildren(...steps.map(stepItem));
  fill('fixes', obstacles.map(obstacleItem));
  get('fixes-title').textContent =
    obstacles.length > 1 ? `What to change: ${obstacles.length} obstacles, and all have to go` : 'What to change';
  get('console-part').hidden = console.length === 0;
  get('console-title').textContent = explanation.console_of ?? '';
  get('console').replaceChildren(...console.map((line) => element('span', '', line)));
  fill('notes', [...disagreements.map(({ text }) => text), ...notes].map((text) => element('li', '', text)));
}

function fill(id, items) {
  get(id).replaceChildren(...items);
  get(`${id}-part`).hidden = items.length === 0;
}

const engineLabel = () => form.querySelector('[name=engine]:checked').parentElement.textContent.trim();

function stepItem({ step, from, to, lines, tone }) {
  const isThought = from === to;
  const who = element('span', 'who', isThought ? `${from}: ` : `${from} to ${to}: `);
  const told = lines.map((line, index) => element('span', index === 0 && !isThought ? 'title' : '', line));
  const item = element('li', `${from}-${to} ${isThought ? 'thought' : 'message'} ${tone}`, who, ...told);
  item.dataset.step = step;
  return item;
}

function obstacleItem(obstacle) {
  const item = element('li', '', element('p', '', obstacle.text));
  for (const miss of obstacle.near_misses) item.append(element('p', 'near', `Near miss: the policy lists ${miss.text}`));
  const fixes = obstacle.fixes.map(({ text, place }, index) => {
    const label = element('b', '', index === 0 ? 'Fix' : 'Or');
    return element('li', '', label, element('span', 'tag', place), element('span', '', text));
  });
  item.append(element('ul', '', ...fixes));
  return item;
}

const count = (number, thing) => `${number} ${thing}${number === 1 ? '' : 's'}`;

function show(answer) {
  showPolicy(answer.problems);
  showProblems(answer.problems, answer.summary);
  showWrong(answer.wrong);
  get('result').hidden = !answer.explanation;
  if (answer.explanation) {
    showExplanation(answer.explanation);
  } else if (answer.problems.length) {
    showVerdict('No policy yet', `There ${answer.problems.length === 1 ? 'is' : 'are'} ${count(answer.problems.length, 'problem')} in it.`, 'bad');
  } else {
    showVerdict('No fetch yet', `${answer.wrong.part}: ${answer.wrong.text}`, 'bad');
  }
}

// What is asked, and when.

let latest = 0;

async function ask() {
  const asked = readForm();
  fields.stream.disabled = asked.fetch.xhr;
  fields.upload_listener.disabled = !asked.fetch.xhr;
  history.replaceState(null, '', toFragment(asked));
  const number = ++latest;
  let answer;
  try {
    const response = await fetch('/explain', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(readForm()),
    });
    answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
  } catch (error) {
    if (number === latest) showVerdict('No answer', `${error.message}. Does cors explain --serve still run?`, 'bad');
    return;
  }
  if (number === latest) show(answer);
}

let timer;

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, 200);
}

policy.addEventListener('input', () => {
  showPolicy([]);
  askSoon();
});
policy.addEventListener('scroll', scrollAlong);
form.addEventListener('input', askSoon);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  ask();
});
get('share').addEventListener('click', async () => {
  await navigator.clipboard.writeText(location.href);
  get('share').textContent = 'Copied';
  setTimeout(() => (get('share').textContent = 'Copy link to this case'), 2000);
});
addEventListener('hashchange', () => start());

async function start() {
  fillForm(fromFragment(location.hash) ?? (await (await fetch('/case')).json()));
  showPolicy([]);
  await ask();
}

start();
