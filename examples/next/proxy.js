// Answers preflights, and adds the fields to every other response of the API, before Next.js routes.

import { Policy, Site } from "cors-engine";
import { NextResponse } from "next/server";

const site = new Site(
  new Policy({
    allowOrigins: ["https://app.example.com"],
    allowMethods: ["PUT"],
    allowHeaders: ["content-type"],
    allowCredentials: true,
    maxAge: 7200,
  }),
);

export function proxy(request) {
  return site.handle(request, () => NextResponse.next());
}

export const config = { matcher: "/orders/:path*" };
