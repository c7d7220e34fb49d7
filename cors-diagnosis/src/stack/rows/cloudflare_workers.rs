//! The stack `cloudflare-workers`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};
use crate::stack::signs::possible;

pub(super) const ROW: Row = Row {
    name: "cloudflare-workers",
    other_names: &["workers"],
    title: "Cloudflare Workers",
    layer: Layer::Service,
    is_run: false,
    signs: &[possible("cf-ray", ""), possible("server", "cloudflare")],
    command: None,
    parts: &[
        Template {
            place: "the worker before the server",
            language: "js",
            list: SINGLE,
            text: "const origins = [{{origins}}];

export default {
  async fetch(request) {
    const origin = request.headers.get('Origin') ?? '';
    const isPreflight = request.method === 'OPTIONS' && request.headers.has('Access-Control-Request-Method');
    const answer = isPreflight ? new Response(null, { status: 204 }) : await fetch(request);
    const response = new Response(answer.body, answer);
    for (const name of [...response.headers.keys()]) {
      if (/^access-control-(allow-|expose-headers|max-age)/i.test(name)) response.headers.delete(name);
    }
    response.headers.append('Vary', 'Origin');
    if (origins.includes(origin)) {
      response.headers.set('Access-Control-Allow-Origin', origin);
@credentials       response.headers.set('Access-Control-Allow-Credentials', 'true');
@exposed       response.headers.set('Access-Control-Expose-Headers', '{{field-exposed}}');
      if (isPreflight) {
        response.headers.set('Access-Control-Allow-Methods', '{{field-methods}}');
@headers         response.headers.set('Access-Control-Allow-Headers', '{{field-headers}}');
        response.headers.set('Access-Control-Max-Age', '{{max-age}}');
      }
    }
    return response;
  },
};
",
        },
    ],
    notes: &[],
    limits: NONE,
};
