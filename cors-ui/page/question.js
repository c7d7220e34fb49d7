// Three questions, for somebody with nothing in hand: whose is the server, who may read, what is it made with.

import { element, get, lines } from './element.js';
import { proxyParts, snippetParts } from './finding.js';

const form = get('question');

/** Returns what the form says is wanted. */
export function wanted() {
  const { elements: fields } = form;
  return {
    own: fields.own.value === 'yes',
    isPublic: fields.who.value === 'all',
    origins: fields.origins.value.split('\n').map((line) => line.trim()).filter(Boolean),
    stack: fields.stack.value,
    url: fields.url.value.trim() || 'https://api.example.com/',
    credentials: fields.cookies.checked,
    headers: [...(fields.json.checked ? ['content-type'] : []), ...(fields.token.checked ? ['authorization'] : [])],
    methods: fields.changes.checked ? ['PUT', 'PATCH', 'DELETE'] : [],
  };
}

/** Fills the form with a link's answers. */
export function fill(answers) {
  for (const field of form.elements) {
    if (field.type === 'radio') field.checked = answers.get(field.name) === field.value || (field.checked && !answers.has(field.name));
    else if (field.type === 'checkbox') field.checked = answers.has(field.name);
    else if (field.name) field.value = answers.get(field.name) ?? '';
  }
}

/** Returns `{ verdict, parts }` for what is wanted. */
export async function answerTo(engine, asked) {
  const { own, isPublic, origins, stack, url, credentials, headers, methods } = asked;
  get('origins-wrong').textContent = '';
  if (isPublic && credentials) {
    return {
      verdict: { word: 'Not both', text: 'Responses that everybody may read cannot depend on cookies: list the origins, or ask without credentials.', tone: 'bad' },
      parts: [],
    };
  }
  if (isPublic && own) {
    const policy = ['allow_origins = ["*"]', ...(methods.length ? [`allow_methods = ${JSON.stringify(methods)}`] : []), ...(headers.length ? [`allow_headers = ${JSON.stringify(headers)}`] : [])].join('\n');
    return {
      verdict: { word: 'Every page', text: 'Send Access-Control-Allow-Origin: * with every response, errors included, and never credentials.', tone: 'good' },
      parts: [
        element('p', '', 'Only for data that anybody may have: a server inside a company’s network is read by every site that its people open. No lines are written for `*`: as a policy of this project it is'),
        lines(policy),
      ],
    };
  }
  if (origins.length === 0 && !isPublic) {
    return { verdict: { word: 'One thing more', text: 'Write the origin of the page: scheme, host and port, as in https://app.example.com.', tone: 'none' }, parts: [] };
  }
  const { wrong, snippet, proxy } = await engine.lines({ stack, origins: isPublic ? ['http://localhost:5173'] : origins, methods, headers, credentials, url });
  if (wrong) {
    get('origins-wrong').textContent = `${wrong.value}: ${wrong.text}`;
    return { verdict: { word: 'Not an origin', text: `${wrong.value}: ${wrong.text}`, tone: 'none' }, parts: [] };
  }
  if (!own) {
    return {
      verdict: { word: 'Not from the page', text: 'Let your own server ask it: only whoever runs a server can open it to pages.', tone: 'none' },
      parts: [
        element('p', '', 'A request between servers knows no CORS. It also keeps a secret key out of the page. An extension that “unblocks” CORS, or mode: "no-cors", does not help your users.'),
        ...(proxy ? proxyParts(proxy) : []),
      ],
    };
  }
  return {
    verdict: snippet?.refused
      ? { word: 'No lines', text: snippet.refused, tone: 'bad' }
      : { word: 'These lines', text: `They open the server to ${origins.length === 1 ? origins[0] : 'these origins'}, and to nobody else.`, tone: 'good' },
    parts: snippet ? [snippet.refused ? '' : element('p', 'act', 'Put these lines where the server is configured.'), ...snippetParts(snippet)].filter(Boolean) : [],
  };
}
