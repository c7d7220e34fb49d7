// Validates the objects of standard input, a JSON list, against the schemas of their resources; prints a line for each: `ok`, or why not.
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";
import { VirtualService } from "@kubernetes-models/istio/networking.istio.io/v1/VirtualService";

const kinds = { HTTPRoute, VirtualService };
let text = "";
for await (const part of process.stdin) text += part;
for (const { kind, spec } of JSON.parse(text)) {
  try {
    new kinds[kind]({ metadata: { name: "shop" }, spec }).validate();
    console.log("ok");
  } catch (error) {
    console.log(String(error.message).replace(/\s+/g, " "));
  }
}
