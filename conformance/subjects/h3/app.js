// h3 with its handleCors.

import { H3, handleCors, serve } from 'h3';
import { POLICY, PORT, PREVIEW, ROUTES, TENANTS, respond } from '#routes';

const OPTIONS = {
  credentials: {
    origin: ['https://app.example.com', 'https://admin.example.com:8443', PREVIEW],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['content-type', 'authorization', 'x-requested-with'],
    exposeHeaders: ['x-request-id'],
    credentials: true,
    maxAge: '600',
  },
  public: { origin: '*', methods: ['GET', 'HEAD', 'POST', 'PUT'], allowHeaders: ['content-type'], exposeHeaders: ['x-request-id'], maxAge: '600' },
  thousand: { origin: TENANTS, methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'], allowHeaders: ['content-type'], credentials: true, maxAge: '600' },
  methods: { origin: ['https://app.example.com'], methods: ['GET', 'HEAD', 'POST', 'PUT'], allowHeaders: ['content-type'], exposeHeaders: [] },
};
const app = new H3({ silent: true });
app.use((event) => {
  const handled = handleCors(event, OPTIONS[POLICY]);
  if (handled !== false) return handled;
});
for (const route of ROUTES) {
  for (const method of route.methods) app.on(method, route.path, (event) => respond(route, event.req));
  if (route.methods.includes('GET')) app.on('HEAD', route.path, (event) => respond(route, event.req));
}
serve(app, { port: PORT, hostname: '127.0.0.1', silent: true });
