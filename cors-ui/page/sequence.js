// The sequence between page, browser and server: an ordered list that is drawn and read out.

import { element, list } from './element.js';

const BROWSERS = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit, Safari', standard: 'the standard' };

/** Returns the actors and their messages. */
export function sequence({ origin, url, engine, steps }) {
  const actor = (who, name) => {
    const shown = element('span', '', name);
    shown.id = `${who}-name`;
    return element('div', '', element('b', '', who), ' ', shown);
  };
  const actors = element('div', 'actors', actor('page', origin), actor('browser', BROWSERS[engine] ?? engine), actor('server', serverOf(url)));
  const drawn = list('ol', 'sequence', steps.map(stepItem));
  drawn.setAttribute('aria-labelledby', 'sequence-title');
  return [actors, drawn];
}

/** Returns the origin of an address, or the address of what has none. */
export function serverOf(url) {
  try {
    return new URL(url).origin;
  } catch {
    return url;
  }
}

/** Returns a message between two actors, or a decision of one. The actors are drawn, and read out. */
function stepItem({ step, from, to, lines, tone }) {
  const isDecision = from === to;
  const who = element('span', 'who', isDecision ? `${from}: ` : `${from} to ${to}: `);
  const spans = lines.map((line, index) => element('span', index === 0 && !isDecision ? 'title' : '', line));
  const item = element('li', `${isDecision ? 'thought' : 'message'} ${from}-${to} ${tone}`, who, ...spans);
  item.dataset.step = step;
  return item;
}
