// What answers: the command, which serves this page.

async function ask(path, question) {
  let response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
    });
  } catch {
    throw new Error('The command does not run any more: start cors explain --serve again.');
  }
  const result = await response.json();
  if (!response.ok) throw new Error(result.error);
  return result;
}

export const engine = {
  explain: (thisCase) => ask('/explain', thisCase),
  diagnose: (text, besides = {}) => ask('/answer', { ask: 'diagnose', text, ...besides }),
  lines: (wanted) => ask('/answer', { ask: 'lines', ...wanted }),
  stacks: async () => (await ask('/answer', { ask: 'stacks' })).stacks,
};
