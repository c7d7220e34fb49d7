// nginx with the module, in front of the application; it speaks TLS itself.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICIES } from '../matrix.mjs';
import { freePort } from '../../support/free_port.mjs';
import { startProcess } from '../../support/process.mjs';

export const title = 'nginx, the module';
/** nginx's answer for an upstream that crashes. */
export const crash = { status: 502 };

export async function start({ target, certificate, policies, folder, upstream }) {
  const [port, securePort] = [await freePort(), await freePort()];
  const location = (name) => `
    location /${name}/ {
      proxy_pass http://127.0.0.1:${upstream};
      ${name === 'bare' ? '' : `cors on; cors_policy_file ${join(policies, `${name}.cors`)};`}
    }`;
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(
    configuration,
    `load_module ${join(target, 'nginx/ngx_http_cors_module.so')};
daemon off;
pid ${folder}/nginx.pid;
error_log stderr notice;
worker_processes 1;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/nginx-${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    listen 127.0.0.1:${securePort} ssl;
    ssl_certificate ${certificate.cert};
    ssl_certificate_key ${certificate.key};
    ${POLICIES.map(location).join('')}
  }
}
`,
  );
  const args = ['-p', folder, '-c', configuration, '-e', 'stderr'];
  const server = await startProcess('nginx', args, { ready: /start worker process \d+/ });
  return {
    address: (scheme) => (scheme === 'https' ? { port: securePort, secure: true } : { port }),
    stop: server.stop,
  };
}
