import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const app = new Hono();

<<1>>

app.use('/private', (c, next) => (c.req.header('authorization') ? next() : c.body(null, 401)));
app.all('/item', (c) => {
  c.header('X-Total', '3');
  return c.json([]);
});
app.all('/broken', () => {
  throw new Error('broken');
});
serve({ fetch: app.fetch, port: <<port>>, hostname: '127.0.0.1' });
