// Fastify with cors-engine/fastify.

import { fastifyCors } from 'cors-engine/fastify';
import Fastify from 'fastify';
import { Readable } from 'node:stream';
import { POLICY, PORT, PREVIEW, ROUTES, TENANTS, answer, pieces } from '#routes';

const OPTIONS = {
  credentials: {
    origin: ['https://app.example.com', 'https://admin.example.com:8443', PREVIEW],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Content-Type', 'Authorization', 'X-Requested-With'],
    exposedHeaders: ['X-Request-Id'],
    credentials: true,
    maxAge: 600,
  },
  public: { origin: '*', methods: ['GET', 'HEAD', 'POST', 'PUT'], allowedHeaders: ['Content-Type'], exposedHeaders: ['X-Request-Id'], maxAge: 600 },
  thousand: { origin: TENANTS, methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'], allowedHeaders: ['Content-Type'], credentials: true, maxAge: 600 },
  methods: { origin: ['https://app.example.com'], methods: ['GET', 'HEAD', 'POST', 'PUT'], allowedHeaders: ['Content-Type'] },
};
const app = Fastify();
await app.register(fastifyCors, OPTIONS[POLICY]);
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
