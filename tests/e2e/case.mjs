// A case of the matrix, for one server kind: its addresses, the page's call, and the question for the prediction.

import { ANSWERS, CRASH } from './answers.mjs';

/** Returns the addresses in order: `{ url, policy, kind }`. Each has the case's id, so that no two cases share a cache. */
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

/** Returns the call that the page makes. */
export function pageCall(call, server) {
  const { id, sandbox, api, method, headers, credentials, mode, body, uploadListener, isModule, repeat } = call;
  const [{ url }] = addresses(call, server);
  return { id, sandbox, api, method, headers, credentials, mode, body, uploadListener, isModule, repeat, url };
}

/** Returns the question for `e2e-predict`. */
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

/** Returns the case that an address or a console's line belongs to; undefined if it belongs to none. */
export function idIn(text) {
  return /\/(c\d+)(?!\d)/.exec(text)?.[1];
}

/** Returns the names of headers to look for in a page: headers that servers add by themselves are ignored. */
export function ownNames(call) {
  const { kind } = addresses(call, 'any').at(-1);
  return new Set((ANSWERS[kind]?.fields ?? []).map(([name]) => name));
}
