// Where there is no file system.

export function readFileSync() {
  throw new TypeError("Policy.fromFile: there is no file system here; pass the bytes to Policy.fromBytes");
}
