// TCP servers in this process.

import { once } from 'node:events';

/**
 * Listens on a free port of 127.0.0.1; returns `{ port, keep(socket), stop }`. `stop` closes the server's connections as well,
 * and the sockets that were given to `keep`.
 */
export async function listen(server) {
  const sockets = new Set();
  const keep = (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // browsers drop speculative connections
  };
  server.on('connection', keep);
  server.on('secureConnection', keep);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    keep,
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
