// The same from CommonJS.

import engine = require("cors-engine");
import edge = require("cors-engine/edge");

const policy: engine.Policy = new engine.Policy({ allowOrigins: ["https://app.example.com"] });
const decision: engine.Decision = policy.evaluate("GET", {});
// @ts-expect-error: no such kind
export const never: boolean = decision.kind === "nothing";
export const image: edge.Policy = edge.Policy.fromImage(policy.toImage());
