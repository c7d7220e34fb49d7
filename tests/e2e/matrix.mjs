// Every case, for every engine and every server kind: the page, its call, and the policy that it meets.

const APP = 'app.example.com';
const EVIL = 'evil.example.com';
const PREVIEW = 'pr-7.example.com';

/** Policies by name, as in `policies/`; `bare` is a path without one. */
export const POLICIES = ['public', 'listed', 'session', 'anyone', 'sandbox', 'bare'];

const JSON_TYPE = [['content-type', 'application/json']];
const TEXT_TYPE = [['content-type', 'text/plain']];
const BODY = '{"name":"Ada"}';
const include = { credentials: 'include' };
const xhr = { api: 'XMLHttpRequest' };

// The calls to every policy, from every page.
const CALLS = {
  get: {},
  'get include': { ...include },
  'get omit': { credentials: 'omit' },
  head: { method: 'HEAD' },
  'post text': { method: 'POST', headers: TEXT_TYPE, body: BODY },
  'post json': { method: 'POST', headers: JSON_TYPE, body: BODY },
  'put json': { method: 'PUT', headers: JSON_TYPE, body: BODY },
  'put json include': { method: 'put', headers: JSON_TYPE, body: BODY, ...include },
  delete: { method: 'DELETE' },
  patch: { method: 'PATCH', headers: JSON_TYPE, body: BODY },
  'listed header': { headers: [['X-Api-Key', 'k3y']] },
  authorization: { headers: [['Authorization', 'Bearer t0k3n']] },
  'authorization include': { headers: [['Authorization', 'Bearer t0k3n']], ...include },
  'several headers': { headers: [['X-Zulu', '1'], ['x-alpha', '2'], ['If-None-Match', '"v1"'], ['Accept-Language', 'de']] },
  'safe headers': { headers: [['Accept-Language', 'de, en'], ['Range', 'bytes=0-']] },
  'forbidden header': { headers: [['Cookie2', 'dropped'], ['Sec-Test', 'dropped']] },
  'no-cors': { mode: 'no-cors' },
  'no-cors post': { mode: 'no-cors', method: 'POST', headers: TEXT_TYPE, body: BODY },
  'same-origin mode': { mode: 'same-origin' },
  'an error': { kind: 'error' },
  'what is missing, include': { kind: 'missing', ...include },
  'own fields': { kind: 'own' },
  crash: { kind: 'crash' },
  'xhr get': { ...xhr },
  'xhr get include': { ...xhr, ...include },
  'xhr put json': { ...xhr, method: 'PUT', headers: JSON_TYPE, body: BODY },
  'xhr upload': { ...xhr, method: 'POST', headers: TEXT_TYPE, body: BODY, uploadListener: true },
  'xhr listener without body': { ...xhr, uploadListener: true },
  module: { api: 'script', kind: 'module', isModule: true },
  'module include': { api: 'script', kind: 'module', isModule: true, ...include },
  script: { api: 'script', kind: 'script' },
  image: { api: 'image', kind: 'image' },
  'image include': { api: 'image', kind: 'image', ...include },
  font: { api: 'font', kind: 'font' },
  'put twice': { method: 'PUT', repeat: 2 },
  'put include twice': { method: 'PUT', repeat: 2, ...include },
  'header twice': { headers: [['x-api-key', 'k3y']], repeat: 2 },
};

// From a frame without an origin.
const FRAMED = {
  get: {},
  'get include': { ...include },
  'put json': { method: 'PUT', headers: JSON_TYPE, body: BODY },
  'put json include': { method: 'PUT', headers: JSON_TYPE, body: BODY, ...include },
  'xhr upload': { ...xhr, method: 'POST', headers: TEXT_TYPE, body: BODY, uploadListener: true },
  'put twice': { method: 'PUT', repeat: 2 },
  image: { api: 'image', kind: 'image' },
};

