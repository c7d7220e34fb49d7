// Express with npm's cors.

import cors from 'cors';
import { serve } from '#express';
import { POLICY, PREVIEW, TENANTS } from '#routes';

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
serve(cors(OPTIONS[POLICY]));
