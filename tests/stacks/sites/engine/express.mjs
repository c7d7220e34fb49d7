import express from 'express';

const app = express();

<<1>>

app.use((request, response, next) => {
  if (request.path === '/private' && !request.get('Authorization')) response.sendStatus(401);
  else next();
});
app.all('/item', (request, response) => response.set('X-Total', '3').json([]));
app.all('/broken', () => {
  throw new Error('broken');
});
app.listen(<<port>>, '127.0.0.1');
