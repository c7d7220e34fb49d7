// The log of the network panel, without what nobody has to read.

const SECRET = /^(?:cookie|set-cookie|authorization|proxy-authorization)$/i;

const head = ({ headers, ...rest }) => ({
  ...rest,
  // That there is a cookie counts, and its value does not. Of a cookie that is set the name and its attributes count.
  headers: (headers ?? []).filter((field) => field?.name).map(({ name, value = '' }) => ({ name, value: SECRET.test(name) ? hidden(name, value) : value })),
  cookies: [],
  content: undefined,
  postData: rest.postData && {},
});

const hidden = (name, value) => (/^set-cookie$/i.test(name) ? value.replace(/=[^;\n]*/, '=…') : '…');

/** Returns the log without bodies, without the values of cookies and keys, and without entries that have no request. */
export function withoutSecrets({ entries = [], ...rest }) {
  const whole = entries.filter((entry) => entry?.request && entry.response);
  return { ...rest, entries: whole.map(({ request, response, ...entry }) => ({ ...entry, request: head(request), response: head(response) })) };
}

/**
 * Returns what the log tells of a request besides what the engine reads: the `origin` that was sent, whether it `isBeacon`, and whether it
 * `isOfWorker`, a service worker's.
 */
export function sentAs({ entries }, { method, url }) {
  const scripts = entries.filter(({ request }) => valueOf(request, 'service-worker') === 'script').map(({ request }) => request.url);
  const isBegunBy = ({ _initiator: begun }) => begun?.stack?.callFrames?.some((frame) => scripts.includes(frame.url));
  const alike = entries.filter(({ request }) => request.method === method && request.url === url);
  return {
    origin: alike.map(({ request }) => valueOf(request, 'origin')).findLast(Boolean),
    isBeacon: alike.some(({ _resourceType: type }) => type === 'ping'),
    // Where its script was loaded before the log begins: the page's request has a page, and that of its service worker has none.
    isOfWorker: alike.some(isBegunBy) || (alike.some(({ pageref }) => pageref) && alike.some(({ pageref }) => !pageref)),
  };
}

const valueOf = ({ headers }, wanted) => headers.find(({ name }) => name.toLowerCase() === wanted)?.value;
