//! The stack `nextjs`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};
use crate::stack::signs::{possible, sure};

pub(super) const ROW: Row = Row {
    name: "nextjs",
    other_names: &["next", "next.js"],
    title: "Next.js",
    layer: Layer::Application,
    is_run: false,
    signs: &[sure("x-powered-by", "next.js"), sure("x-nextjs-*", ""), possible("x-vercel-id", "")],
    command: None,
    parts: &[
        Template {
            place: "proxy.ts (middleware.ts, and a function of that name, before Next.js 16)",
            language: "ts",
            list: SINGLE,
            text: "import { NextResponse, type NextRequest } from 'next/server';

const origins = [{{origins}}];

export function proxy(request: NextRequest) {
  const origin = request.headers.get('origin') ?? '';
  const isPreflight = request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
  const response = isPreflight ? new NextResponse(null, { status: 204 }) : NextResponse.next();
  response.headers.append('Vary', 'Origin');
  if (origins.includes(origin)) {
    response.headers.set('Access-Control-Allow-Origin', origin);
@credentials     response.headers.set('Access-Control-Allow-Credentials', 'true');
@exposed     response.headers.set('Access-Control-Expose-Headers', '{{field-exposed}}');
    if (isPreflight) {
      response.headers.set('Access-Control-Allow-Methods', '{{field-methods}}');
@headers       response.headers.set('Access-Control-Allow-Headers', '{{field-headers}}');
      response.headers.set('Access-Control-Max-Age', '{{max-age}}');
    }
  }
  return response;
}

export const config = { matcher: '/{{first-segment}}/:path*' };
",
        },
    ],
    notes: &["`matcher` has to have the route that the page asks."],
    limits: NONE,
};
