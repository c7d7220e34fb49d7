// An ASGI application under uvicorn, with cors_py.asgi around it.

import { startPython } from './python.mjs';

export const title = 'uvicorn, cors_py.asgi';
export const crash = { status: 500 };

export function start(context) {
  const argumentsFor = (cert, key) => [
    '-m', 'uvicorn', '--host', '127.0.0.1', '--port', '0', '--http', 'h11', '--no-access-log',
    ...(cert === undefined ? [] : ['--ssl-certfile', cert, '--ssl-keyfile', key]),
    'asgi_site:app',
  ];
  return startPython(context, argumentsFor, /Uvicorn running on https?:\/\/127\.0\.0\.1:(\d+)/);
}
