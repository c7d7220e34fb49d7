// Firefox through Puppeteer (WebDriver BiDi). It has no resolver rules, so the server poses as its HTTP proxy.

import puppeteer from 'puppeteer-core';

const EXECUTABLE = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

/** Starts the browser with a new profile, which goes when it is closed; gives `{ version, page, close }`. */
export async function open(port) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: EXECUTABLE,
    headless: true,
    extraPrefsFirefox: {
      'network.proxy.type': 1,
      'network.proxy.http': '127.0.0.1',
      'network.proxy.http_port': port,
      'network.proxy.ssl': '127.0.0.1',
      'network.proxy.ssl_port': port,
      'network.proxy.no_proxies_on': '',
      'network.proxy.allow_hijacking_localhost': true,
      'network.trr.mode': 5, // no DNS over https
    },
  });
  const version = (await browser.version()).replace('firefox/', '');
  return { version, page: await browser.newPage(), close: () => browser.close() };
}
