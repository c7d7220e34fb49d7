// Koa with @koa/cors.

import cors from '@koa/cors';
import { among, serve } from '#koa';
import { POLICY, PREVIEW, TENANTS } from '#routes';

const OPTIONS = {
  credentials: {
    origin: among(['https://app.example.com', 'https://admin.example.com:8443', PREVIEW]),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Content-Type', 'Authorization', 'X-Requested-With'],
    exposeHeaders: ['X-Request-Id'],
    credentials: true,
    maxAge: 600,
  },
  public: { origin: '*', allowMethods: ['GET', 'HEAD', 'POST', 'PUT'], allowHeaders: ['Content-Type'], exposeHeaders: ['X-Request-Id'], maxAge: 600 },
  thousand: { origin: among(TENANTS), allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'], allowHeaders: ['Content-Type'], credentials: true, maxAge: 600 },
  methods: { origin: 'https://app.example.com', allowMethods: ['GET', 'HEAD', 'POST', 'PUT'], allowHeaders: ['Content-Type'] },
};
serve(cors(OPTIONS[POLICY]));
