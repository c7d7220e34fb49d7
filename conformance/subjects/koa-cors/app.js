// Koa with @koa/cors.

import cors from '@koa/cors';
import Koa from 'koa';
import { Readable } from 'node:stream';
import { POLICY, PORT, PREVIEW, ROUTES, TENANTS, answer, pieces } from '#routes';

const among = (list) => (ctx) => (list.some((one) => one === ctx.get('Origin') || (one instanceof RegExp && one.test(ctx.get('Origin')))) ? ctx.get('Origin') : '');
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
const app = new Koa();
app.silent = true;
app.use(cors(OPTIONS[POLICY]));
app.use((ctx) => {
  const route = ROUTES.find(({ path }) => path === ctx.path);
  if (route === undefined) return;
  const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
  if (!route.methods.includes(method)) return ctx.throw(405);
  if (route.kind === 'stream') {
    ctx.type = 'text';
    ctx.body = Readable.from(pieces());
    return;
  }
  const { status, fields, body } = answer(route, ctx.get('Accept-Encoding'));
  ctx.body = body || null;
  ctx.status = status;
  for (const [name, value] of fields) name === 'Vary' ? ctx.vary(value) : ctx.set(name, value);
});
app.listen(PORT, '127.0.0.1');
