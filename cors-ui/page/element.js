// Elements of the document. Text stays text, whatever is in it.

/** An element with this text and these elements in it. */
export function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== undefined && child !== ''));
  return node;
}

/** A text whose `parts` between backquotes are code. */
export function prose(text) {
  return text.split('`').map((part, index) => (index % 2 ? element('code', '', part) : part));
}

export const get = (id) => document.getElementById(id);

/** Shows a verdict: a word, a sentence to act on, the name of the error, and how it is coloured. */
export function showVerdict({ word, text, name, tone }) {
  const verdict = get('verdict');
  verdict.className = tone;
  const [strong, span, code] = verdict.children;
  code.hidden = !name;
  // A screen reader reads out whatever is put into a live region, so that only new text is.
  for (const [node, content] of [[strong, word], [span, text], [code, name ?? '']]) {
    if (node.textContent !== content.replaceAll('`', '')) node.replaceChildren(...prose(content));
  }
}

/** Options for the software of servers. */
export const stackOptions = (stacks) => stacks.map(({ name, title }) => Object.assign(element('option', '', title), { value: name }));

export const count = (number, thing) => `${number} ${thing}${number === 1 ? '' : 's'}`;

/** A list; Safari does not announce one without marks as a list, unless it has the role. */
export function list(name, id, items) {
  const node = element(name, '', ...items);
  if (id) node.id = id;
  node.setAttribute('role', 'list');
  return node;
}

export function button(label, press) {
  const node = element('button', '', label);
  node.type = 'button';
  node.addEventListener('click', press);
  return node;
}

/** Lines to copy, and a button that does. */
export function lines(text, label = 'Copy') {
  const copy = button(label, async () => {
    copy.textContent = (await toClipboard(text)) ? 'Copied' : 'Select the lines and copy them';
    copy.addEventListener('blur', () => (copy.textContent = label), { once: true });
  });
  const code = element('pre', '', text.trimEnd());
  // What is wider than the window is scrolled, with the keyboard as well.
  code.tabIndex = 0;
  return element('div', 'lines', code, copy);
}

/** Returns whether the browser let the text be copied. A panel of the developer tools has the older way alone. */
export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element('textarea', 'who', text);
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}
