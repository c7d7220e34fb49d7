// A request over a socket, and what came back.

import { request as httpRequest } from "node:http";

/** Sends a request to 127.0.0.1. The CORS fields are given as they came over the wire, every line of them. */
export function send(port, path, method, headers) {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: "127.0.0.1", port, path, method, headers }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      const raw = response.rawHeaders;
      const lines = Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index].toLowerCase(), raw[2 * index + 1]]);
      const cors = lines.filter(([name]) => name.startsWith("access-control-") || name === "vary").sort();
      resolve({ status: response.statusCode, body, cors });
    });
    asked.on("error", reject);
    asked.end();
  });
}
