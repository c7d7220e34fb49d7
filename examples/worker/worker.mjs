// A shop's API as a module worker. The policy is deployed with it; cors-js/examples/worker.mjs keeps it in a key-value store.

import { Policy } from "cors-engine/edge";
import image from "./shop.bin";

const policy = Policy.fromImage(image);

function shop(request) {
  const { pathname } = new URL(request.url);
  if (request.method === "PUT") return Response.json({ changed: Number(pathname.split("/").at(-1)) });
  return Response.json(["tea", "coffee"]);
}

export default { fetch: (request) => policy.handle(request, shop) };
