// The fields of a request that a decision depends on, out of what a program has.

const NAMES = {
  origin: 0,
  "access-control-request-method": 1,
  "access-control-request-headers": 2,
  "access-control-request-private-network": 3,
};

/**
 * Returns the values of Origin, Access-Control-Request-Method, -Headers and -Private-Network. A field that stands there twice
 * has a list of values.
 * @param {unknown} headers `Headers`, an object of names and values such as Node's `request.headers`, or pairs
 * @returns {(string | string[] | undefined)[]}
 */
export function fieldsOf(headers) {
  const fields = [undefined, undefined, undefined, undefined];
  if (headers === null || typeof headers !== "object") {
    throw new TypeError(`headers: ${kindOf(headers)} where headers should be; pass request.headers`);
  }
  if (typeof headers.get === "function" && typeof headers.append === "function") {
    for (const name of Object.keys(NAMES)) fields[NAMES[name]] = headers.get(name) ?? undefined;
    return fields;
  }
  if (typeof headers[Symbol.iterator] === "function") {
    for (const pair of headers) {
      if (typeof pair === "string") {
        throw new TypeError("headers: a list of strings, such as request.rawHeaders; pass request.headers, or pairs of a name and a value");
      }
      if (pair === null || typeof pair !== "object" || pair.length !== 2 || typeof pair[0] !== "string") {
        throw new TypeError('headers: an entry is not a pair; write ["origin", "https://app.example.com"]');
      }
      add(fields, pair[0], pair[1]);
    }
    return fields;
  }
  for (const name of Object.keys(headers)) add(fields, name, headers[name]);
  return fields;
}

function add(fields, name, value) {
  const number = NAMES[name] ?? (name.length < 6 ? undefined : NAMES[name.toLowerCase()]);
  if (number === undefined) return;
  const values = Array.isArray(value) ? value : [value];
  for (const each of values) {
    if (typeof each !== "string") {
      throw new TypeError(`headers: the value of ${name} is ${kindOf(each)}; leave out a header that the request does not have`);
    }
    const present = fields[number];
    if (present === undefined) fields[number] = each;
    else if (typeof present === "string") fields[number] = [present, each];
    else present.push(each);
  }
}

/** Returns a value's kind, with its article. */
export function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "object") {
    const name = Array.isArray(value) ? "list" : (value.constructor?.name ?? "object");
    return name === "Object" ? "an object" : `${/^[aeio]/i.test(name) ? "an" : "a"} ${name}`;
  }
  return `a ${typeof value}`;
}
