// The application on Express.

import express from 'express';
import { pipeline } from 'node:stream/promises';
import { PORT, ROUTES, answer, pieces } from './routes.js';

/** Serves it behind a middleware. */
export function serve(cors) {
  const app = express();
  app.use(cors);
  for (const route of ROUTES) {
    for (const method of route.methods) {
      app[method.toLowerCase()](route.path, async (request, response) => {
        if (route.kind === 'stream') return pipeline(pieces(), response.type('text/plain'));
        const { status, fields, body } = answer(route, request.get('Accept-Encoding'));
        response.status(status);
        for (const [name, value] of fields) name === 'Vary' ? response.vary(value) : response.set(name, value);
        response.end(body);
      });
    }
  }
  app.listen(PORT, '127.0.0.1');
}
