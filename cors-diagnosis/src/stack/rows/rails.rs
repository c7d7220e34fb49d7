//! The stack `rails`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};
use crate::stack::signs::{likely, possible};

pub(super) const ROW: Row = Row {
    name: "rails",
    other_names: &["ruby-on-rails", "rack-cors"],
    title: "Ruby on Rails",
    layer: Layer::Application,
    is_run: false,
    signs: &[likely("x-powered-by", "phusion passenger"), possible("x-runtime", "."), possible("server", "puma")],
    command: Some("bundle add rack-cors"),
    parts: &[
        Template {
            place: "config/initializers/cors.rb",
            language: "ruby",
            list: SINGLE,
            text: "Rails.application.config.middleware.insert_before 0, Rack::Cors do
  allow do
    origins {{origins}}
    resource '*',
      methods: [{{method-symbols}}],
      headers: [{{headers}}],
@exposed       expose: [{{exposed}}],
@credentials       credentials: true,
@!credentials       credentials: false,
      max_age: {{max-age}}
  end
end
",
        },
    ],
    notes: &[],
    limits: NONE,
};
