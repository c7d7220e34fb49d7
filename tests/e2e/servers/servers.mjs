// The kinds of servers, by the name that stands in their hosts' names.

import * as asgi from './asgi.mjs';
import * as c from './c.mjs';
import * as django from './django.mjs';
import * as envoy from './envoy.mjs';
import * as express from './express.mjs';
import * as flask from './flask.mjs';
import * as nginx from './nginx.mjs';
import * as proxy from './proxy.mjs';
import * as tower from './tower.mjs';

export const KINDS = { tower, nginx, envoy, asgi, flask, django, express, c, proxy };
