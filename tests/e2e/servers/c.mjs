// A server in C on libmicrohttpd, with libcors; TLS by the wire.

import { join } from 'node:path';
import { startProcess } from '../../support/process.mjs';

export const title = 'C, libmicrohttpd';
export const crash = { status: 500 };

export async function start({ folder, target, env }) {
  const server = await startProcess(join(target, 'e2e/c_server'), [], { env, ready: /http:\/\/127\.0\.0\.1:(\d+)/ });
  return { address: () => ({ port: Number(server.match[1]) }), stop: server.stop };
}
