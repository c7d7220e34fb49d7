// Chromium with an extension and open developer tools, by Chromium's own protocol: Playwright shows neither.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { removeFolder } from './folder.mjs';
import { startProcess } from './process.mjs';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const DOMAINS = ['com', 'net', 'org'].map((domain) => `*.example.${domain}`);
const READY_MS = 30_000;

/** Waits until `find` gives something, and gives that. */
export async function until(what, find, milliseconds = READY_MS) {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (performance.now() > end) throw new Error(`${what} does not come`);
    await sleep(50);
  }
}

/** Connects to a browser; gives `{ send(method, parameters, session), on(method, session, act), close }`. */
async function openProtocol(url) {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const waiting = new Map();
  const listeners = [];
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params, sessionId } = JSON.parse(data);
    if (id === undefined) {
      for (const [name, session, act] of listeners) if (name === method && session === sessionId) act(params);
      return;
    }
    const { resolve, reject, what } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(`${what}: ${error.message}`));
    else resolve(result);
  };
  return {
    send(what, params = {}, sessionId = undefined) {
      last += 1;
      socket.send(JSON.stringify({ id: last, method: what, params, sessionId }));
      return new Promise((resolve, reject) => waiting.set(last, { resolve, reject, what }));
    },
    on: (method, session, act) => listeners.push([method, session, act]),
    close: () => socket.close(),
  };
}

/**
 * Starts Chromium with the extension in `extension`; gives `{ version, targets, attach(predicate, what), send, close }`, where
 * `attach` gives a target's `{ evaluate(expression), send, on }`. Hosts are mapped as `launchChromium` maps them.
 */
export async function launchWithExtension({ extension, port, securePort, profile: given, args = [] }) {
  const profile = given ?? mkdtempSync(join(tmpdir(), 'cors-chromium-'));
  const map = (standard, ours) => (ours === undefined ? [] : DOMAINS.map((hosts) => `MAP ${hosts}:${standard} 127.0.0.1:${ours}`));
  const rules = [...map(80, port), ...map(443, securePort), 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'];
  const chromium = await startProcess(
    EXECUTABLE,
    [
      '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--remote-debugging-port=0', '--ignore-certificate-errors', `--user-data-dir=${profile}`, `--load-extension=${extension}`,
      `--disable-extensions-except=${extension}`, '--auto-open-devtools-for-tabs', '--window-size=1600,1200',
      `--host-resolver-rules=${rules.join(', ')}`, ...args, 'about:blank',
    ],
    { ready: /DevTools listening on (ws:\S+)/ },
  );
  const protocol = await openProtocol(chromium.match[1]);
  const { product } = await protocol.send('Browser.getVersion');
  const targets = async () => (await protocol.send('Target.getTargets')).targetInfos;
  return {
    version: product,
    send: protocol.send,
    targets,
    async attach(predicate, what) {
      const { targetId } = await until(what, async () => (await targets()).find(predicate));
      const { sessionId } = await protocol.send('Target.attachToTarget', { targetId, flatten: true });
      return {
        targetId,
        send: (method, parameters) => protocol.send(method, parameters, sessionId),
        on: (method, act) => protocol.on(method, sessionId, act),
        async evaluate(expression) {
          const { result, exceptionDetails } = await protocol.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
          if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
          return result.value;
        },
      };
    },
    async close() {
      // So it ends its other processes, which would write into the profile for as long as they run.
      await Promise.race([protocol.send('Browser.close').catch(() => {}), sleep(5000)]);
      protocol.close();
      await chromium.stop();
      // They may still write.
      if (!given) await removeFolder(profile);
    },
  };
}
