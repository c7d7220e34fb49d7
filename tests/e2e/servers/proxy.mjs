// `cors proxy` in front of the application: one for each policy, since a proxy takes one policy; TLS by the wire.

import { join } from 'node:path';
import { POLICIES } from '../matrix.mjs';
import { startProcess } from '../../support/process.mjs';

export const title = 'cors proxy';
/** The proxy's answer for a target that crashes. Before that, it repeats a request that is safe to repeat. */
export const crash = { status: 502, times: 2 };
/** The proxy does not have a path without a policy. */
export const takes = (call) => !call.via.some((step) => step.includes(':bare/'));

export async function start({ binaries, policies, name, upstream }) {
  const running = await Promise.all(
    POLICIES.filter((policy) => policy !== 'bare').map(async (policy) => {
      const args = ['proxy', '--target', `http://127.0.0.1:${upstream}`, '--policy', join(policies, `${policy}.cors`),
        '--listen', '127.0.0.1:0', '--host', `${name}.example.net`, '--host', `${name}.example.org`];
      const server = await startProcess(join(binaries, 'cors'), args, { ready: /http:\/\/127\.0\.0\.1:(\d+) answers/ });
      return [policy, server];
    }),
  );
  const servers = Object.fromEntries(running);
  return {
    address: (scheme, policy) => ({ port: Number(servers[policy].match[1]) }),
    stop: () => Promise.all(running.map(([, server]) => server.stop())),
  };
}
