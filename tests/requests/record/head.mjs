// A request head: its bytes in origin form, and the little that the recorder must know of it.

/**
 * Reads the bytes of a head, from the request line to the empty line.
 *
 * Gives `head` (the bytes, in origin form), `method`, `url` (absolute), `field(name)` (the first value, or undefined)
 * and `isPreflight`.
 */
export function readHead(bytes) {
  const text = inOriginForm(bytes.toString('latin1'));
  const [requestLine, ...lines] = text.slice(0, -'\r\n\r\n'.length).split('\r\n');
  const [method, target] = requestLine.split(' ');
  const fields = new Map();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return {
    head: Buffer.from(text, 'latin1'),
    method,
    url: `http://${fields.get('host')}${target}`,
    field: (name) => fields.get(name),
    isPreflight: method === 'OPTIONS' && fields.has('access-control-request-method'),
  };
}

/** What a proxied request would have been without the proxy; any other comes back unchanged. */
function inOriginForm(text) {
  const absolute = /^([^ ]+) http:\/\/([^/ ]+)(\/[^ ]*) /.exec(text);
  if (absolute === null) return text;
  const [prefix, method, , path] = absolute;
  const proxyFields = /(?<=\r\n)proxy-[^:\r\n]*:[^\r\n]*\r\n/gi;
  return `${method} ${path} ${text.slice(prefix.length).replace(proxyFields, '')}`;
}
