// A shop's API on Koa.

import { cors } from "cors-engine/koa";
import Koa from "koa";

const app = new Koa();
app.use(
  cors({
    origin: "https://app.example.com",
    allowMethods: ["PUT"],
    allowHeaders: ["content-type"],
    credentials: true,
    maxAge: 7200,
  }),
);

app.use((ctx) => {
  if (ctx.method === "PUT") ctx.body = { changed: Number(ctx.path.split("/").at(-1)) };
  else ctx.body = ["tea", "coffee"];
});

const server = app.listen(process.env.PORT ?? 8000, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
