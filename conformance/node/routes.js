// What the application under test does: the table of routes.json, for servers on Node.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Which of the four policies the subject is to have. */
export const POLICY = process.env.CONFORMANCE_POLICY;
export const PORT = Number(process.env.PORT);
export const TENANTS = Array.from({ length: 1000 }, (_, number) => `https://tenant-${number}.example.com`);
export const PREVIEW = /^https:\/\/([a-z0-9-]+\.)+preview\.example\.org$/;

const table = JSON.parse(readFileSync(process.env.CONFORMANCE_ROUTES, 'utf8'));
/** Those at which something is there. */
export const ROUTES = Object.values(table).filter(({ methods }) => methods.length > 0);

/** Returns status, fields and body of a route that does not stream; throws for the route "error". */
export function answer(route, acceptEncoding = '') {
  if (route.kind === 'error') throw new Error('broken');
  const body = route.kind === 'encoding' ? `for ${acceptEncoding.includes('gzip') ? 'gzip' : 'others'}\n` : route.body;
  return { status: route.status, fields: route.fields, body };
}

/** The body of the route "stream". */
export async function* pieces() {
  yield 'first\n';
  await sleep(1000);
  yield 'second\n';
}

/** Answers on a response of `node:http`, with fields that are added to those that are there. */
export function write(response, { status, fields, body }) {
  response.statusCode = status;
  for (const [name, value] of fields) {
    if (name === 'Vary' && response.hasHeader('Vary')) response.setHeader('Vary', `${response.getHeader('Vary')}, ${value}`);
    else response.setHeader(name, value);
  }
  response.end(body);
}

/** Returns a Response; `fields` of one name are joined. */
export function respond(route, request) {
  if (route.kind === 'stream') return new Response(ReadableStream.from(encoded()), { headers: { 'Content-Type': 'text/plain' } });
  const { status, fields, body } = answer(route, request.headers.get('Accept-Encoding') ?? '');
  return new Response([204, 304].includes(status) ? null : body, { status, headers: fields });
}

async function* encoded() {
  const encoder = new TextEncoder();
  for await (const piece of pieces()) yield encoder.encode(piece);
}
