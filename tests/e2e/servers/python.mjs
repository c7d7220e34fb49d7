// The servers in Python: each twice, once for http and once for https, since they speak TLS themselves.

import { join } from 'node:path';
import { startProcess } from '../../support/process.mjs';

const FOLDER = join(import.meta.dirname, 'python');

/** `arguments_` returns the arguments of the interpreter for the options that TLS takes; `ready` finds the port. */
export async function startPython({ venv, env, certificate }, argumentsFor, ready) {
  const python = join(venv, 'bin/python');
  const started = await Promise.all(
    [[], [certificate.cert, certificate.key]].map((files) =>
      startProcess(python, argumentsFor(...files), { ready, cwd: FOLDER, env: { ...env, PYTHONDONTWRITEBYTECODE: '1' } }),
    ),
  );
  const [port, securePort] = started.map(({ match }) => Number(match[1]));
  return {
    address: (scheme) => (scheme === 'https' ? { port: securePort, secure: true } : { port }),
    stop: () => Promise.all(started.map((server) => server.stop())),
  };
}

/** Starts gunicorn with this application, `MODULE:NAME`. */
export function startGunicorn(context, application) {
  const argumentsFor = (cert, key) => [
    '-m', 'gunicorn', '--bind', '127.0.0.1:0', '--no-control-socket', '--threads', '8', '--log-level', 'info',
    ...(cert === undefined ? [] : ['--certfile', cert, '--keyfile', key]),
    application,
  ];
  return startPython(context, argumentsFor, /Listening at: https?:\/\/127\.0\.0\.1:(\d+)[^]*Booting worker/);
}
