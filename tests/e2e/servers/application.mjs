// The application without CORS, in this process: what stands behind nginx and `cors proxy`.

import { appendFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { answerTo } from '../answers.mjs';
import { readRequest, writeResponse } from '../wire/http.mjs';

/** Gives `{ port, stop }`. Each request is a line of the file `log`. */
export async function startApplication(log) {
  const sockets = new Set();
  const server = createServer(async (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const request = await readRequest(socket);
    if (request === undefined) return;
    appendFileSync(log, `${request.method} ${request.target}\n`);
    const answer = answerTo(request.target);
    if (answer === undefined) socket.destroy();
    else socket.end(writeResponse(answer, request.method));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
