//! The packages of Node whose middleware is a function `cors`: the names of their options, and what each makes of `origin`.

use crate::reader::{Fields, List, NONE};
use crate::rule::{AnyWithCredentials, PLAIN, Program};

/// A package.
pub(super) struct Package {
    /// The program where any origin is sent back, and where `*` is.
    pub(super) echo: &'static Program,
    pub(super) star: &'static Program,
    /// What is imported by a program that has the package; none for the one that is taken where no other is.
    pub(super) import: Option<&'static str>,
    pub(super) options: Fields,
    /// The methods that are allowed where none are listed.
    pub(super) methods: &'static [&'static str],
    /// What becomes of a text that is the `origin`.
    pub(super) text: Text,
    /// What becomes of `true`, of a list and of a regular expression, where that is not what people mean.
    pub(super) refused_boolean: Option<&'static str>,
    pub(super) refused_list: Option<&'static str>,
    pub(super) refused_expression: Option<&'static str>,
    /// Whether `false` is the same as no `origin`, and not any for nobody.
    pub(super) false_is_default: bool,
    /// Whether `*` in a list stands for any origin.
    pub(super) star_in_list: bool,
    /// Whether it is handed to a function `register`.
    pub(super) is_registered: bool,
}

/// What becomes of a text that is the `origin`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// It is sent whatever the request's origin is.
    Sent,
    Compared,
}

static EXPRESS_ECHO: Program =
    Program { title: "cors", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };
static EXPRESS_STAR: Program = Program { title: "cors", ..PLAIN };
static FASTIFY_ECHO: Program =
    Program { title: "@fastify/cors", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };
static FASTIFY_STAR: Program = Program { title: "@fastify/cors", ..PLAIN };
static HONO_ECHO: Program =
    Program { title: "hono/cors", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };
static HONO_STAR: Program = Program { title: "hono/cors", ..PLAIN };
/// With credentials `*` becomes the request's origin.
static KOA_PROGRAM: Program =
    Program { title: "@koa/cors", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };

pub(super) static EXPRESS: Package = Package {
    echo: &EXPRESS_ECHO,
    star: &EXPRESS_STAR,
    import: None,
    options: Fields {
        program: &EXPRESS_ECHO,
        methods: &["methods"],
        headers: &["allowedHeaders"],
        exposed: &["exposedHeaders"],
        credentials: &["credentials"],
        max_age: &["maxAge"],
        others: &["origin", "preflightContinue", "optionsSuccessStatus"],
        list: List::Either,
        ..NONE
    },
    methods: &["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"],
    text: Text::Sent,
    refused_boolean: None,
    refused_list: None,
    refused_expression: None,
    false_is_default: false,
    star_in_list: false,
    is_registered: false,
};

pub(super) static FASTIFY: Package = Package {
    echo: &FASTIFY_ECHO,
    star: &FASTIFY_STAR,
    import: Some("@fastify/cors"),
    options: Fields {
        program: &FASTIFY_ECHO,
        others: &[
            "origin",
            "preflightContinue",
            "optionsSuccessStatus",
            "hook",
            "preflight",
            "strictPreflight",
            "hideOptionsRoute",
            "logLevel",
            "delegator",
            "cacheControl",
        ],
        ..EXPRESS.options
    },
    star_in_list: true,
    is_registered: true,
    ..EXPRESS
};

pub(super) static HONO: Package = Package {
    echo: &HONO_ECHO,
    star: &HONO_STAR,
    import: Some("hono/cors"),
    options: Fields {
        program: &HONO_ECHO,
        methods: &["allowMethods"],
        headers: &["allowHeaders"],
        exposed: &["exposeHeaders"],
        others: &["origin"],
        ..EXPRESS.options
    },
    text: Text::Compared,
    refused_boolean: Some(
        "a boolean is neither a text, a list nor a function: each request with an Origin fails",
    ),
    refused_expression: Some("a regular expression is not matched: a text or a list of texts is compared"),
    ..EXPRESS
};

pub(super) static KOA: Package = Package {
    echo: &KOA_PROGRAM,
    star: &KOA_PROGRAM,
    import: Some("@koa/cors"),
    options: Fields {
        program: &KOA_PROGRAM,
        others: &["origin", "keepHeadersOnError", "secureContext", "privateNetworkAccess"],
        ..HONO.options
    },
    refused_boolean: Some("`true` is sent as it stands, which is no origin"),
    refused_list: Some("the entries of a list are sent as several fields, which no browser takes"),
    refused_expression: Some("a regular expression is sent as it stands, and not matched"),
    false_is_default: true,
    ..EXPRESS
};

/// Packages of which a function `cors` is, too, and whose options are not read.
const UNREAD: [&str; 3] = ["flask_cors", "koa2-cors", "koa-cors"];

impl Package {
    /// Returns true for a program that has the package.
    pub(super) fn is_in(&self, program: &str) -> bool {
        let mut others =
            [&FASTIFY, &HONO, &KOA].into_iter().filter_map(|package| package.import).chain(UNREAD);
        self.import
            .map_or_else(|| !others.any(|import| program.contains(import)), |import| program.contains(import))
    }

    /// Returns what to write in place of an `origin` that the package does not take.
    pub(super) fn instead(&self) -> &'static str {
        match self.text {
            Text::Sent => "write a function that compares ctx.get('Origin') with each origin",
            Text::Compared => "write a list of the origins, or a function",
        }
    }
}
