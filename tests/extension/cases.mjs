// Requests of a page to another origin, and what its server answers: each way to fail that a panel can see, and some to pass.

import { createServer } from 'node:http';
import { listen } from '../support/listen.mjs';

export const PAGE = 'http://app.example.com';
const API = 'http://api.example.com';
const OTHER = 'http://cdn.example.net';

const listed = { 'access-control-allow-origin': PAGE };
const signedIn = { ...listed, 'access-control-allow-credentials': 'true' };
const any = { 'access-control-allow-origin': '*' };
const fields = (more) => ({ fields: more });
const put = { method: 'PUT' };
const included = { credentials: 'include' };
const withHeader = { headers: { 'x-token': '1' } };

/**
 * The cases by name: `init` of `fetch()` or another `call`, and `answer` and `preflight`, what the server answers with (`status`, `fields`,
 * or `isReset`). `shown` is the last part of the address of the request that fails, where that is another's.
 */
export const CASES = {
  'missing': { answer: fields({}) },
  'mismatch': { answer: fields({ 'access-control-allow-origin': 'http://www.example.com' }) },
  'invalid': { answer: fields({ 'access-control-allow-origin': 'app.example.com' }) },
  'empty': { answer: fields({ 'access-control-allow-origin': '' }) },
  'several-in-one': { answer: fields({ 'access-control-allow-origin': `${PAGE}, *` }) },
  'several-lines': { answer: fields({ 'access-control-allow-origin': [PAGE, PAGE] }) },
  'trailing-slash': { answer: fields({ 'access-control-allow-origin': `${PAGE}/` }) },
  'null-value': { answer: fields({ 'access-control-allow-origin': 'null' }) },
  'wildcard-credentials': { init: included, answer: fields(any) },
  'credentials-missing': { init: included, answer: fields(listed) },
  'credentials-capital': { init: included, answer: fields({ ...listed, 'access-control-allow-credentials': 'True' }) },
  'error-500': { answer: { status: 500 } },
  'error-404': { answer: { status: 404 } },
  'error-500-allowed': { answer: { status: 500, fields: listed } },
  'preflight-missing': { init: put, preflight: { status: 204 } },
  'preflight-mismatch': { init: put, preflight: fields({ 'access-control-allow-origin': 'http://www.example.com' }) },
  'preflight-401': { init: put, preflight: { status: 401, fields: signedIn } },
  'preflight-403': { init: put, preflight: { status: 403 } },
  'preflight-404': { init: put, preflight: { status: 404, fields: listed } },
  'preflight-405': { init: put, preflight: { status: 405, fields: listed } },
  'preflight-500': { init: put, preflight: { status: 500 } },
  'preflight-redirect': { init: put, preflight: { status: 301, fields: { ...listed, location: '/elsewhere' } } },
  'preflight-reset': { init: put, preflight: { isReset: true } },
  'preflight-wildcard-credentials': { init: { ...put, ...included }, preflight: fields(any) },
  'preflight-credentials-missing': { init: { ...put, ...included }, preflight: fields({ ...listed, 'access-control-allow-methods': 'PUT' }) },
  'method': { init: put, preflight: fields({ ...listed, 'access-control-allow-methods': 'PATCH' }) },
  'method-lower-case': { init: { method: 'patch' }, preflight: fields({ ...listed, 'access-control-allow-methods': 'PATCH' }) },
  'header': { init: withHeader, preflight: fields({ ...listed, 'access-control-allow-headers': 'x-other' }) },
  'any-method-credentials': { init: { ...put, ...included }, preflight: fields({ ...signedIn, 'access-control-allow-methods': '*' }) },
  'any-header-authorization': { init: { headers: { authorization: 'Bearer hidden' } }, preflight: fields({ ...any, 'access-control-allow-headers': '*' }) },
  'after-preflight-missing': { init: put, preflight: fields({ ...listed, 'access-control-allow-methods': 'PUT' }), answer: fields({}) },
  'after-preflight-500': { init: put, preflight: fields({ ...listed, 'access-control-allow-methods': 'PUT' }), answer: { status: 500 } },
  'redirect-missing': { shown: 'target-missing', answer: { status: 302, fields: { ...listed, location: `${OTHER}/target-missing` } } },
  'redirect-null': { shown: 'target-listed', answer: { status: 302, fields: { ...listed, location: `${OTHER}/target-listed` } } },
  'redirect-forbids': { answer: { status: 302, fields: { location: `${API}/elsewhere` } } },
  'reset': { answer: { isReset: true } },
  'xhr-missing': { call: (url) => `new Promise((done) => { const xhr = new XMLHttpRequest(); xhr.onloadend = () => done(xhr.status > 0); xhr.open('GET', '${url}'); xhr.send(); })`, answer: fields({}) },
  'image-missing': { call: (url) => `new Promise((done) => { const image = new Image(); image.crossOrigin = ''; image.onload = () => done(true); image.onerror = () => done(false); image.src = '${url}'; })`, answer: fields({ 'content-type': 'image/svg+xml' }) },
  'script-missing': { call: (url) => `import('${url}').then(() => true, () => false)`, answer: fields({ 'content-type': 'text/javascript' }) },
  'allowed': { answer: fields(signedIn) },
  'allowed-preflight': { init: put, preflight: fields({ ...signedIn, 'access-control-allow-methods': 'PUT' }), answer: fields(signedIn) },
  'allowed-credentials': { init: included, answer: fields(signedIn) },
  'allowed-public': { answer: fields(any) },
};

export const urlOf = (name) => `${API}/${name}`;

/** Returns an expression whose value is a promise of whether the page got a response. */
export function callOf(name) {
  const { init = {}, call } = CASES[name];
  return call?.(urlOf(name)) ?? `fetch('${urlOf(name)}', ${JSON.stringify(init)}).then((response) => response.text()).then(() => true, () => false)`;
}

const TARGETS = { 'target-missing': fields({}), 'target-listed': fields(listed) };

/** Starts the servers of page and API, which the names of hosts tell apart. */
export function startSites() {
  const server = createServer((request, response) => {
    response.setHeader('cache-control', 'no-store');
    if (!/^(api|cdn)\./.test(request.headers.host)) {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>page</title><link rel="icon" href="data:,"><p>page</p>');
      return;
    }
    const name = request.url.slice(1).split('?')[0];
    const { answer, preflight } = CASES[name] ?? { answer: TARGETS[name] };
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    const { status = 200, fields: sent = {}, isReset } = (isPreflight ? preflight : answer) ?? {};
    if (isReset) return request.socket.destroy();
    for (const [field, value] of Object.entries(sent)) response.setHeader(field, value);
    response.statusCode = status;
    response.end(sent['content-type'] === 'image/svg+xml' ? '<svg xmlns="http://www.w3.org/2000/svg"/>' : '');
  });
  return listen(server);
}
