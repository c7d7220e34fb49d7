// Changes of a policy's text: what a fix, or the acceptance of a risk, writes into it. All else stays as it is written.

/** Returns the text with these changes. TOML stays TOML, and JSON is written anew. */
export function change(text, changes) {
  if (text.trimStart().startsWith('{')) return changeJson(text, changes);
  return changes.reduce(changeToml, text);
}

function changeJson(text, changes) {
  const policy = JSON.parse(text);
  for (const { field, add = [], remove = [], set } of changes) {
    if (set !== undefined) policy[field] = set;
    else policy[field] = [...new Set([...(policy[field] ?? []).filter((one) => !remove.includes(one)), ...add])];
  }
  return `${JSON.stringify(policy, null, 2)}\n`;
}

function changeToml(text, { field, add = [], remove = [], set }) {
  const start = new RegExp(`^[ \\t]*"?${field}"?[ \\t]*=[ \\t]*`, 'm').exec(text);
  const value = set === undefined ? `[${add.map(quoted).join(', ')}]` : String(set);
  if (!start) {
    const end = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    return `${end}${field} = ${value}\n`;
  }
  const from = start.index + start[0].length;
  if (set !== undefined) {
    const old = /^[^#\n]*?(?=[ \t]*(?:#|$))/m.exec(text.slice(from))[0];
    return text.slice(0, from) + value + text.slice(from + old.length);
  }
  const items = itemsOf(text, from);
  if (!items) return text;
  const replaced = items.found.find((item) => remove.includes(item.value));
  if (replaced && add.length === 1) {
    return text.slice(0, replaced.start) + quoted(add[0]) + text.slice(replaced.end);
  }
  const missing = add.filter((one) => !items.found.some((item) => item.value === one)).map(quoted);
  if (missing.length === 0) return text;
  const last = items.found.at(-1);
  if (!last) return text.slice(0, from) + `[${missing.join(', ')}]` + text.slice(items.end + 1);
  const isOnLines = text.slice(from, last.start).includes('\n');
  const indent = isOnLines ? `\n${/[ \t]*$/.exec(text.slice(0, last.start))[0]}` : ' ';
  const more = missing.map((one) => `${indent}${one}`).join(',');
  const at = last.comma ?? last.end;
  return `${text.slice(0, at)}${last.comma ? '' : ','}${more}${last.comma ? ',' : ''}${text.slice(at)}`;
}

const quoted = (text) => JSON.stringify(text);

/** Returns the texts of a list that begins at `from`, each with its place and that behind its comma. */
function itemsOf(text, from) {
  if (text[from] !== '[') return undefined;
  const found = [];
  const token = /#[^\n]*|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\],]/g;
  token.lastIndex = from + 1;
  for (let match; (match = token.exec(text)); ) {
    const [one] = match;
    if (one === ']') return { found, end: match.index };
    if (one === ',' && found.length) found.at(-1).comma = token.lastIndex;
    else if (one[0] === '"' || one[0] === "'") found.push({ value: valueOf(one), start: match.index, end: token.lastIndex });
  }
  return undefined;
}

function valueOf(literal) {
  if (literal[0] === "'") return literal.slice(1, -1);
  try {
    return JSON.parse(literal);
  } catch {
    return literal.slice(1, -1);
  }
}
