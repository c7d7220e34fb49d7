// A shop's API on Fastify.

import { fastifyCors } from "cors-engine/fastify";
import Fastify from "fastify";

const app = Fastify();
await app.register(fastifyCors, {
  origin: ["https://app.example.com"],
  methods: ["PUT"],
  allowedHeaders: ["content-type"],
  credentials: true,
  maxAge: 7200,
});

app.get("/orders", async () => ["tea", "coffee"]);
app.put("/orders/:number", async (request) => ({ changed: Number(request.params.number) }));

console.log(await app.listen({ port: Number(process.env.PORT ?? 8000), host: "127.0.0.1" }));
