// Paths as browsers send them (A9).

/** Takes the address off a request's target, as proxies send it, and the query. The path keeps its escapes. */
export function pathOf(target = "/") {
  const path = target.charCodeAt(0) === SLASH ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  const end = path.search(/[?#]/);
  const whole = end < 0 ? path : path.slice(0, end);
  return whole === "" ? "/" : whole;
}

const SLASH = 47;
