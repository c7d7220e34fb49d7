// The stand-in: which rules of declarativeNetRequest answer as the server should, for one page, one server and one tab.

const KINDS = ['xmlhttprequest', 'script', 'stylesheet', 'image', 'font', 'media', 'object', 'other'];
const MENDED = /^(?:Preflight)?(?:MissingAllowOriginHeader|AllowOriginMismatch|InvalidAllowOriginValue|MultipleAllowOriginValues|WildcardOriginNotAllowed|InvalidAllowCredentials)$|^(?:Method|Header)DisallowedByPreflightResponse$/;
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/**
 * Says why the stand-in cannot mend a request; nothing if it can.
 *
 * `sent` has what the log tells of it besides: the `Origin` that was sent, whether it is a beacon, whether a service worker sent it.
 */
export function hindrance({ page, answer, preflight_status: status }, sent = {}) {
  const proxy = 'What can is `cors proxy`, whose lines are above.';
  if (sent.isBeacon) return `The stand-in cannot mend this: it leaves beacons (\`navigator.sendBeacon\`) alone, of which no page reads the response. ${proxy}`;
  if (sent.isOfWorker) return `The stand-in cannot mend this: a service worker sends the request, which belongs to no tab. In the developer tools, Application, Service workers, “Bypass for network” lets the page send it itself. ${proxy}`;
  if (sent.origin === 'null' && page !== 'null') return `The stand-in cannot mend this: after the redirect the browser sends the origin \`null\`, which is not this page’s alone. Let the page ask the last address itself.`;
  if (!page || page === 'null') return `The stand-in cannot mend this: a page of the origin \`null\` is not one page but any. Serve it over http.`;
  if (status !== undefined && status !== null && (status < 200 || status > 299)) {
    return `The stand-in cannot mend this: the server refuses the preflight with ${status}, and browsers let no extension change a status. ${proxy}`;
  }
  if (!MENDED.test(answer.name)) return `The stand-in cannot mend this. ${proxy}`;
  return undefined;
}

/** Returns what the page needs of the server, as far as its requests show. */
export function standInFor(finding, findings) {
  const api = new URL(finding.url).origin;
  const alike = findings.filter(({ page, url }) => page === finding.page && url?.startsWith(`${api}/`));
  const all = (values) => [...new Set(values)].filter((value) => TOKEN.test(value) && value !== '*').join(',');
  const needsCredentials = ({ credentials, answer }) => credentials || /WildcardOriginNotAllowed|InvalidAllowCredentials/.test(answer.name);
  return {
    page: finding.page,
    api,
    methods: all(['GET', 'HEAD', 'POST', ...alike.map(({ method }) => method)]),
    headers: all(alike.flatMap(({ headers }) => headers ?? []).map((name) => name.toLowerCase())),
    credentials: alike.some(needsCredentials) ? 'true' : '',
  };
}

/** Reads a stand-in from an address, which anybody may have written: nothing but origins and names is taken. */
export function standInOf(fragment) {
  const given = new URLSearchParams(fragment.slice(1));
  const origin = (name) => {
    try {
      const url = new URL(given.get(name));
      return ['http:', 'https:'].includes(url.protocol) ? url.origin : undefined;
    } catch {
      return undefined;
    }
  };
  const names = (name) => (given.get(name) ?? '').split(',').filter((one) => TOKEN.test(one) && one !== '*');
  const tab = Number(given.get('tab'));
  const standIn = { tab, page: origin('page'), api: origin('api'), methods: names('methods'), headers: names('headers'), credentials: given.get('credentials') === 'true' };
  return Number.isSafeInteger(tab) && tab >= 0 && standIn.page && standIn.api && standIn.page !== standIn.api ? standIn : undefined;
}

/** Returns the rule, with this number. The origin is the page's to the letter: other pages, subdomains among them, gain nothing. */
export function ruleOf({ tab, page, api, methods, headers, credentials }, id) {
  const set = (header, value) => ({ header, operation: 'set', value });
  const remove = (header) => ({ header, operation: 'remove' });
  const fields = [
    set('access-control-allow-origin', page),
    credentials ? set('access-control-allow-credentials', 'true') : remove('access-control-allow-credentials'),
    methods.length ? set('access-control-allow-methods', methods.join(', ')) : remove('access-control-allow-methods'),
    headers.length ? set('access-control-allow-headers', headers.join(', ')) : remove('access-control-allow-headers'),
    // What a cache keeps of it is for nobody else.
    set('vary', 'origin'),
    set('cache-control', 'no-store'),
  ];
  return {
    id,
    priority: 1,
    condition: { urlFilter: `|${api}/`, initiatorDomains: [new URL(page).hostname], tabIds: [tab], resourceTypes: KINDS },
    action: { type: 'modifyHeaders', responseHeaders: fields },
  };
}

const originOf = ({ action }) => action.responseHeaders.find(({ header }) => header === 'access-control-allow-origin')?.value;

/** Returns the rule that is this stand-in's, among those in force. */
export function ruleIn(rules, { tab, page, api }) {
  return rules.find((rule) => rule.condition.tabIds?.includes(tab) && rule.condition.urlFilter === `|${api}/` && originOf(rule) === page);
}

/** Says whether a rule lets the page read responses to requests with credentials. */
export const hasCredentials = ({ action }) => action.responseHeaders.some(({ header, value }) => header === 'access-control-allow-credentials' && value === 'true');

/** Returns the sites that a rule needs the permission for, as the browser writes them: of every port. */
export function sitesOf(rule) {
  return [`${originOf(rule)}/*`, `${rule.condition.urlFilter.slice(1)}*`].map((site) => site.replace(/:\d+\/\*$/, '/*'));
}
