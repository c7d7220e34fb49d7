// A server in a process of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_MS = 60_000;
const STOP_MS = 10_000;
const running = new Set();

// What a failed test has left running ends with the program, and does not keep it waiting.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/**
 * Starts a command and waits until the whole lines of its output match `ready` or, if it prints nothing, until it listens on `port`.
 * Returns `{ match, stop }`.
 *
 * `stop` ends the process by its id, with SIGTERM and, where it does not end, with SIGKILL; it returns the exit status.
 */
export async function startProcess(command, args, { ready, port, env = {}, cwd }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  let written = '';
  const match = await new Promise((resolve, reject) => {
    const give = (reason) => reject(new Error(`${command} ${args.join(' ')}: ${reason}\n${written}`));
    const timer = setTimeout(give, READY_MS, `not ready after ${READY_MS} ms`);
    const look = (chunk) => {
      written = (written + chunk).slice(-100_000);
      // A chunk may end within an address.
      const found = ready?.exec(written.slice(0, written.lastIndexOf('\n') + 1)) ?? null;
      if (found === null) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    if (port !== undefined) listening(port, child).then(() => (clearTimeout(timer), resolve()), give);
    child.on('error', (error) => give(error.message));
    child.on('exit', (code, signal) => (clearTimeout(timer), give(`ended with ${signal ?? code}`)));
  });
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) handle.unref();
  return { match, stop: () => stop(child) };
}

/** Ends all that run, as after an error halfway. */
export function stopAll() {
  return Promise.all([...running].map(stop));
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
  return child.exitCode;
}

async function listening(port, child) {
  while (child.exitCode === null) {
    const socket = connect({ host: '127.0.0.1', port });
    const isThere = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    if (isThere) return;
    await sleep(20);
  }
}
