// Hono with hono/cors.

import { cors } from 'hono/cors';
import { serve } from '#hono';
import { POLICY, PREVIEW, TENANTS } from '#routes';

const LISTED = ['https://app.example.com', 'https://admin.example.com:8443'];
const OPTIONS = {
  credentials: {
    origin: (origin) => (LISTED.includes(origin) || PREVIEW.test(origin) ? origin : null),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Content-Type', 'Authorization', 'X-Requested-With'],
    exposeHeaders: ['X-Request-Id'],
    credentials: true,
    maxAge: 600,
  },
  public: { origin: '*', allowMethods: ['GET', 'HEAD', 'POST', 'PUT'], allowHeaders: ['Content-Type'], exposeHeaders: ['X-Request-Id'], maxAge: 600 },
  thousand: { origin: TENANTS, allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'], allowHeaders: ['Content-Type'], credentials: true, maxAge: 600 },
  methods: { origin: ['https://app.example.com'], allowMethods: ['GET', 'HEAD', 'POST', 'PUT'], allowHeaders: ['Content-Type'] },
};
serve(cors(OPTIONS[POLICY]));
