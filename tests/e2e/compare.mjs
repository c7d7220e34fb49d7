// Compares a prediction with the observation.

const ASPECTS = ['outcome', 'requests', 'application', 'console'];

/** Returns the aspects in which the two differ: none if the prediction was right. `null` stands for no prediction. */
export function differences(predicted, observed) {
  return ASPECTS.filter((aspect) => predicted[aspect] !== null && !same(lines(predicted[aspect]), lines(observed[aspect])));
}

/** Returns both stories, side by side in time. */
export function stories({ name, engine, server, call, predicted, observed }) {
  const differing = differences(predicted, observed);
  const part = (aspect) => [
    `  ${aspect}${differing.includes(aspect) ? ' (not as predicted)' : ''}`,
    ...lines(predicted[aspect] ?? ['(not predicted)']).map((line) => `    predicted  ${line}`),
    ...lines(observed[aspect]).map((line) => `    observed   ${line}`),
  ];
  const answers = observed.requests.map(({ method, response }) => `    ${method}: ${(response ?? '(no response)').replaceAll('\r\n', '\n      ')}`);
  return [
    `${engine}, ${server}: ${name}, page ${call.page}, case ${call.id}`,
    ...ASPECTS.flatMap(part),
    '  the prediction, step by step',
    ...predicted.story.map((step) => `    ${step}`),
    '  the answers on the wire',
    ...answers,
  ].join('\n');
}

function lines(aspect) {
  return aspect.map((item) => (typeof item === 'string' ? item : requestLine(item)));
}

function requestLine({ url, method, origin, request_method: forMethod, request_headers: withHeaders, own_headers: own }) {
  const parts = [`${method} ${url}`, `from ${origin ?? '-'}`];
  if (forMethod !== null) parts.push(`for ${forMethod}`);
  if (withHeaders !== null) parts.push(`with ${withHeaders}`);
  if (own.length > 0) parts.push(`sending ${own}`);
  return parts.join(' ');
}

function same(one, other) {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}
