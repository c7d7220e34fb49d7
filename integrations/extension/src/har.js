// The log of the network panel, without what nobody has to read.

const SECRET = /^(?:cookie|set-cookie|authorization|proxy-authorization)$/i;

const head = ({ headers = [], ...rest }) => ({
  ...rest,
  // That there is a cookie counts, and its value does not. Of a cookie that is set the name and its attributes count.
  headers: headers.map(({ name, value }) => ({ name, value: SECRET.test(name) ? hidden(name, value) : value })),
  cookies: [],
  content: undefined,
  postData: rest.postData && {},
});

const hidden = (name, value) => (/^set-cookie$/i.test(name) ? value.replace(/=[^;\n]*/, '=…') : '…');

/** Returns the log without bodies, and without the values of cookies and keys. */
export function withoutSecrets({ entries, ...rest }) {
  return { ...rest, entries: entries.map(({ request, response, ...entry }) => ({ ...entry, request: head(request), response: head(response) })) };
}
