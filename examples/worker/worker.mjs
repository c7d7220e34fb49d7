// A shop's API as a module worker. The policy is deployed with it; cors-js/examples/worker.mjs keeps it in a key-value store.

import { Engine } from "@cors/engine";
import module from "@cors/engine/cors.wasm";
import image from "./shop.cors";

const policy = new Engine(module).policy(image);

function shop(request) {
  const { pathname } = new URL(request.url);
  if (request.method === "PUT") return Response.json({ changed: Number(pathname.split("/").at(-1)) });
  return Response.json(["tea", "coffee"]);
}

export default { fetch: (request) => policy.handle(request, shop) };
