// The case, a policy and a fetch: in the form, in the address after the `#`, and in the request to the command.

import { get } from './element.js';

const policy = get('policy');
const { elements: fields } = get('fetch');

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

export function toFragment({ policy, fetch }) {
  const parameters = new URLSearchParams({ policy });
  for (const [name, value] of Object.entries(fetch)) {
    for (const one of [value].flat()) if (one) parameters.append(name, one);
  }
  return `#${parameters}`;
}

export function fromFragment(fragment) {
  const parameters = new URLSearchParams(fragment.slice(1));
  if (!parameters.has('policy')) return undefined;
  const fetch = { headers: parameters.getAll('headers') };
  for (const name of TEXTS) fetch[name] = parameters.get(name) ?? undefined;
  for (const name of FLAGS) fetch[name] = parameters.get(name) === 'true';
  return { policy: parameters.get('policy'), fetch };
}
