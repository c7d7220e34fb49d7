// The sites by name: the pages are at example.com, each server kind at NAME.example.net and NAME.example.org.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = '<!doctype html><meta charset="utf-8"><title>page</title><body><script src="/page.js"></script>\n';
const SCRIPT = readFileSync(join(import.meta.dirname, 'page.js'));
const NOT_CACHED = ['cache-control', 'no-store'];

export const CERTIFICATE_NAMES = ['*.example.com', '*.example.net', '*.example.org'];

/** Returns the `siteOf` for `startWire`. `servers` are the running servers by name. */
export function sites(servers) {
  return (host, target, scheme) => {
    const [, name, domain] = /^([a-z0-9-]+)\.example\.(com|net|org)$/.exec(host) ?? [];
    if (domain === 'com') return pageSite(target);
    const server = servers[name];
    if (server === undefined) return undefined;
    return { isNoted: true, ...server.address(scheme, target.split('/')[1]) };
  };
}

function pageSite(target) {
  const [path, to] = target.split('?to=');
  const answer = (status, fields, body) => ({ answer: { status, fields: [NOT_CACHED, ...fields], body } });
  if (path === '/') return answer(200, [['content-type', 'text/html']], PAGE);
  if (path === '/page.js') return answer(200, [['content-type', 'text/javascript']], SCRIPT);
  const [, redirects] = /^\/own\/redirect-(\d+)\//.exec(path) ?? [];
  if (redirects !== undefined) return { isNoted: true, ...answer(redirects, [['location', to]], '') };
  if (path.startsWith('/own/text/')) return { isNoted: true, ...answer(200, [['content-type', 'text/plain']], 'own\n') };
  return answer(404, [], '');
}
