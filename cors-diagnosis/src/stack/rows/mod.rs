//! The stacks, a file for each. To add one: write its file, and its name here; if its software runs here, add it to
//! `tests/stacks`.

use super::row::Row;

macro_rules! rows {
    ($($module:ident)*) => {
        $(mod $module;)*

        /// Every stack: of those that one sign tells equally well, the first is named first.
        pub(super) const ROWS: &[&Row] = &[$(&$module::ROW),*];
    };
}

rows! {
    express
    fastify
    koa
    hono
    nextjs
    nest
    fastapi
    flask
    django
    spring
    aspnet
    rails
    laravel
    go
    nginx
    apache
    caddy
    traefik
    envoy
    haproxy
    s3
    gcs
    cloudflare_workers
    cloudflare_rules
    api_gateway
    cors_py_fastapi
    cors_py_flask
    cors_py_django
    cors_engine_express
    cors_engine_fastify
    cors_engine_koa
    cors_engine_hono
    tower
    nginx_module
}
