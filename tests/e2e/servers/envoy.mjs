// Envoy with the filter, in front of the application; TLS by the wire.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICIES } from '../matrix.mjs';
import { freePort } from '../../support/free_port.mjs';
import { startProcess } from '../../support/process.mjs';

export const title = 'Envoy, the filter';
/** Envoy's answer for an upstream that crashes. */
export const crash = { status: 503 };

const TYPES = 'type.googleapis.com/';
const EXTENSIONS = `${TYPES}envoy.extensions.`;

export async function start({ target, policies, folder, upstream }) {
  const port = await freePort();
  const entry = (name) => ({ prefix: `/${name}`, image: readFileSync(join(policies, `${name}.cors`), 'base64') });
  const entries = POLICIES.filter((name) => name !== 'bare').map(entry);
  const address = (number) => ({ socket_address: { address: '127.0.0.1', port_value: number } });
  const filters = [
    {
      name: 'cors',
      typed_config: {
        '@type': `${EXTENSIONS}filters.http.wasm.v3.Wasm`,
        config: {
          name: 'cors',
          vm_config: {
            runtime: 'envoy.wasm.runtime.v8',
            code: { local: { filename: join(target, 'bare/wasm32-unknown-unknown/envoy/cors_envoy.wasm') } },
          },
          configuration: { '@type': `${TYPES}google.protobuf.StringValue`, value: JSON.stringify({ policies: entries }) },
        },
      },
    },
    { name: 'envoy.filters.http.router', typed_config: { '@type': `${EXTENSIONS}filters.http.router.v3.Router` } },
  ];
  const manager = {
    '@type': `${EXTENSIONS}filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'http',
    // The wire closes each connection; Envoy would wait a second.
    delayed_close_timeout: '0s',
    http_filters: filters,
    route_config: {
      virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'application' } }] }],
    },
  };
  const configuration = join(folder, 'envoy.json');
  writeFileSync(
    configuration,
    JSON.stringify({
      static_resources: {
        listeners: [
          {
            address: address(port),
            filter_chains: [{ filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }] }],
          },
        ],
        clusters: [
          {
            name: 'application',
            load_assignment: {
              cluster_name: 'application',
              endpoints: [{ lb_endpoints: [{ endpoint: { address: address(upstream) } }] }],
            },
          },
        ],
      },
    }),
  );
  const args = ['-c', configuration, '--use-dynamic-base-id', '--concurrency', '1'];
  const server = await startProcess(join(target, 'envoy/venv/bin/envoy'), args, { ready: /starting workers/ });
  return { address: () => ({ port }), stop: server.stop };
}
