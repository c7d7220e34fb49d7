import Koa from 'koa';

const app = new Koa();

<<1>>

app.use((ctx) => {
  if (ctx.path === '/private' && !ctx.get('Authorization')) ctx.throw(401);
  if (ctx.path === '/broken') throw new Error('broken');
  if (ctx.path === '/item') {
    ctx.set('X-Total', '3');
    ctx.body = [];
  }
});
app.silent = true;
app.listen(<<port>>, '127.0.0.1');
