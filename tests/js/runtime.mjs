// The decision vectors in whichever runtime runs this: prints their numbers.

import { Policy } from "cors-engine";
import { Policy as EdgePolicy } from "cors-engine/edge";

import { RISKS, options, runDecisions } from "./vectors.mjs";

export function run() {
  const policyOf = ({ policy }) => new Policy({ ...options(policy), acceptRisks: RISKS });
  runDecisions((each) => EdgePolicy.fromImage(policyOf(each).toImage()));
  return runDecisions(policyOf);
}
