//! The stack `laravel`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};
use crate::stack::signs::{possible, sure};

pub(super) const ROW: Row = Row {
    name: "laravel",
    other_names: &[],
    title: "Laravel",
    layer: Layer::Application,
    is_run: false,
    signs: &[sure("set-cookie", "laravel_session"), possible("x-powered-by", "php")],
    command: None,
    parts: &[
        Template {
            place: "config/cors.php",
            language: "php",
            list: SINGLE,
            text: "<?php

return [
    'paths' => [{{laravel-paths}}],
    'allowed_origins' => [{{origins}}],
    'allowed_origins_patterns' => [],
    'allowed_methods' => [{{methods}}],
    'allowed_headers' => [{{headers}}],
    'exposed_headers' => [{{exposed}}],
    'max_age' => {{max-age}},
@credentials     'supports_credentials' => true,
@!credentials     'supports_credentials' => false,
];
",
        },
    ],
    notes: &["`paths` has to have the route that the page asks. After `php artisan config:publish cors`; and `php artisan config:clear` where the configuration is cached."],
    limits: NONE,
};
