// A shop's API on Nest, whose `enableCors` requires `cors`: the override in package.json makes that cors-engine. The program is
// JavaScript, so that it runs without a compiler; what would be decorators are calls.

import "reflect-metadata";

import { Controller, Get, Module, Param, Put } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";

class Orders {
  list() {
    return ["tea", "coffee"];
  }

  change(number) {
    return { changed: Number(number) };
  }
}

const method = (name) => [Orders.prototype, name, Object.getOwnPropertyDescriptor(Orders.prototype, name)];
Get("orders")(...method("list"));
Put("orders/:number")(...method("change"));
Param("number")(Orders.prototype, "change", 0);
Controller()(Orders);

class Shop {}
Module({ controllers: [Orders] })(Shop);

const app = await NestFactory.create(Shop, { logger: false });
app.enableCors({
  origin: ["https://app.example.com"],
  methods: ["PUT"],
  allowedHeaders: ["content-type"],
  credentials: true,
  maxAge: 7200,
});
await app.listen(process.env.PORT ?? 8000, "127.0.0.1");
console.log(await app.getUrl());
