// Paths as browsers send them (A9).

/** Takes the address off a request's target, as proxies send it, and the query. The path keeps its escapes. */
export function pathOf(target = "/") {
  const path = target.charCodeAt(0) === SLASH ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  const end = path.search(/[?#]/);
  const whole = end < 0 ? path : path.slice(0, end);
  return whole === "" ? "/" : whole;
}

/** Returns how many characters of a whole path are those that a framework has cut off to make the other, because it is mounted there. */
export function mountLength(whole, below) {
  if (whole.endsWith(below)) return whole.length - below.length;
  // What is cut down to nothing becomes a slash.
  return below.startsWith("/") && whole.endsWith(below.slice(1)) ? whole.length - below.length + 1 : 0;
}

const SLASH = 47;
