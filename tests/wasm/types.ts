// The declarations, as a module worker uses them. Only checked, not run.

import { Engine, PolicyError, type Decision, type Denial } from "@cors/engine";

export async function use(module: WebAssembly.Module, response: Response, image: ArrayBuffer): Promise<Response> {
  const engine: Engine = new Engine(module);
  await Engine.load(fetch("cors.wasm"));
  const policy = engine.policy(image);
  const decision: Decision = policy.evaluate({ method: "GET", headers: [["origin", "null"]] });
  policy.evaluate(new Request("https://api.example.com/"));
  const denial: Denial | null = decision.denial;
  // @ts-expect-error: no such denial
  const none: boolean = denial === "Nothing";
  // @ts-expect-error: the engine makes policies
  new (policy.constructor as typeof import("@cors/engine").Policy)();
  const name: "PolicyError" = new PolicyError().name;
  return policy.handle(new Request("https://api.example.com/"), async () => response, {
    onError: () => new Response(`${none} ${name}`, { status: 500 }),
    onDecision: ({ kind, status }) => console.log(kind, status ?? 200),
    enforce: true,
    passthrough: false,
    shadow: policy,
    onDifference: (decision, shadow, request) => console.log(request.url, decision.denial, shadow.denial),
  });
}
