// What `import "cors-engine"` gives. What `require("cors-engine")` gives is the function `cors`, with the others as its properties:
// so the package stands for npm's `cors`.

import { cors } from "../adapters/express.js";

export { ConfigError, ImageError, OriginRegex, Policy } from "./full.js";
export { Site } from "../adapters/site.js";
export { cors };
export default cors;
