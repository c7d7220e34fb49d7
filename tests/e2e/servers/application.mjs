// The application without CORS, in this process: nginx and `cors proxy` stand in front of it.

import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { listen } from '../../support/listen.mjs';
import { answerTo } from '../answers.mjs';
import { readRequest, writeResponse } from '../wire/http.mjs';

/** Returns `{ port, stop }`. Each request is a line of the file `log`. */
export async function startApplication(log) {
  const server = createServer(async (socket) => {
    const request = await readRequest(socket);
    if (request === undefined) return;
    appendFileSync(log, `${request.method} ${request.target}\n`);
    const answer = answerTo(request.target);
    if (answer === undefined) socket.destroy();
    else socket.end(writeResponse(answer, request.method));
  });
  return listen(server);
}
