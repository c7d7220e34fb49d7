// What a test asks in a page about its titles.

/** Returns the titles that are shown and have nothing below them before the next title. It runs in the page. */
export function bareTitles() {
  const isTitle = (node) => /^H[1-6]$/.test(node.tagName);
  const hasText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const isContent = (node) => /^(INPUT|TEXTAREA|SELECT|BUTTON|IMG)$/.test(node.tagName) || hasText(node);
  const shown = [...document.querySelectorAll('body *')].filter((node) => node.checkVisibility({ visibilityProperty: true }));
  const bare = [];
  let title;
  for (const node of shown) {
    if (isTitle(node)) {
      if (title) bare.push(title.textContent);
      title = node;
    } else if (title && !title.contains(node) && isContent(node)) title = undefined;
  }
  return title ? [...bare, title.textContent] : bare;
}
