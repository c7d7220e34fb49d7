// A request head: its bytes, and the little that the recorder must know of it.

/**
 * Reads the bytes of a head, from the request line to the empty line.
 *
 * Returns `head` (the bytes), `method`, `url` (absolute), `field(name)` (the first value, or undefined)
 * and `isPreflight`.
 */
export function readHead(bytes) {
  const text = bytes.toString('latin1');
  const [requestLine, ...lines] = text.slice(0, -'\r\n\r\n'.length).split('\r\n');
  const [method, target] = requestLine.split(' ');
  const fields = new Map();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return {
    head: Buffer.from(bytes),
    method,
    url: `http://${fields.get('host')}${target}`,
    field: (name) => fields.get(name),
    isPreflight: method === 'OPTIONS' && fields.has('access-control-request-method'),
  };
}
