// Express with npm's cors.

import cors from 'cors';
import express from 'express';
import { POLICY, PORT, PREVIEW, ROUTES, TENANTS, answer, pieces } from '#routes';
import { pipeline } from 'node:stream/promises';

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
const app = express();
app.use(cors(OPTIONS[POLICY]));
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
