// Validates a WasmPlugin, in JSON on standard input, against Istio's schema. Prints what is wrong; exit status 1 if anything is.

import { readFileSync } from 'node:fs';
import { WasmPlugin } from '@kubernetes-models/istio/extensions.istio.io/v1alpha1/WasmPlugin';

try {
  new WasmPlugin(JSON.parse(readFileSync(0, 'utf8'))).validate();
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
