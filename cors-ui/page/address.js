// The address of a fetch, as the URL parser of the browser takes it.

/** Returns `{ url }`, or what is `wrong` with it besides. An address without a scheme is the engine's to judge. */
export function address(text) {
  const wrong = (what) => ({ url: 'https://api.example.com/', wrong: { part: 'url', value: text, text: what } });
  if (text === '') return wrong('empty; write an address such as https://api.example.com/orders');
  if (text.startsWith('//')) return wrong(`a URL begins with its scheme; write https:${text}`);
  let url;
  try {
    url = new URL(text);
  } catch {
    return /\s|:\/\//.test(text) ? wrong('not a URL; write an address such as https://api.example.com/orders') : { url: text };
  }
  if (!['http:', 'https:'].includes(url.protocol)) return { url: text };
  if (url.username || url.password) return wrong('fetch() refuses a URL with a user name or a password; leave them out');
  url.hash = '';
  return { url: url.href };
}
