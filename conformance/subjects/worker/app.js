// A handler of Request and Response, as workers have it, with cors-engine/edge and an image.

import { serve } from '@hono/node-server';
import { Policy } from 'cors-engine/edge';
import { readFileSync } from 'node:fs';
import { PORT, ROUTES, respond } from '#routes';

const policy = Policy.fromImage(readFileSync(process.env.IMAGE));

function application(request) {
  const { pathname } = new URL(request.url);
  const route = ROUTES.find(({ path }) => path === pathname);
  if (route === undefined) return new Response('nothing\n', { status: 404 });
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (!route.methods.includes(method)) return new Response('no\n', { status: 405 });
  return respond(route, request);
}

const onError = () => new Response('broken\n', { status: 500 });
const fetch = (request) => policy.handle(request, application, { onError });
serve({ fetch, port: PORT, hostname: '127.0.0.1' });
