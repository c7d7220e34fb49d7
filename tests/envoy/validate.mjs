// Validates a manifest, in JSON on standard input, against the schema of its kind: Istio's or Envoy Gateway's. Prints what is wrong;
// exit status 1 if anything is.

import { readFileSync } from 'node:fs';
import { EnvoyExtensionPolicy } from '@kubernetes-models/envoy-gateway/gateway.envoyproxy.io/v1alpha1/EnvoyExtensionPolicy';
import { EnvoyProxy } from '@kubernetes-models/envoy-gateway/gateway.envoyproxy.io/v1alpha1/EnvoyProxy';
import { WasmPlugin } from '@kubernetes-models/istio/extensions.istio.io/v1alpha1/WasmPlugin';

const KINDS = { EnvoyExtensionPolicy, EnvoyProxy, WasmPlugin };

try {
  const manifest = JSON.parse(readFileSync(0, 'utf8'));
  new KINDS[manifest.kind](manifest).validate();
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
