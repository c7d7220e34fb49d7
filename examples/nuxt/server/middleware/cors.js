// Answers preflights, and adds the fields to every other response of the server.

import { handleCors } from "cors-engine/h3";

export default defineEventHandler((event) => {
  const handled = handleCors(event, {
    origin: ["https://app.example.com"],
    methods: ["PUT"],
    allowHeaders: ["content-type"],
    exposeHeaders: [],
    credentials: true,
    maxAge: 7200,
  });
  if (handled !== false) return handled;
});
