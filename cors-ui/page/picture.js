// The sequence as a picture: SVG, to put into documents.

import { serverOf } from './sequence.js';

const LANES = { page: 20, browser: 330, server: 940 };
const WIDTH = 960;
const LINE = 18;
const COLOURS = { plain: '#566174', good: '#10693a', bad: '#b3202c' };

const escaped = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/** Returns lines of at most this many characters. */
function wrapped(text, most) {
  const lines = [];
  for (let rest = text; rest; ) {
    const space = rest.length > most ? rest.lastIndexOf(' ', most) : rest.length;
    const end = space > most / 2 || rest.length <= most ? space : most;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

/** Returns the picture of an explanation as a text. */
export function picture({ origin, url, steps }) {
  const parts = [];
  const write = (x, y, text, { anchor = 'start', colour = '#1b2330', isBold = false } = {}) =>
    parts.push(`<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}"${isBold ? ' font-weight="bold"' : ''}>${escaped(text)}</text>`);
  write(LANES.page, 20, 'page', { isBold: true });
  write(LANES.page, 38, origin);
  write(LANES.browser, 20, 'browser', { isBold: true, anchor: 'middle' });
  write(LANES.server, 20, 'server', { isBold: true, anchor: 'end' });
  write(LANES.server, 38, serverOf(url), { anchor: 'end' });
  let y = 60;
  for (const { from, to, lines, tone } of steps) {
    const colour = COLOURS[tone];
    const isDecision = from === to;
    const [left, right] = [LANES[from], LANES[to]].sort((one, other) => one - other);
    const isAtServer = isDecision && from === 'server';
    const room = isDecision ? 60 : Math.floor((right - left - 20) / 7.3);
    const texts = lines.flatMap((line, index) => wrapped(line, room).map((text) => ({ text, isBold: index === 0 && !isDecision })));
    for (const { text, isBold } of texts) {
      y += LINE;
      const x = isAtServer ? left - 12 : left + 12;
      write(x, y, text, { colour: isDecision ? colour : undefined, isBold, anchor: isAtServer ? 'end' : 'start' });
    }
    if (isDecision) {
      parts.push(`<circle cx="${left}" cy="${y - (texts.length - 1) * LINE - 4}" r="5" fill="${colour}"/>`);
    } else {
      y += 10;
      const head = LANES[to] > LANES[from] ? -9 : 9;
      const dashes = to === 'page' || from === 'server' ? ' stroke-dasharray="6 4"' : '';
      parts.push(`<path d="M${LANES[from]} ${y}H${LANES[to]}" stroke="${colour}" stroke-width="2"${dashes}/>`);
      parts.push(`<path d="M${LANES[to]} ${y}l${head} -5v10z" fill="${colour}"/>`);
    }
    y += 8;
  }
  const lanes = Object.values(LANES).map((x) => `<path d="M${x} 48V${y + 8}" stroke="#d3dae4" stroke-width="2"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 20}" width="${WIDTH}" height="${y + 20}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${[...lanes, ...parts].join('\n')}
</svg>
`;
}
