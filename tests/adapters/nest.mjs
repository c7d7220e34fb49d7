// Starts Nest on one platform, with `enableCors` as an application has it, and prints its port. `cors` and `@fastify/cors` are
// cors-engine, by the overrides of the folder.
//
//   node nest.mjs FOLDER express|fastify

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, platform] = process.argv.slice(2);
const { resolve } = createRequire(pathToFileURL(`${folder}/package.json`));
const load = (name) => import(pathToFileURL(resolve(name)));

await load("reflect-metadata");
const { Controller, Get, Header, Module, Put } = await load("@nestjs/common");
const { NestFactory } = await load("@nestjs/core");
const { WebSocketGateway } = await load("@nestjs/websockets");

class Orders {
  read() {
    return ["tea"];
  }

  change() {
    return "changed";
  }

  fail() {
    throw new Error("thrown");
  }

  own() {
    return "own";
  }
}

// What decorators do, in a language that has none yet.
function route(method, ...decorators) {
  for (const decorate of decorators) decorate(Orders.prototype, method, Object.getOwnPropertyDescriptor(Orders.prototype, method));
}

route("read", Get("orders"));
route("change", Put("orders"));
route("fail", Get("error"));
route("own", Get("own"), Header("Access-Control-Allow-Origin", "*"));
Controller()(Orders);

class Chat {}
WebSocketGateway({ cors: { origin: "https://app.example.com" } })(Chat);

class Application {}
Module({ controllers: [Orders], providers: platform === "express" ? [Chat] : [] })(Application);

const options = { origin: ["https://app.example.com"], methods: ["PUT"], credentials: true };
let application;
if (platform === "express") {
  application = await NestFactory.create(Application, { logger: false, abortOnError: false });
} else {
  const { FastifyAdapter } = await load("@nestjs/platform-fastify");
  application = await NestFactory.create(Application, new FastifyAdapter(), { logger: false, abortOnError: false });
}
application.enableCors(options);
await application.listen(0, "127.0.0.1");
console.log(new URL(await application.getUrl()).port);
