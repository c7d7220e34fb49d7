// The application on Fastify.

import Fastify from 'fastify';
import { Readable } from 'node:stream';
import { PORT, ROUTES, answer, pieces } from './routes.js';

/** Serves it after a plugin has been registered. */
export async function serve(plugin, options) {
  const app = Fastify();
  await app.register(plugin, options);
  for (const { path: url, methods, ...route } of ROUTES) {
    app.route({
      url,
      method: methods,
      handler: (request, reply) => {
        if (route.kind === 'stream') return reply.type('text/plain').send(Readable.from(pieces()));
        const { status, fields, body } = answer(route, request.headers['accept-encoding']);
        reply.code(status);
        for (const [name, value] of fields) {
          const present = name === 'Vary' ? reply.getHeader('Vary') : undefined;
          reply.header(name, present === undefined ? value : `${present}, ${value}`);
        }
        return reply.send(body);
      },
    });
  }
  await app.listen({ port: PORT, host: '127.0.0.1' });
}
