// A raw TCP server on a free port of 127.0.0.1: it hands out each request head as it arrived and allows everything.
//
// It serves one request per connection.

import { createServer } from 'node:net';
import { listen } from '../../support/listen.mjs';
import { readHead } from './head.mjs';

const PIXEL = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');

/** Calls `onRequest` with what `readHead` made of each request; returns `{ port, stop }`. */
export function startServer(onRequest) {
  return listen(createServer((socket) => serve(socket, onRequest)));
}

function serve(socket, onRequest) {
  let received = Buffer.alloc(0);
  let request;
  socket.on('data', function collect(chunk) {
    received = Buffer.concat([received, chunk]);
    if (request === undefined) {
      const end = received.indexOf('\r\n\r\n');
      if (end === -1) return;
      request = readHead(received.subarray(0, end + 4));
      onRequest(request);
      received = received.subarray(end + 4);
    }
    // To answer before the body has arrived would reset the connection.
    if (received.length < Number(request.field('content-length') ?? 0)) return;
    socket.off('data', collect);
    socket.end(answer(request));
  });
}

function answer(request) {
  const [type, body] = content(new URL(request.url).pathname);
  const fields = [
    ['Content-Type', type],
    ['Content-Length', body.length],
    ['Cache-Control', 'no-store'],
    ['Connection', 'close'],
  ];
  const origin = request.field('origin');
  if (origin !== undefined) {
    fields.push(['Access-Control-Allow-Origin', origin], ['Access-Control-Allow-Credentials', 'true'], ['Vary', 'Origin']);
  }
  if (request.isPreflight) {
    fields.push(['Access-Control-Allow-Methods', request.field('access-control-request-method')]);
    fields.push(['Access-Control-Allow-Headers', request.field('access-control-request-headers') ?? '']);
    fields.push(['Access-Control-Max-Age', 0]);
  }
  if (request.url.endsWith('/session')) fields.push(['Set-Cookie', 'session=s3cr3t; Path=/']);
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n`, 'latin1'), body]);
}

function content(path) {
  if (path.endsWith('.gif')) return ['image/gif', PIXEL];
  if (path.endsWith('.js')) return ['text/javascript', Buffer.from('0;\n')];
  if (path === '/') return ['text/html; charset=utf-8', Buffer.from('<!doctype html><title>page</title><body>\n')];
  return ['text/plain; charset=utf-8', Buffer.from('ok\n')];
}
