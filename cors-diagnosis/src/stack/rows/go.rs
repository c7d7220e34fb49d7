//! The stack `go`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};

pub(super) const ROW: Row = Row {
    name: "go",
    other_names: &["golang", "net/http", "rs/cors"],
    title: "Go, net/http with rs/cors",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: Some("go get github.com/rs/cors"),
    parts: &[
        Template {
            place: "main.go, where the handler is made: around the router and its authentication",
            language: "go",
            list: DOUBLE,
            text: r#"handler = cors.New(cors.Options{
	AllowedOrigins: []string{{{origins}}},
	AllowedMethods: []string{{{methods}}},
@headers 	AllowedHeaders: []string{{{headers}}},
@!headers 	AllowedHeaders: []string{"Accept"}, // An empty list would allow three more.
@exposed 	ExposedHeaders: []string{{{exposed}}},
@credentials 	AllowCredentials: true,
	MaxAge: {{max-age}},
}).Handler(handler)
"#,
        },
    ],
    notes: &[],
    limits: NONE,
};
