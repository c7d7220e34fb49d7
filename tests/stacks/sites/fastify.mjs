import fastify from 'fastify';

const app = fastify();

<<1>>

app.addHook('onRequest', async (request, reply) => {
  if (request.url === '/private' && !request.headers.authorization) return reply.code(401).send('');
});
app.all('/item', (request, reply) => reply.header('X-Total', '3').send([]));
app.all('/private', (request, reply) => reply.send([]));
app.all('/broken', async () => {
  throw new Error('broken');
});
await app.listen({ port: <<port>>, host: '127.0.0.1' });
