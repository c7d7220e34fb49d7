// The rules of stand-ins that are in force, the badge that tells of them, and the sites that they need.

import { sitesOf } from './rules.js';

/** Here the pages of the extension tell each other that the rules have changed. */
export const changes = new BroadcastChannel('rules');

/** Shows whether any stand-in is on. */
export function mark(rules) {
  return Promise.all([
    chrome.action.setBadgeText({ text: rules.length ? 'on' : '' }),
    chrome.action.setTitle({ title: rules.length ? 'CORS: a stand-in is on' : 'CORS: no stand-in is on' }),
  ]);
}

/** Gives back those of these sites that no rule needs. */
export function giveBack(sites, rules) {
  const needed = rules.flatMap(sitesOf);
  const unneeded = sites.filter((site) => !needed.includes(site));
  // What the extension has for good, as in the tests, the browser keeps.
  return Promise.all(unneeded.map((site) => chrome.permissions.remove({ origins: [site] }).catch(() => {})));
}

/** Ends what is left of stand-ins: rules whose tab is gone, sites whose rule is gone. Returns the rules that stay. */
export async function tidy() {
  const [rules, tabs, { origins = [] }] = await Promise.all([
    chrome.declarativeNetRequest.getSessionRules(),
    chrome.tabs.query({}),
    chrome.permissions.getAll(),
  ]);
  const open = new Set(tabs.map(({ id }) => id));
  const stay = rules.filter(({ condition }) => condition.tabIds?.some((tab) => open.has(tab)));
  const gone = rules.filter((rule) => !stay.includes(rule)).map(({ id }) => id);
  if (gone.length) await chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: gone });
  await mark(stay);
  await giveBack(origins, stay);
  return stay;
}
