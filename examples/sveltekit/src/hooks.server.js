// Answers preflights, and adds the fields to every other response, around SvelteKit.

import { Policy, Site } from "cors-engine";

const site = new Site(
  new Policy({
    allowOrigins: ["https://app.example.com"],
    allowMethods: ["PUT"],
    allowHeaders: ["content-type"],
    allowCredentials: true,
    maxAge: 7200,
  }),
);

export function handle({ event, resolve }) {
  return site.handle(event.request, () => resolve(event));
}
