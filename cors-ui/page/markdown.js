// An answer as Markdown, to put into an issue.

const fence = (language, text) => {
  const ticks = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${ticks}${language}\n${text.trimEnd()}\n${ticks}\n`;
};
const plain = (text) => text.replace(/[\\*_<>[\]#|]/g, '\\$&');

/** Returns the verdict of an explanation, its fixes, its sequence and its console. */
export function markdownOfExplanation({ word, text, name }, explanation, mermaid) {
  const { origin, method, url, obstacles, console, console_of: whose } = explanation;
  const fixes = obstacles.map((obstacle) => `- ${plain(obstacle.text)}${obstacle.fixes.map((fix, index) => `\n  - ${index ? 'or: ' : ''}${plain(fix.text)} (in the ${fix.place})`).join('')}`);
  return [
    `**${word}.** ${plain(text)}${name ? ` \`${name}\`` : ''}`,
    `\`${method}\` from ${plain(origin)} to ${plain(url)}`,
    fixes.join('\n'),
    console.length ? `${whose}:\n\n${fence('', console.join('\n'))}` : '',
    mermaid ? fence('mermaid', mermaid) : '',
  ].filter(Boolean).join('\n\n');
}

/** Returns what is said about a finding. */
export function markdownOfFinding({ word, text, name }, finding) {
  const { answer, page, method, url, snippet, mermaid } = finding;
  return [
    `**${word}.** ${plain(text)}${name ? ` \`${name}\`` : ''}`,
    [page && `from ${plain(page)}`, (method || url) && `\`${method ?? 'GET'}\` ${plain(url ?? '')}`].filter(Boolean).join(', '),
    plain(answer.meaning),
    (answer.notes ?? []).map((note) => `- ${plain(note)}`).join('\n'),
    ...(snippet && !snippet.refused ? snippet.parts.map(({ place, language, text: code }) => `${plain(place)}:\n\n${fence(language, code)}`) : []),
    mermaid ? fence('mermaid', mermaid) : '',
  ].filter(Boolean).join('\n\n');
}
