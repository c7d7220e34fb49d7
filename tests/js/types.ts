// The declarations, as programs use them, without the library of types for browsers. Only checked, not run.

import { ConfigError, ImageError, OriginRegex, Policy, type Decision, type Denial, type PolicyOptions, type Problem, type Risk } from "cors-engine";
import { Policy as EdgePolicy } from "cors-engine/edge";

interface Headers { get(name: string): string | null; append(name: string, value: string): void }
interface Request { method: string; url: string; headers: Headers; cf?: string }
interface Response { status: number; body: string }

export async function use(request: Request, response: Response, image: ArrayBuffer, incoming: { headers: Record<string, string | string[] | undefined> }): Promise<Response> {
  const options: PolicyOptions = { allowOrigins: new Set(["https://app.example.com"]), allowCredentials: true, acceptRisks: ["InsecureOrigin"] };
  const policy = new Policy(options);
  // @ts-expect-error: no such option
  new Policy({ allowOrigin: [] });
  // @ts-expect-error: a list
  new Policy({ allowOrigins: 1 });
  // @ts-expect-error: no such risk
  const risk: Risk = "Nothing";
  const problems: Problem[] = Policy.check({});
  const decision: Decision = policy.evaluate("GET", [["origin", "null"]]);
  policy.evaluate("GET", incoming.headers, (origin: string) => origin.endsWith(".example.com"));
  policy.evaluate("GET", request.headers, new OriginRegex([/https:\/\/a\.example/]));
  await policy.evaluateAsync("GET", { origin: "null" }, async (origin) => origin !== "null");
  policy.decide("OPTIONS", "https://a.example", "PUT");
  const denial: Denial | null = decision.denial;
  // @ts-expect-error: no such denial
  const none: boolean = denial === "Nothing";
  // @ts-expect-error: a decision is shared
  decision.fields.push({ name: "vary", value: "origin", op: "append" });
  const edge: EdgePolicy = EdgePolicy.fromImage(image);
  // @ts-expect-error: the edge compiles nothing
  new EdgePolicy({});
  const { verdict, error } = policy.explain({ origin: "https://a.example", method: "PUT", credentials: true });
  try {
    Policy.fromToml("").toImage();
  } catch (thrown) {
    if (thrown instanceof ConfigError) console(thrown.problems[0]?.advice ?? thrown.name);
    if (thrown instanceof ImageError) console(thrown.message);
  }
  console(`${risk} ${none} ${verdict} ${error} ${problems.length} ${edge.allowsOrigin("")} ${policy.config.allowOrigins.length}`);
  return policy.handle(request, async (asked) => ({ ...response, body: asked.cf ?? "" }), {
    onError: () => response,
    onDecision: ({ kind, status }, { cf }) => console(`${kind} ${status ?? 200} ${cf}`),
    enforce: true,
    shadow: edge,
    onDifference: (decision, shadow, request) => console(`${request.url} ${decision.denial} ${shadow.denial}`),
  });
}

declare function console(text: string): void;
