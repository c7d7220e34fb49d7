// Where a module of that size is not carried along.

export function commandModule() {
  throw new TypeError("policy.explain: explaining runs in Node, Bun and Deno; elsewhere there is `cors explain`");
}
