// A module worker: the policy comes from a key-value store, and is looked for again every minute.

import { Policy } from "cors-engine/edge";

const MAX_AGE_MS = 60_000;
let policy = null;
let loaded = 0;

async function currentPolicy(store) {
  if (Date.now() - loaded > MAX_AGE_MS) {
    loaded = Date.now();
    const image = await store.get("shop.cors", "arrayBuffer");
    try {
      policy = Policy.fromImage(image ?? new Uint8Array());
    } catch (error) {
      // The policy that there is stays.
      console.error(`shop.cors: ${error.message}`);
    }
  }
  if (policy === null) throw new Error("no policy: put the image of one at shop.cors");
  return policy;
}

function application(request) {
  const { pathname } = new URL(request.url);
  if (pathname === "/broken") throw new Error("broken");
  return Response.json({ pathname }, { headers: { vary: "accept-encoding" } });
}

export default {
  async fetch(request, env) {
    const policy = await currentPolicy(env.POLICIES);
    return policy.handle(request, application, {
      onError: () => new Response("something went wrong", { status: 500 }),
      onDecision: ({ denial }) => denial !== null && console.log(`cors: ${denial}`),
    });
  },
};
