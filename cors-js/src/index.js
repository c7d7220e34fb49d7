// What `import "cors-engine"` gives.

export { ConfigError, ImageError, OriginRegex, Policy } from "./full.js";
