// What is said about a message, a request or a response: the sentence to act on, what it means, the lines for the server.

import { element, lines, list, prose } from './element.js';
import { part, story } from './explanation.js';
import { wordsFor } from './words.js';

const WORDS = {
  blocked: ['Blocked', 'bad'],
  failed: ['Failed', 'bad'],
  lucky: ['Passed, by luck', 'risk'],
  allowed: ['Allowed', 'good'],
  asked: ['Asked', 'none'],
  noted: ['A note', 'none'],
};
const SURE = { certain: 'certain', 'by-elimination': 'by elimination', ambiguous: 'not certain' };
const ABOUT = {
  'not-cors': 'This is not CORS.',
  warning: 'A warning or a note: this alone stops nothing.',
  unknown: 'This alone does not show whether it is CORS.',
};

const STAGES = { preflight: 'the preflight', actual: 'the request itself' };
const SOURCES = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit, Safari', 'internet-explorer': 'Internet Explorer', 'test-tool': 'a test tool', script: 'a script' };

/** True for a request of which the log does not tell whether the page got the response, as Firefox's does not. */
export const isOpen = ({ verdict, certainty }) => verdict === 'lucky' && certainty === 'ambiguous';

/** Returns a word for how it ended, and its colour. */
function wordOf(finding) {
  return isOpen(finding) ? ['Perhaps blocked', 'risk'] : (WORDS[finding.verdict] ?? [finding.verdict, 'none']);
}

/** Returns the verdict: a word, a sentence to act on, the name of the error, and how it is coloured. */
export function verdictOf(finding) {
  const { answer, certainty } = finding;
  const [word, tone] = wordOf(finding);
  const isSure = !certainty || certainty === 'certain' || tone !== 'bad';
  return { word: isSure ? word : `${word} (${SURE[certainty]})`, text: answer.act, name: wordsFor(answer.name) && answer.name, tone };
}

/** Returns a title in words. */
const titleOf = ({ name, title }) => (title === name ? (wordsFor(name) ?? title) : title);

/** Returns a line about a request, for a list. */
export function findingLine(finding) {
  const { verdict, method, url, answer, parameter, status, preflight_status: preflightStatus } = finding;
  const [word, tone] = wordOf(finding);
  const request = element('span', 'request', `${method ?? ''} ${url ?? ''}`.trim() || answer.title);
  const statuses = [preflightStatus && `preflight ${preflightStatus}`, status && `status ${status}`].filter(Boolean).join(', ');
  const title = verdict === 'allowed' ? '' : isOpen(finding) ? 'blocked if the page asks with credentials' : titleOf(answer);
  const what = [title, parameter].filter(Boolean).join(': ');
  const name = wordsFor(answer.name) && !isOpen(finding) ? element('code', 'error-name', answer.name) : '';
  return [
    element('span', `tag ${tone}`, word),
    request,
    element('span', 'what', ...prose([what, statuses].filter(Boolean).join('; ')), name && ' ', name),
  ];
}

/** Returns all that is said about a finding. */
export function findingParts(finding) {
  const { answer, clues = [], snippet, proxy, missing = [], explanation } = finding;
  const title = element('h3', '', ...prose(isOpen(finding) ? 'What it means' : titleOf(answer)));
  const meaning = element('p', 'meaning', ...prose([ABOUT[finding.about], answer.meaning].filter(Boolean).join(' ')));
  const notes = [...(answer.notes ?? []), ...clues.map(({ text, advice }) => `${capital(text)}; ${advice}.`)];
  return [
    element('p', 'act', ...prose(answer.act)),
    title,
    meaning,
    facts(finding),
    part('missing', 'What would make it exact', 'ul', missing.map((what) => element('li', '', MISSING[what] ?? what))),
    ...(snippet ? snippetParts(snippet) : []),
    ...(explanation && finding.verdict !== 'noted' ? story(explanation) : []),
    part('notes', 'Notes', 'ul', notes.map((note) => element('li', '', ...prose(note)))),
    ...(proxy ? proxyParts(proxy) : []),
  ];
}

const MISSING = {
  origin: 'The page’s origin: write it below the text.',
  method: 'The method of the request: write it below the text.',
  header: 'The name of the header.',
  credentials: 'Whether the page asks with credentials: tick it below the text.',
};

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function facts(finding) {
  const { page, url, method, parameter, stage, status, certainty, source, versions, language } = finding;
  const rows = [
    ['Page', page],
    ['Address', [method, url].filter(Boolean).join(' ')],
    ['Redirected from', finding.redirected_from],
    ['At fault', parameter],
    ['Stage', STAGES[stage] ?? stage],
    ['Status of the preflight', finding.preflight_status],
    ['Status', status],
    ['How sure', SURE[certainty]],
    // Of a log it says only which browser wrote it.
    ['Written by', certainty ? '' : [SOURCES[source] ?? source, versions !== 'any' && versions, language !== 'en' && language].filter((text) => typeof text === 'string').join(', ')],
  ].filter(([, value]) => value !== undefined && value !== null && value !== '');
  const list = element('dl', 'facts', ...rows.flatMap(([name, value]) => [element('dt', '', name), element('dd', '', String(value))]));
  list.hidden = rows.length === 0;
  return list;
}

/** Returns the lines for the software of the server. */
export function snippetParts(snippet) {
  const title = element('h3', '', `In ${snippet.title ?? snippet.stack}`);
  if (snippet.refused) return [title, element('p', '', `Nothing is written: ${snippet.refused}`)];
  return [
    title,
    ...(snippet.confidence ? [element('p', 'hint', 'The response looks as if this software sent it.')] : []),
    ...(snippet.command ? [lines(snippet.command)] : []),
    ...snippet.parts.flatMap(({ place, text }) => [element('p', 'place-of-lines', `${place}:`), lines(text)]),
    ...(snippet.notes ?? []).map((note) => element('p', 'hint', ...prose(note))),
    element('p', 'hint', snippet.is_run ? 'The tests of this project run these lines in that software.' : 'These lines have not been run by the tests of this project.'),
  ];
}

export function proxyParts(proxy) {
  return [
    element('h3', '', 'If the server is not yours'),
    element('p', '', 'Let your own server ask it. While you develop, put this policy in front of it, and let the page ask http://127.0.0.1:8787:'),
    lines(proxy),
  ];
}

/** The most rows that are shown: a log may have ten thousands of requests. */
const MAX_ROWS = 400;

/** Returns a list of several findings, and the one that is chosen; of very many, those around that one. */
export function findingList(findings, chosen, choose) {
  const first = Math.max(0, Math.min(chosen - MAX_ROWS / 2, findings.length - MAX_ROWS));
  const items = findings.slice(first, first + MAX_ROWS).map((finding, place) => {
    const node = element('button', 'row', ...findingLine(finding));
    node.type = 'button';
    if (first + place === chosen) node.setAttribute('aria-current', 'true');
    node.addEventListener('click', () => choose(first + place));
    return element('li', '', node);
  });
  const node = list('ol', 'findings', items);
  node.start = first + 1;
  return node;
}

/** Says how many of the findings are shown. */
export const rowsShown = (findings) => (findings.length > MAX_ROWS ? `${findings.length}, of which ${MAX_ROWS} are shown` : `${findings.length}`);
