// A shop's API on Express.

import { cors } from "cors-engine/express";
import express from "express";

const app = express();
app.use(
  cors({
    origin: ["https://app.example.com"],
    methods: ["PUT"],
    allowedHeaders: ["content-type"],
    credentials: true,
    maxAge: 7200,
  }),
);

app.get("/orders", (request, response) => response.json(["tea", "coffee"]));
app.put("/orders/:number", (request, response) => response.json({ changed: Number(request.params.number) }));

const server = app.listen(process.env.PORT ?? 8000, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
