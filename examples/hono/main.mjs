// A shop's API on Hono, in Node. In Bun, Deno and Cloudflare Workers the middleware is the same.

import { serve } from "@hono/node-server";
import { cors } from "cors-engine/hono";
import { Hono } from "hono";

const app = new Hono();
app.use(
  "*",
  cors({
    origin: "https://app.example.com",
    allowMethods: ["PUT"],
    allowHeaders: ["content-type"],
    credentials: true,
    maxAge: 7200,
  }),
);

app.get("/orders", (c) => c.json(["tea", "coffee"]));
app.put("/orders/:number", (c) => c.json({ changed: Number(c.req.param("number")) }));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 8000), hostname: "127.0.0.1" }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
