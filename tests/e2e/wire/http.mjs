// HTTP/1.1 as bytes, one request a connection. Node's own parser refuses methods that it does not know.

/**
 * Reads a request from a socket. Returns `method`, `target`, `host` (lower case), `lines` (the field lines), `field(name)`
 * (the first value, or undefined) and `body`; undefined if the connection ends first.
 */
export async function readRequest(socket) {
  let received = Buffer.alloc(0);
  let request;
  return new Promise((resolve) => {
    const finish = (result) => {
      socket.off('data', collect).off('end', leave).off('close', leave);
      resolve(result);
    };
    const leave = () => finish(undefined);
    const collect = (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (request === undefined) {
        const end = received.indexOf('\r\n\r\n');
        if (end === -1) return;
        request = readHead(received.toString('latin1', 0, end));
        received = received.subarray(end + 4);
      }
      if (received.length < Number(request.field('content-length') ?? 0)) return;
      finish({ ...request, body: received });
    };
    socket.on('data', collect).on('end', leave).on('close', leave);
  });
}

function readHead(text) {
  const [requestLine, ...lines] = text.split('\r\n');
  const [method, target] = requestLine.split(' ');
  const field = (name) => {
    const line = lines.find((candidate) => candidate.toLowerCase().startsWith(`${name}:`));
    return line?.slice(name.length + 1).trim();
  };
  return { method, target, lines, field, host: (field('host') ?? '').toLowerCase() };
}

/** Returns the bytes of a request, which asks the server to close the connection. */
export function writeRequest({ method, target, lines, body }) {
  const kept = lines.filter((line) => !/^(?:connection|proxy-[^:]*):/i.test(line));
  const head = [`${method} ${target} HTTP/1.1`, ...kept, 'Connection: close', '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** Returns the bytes of a response, after which the connection is to be closed. */
export function writeResponse({ status, fields, body }, method) {
  const bytes = Buffer.from(body);
  const all = [...fields, ['content-length', bytes.length], ['connection', 'close']];
  const head = `HTTP/1.1 ${status} -\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), method === 'HEAD' ? Buffer.alloc(0) : bytes]);
}
