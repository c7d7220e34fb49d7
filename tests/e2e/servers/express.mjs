// Express with cors-engine; TLS by the wire.

import { join } from 'node:path';
import { startProcess } from '../../support/process.mjs';

export const title = 'Express, cors-engine';
export const crash = { status: 500 };

export async function start({ env }) {
  const program = join(import.meta.dirname, 'express_server.mjs');
  const server = await startProcess(process.execPath, [program], { env, ready: /http:\/\/127\.0\.0\.1:(\d+)/ });
  return { address: () => ({ port: Number(server.match[1]) }), stop: server.stop };
}
