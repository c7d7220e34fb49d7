// A Django project under gunicorn, with cors_py.django.

import { startGunicorn } from './python.mjs';

export const title = 'Django under gunicorn';
export const crash = { status: 500 };
export const start = (context) => startGunicorn(context, 'django_site:app');