// Redirects: the way, each step `POLICY/KIND` at one of the server's two hosts, or `own/…` at the page's.
const REDIRECTS = {
  'own to cross': { via: ['page:own/redirect-302', 'net:listed/text'] },
  'own to cross, include': { via: ['page:own/redirect-302', 'net:session/text'], ...include },
  'own to cross that needs a preflight': { via: ['page:own/redirect-302', 'net:listed/text'], method: 'PUT' },
  'cross to the same': { via: ['net:listed/redirect-302', 'net:listed/text'] },
  'cross to cross': { via: ['net:listed/redirect-302', 'org:listed/text'] },
  'cross to cross that allows null': { via: ['net:listed/redirect-302', 'org:sandbox/text'] },
  'cross to cross for everybody': { via: ['net:public/redirect-302', 'org:public/text'] },
  'cross to cross, include': { via: ['net:session/redirect-302', 'org:session/text'], ...include },
  'cross to cross, include, echoed': { via: ['net:session/redirect-302', 'org:anyone/text'], ...include },
  'own to cross, same-origin mode': { via: ['page:own/redirect-302', 'net:public/text'], mode: 'same-origin' },
  'cross to own': { via: ['net:listed/redirect-302', 'page:own/text'] },
  'three hosts': { via: ['net:public/redirect-302', 'org:public/redirect-302', 'net:sandbox/text'] },
  'post and then get': { via: ['net:listed/redirect-303', 'net:listed/text'], method: 'POST', headers: TEXT_TYPE, body: BODY },
  'post stays post': { via: ['net:listed/redirect-307', 'org:public/text'], method: 'POST', headers: TEXT_TYPE, body: BODY },
  'put asks again': { via: ['net:listed/redirect-307', 'net:listed/text'], method: 'PUT', headers: JSON_TYPE, body: BODY },
  'put asks again elsewhere': { via: ['net:listed/redirect-307', 'org:sandbox/text'], method: 'PUT', headers: JSON_TYPE, body: BODY },
  'put asks again elsewhere, echoed': { via: ['net:anyone/redirect-307', 'org:anyone/text'], method: 'PUT', headers: JSON_TYPE, body: BODY, ...include },
  'put asks again for everybody': { via: ['net:public/redirect-307', 'org:public/text'], method: 'PUT', headers: JSON_TYPE, body: BODY },
  'put asks again and is denied': { via: ['net:public/redirect-307', 'org:listed/text'], method: 'DELETE' },
  'header asks again elsewhere': { via: ['net:public/redirect-307', 'org:anyone/text'], headers: [['X-Api-Key', 'k3y']] },
  'authorization goes elsewhere': { via: ['net:anyone/redirect-302', 'org:anyone/text'], headers: [['Authorization', 'Bearer t0k3n']] },
  'own to cross with authorization': { via: ['page:own/redirect-302', 'net:session/text'], headers: [['Authorization', 'Bearer t0k3n']] },
  'own to cross, json': { via: ['page:own/redirect-307', 'net:session/text'], method: 'POST', headers: JSON_TYPE, body: BODY },
  'json becomes get': { via: ['net:session/redirect-303', 'org:anyone/text'], method: 'POST', headers: JSON_TYPE, body: BODY },
  'put that becomes get': { via: ['net:session/redirect-303', 'net:session/text'], method: 'PUT', ...include },
  'denied before the redirect': { via: ['net:sandbox/redirect-302', 'org:public/text'] },
  'without a policy': { via: ['net:bare/redirect-302', 'net:public/text'], method: 'PUT' },
  'xhr cross to cross': { via: ['net:listed/redirect-302', 'org:sandbox/text'], ...xhr },
  'module cross to cross': { via: ['net:public/redirect-302', 'org:public/module'], api: 'script', isModule: true },
  'image cross to cross that denies': { via: ['net:public/redirect-302', 'org:listed/image'], api: 'image' },
};

// The cases that CI leaves out: they show little that others do not.
const NOT_QUICK = new Set(
  ['get omit', 'head', 'post text', 'patch', 'forbidden header', 'no-cors', 'what is missing, include', 'xhr get',
    'xhr put json', 'xhr listener without body', 'script', 'image', 'header twice'],
);

/** Returns the cases, without the server's name: `{ id, name, page, sandbox, via, api, method, … }`; all, or those of CI. */
export function matrix({ isQuick }) {
  const schemes = isQuick ? ['https'] : ['http', 'https'];
  const both = schemes.flatMap((scheme) => [
    ...ofPage(`${scheme}://${APP}`, scheme),
    ...ofPage(`${scheme}://${EVIL}`, scheme),
  ]);
  const preview = pick(CALLS, ['get', 'get include', 'put json', 'font', 'module']);
  const mixed = pick(CALLS, ['get', 'get include', 'put json', 'put json include']);
  return [
    ...both,
    // A wildcard, and a page whose scheme is not its server's.
    ...direct(preview, `https://${PREVIEW}`, 'https', ['listed', 'session']),
    ...direct(mixed, `http://${APP}`, 'https', ['listed', 'session', 'sandbox']),
  ]
    .filter(({ what }) => !(isQuick && NOT_QUICK.has(what)))
    .map((call, index) => ({ ...call, id: `c${index}` }));
}

function ofPage(page, scheme) {
  return [
    ...direct(CALLS, page, scheme, POLICIES),
    ...direct(FRAMED, page, scheme, ['public', 'session', 'anyone', 'sandbox'], { sandbox: true }),
    ...Object.entries(REDIRECTS).map(([name, call]) => ({ ...DEFAULTS, ...call, name: `redirect: ${name}`, page, scheme })),
  ];
}

const DEFAULTS = { api: 'fetch', method: 'GET', headers: [], credentials: 'same-origin', mode: 'cors', repeat: 1, kind: 'text' };

function direct(calls, page, scheme, policies, more = {}) {
  return policies.flatMap((policy) =>
    Object.entries(calls).map(([name, given]) => {
      const call = { ...DEFAULTS, ...given, ...more, page, scheme };
      const frame = call.sandbox ? ', sandboxed' : '';
      return { ...call, what: name, name: `${policy}: ${name}${frame}`, via: [`net:${policy}/${call.kind}`] };
    }),
  );
}

function pick(calls, names) {
  return Object.fromEntries(names.map((name) => [name, calls[name]]));
}
