// The panel in the developer tools of a browser: the requests of a page, what the panel says about each, and what the browser itself says.

import { launchWithExtension, until } from '../support/devtools.mjs';
import { launchFirefox } from '../support/firefox.mjs';
import { PAGE } from './cases.mjs';

/** Reads the rows of the panel, whose page it is called in: verdict, request, what is said and the error's name, by the last part of the address. */
const ROWS = `Object.fromEntries([...document.querySelectorAll('#findings .row')].map((row) => {
  const [verdict, request, what] = [...row.children].map((part) => part.textContent);
  return [request.split('/').at(-1), { verdict, request, what, name: row.querySelector('.error-name')?.textContent ?? '' }];
}))`;

/** Chromium: its protocol reaches the page, the developer tools and the panel in them. */
export async function openChromium({ port, extension, profile }) {
  const chromium = await launchWithExtension({ extension, port, profile });
  const page = await chromium.attach(({ type, url }) => type === 'page' && url === 'about:blank', 'the page');
  const errors = {};
  const requests = new Map();
  await page.send('Network.enable');
  page.on('Network.requestWillBeSent', ({ requestId, request }) => requests.set(requestId, request.url));
  page.on('Network.loadingFailed', ({ requestId, corsErrorStatus, errorText }) => {
    const url = requests.get(requestId);
    if (!url) return;
    const name = url.split('/').at(-1);
    errors[name] = corsErrorStatus?.corsError ?? errors[name] ?? errorText;
  });
  await page.send('Page.navigate', { url: `${PAGE}/` });
  const tools = await chromium.attach(({ url }) => url.startsWith('devtools://'), 'the developer tools');
  // Asked earlier, they would be made without their settings.
  await until('the view of the developer tools', () => tools.evaluate(`document.querySelector('.root-view') !== null`));
  const id = await until('the panel', () =>
    tools.evaluate(`import('devtools://devtools/bundled/ui/legacy/legacy.js').then(({ InspectorView }) => {
      globalThis.view = InspectorView.InspectorView.instance();
      return view.tabbedPane.tabIds().find((id) => id.startsWith('chrome-extension:'));
    })`),
  );
  await tools.evaluate(`view.showPanel(${JSON.stringify(id)})`);
  const panel = await chromium.attach(({ url }) => url.endsWith('/panel.html'), 'the page of the panel');
  return {
    title: 'Chromium',
    version: chromium.version,
    call: (expression) => page.evaluate(expression),
    inPanel: (expression) => panel.evaluate(expression),
    rows: () => panel.evaluate(ROWS),
    /** Returns the error of each request that failed, as Chromium's protocol names it. */
    errors: async () => errors,
    screenshot: async () => Buffer.from((await tools.send('Page.captureScreenshot')).data, 'base64'),
    chromium,
    page,
    tools,
    close: chromium.close,
  };
}

/** Firefox: Marionette reaches the browser, and a script of it the panel. */
export async function openFirefox({ port, extension, preferences: more = {} }) {
  const preferences = { ...more, 'devtools.toolbox.host': 'bottom', 'devtools.toolbox.footer.height': 700 };
  const firefox = await launchFirefox({ port, preferences, scriptMs: 60_000 });
  await firefox.install(extension);
  await firefox.inBrowser(`
    window.corsErrors = {};
    Services.console.registerListener({
      observe(message) {
        if (!(message instanceof Ci.nsIScriptError) || !message.category.startsWith('CORS')) return;
        const [, url] = /(http:\\/\\/\\S+?)\\. /.exec(message.errorMessage) ?? [];
        if (url) window.corsErrors[url.split('/').at(-1)] ??= message.category;
      },
    });`);
  await firefox.visit(`${PAGE}/`);
  await firefox.inBrowser(`
    return (async () => {
      const { require } = ChromeUtils.importESModule('resource://devtools/shared/loader/Loader.sys.mjs');
      const { gDevTools } = require('devtools/client/framework/devtools');
      const toolbox = await gDevTools.showToolboxForTab(gBrowser.selectedTab, { toolId: 'netmonitor' });
      window.toolbox = toolbox;
      const end = Date.now() + 20000;
      let tool;
      while (!(tool = toolbox.getAdditionalTools().find(({ id }) => id.startsWith('webext')))) {
        if (Date.now() > end) throw new Error('no panel: ' + toolbox.getAdditionalTools().map(({ id }) => id));
        await new Promise((done) => setTimeout(done, 50));
      }
      await toolbox.selectTool(tool.id);
      // A script in the process of the extension, whose value comes back as a message.
      window.inContent = ({ messageManager: messages }, expression) => new Promise((resolve) => {
        const take = ({ data }) => {
          messages.removeMessageListener('cors:value', take);
          resolve(data);
        };
        messages.addMessageListener('cors:value', take);
        // A page that goes does not answer.
        setTimeout(take, 5000, {});
        const script = 'const { document } = content; sendAsyncMessage("cors:value", (' + expression + '));';
        messages.loadFrameScript('data:,' + encodeURIComponent('{' + script + '}'), false);
      });
      window.inPanel = (expression) => {
        const frame = toolbox.doc.getElementById('toolbox-panel-iframe-' + tool.id);
        return window.inContent(frame.contentDocument.getElementById('webext-panels-browser'), expression);
      };
      while (!(await window.inPanel('document.location.href'))?.endsWith('/panel.html')) {
        if (Date.now() > end) throw new Error('no page of the panel');
        await new Promise((done) => setTimeout(done, 50));
      }
    })();`);
  const inPanel = (expression) => firefox.inBrowser(`return window.inPanel(${JSON.stringify(expression)});`);
  return {
    title: 'Firefox',
    version: firefox.version,
    call: (expression) => firefox.execute(`const done = arguments[0]; (${expression}).then(done, () => done(false));`, []),
    inPanel,
    rows: () => inPanel(ROWS),
    /** Returns the error of each request that failed, as Firefox's console names it. */
    errors: () => firefox.inBrowser('return window.corsErrors;'),
    /** Waits until the tab of the stand-in `opens`, ticks its `credentials`, does `press` its switch, reads its `word` or its `sentence`, or does `close` it. */
    standIn: (what) => firefox.inBrowser(`return (${inStandIn})(${JSON.stringify(what)});`),
    screenshot: firefox.screenshot,
    firefox,
    close: firefox.close,
  };
}

/** Runs in the browser. The switch is pressed as a person presses it: only then may the extension ask for a permission. */
async function inStandIn(what) {
  const find = () => [...gBrowser.tabs].find((tab) => tab.linkedBrowser.currentURI.spec.includes('/standin.html'));
  const end = Date.now() + 20_000;
  while (!find()) {
    if (Date.now() > end) throw new Error('no tab of the stand-in');
    await new Promise((done) => setTimeout(done, 50));
  }
  if (what === 'close') return gBrowser.removeTab(find());
  const { linkedBrowser } = find();
  const inPage = (expression) => window.inContent(linkedBrowser, expression);
  while (!(await inPage("document.getElementById('switch')?.hidden === false"))) {
    if (Date.now() > end) throw new Error('no switch');
    await new Promise((done) => setTimeout(done, 50));
  }
  if (what === 'credentials') return inPage("document.getElementById('credentials').click()");
  if (what === 'press') return inPage("(content.windowUtils.setHandlingUserInput(true), document.getElementById('switch').click())");
  if (what === 'sentence') return inPage("document.getElementById('verdict').lastElementChild.textContent");
  if (what === 'word') return inPage("document.getElementById('verdict').firstElementChild.textContent");
  return true;
}
