// The case, in the forms and in the address after the `#`: a policy and a fetch, or a text and what a person says besides.

import { get } from './element.js';

const policy = get('policy');
const { elements: fields } = get('fetch');
const { elements: besides } = get('besides');

const TEXTS = ['origin', 'url', 'method', 'api', 'engine'];
const FLAGS = ['credentials', 'upload_listener', 'stream'];

export function fromForm() {
  const fetch = {};
  for (const name of TEXTS) fetch[name] = fields[name].value.trim();
  for (const name of FLAGS) fetch[name] = fields[name].checked && !fields[name].disabled;
  fetch.headers = fields.headers.value.split('\n').filter((line) => line.trim());
  return { policy: policy.value, fetch };
}

/** Fills the form. Options that the case leaves out have the command line's defaults. */
export function toForm({ policy: text, fetch }) {
  policy.value = text;
  fields.origin.value = fetch.origin ?? 'https://app.example.com';
  fields.url.value = fetch.url ?? 'https://api.example.com/';
  fields.method.value = fetch.method ?? 'GET';
  fields.api.value = fetch.api ?? 'fetch';
  fields.engine.value = fetch.engine ?? 'standard';
  // A link may name an interface or an engine that does not exist.
  fields.api.value ||= 'fetch';
  fields.engine.value ||= 'standard';
  for (const name of FLAGS) fields[name].checked = fetch[name] ?? false;
  fields.headers.value = (fetch.headers ?? []).join('\n');
}

/** Disables the fields that the interface does not have. */
export function closeFields() {
  const api = fields.api.value;
  const isElement = !['fetch', 'XMLHttpRequest'].includes(api);
  fields.method.disabled = isElement;
  fields.headers.disabled = isElement;
  fields.credentials.disabled = api === 'font';
  fields.stream.disabled = api !== 'fetch';
  fields.upload_listener.disabled = api !== 'XMLHttpRequest';
}

/** Returns what a person says besides the text. */
export function besidesForm() {
  const said = {};
  for (const name of ['page', 'stack', 'method']) {
    const value = besides[name].value.trim();
    if (value) said[name] = value;
  }
  if (besides.credentials.checked) said.credentials = true;
  return said;
}

export function toBesides(said) {
  for (const name of ['page', 'stack', 'method']) besides[name].value = said[name] ?? '';
  besides.credentials.checked = said.credentials ?? false;
}

export function toFragment({ policy, fetch }) {
  const parameters = new URLSearchParams({ policy });
  for (const [name, value] of Object.entries(fetch)) {
    for (const one of [value].flat()) if (one) parameters.append(name, one);
  }
  return `#${parameters}`;
}

/** A response's head has one of these, and these of its fields are explained. */
const HEAD = /^[<\s]*(?:HTTP\/\d|access-control-[a-z-]+:)/im;
const EXPLAINED = /^(?:access-control-.*|origin|vary|location|content-type|server|x-powered-by|via|cross-origin-.*|timing-allow-origin)$/i;
/** A part of a path that may be a key: it is long, and has digits or many capitals. */
const KEY = /\/(?=[^/\s]*\d|[^/\s]*[A-Z]{8})[^/\s]{20,}/g;

/** Returns the fragment of a message or of a response's head. What may be secret in it is left out. */
export function textFragment(text, said) {
  // What a field leads to may be a path alone.
  const path = (value) => (value.includes('//') ? value : value.replace(/[?#].*|;jsess.*/i, '…').replace(KEY, '/…'));
  const field = (line, name, value) => name + (EXPLAINED.test(name.replace(/[\s<>:]/g, '')) ? path(value) : '…');
  const named = HEAD.test(text) ? text.replace(/^([<>\s]*[\w-]+:[ \t]*)(\S.*)$/gm, field) : text;
  const shown = named.replace(/(https?:\/\/)([^\s'"<>()]*)/g, (_, scheme, rest) => {
    const [place] = rest.split(/[?#;]/);
    const mark = place.length < rest.length ? `${rest[place.length]}…` : '';
    const slash = place.indexOf('/');
    return scheme + place.slice(place.lastIndexOf('@', slash === -1 ? undefined : slash) + 1).replace(KEY, '/…') + mark;
  });
  return `#${new URLSearchParams({ text: shown, ...said })}`;
}

/** Returns the fragment of the three questions' answers. */
export function questionFragment(form) {
  return `#${new URLSearchParams([['question', '1'], ...[...new FormData(form)].filter(([, value]) => value)])}`;
}

/** Returns the case of a link, with its `way`; nothing if the fragment holds none. */
export function fromFragment(fragment) {
  const parameters = new URLSearchParams(fragment.slice(1));
  if (parameters.has('text')) {
    const said = { credentials: parameters.get('credentials') === 'true' };
    for (const name of ['page', 'stack', 'method']) said[name] = parameters.get(name) ?? undefined;
    return { way: 'text', text: parameters.get('text'), said };
  }
  if (parameters.has('question')) return { way: 'question', answers: parameters };
  if (!parameters.has('policy')) return undefined;
  const fetch = { headers: parameters.getAll('headers') };
  for (const name of TEXTS) fetch[name] = parameters.get(name) ?? undefined;
  for (const name of FLAGS) fetch[name] = parameters.get(name) === 'true';
  return { way: 'policy', policy: parameters.get('policy'), fetch };
}
