// One fetch for each failure of CORS: what a server has to answer for it.

export const PAGE = 'https://app.example.com';
const API = 'https://api.example.net';

const origin = (value) => ['access-control-allow-origin', value];
const allowed = origin(PAGE);
const any = origin('*');
const methods = (value) => ['access-control-allow-methods', value];
const headers = (value) => ['access-control-allow-headers', value];
const put = { method: 'PUT' };
const include = { credentials: 'include' };

/**
 * By name: what the server answers to every request, what the page asks (`fetch(url, ask)`), and the error, undefined if the fetch
 * passes. `isVague`: the console tells no more than that it failed.
 */
export const FAILURES = {
  missing: { error: 'MissingAllowOriginHeader', fields: [] },
  'missing, preflight': { error: 'PreflightMissingAllowOriginHeader', fields: [], ask: put },
  mismatch: { error: 'AllowOriginMismatch', fields: [origin('https://other.example.com')] },
  'mismatch, preflight': { error: 'PreflightAllowOriginMismatch', fields: [origin('https://other.example.com')], ask: put },
  invalid: { error: 'InvalidAllowOriginValue', fields: [origin('app.example.com')] },
  'two origins in one line': { error: 'MultipleAllowOriginValues', fields: [origin(`${PAGE}, ${API}`)] },
  'two lines': { error: 'MultipleAllowOriginValues', fields: [['Access-Control-Allow-Origin', PAGE], ['Access-Control-Allow-Origin', API]] },
  'wildcard with credentials': { error: 'WildcardOriginNotAllowed', fields: [any], ask: include },
  'no credentials': { error: 'InvalidAllowCredentials', fields: [allowed], ask: include },
  status: { error: 'PreflightInvalidStatus', status: 405, fields: [allowed], ask: put },
  redirect: { error: 'PreflightDisallowedRedirect', status: 302, fields: [allowed, ['location', `${API}/elsewhere`]], ask: put },
  'malformed methods': { error: 'InvalidAllowMethodsPreflightResponse', fields: [allowed, methods('P UT')], ask: put },
  'malformed headers': { error: 'InvalidAllowHeadersPreflightResponse', fields: [allowed, methods('PUT'), headers('x: a')], ask: put },
  method: { error: 'MethodDisallowedByPreflightResponse', fields: [allowed, methods('PATCH')], ask: put },
  header: { error: 'HeaderDisallowedByPreflightResponse', fields: [allowed, headers('x-a')], ask: { headers: { 'x-b': '1' } } },
  'user name in a redirect': { error: 'RedirectContainsCredentials', isVague: true, status: 302, fields: [allowed, ['location', 'https://me@api.example.net/']] },
  authorization: { error: undefined, fields: [allowed, headers('*')], ask: { headers: { authorization: 'Bearer t0k3n' } } },
  'not http': { error: 'CorsDisabledScheme', url: 'ftp://api.example.net/not-http' },
  mixed: { error: 'MixedContent', url: 'http://api.example.net/mixed' },
  'server down': { error: 'did-not-succeed', isVague: true, url: 'https://down.example.org/x' },
};

/** Returns the address of a failure that has none of its own. */
export function address(name) {
  return `${API}/${name.replaceAll(/[ ,]+/g, '-')}`;
}

/** The `siteOf` for `startWire`. */
export function siteOf(host, path) {
  if (host.startsWith('down.')) return { port: 1 };
  const found = Object.entries(FAILURES).find(([name]) => `${API}${path}` === address(name));
  const { status = 200, fields = [['content-type', 'text/html']] } = found?.[1] ?? {};
  return { answer: { status, fields: [['cache-control', 'no-store'], ...fields], body: '' } };
}
