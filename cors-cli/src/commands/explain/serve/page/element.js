/** An element with this text and these elements in it. Text stays text, whatever is in it. */
export function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export const get = (id) => document.getElementById(id);

export const count = (number, thing) => `${number} ${thing}${number === 1 ? '' : 's'}`;
