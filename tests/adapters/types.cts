// The root as CommonJS requires it, and as `@types/cors` has it.

import cors = require("cors-engine");
import express = require("express");

const options: cors.CorsOptions = { origin: ["https://app.example.com"] };
const delegate: cors.CorsOptionsDelegate<express.Request> = (request, callback) => callback(null, options);
const app = express();
app.use(cors(), cors(options), cors(delegate), cors.cors(options), cors.default(options));
export const site: cors.Site = new cors.Site(new cors.Policy({}));
