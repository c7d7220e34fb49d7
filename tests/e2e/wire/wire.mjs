// The wire between browsers and servers: notes each request as it came, and passes it on.
//
// It listens for http, for https (it holds the certificate; to a server that speaks TLS itself it speaks TLS again), and is
// an HTTP proxy for browsers without resolver rules. Each connection has one request. The only change to a request asks
// the server to close the connection. Nothing leaves the machine: a host without a site is refused.

import { connect, createServer } from 'node:net';
import tls from 'node:tls';
import { listen } from '../../support/listen.mjs';
import { readRequest, writeRequest, writeResponse } from './http.mjs';

/**
 * `siteOf(host, target)` returns a site: `{ answer }`, a response made here, or `{ port, secure }`, a server of this machine.
 * `onRequest` is called with each request: `{ url, method, origin, request_method, request_headers, names, response }`, where
 * `names` are those of all its fields and `response` is the head that came back, once it has. Returns
 * `{ port, securePort, stop }`.
 */
export async function startWire({ siteOf, onRequest, certificate }) {
  async function serve(socket, scheme) {
    const request = await readRequest(socket);
    if (request === undefined) return;
    if (request.method === 'CONNECT') return tunnel(socket, request.target);
    const absolute = /^http:\/\/[^/]+(\/.*)$/.exec(request.target);
    const target = absolute === null ? request.target : absolute[1];
    const noted = {
      url: `${scheme}://${request.host}${target}`,
      method: request.method,
      origin: request.field('origin') ?? null,
      request_method: request.field('access-control-request-method') ?? null,
      request_headers: request.field('access-control-request-headers') ?? null,
      names: request.lines.map((line) => line.split(':', 1)[0].toLowerCase()),
    };
    const site = siteOf(request.host, target, scheme);
    if (site === undefined) return socket.end(writeResponse({ status: 502, fields: [], body: '' }));
    if (site.isNoted) onRequest(noted);
    if (site.answer !== undefined) return socket.end(writeResponse(site.answer, request.method));
    pass(socket, { ...request, target }, site, noted);
  }

  function pass(socket, request, site, noted) {
    const port = { host: '127.0.0.1', port: site.port };
    const server = site.secure ? tls.connect({ ...port, servername: request.host, ca: certificate.cert }) : connect(port);
    plain.keep(server);
    const fail = (error) => {
      noted.response ??= `(${error.message})`;
      socket.destroy();
    };
    server.on('error', fail);
    server.on('data', (chunk) => {
      noted.response ??= chunk.toString('latin1').split('\r\n\r\n', 1)[0];
    });
    server.pipe(socket);
    server.write(writeRequest(request));
  }

  function tunnel(socket, authority) {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    if (!authority.endsWith(':443')) return serve(socket, 'http');
    const secure = new tls.TLSSocket(socket, { isServer: true, ...certificate });
    plain.keep(secure);
    return serve(secure, 'https');
  }

  const plain = await listen(createServer((socket) => serve(socket, 'http')));
  const withTls = tls.createServer(certificate, (socket) => serve(socket, 'https'));
  withTls.on('tlsClientError', () => {});
  const secure = await listen(withTls);
  return {
    port: plain.port,
    securePort: secure.port,
    stop: () => Promise.all([plain.stop(), secure.stop()]),
  };
}
