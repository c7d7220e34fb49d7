// The tables of results. Texts of servers are set as text, never as HTML.

'use strict';

const { checks, subjects } = window.RESULTS;
const CLASSES = ['must', 'security', 'should', 'nice'];
const MARKS = { passed: '✓', failed: '✗', unanswered: '✗', info: 'i', 'not-offered': '·' };
const isFailed = (outcome) => outcome === 'failed' || outcome === 'unanswered';

function make(name, options = {}, ...children) {
  const element = Object.assign(document.createElement(name), options);
  element.append(...children);
  return element;
}

/** Returns, of the checks of a class, how many passed and how many failed. */
function counts(subject, name) {
  const outcomes = checks.filter((check) => check.class === name).map((check) => subject.checks[check.check]?.outcome);
  return { passed: outcomes.filter((outcome) => outcome === 'passed').length, failed: outcomes.filter(isFailed).length };
}

const names = Object.keys(subjects);
const scores = Object.fromEntries(names.map((name) => [name, Object.fromEntries(CLASSES.map((each) => [each, counts(subjects[name], each)]))]));
const failures = (name, each) => scores[name][each].failed;
const byFailures = (a, b) => failures(a, 'must') + failures(a, 'security') - failures(b, 'must') - failures(b, 'security') || failures(a, 'should') - failures(b, 'should') || a.localeCompare(b);
let order = [...names].sort(byFailures);
let sorted = { column: 'failures', isDown: false };

const COLUMNS = [
  ['server', (name) => subjects[name].title],
  ['language', (name) => subjects[name].language],
  ...CLASSES.map((each) => [each, (name) => failures(name, each)]),
  ['versions', (name) => Object.entries(subjects[name].versions).map((pair) => pair.join(' ')).join(', ')],
  ['date', (name) => subjects[name].date],
];

function sortBy(column, value) {
  const isDown = sorted.column === column && !sorted.isDown;
  sorted = { column, isDown };
  const compare = (a, b) => (typeof value(a) === 'number' ? value(a) - value(b) : value(a).localeCompare(value(b)));
  order.sort((a, b) => (isDown ? compare(b, a) : compare(a, b)) || byFailures(a, b));
  show();
}

function showServers() {
  const table = document.getElementById('servers');
  const head = make('tr');
  for (const [column, value] of COLUMNS) {
    const th = make('th', { scope: 'col' }, make('button', { type: 'button', textContent: column, onclick: () => sortBy(column, value) }));
    if (sorted.column === column) th.setAttribute('aria-sort', sorted.isDown ? 'descending' : 'ascending');
    head.append(th);
  }
  table.tHead.replaceChildren(head);
  table.tBodies[0].replaceChildren(
    ...order.map((name) => {
      const subject = subjects[name];
      const row = make('tr', { className: subject.ours ? 'ours' : '' });
      const address = subject.documentation || subject.project;
      const title = address === '' ? subject.title : make('a', { href: address, textContent: subject.title, rel: 'noreferrer' });
      row.append(make('th', { scope: 'row' }, title));
      for (const [column, value] of COLUMNS.slice(1)) {
        if (!CLASSES.includes(column)) row.append(make('td', { textContent: value(name) }));
        else {
          const { passed, failed } = scores[name][column];
          row.append(make('td', { className: `number ${failed > 0 ? 'failed' : 'passed'}`, textContent: `${passed}/${passed + failed}` }));
        }
      }
      return row;
    }),
  );
}

function showChecks() {
  const table = document.getElementById('checks');
  const chosen = document.getElementById('class').value;
  const onlyDifferent = document.getElementById('different').checked;
  const head = make('tr', {}, make('th', { textContent: 'check' }));
  for (const name of order) head.append(make('th', { scope: 'col', textContent: subjects[name].title, className: subjects[name].ours ? 'ours' : '' }));
  table.tHead.replaceChildren(head);
  const shown = checks.filter(
    (check) => (chosen === '' || check.class === chosen) && (!onlyDifferent || names.some((name) => isFailed(subjects[name].checks[check.check]?.outcome))),
  );
  table.tBodies[0].replaceChildren(
    ...shown.map((check) => {
      const row = make('tr', {}, make('th', { scope: 'row', title: check.what }, `${check.check} `, make('span', { className: 'class', textContent: check.class })));
      for (const name of order) {
        const outcome = subjects[name].checks[check.check]?.outcome ?? 'not-offered';
        const button = make('button', { type: 'button', textContent: MARKS[outcome], onclick: () => open(name, check) });
        button.setAttribute('aria-label', `${subjects[name].title}, ${check.check}: ${outcome}`);
        row.append(make('td', { className: outcome }, button));
      }
      return row;
    }),
  );
}

function open(name, check) {
  const subject = subjects[name];
  const result = subject.checks[check.check];
  const told = document.getElementById('told');
  told.replaceChildren(
    make('h3', { textContent: `${subject.title}: ${check.check}` }),
    make('p', { textContent: `${check.what}. ${check.reason}. (${check.class}; ${check.source})` }),
  );
  for (const [policy, [outcome, sentence]] of Object.entries(result?.policies ?? {})) {
    told.append(make('p', {}, make('span', { className: outcome, textContent: `${MARKS[outcome]} ${policy}` }), sentence === '' ? '' : `: ${sentence}`));
  }
  for (const [policy, reason] of Object.entries(subject.lacks)) told.append(make('p', { textContent: `· ${policy}: not offered: ${reason}` }));
  for (const index of result?.shown ?? []) {
    const { request, response, failure } = subject.exchanges[index];
    told.append(make('pre', { textContent: `${request.join('\n')}\n\n${failure ?? response.join('\n')}` }));
  }
  document.getElementById('cell').showModal();
}

function show() {
  showServers();
  showChecks();
}

document.getElementById('class').addEventListener('change', showChecks);
document.getElementById('different').addEventListener('change', showChecks);
show();
