// A case of the matrix, of one server kind: its addresses, the page's call, and what the prediction is asked.

import { ANSWERS, CRASH } from './answers.mjs';

/** The addresses, the first first: `{ url, policy, kind }`. Each has the case's id, so that no two cases share a cache. */
export function addresses(call, server) {
  let to = '';
  const found = call.via.toReversed().map((step) => {
    const [where, path] = step.split(':');
    const [policy, kind] = path.split('/');
    const origin = where === 'page' ? call.page : `${call.scheme}://${server}.example.${where}`;
    const url = `${origin}/${path}/${call.id}${to === '' ? '' : `?to=${to}`}`;
    to = url;
    return { url, policy, kind };
  });
  return found.toReversed();
}

/** What the page is told to do. */
export function pageCall(call, server) {
  const { id, sandbox, api, method, headers, credentials, mode, body, uploadListener, isModule, repeat } = call;
  const [{ url }] = addresses(call, server);
  return { id, sandbox, api, method, headers, credentials, mode, body, uploadListener, isModule, repeat, url };
}

/** What `e2e-predict` is asked. */
export function question(call, server, engine, crash) {
  return {
    engine,
    origin: call.sandbox ? 'null' : call.page,
    api: call.api,
    method: call.method,
    headers: call.headers,
    credentials: call.credentials,
    mode: call.mode,
    has_body: call.body !== undefined,
    upload_listener: call.uploadListener === true,
    repeat: call.repeat,
    hops: addresses(call, server).map(({ url, policy, kind }) => ({
      url,
      is_application: policy !== 'own',
      policy: policy === 'bare' || policy === 'own' ? null : policy,
      ...answer(kind, url, crash),
    })),
  };
}

function answer(kind, url, crash) {
  if (kind === CRASH) return { status: crash.status, fields: [], times: crash.times ?? 1 };
  const { status, fields } = ANSWERS[kind];
  const start = url.indexOf('?to=');
  return { status, times: 1, fields: start === -1 ? fields : [...fields, ['location', url.slice(start + '?to='.length)]] };
}

/** The case that an address or a console's line is of; undefined for none. */
export function idIn(text) {
  return /\/(c\d+)(?!\d)/.exec(text)?.[1];
}

/** The names of headers that a page may be seen to read: what the servers add of their own is not looked at. */
export function ownNames(call) {
  const { kind } = addresses(call, 'any').at(-1);
  return new Set((ANSWERS[kind]?.fields ?? []).map(([name]) => name));
}
