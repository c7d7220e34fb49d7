// The application on Koa.

import Koa from 'koa';
import { Readable } from 'node:stream';
import { PORT, ROUTES, answer, pieces } from './routes.js';

/** Returns a function that answers with the origin of a request that is in the list, or with nothing. */
export const among = (list) => (ctx) => {
  const origin = ctx.get('Origin');
  return list.some((one) => (one instanceof RegExp ? one.test(origin) : one === origin)) ? origin : '';
};

/** Serves it behind a middleware. */
export function serve(cors) {
  const app = new Koa();
  app.silent = true;
  app.use(cors);
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
}
