// What a page does, as a classic script of the page itself and of the sandboxed frame within it.
//
// On the event `calls` it makes the calls that `document.documentElement.dataset.calls` holds as JSON, and when all are done
// writes what it saw into `dataset.seen` and fires `seen`.

'use strict';

const AT_ONCE = 4;
const GIVE_UP_MS = 15_000;

document.addEventListener('calls', async () => {
  const calls = JSON.parse(document.documentElement.dataset.calls);
  const framed = calls.filter((call) => call.sandbox);
  const own = calls.filter((call) => !call.sandbox);
  const seen = { ...(await makeAll(own)), ...(framed.length > 0 ? await inSandbox(framed) : {}) };
  document.documentElement.dataset.seen = JSON.stringify(seen);
  document.dispatchEvent(new Event('seen'));
});

// In the frame, calls come and go as messages.
addEventListener('message', async ({ data, source }) => {
  if (data.calls !== undefined) source.postMessage({ seen: await makeAll(data.calls) }, '*');
});

/** Several at once; those of one call that repeats one after the other. */
async function makeAll(calls) {
  const seen = {};
  const waiting = [...calls];
  const work = async () => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
      seen[call.id] = [];
      for (let turn = 0; turn < call.repeat; turn += 1) seen[call.id].push(await withTimeout(make(call)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return seen;
}

function withTimeout(outcome) {
  return Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, GIVE_UP_MS, 'nothing'))]);
}

function make(call) {
  const makers = { fetch: byFetch, XMLHttpRequest: byXmlHttpRequest, script: byScript, image: byImage, font: byFont };
  return makers[call.api](call).catch(() => 'error');
}

async function byFetch({ url, method, headers, credentials, mode, body }) {
  const response = await fetch(url, { method, headers, credentials, mode, body });
  await response.text();
  return `${response.type} ${response.status} ${[...response.headers.keys()].join(',')}`;
}

function byXmlHttpRequest({ url, method, headers, credentials, body, uploadListener }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.withCredentials = credentials === 'include';
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    if (uploadListener) request.upload.onprogress = () => {};
    request.onerror = reject;
    request.onload = () => {
      const lines = request.getAllResponseHeaders().split('\r\n');
      const names = lines.map((line) => line.split(':', 1)[0]).filter((name) => name !== '');
      resolve(`${request.status} ${names.join(',')}`);
    };
    request.send(body ?? null);
  });
}

function byScript({ url, credentials, isModule }) {
  const script = document.createElement('script');
  script.type = isModule ? 'module' : 'text/javascript';
  script.crossOrigin = credentials === 'include' ? 'use-credentials' : 'anonymous';
  const loaded = loading(script);
  script.src = url;
  document.head.append(script);
  return loaded;
}

function byImage({ url, credentials }) {
  const image = new Image();
  image.crossOrigin = credentials === 'include' ? 'use-credentials' : 'anonymous';
  const loaded = loading(image);
  image.src = url;
  return loaded;
}

async function byFont({ id, url }) {
  await new FontFace(id, `url(${JSON.stringify(url)})`).load();
  return 'loaded';
}

function loading(element) {
  return new Promise((resolve, reject) => {
    element.onload = () => resolve('loaded');
    element.onerror = reject;
  });
}

function inSandbox(calls) {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    addEventListener('message', function receive({ data, source }) {
      if (source !== frame.contentWindow || data.seen === undefined) return;
      removeEventListener('message', receive);
      frame.remove();
      resolve(data.seen);
    });
    frame.sandbox = 'allow-scripts';
    frame.srcdoc = '<!doctype html><script src="/page.js"></script>';
    frame.onload = () => frame.contentWindow.postMessage({ calls }, '*');
    document.body.append(frame);
  });
}
