// Passes its calls to a page: through its DOM alone, which every way of driving a browser reaches.

function ask(calls, done) {
  document.addEventListener('seen', () => done(document.documentElement.dataset.seen), { once: true });
  document.documentElement.dataset.calls = calls;
  document.dispatchEvent(new Event('calls'));
}

/** The body of a function that WebDriver's "execute async script" takes: the calls as JSON, then the callback. */
export const ASK_SCRIPT = `(${ask})(arguments[0], arguments[1]);`;

/** Returns an expression whose value is a promise of the page's observations, as JSON. */
export const askExpression = (calls) => `new Promise((done) => (${ask})(${JSON.stringify(calls)}, done))`;
