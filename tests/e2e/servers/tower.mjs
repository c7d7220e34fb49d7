// axum with cors-tower; TLS by the wire.

import { join } from 'node:path';
import { startProcess } from '../../support/process.mjs';

export const title = 'axum, cors-tower';
export const crash = { status: 500 };

export async function start({ binaries, env }) {
  const server = await startProcess(join(binaries, 'e2e-tower'), [], { env, ready: /http:\/\/127\.0\.0\.1:(\d+)/ });
  return { address: () => ({ port: Number(server.match[1]) }), stop: server.stop };
}
