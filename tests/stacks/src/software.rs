//! How each stack's software is started: a site with places for the snippet, and a command.

/// How a stack is run.
pub(crate) struct Software {
    /// The stack's name.
    pub(crate) stack: &'static str,
    /// The site's files in `sites/`, which go into one folder under their names. A line `<<1>>` stands for the snippet's
    /// first part, `<<port>>` for the port to listen on, `<<application>>` for that of the application behind a gateway,
    /// `<<down>>` for one where nobody listens, `<<folder>>` for the folder, `<<out>>` for that of all
    /// of them, `<<case>>` for the number of the fetch.
    pub(crate) files: &'static [&'static str],
    /// A command that comes first, and ends.
    pub(crate) build: Option<&'static str>,
    /// The command, in that folder.
    pub(crate) command: &'static str,
    /// An origin that the stack refuses: there is no snippet that allows it.
    pub(crate) cannot_list: Option<&'static str>,
}

pub(crate) const SOFTWARE: &[Software] = &[
    of("express", &["express.cjs"], "node express.cjs"),
    of("fastify", &["fastify.mjs"], "node fastify.mjs"),
    of("koa", &["koa.cjs"], "node koa.cjs"),
    of("hono", &["hono.mjs"], "node hono.mjs"),
    of("nest", &["nest.cjs"], "node nest.cjs"),
    of(
        "fastapi",
        &["fastapi_site.py"],
        "uvicorn --host 127.0.0.1 --port <<port>> --log-level warning fastapi_site:app",
    ),
    Software {
        cannot_list: Some("http://[::1]:3000"),
        ..of("flask", &["flask_site.py"], "flask --app flask_site run --host 127.0.0.1 --port <<port>>")
    },
    of(
        "django",
        &["django_site.py"],
        "django-admin runserver --noreload --pythonpath . --settings django_site 127.0.0.1:<<port>>",
    ),
    Software {
        stack: "go",
        files: &["go_site.go"],
        build: Some(
            "env GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOCACHE=<<out>>/go-cache go build -o site go_site.go",
        ),
        command: "./site",
        cannot_list: None,
    },
    of("cors-engine-express", &["engine/express.mjs"], "node express.mjs"),
    of("cors-engine-fastify", &["fastify.mjs"], "node fastify.mjs"),
    of("cors-engine-koa", &["engine/koa.mjs"], "node koa.mjs"),
    of("cors-engine-hono", &["hono.mjs"], "node hono.mjs"),
    of(
        "cors-py-fastapi",
        &["fastapi_site.py"],
        "uvicorn --host 127.0.0.1 --port <<port>> --log-level warning fastapi_site:app",
    ),
    of("cors-py-flask", &["flask_site.py"], "flask --app flask_site run --host 127.0.0.1 --port <<port>>"),
    of(
        "cors-py-django",
        &["django_site.py"],
        "django-admin runserver --noreload --pythonpath . --settings django_site 127.0.0.1:<<port>>",
    ),
    // Its snippets are compiled into it, by `build.rs`.
    of("tower", &[], "<<out>>/../debug/stacks-tower <<case>> <<port>>"),
    of("nginx-module", &["nginx_module.conf"], "nginx -p <<folder>> -c nginx_module.conf -e stderr"),
    of("nginx", &["nginx.conf"], "nginx -p <<folder>> -c nginx.conf -e stderr"),
    of("apache", &["apache.conf"], "apache2 -X -d <<folder>> -f apache.conf -E /dev/stderr"),
    of("caddy", &["Caddyfile"], "caddy run --config Caddyfile --adapter caddyfile"),
    of("traefik", &["traefik.yaml", "traefik_dynamic.yaml"], "traefik --configFile=traefik.yaml"),
    of("envoy", &["envoy.yaml"], "envoy -c envoy.yaml --concurrency 1 --base-id <<port>> --log-level error"),
    of("haproxy", &["haproxy.cfg"], "haproxy -f haproxy.cfg -db"),
];

const fn of(stack: &'static str, files: &'static [&'static str], command: &'static str) -> Software {
    Software { stack, files, build: None, command, cannot_list: None }
}
