// A Flask application under gunicorn, with cors_py.flask.

import { startGunicorn } from './python.mjs';

export const title = 'Flask under gunicorn';
export const crash = { status: 500 };
export const start = (context) => startGunicorn(context, 'flask_site:app');
