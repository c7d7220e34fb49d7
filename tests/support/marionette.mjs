// Firefox's remote protocol, Marionette: JSON with its length before it, over TCP.

import { once } from 'node:events';
import { connect } from 'node:net';

/** Connects to a Marionette; gives `{ send(command, parameters), close }`. `send` gives the result, or throws its error. */
export async function openMarionette(port) {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  const waiting = new Map();
  let received = Buffer.alloc(0);
  let greeted;
  const greeting = new Promise((resolve) => (greeted = resolve));
  const take = (message) => {
    if (!Array.isArray(message)) return greeted();
    const [, id, error, result] = message;
    const { resolve, reject, command } = waiting.get(id);
    waiting.delete(id);
    if (error === null) resolve(result?.value === undefined ? result : result.value);
    else reject(new Error(`${command}: ${error.error}: ${error.message}`));
  };
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const colon = received.indexOf(':');
      const end = colon + 1 + Number(received.toString('latin1', 0, colon));
      if (colon === -1 || received.length < end) return;
      const message = JSON.parse(received.toString('utf8', colon + 1, end));
      received = received.subarray(end);
      take(message);
    }
  });
  socket.on('close', () => {
    for (const { reject, command } of waiting.values()) reject(new Error(`${command}: Firefox has gone`));
  });
  await greeting;
  let last = 0;
  return {
    send(command, parameters = {}) {
      last += 1;
      const text = JSON.stringify([0, last, command, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
      return new Promise((resolve, reject) => waiting.set(last, { resolve, reject, command }));
    },
    close: () => socket.destroy(),
  };
}
