// The application on Hono.

import { serve as serveFetch } from '@hono/node-server';
import { Hono } from 'hono';
import { PORT, ROUTES, respond } from './routes.js';

/** Serves it behind a middleware. */
export function serve(cors) {
  const app = new Hono();
  app.use('*', cors);
  for (const route of ROUTES) app.on(route.methods, route.path, (c) => respond(route, c.req.raw));
  serveFetch({ fetch: app.fetch, port: PORT, hostname: '127.0.0.1' });
}
