// What the browser does, in order, and which of the requests it causes are kept.
//
// A step either visits `url` or calls `run({ url, init })` inside the page that is open. No URL occurs twice, so that a
// request is known by its URL, and a preflight from its actual request by Access-Control-Request-Method.
// `files` gives the name of each recording: `preflight`, `actual`, or both. A request that `files` leaves out is an error.

const APP = 'http://app.example.com';
const API = 'http://api.example.net';
// Same-site with the app, since over plain http no browser sends a cookie to another site: SameSite=None needs Secure.
const SIBLING = 'http://api.example.com';
const EVIL = 'http://evil.example.com';

const JSON_BODY = { headers: { 'Content-Type': 'application/json' }, body: '{"name":"Ada"}' };

export const steps = [
  { url: `${APP}/`, files: { actual: 'navigation' } },

  // Same origin.
  { url: `${APP}/profile`, run: fetchUrl, files: { actual: 'same-origin-get' } },
  {
    url: `${APP}/profile/name`,
    run: fetchUrl,
    init: { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'Ada' },
    files: { actual: 'same-origin-post' },
  },

  // Cross-origin without a preflight.
  { url: `${API}/items?page=2`, run: fetchUrl, files: { actual: 'actual-get' } },
  { url: `${SIBLING}/session`, run: fetchUrl, init: { method: 'POST', credentials: 'include' } }, // answers with the cookie
  {
    url: `${SIBLING}/account`,
    run: fetchUrl,
    init: { credentials: 'include' },
    files: { actual: 'actual-get-credentials' },
  },
  {
    url: `${API}/notes`,
    run: fetchUrl,
    init: { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'hello' },
    files: { actual: 'actual-post-text' },
  },
  { url: `${API}/logo.gif`, run: loadImage, files: { actual: 'no-cors-image' } },
  { url: `${API}/widget.js`, run: loadScript, files: { actual: 'crossorigin-script' } },

  // Cross-origin with a preflight.
  {
    url: `${API}/items/1`,
    run: fetchUrl,
    init: { method: 'PUT', ...JSON_BODY },
    files: { preflight: 'preflight-put-json', actual: 'actual-put-json' },
  },
  {
    url: `${API}/items/2`,
    run: fetchUrl,
    init: { method: 'DELETE' },
    files: { preflight: 'preflight-delete', actual: 'actual-delete' },
  },
  {
    url: `${API}/items/3`,
    run: fetchUrl,
    init: { method: 'PATCH', ...JSON_BODY },
    files: { preflight: 'preflight-patch', actual: 'actual-patch' },
  },
  {
    // The standard uppercases DELETE, GET, HEAD, OPTIONS, POST and PUT, and no other method.
    url: `${API}/items/4`,
    run: fetchUrl,
    init: { method: 'patch', ...JSON_BODY },
    files: { preflight: 'preflight-patch-lowercase', actual: 'actual-patch-lowercase' },
  },
  {
    url: `${API}/items`,
    run: fetchUrl,
    init: { method: 'POST', ...JSON_BODY },
    files: { preflight: 'preflight-post-json', actual: 'actual-post-json' },
  },
  {
    // Written in mixed case and not in order; Accept-Language is safelisted.
    url: `${API}/report`,
    run: fetchUrl,
    init: {
      headers: {
        'X-Requested-With': 'XMLHttpRequest',
        'x-TRACE-Id': '7f3a',
        'Accept-Language': 'de',
        Authorization: 'Bearer t0k3n',
        'X-API-Key': 'k3y',
        'If-None-Match': '"v1"',
      },
    },
    files: { preflight: 'preflight-many-headers', actual: 'actual-many-headers' },
  },
  {
    url: `${API}/capabilities`,
    run: fetchUrl,
    init: { method: 'OPTIONS' },
    files: { preflight: 'preflight-options', actual: 'actual-options' },
  },

  // An opaque origin.
  { url: `${API}/public`, run: fetchInSandbox, files: { actual: 'sandboxed-iframe-null' } },
  {
    url: `${API}/public/1`,
    run: fetchInSandbox,
    init: { method: 'PUT', ...JSON_BODY },
    files: { preflight: 'preflight-sandboxed-iframe-null', actual: 'actual-put-sandboxed-iframe-null' },
  },

  // A sibling of the app that no server is meant to list.
  { url: `${EVIL}/` },
  {
    url: `${API}/items/5`,
    run: fetchUrl,
    init: { method: 'PUT', ...JSON_BODY },
    files: { preflight: 'preflight-unlisted-subdomain', actual: 'actual-unlisted-subdomain' },
  },
];

// The functions below run inside the page, which receives their source: they may use nothing of this module.

async function fetchUrl({ url, init }) {
  const response = await fetch(url, init);
  await response.text();
  return `${response.status}`;
}

function loadImage({ url }) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve('loaded');
    image.onerror = () => reject(new Error(`image ${url} did not load`));
    image.src = url;
  });
}

function loadScript({ url }) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.crossOrigin = 'anonymous';
    script.onload = () => resolve('loaded');
    script.onerror = () => reject(new Error(`script ${url} did not load`));
    script.src = url;
    document.head.append(script);
  });
}

function fetchInSandbox({ url, init }) {
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    addEventListener('message', function receive({ data, source }) {
      if (source !== frame.contentWindow) return;
      removeEventListener('message', receive);
      frame.remove();
      if (data.startsWith('status ')) resolve(data.slice('status '.length));
      else reject(new Error(data));
    });
    frame.sandbox = 'allow-scripts';
    frame.srcdoc = `<!doctype html><script>
      fetch(${JSON.stringify(url)}, ${JSON.stringify(init ?? {})})
        .then((response) => 'status ' + response.status, String)
        .then((text) => parent.postMessage(text, '*'));
    </script>`;
    document.body.append(frame);
  });
}
