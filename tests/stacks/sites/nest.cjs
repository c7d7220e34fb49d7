require('reflect-metadata');
const { All, Controller, Header, Module, UnauthorizedException } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');

// What a compiler of TypeScript makes of decorators.
const decorate = (decorator, target, name) =>
  name ? decorator(target.prototype, name, Object.getOwnPropertyDescriptor(target.prototype, name)) : decorator(target);

class Site {
  item() {
    return [];
  }
  broken() {
    throw new Error('broken');
  }
  secret() {
    throw new UnauthorizedException();
  }
}
decorate(All('item'), Site, 'item');
decorate(Header('X-Total', '3'), Site, 'item');
decorate(All('broken'), Site, 'broken');
decorate(All('private'), Site, 'secret');
decorate(Controller(), Site);
class AppModule {}
decorate(Module({ controllers: [Site] }), AppModule);

async function main() {
  const app = await NestFactory.create(AppModule, { logger: false });

  <<1>>

  await app.listen(<<port>>, '127.0.0.1');
}
main();
