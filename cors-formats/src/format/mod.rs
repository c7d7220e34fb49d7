//! The formats, a row each: [`Format`].
//!
//! A row says how a text is read to rules, how its program behaves, how it says each feature, and how a policy is written.

mod apache;
mod api_gateway;
mod apisix;
mod app_service;
mod azure_blob;
mod caddy;
mod cloudfront;
mod contour;
mod django;
mod envoy;
mod envoy_gateway;
mod express;
mod express_function;
mod flask;
mod gateway_api;
mod gcs;
mod haproxy;
mod ingress_nginx;
mod istio;
mod kong;
mod lambda_url;
mod lines;
mod nginx;
mod package;
mod recipe;
mod response_headers;
mod s3;
mod spring;
mod starlette;
mod traefik;
mod tyk;

use std::fmt;

use cors_policy_file::OwnedConfig;

use crate::export::{Exported, Feature, NotExported, Plan, Saying, plan};
use crate::reader::Read;
use crate::source::Source;
use crate::tree::comments;

/// A format.
pub(crate) struct Row {
    /// As on the command line.
    name: &'static str,
    other_names: &'static [&'static str],
    /// As a person writes it.
    title: &'static str,
    /// Returns what is in a text, or none if the format is not in it.
    read: fn(&Source<'_>) -> Option<Read>,
    /// True for another notation of the row before it, which reads both.
    is_variant: bool,
    says: fn(Feature) -> Saying,
    /// The methods that it takes, if not all.
    methods: Option<&'static [&'static str]>,
    write: Option<fn(&Plan) -> String>,
    /// What begins a comment, where there are comments.
    comment: Option<&'static str>,
}

/// What the rows of the formats that are only read have in common.
const READ_ONLY: Row = Row {
    name: "",
    other_names: &[],
    title: "",
    read: |_| None,
    is_variant: false,
    says: |_| Saying::Not("it is only read"),
    methods: None,
    write: None,
    comment: None,
};

const ROWS: [&Row; 35] = [
    &s3::ROW,
    &s3::XML,
    &s3::R2,
    &envoy::ROW,
    &istio::ROW,
    &contour::ROW,
    &envoy_gateway::ROW,
    &ingress_nginx::ROW,
    &gateway_api::ROW,
    &traefik::ROW,
    &azure_blob::ROW,
    &azure_blob::XML,
    &lambda_url::ROW,
    &api_gateway::ROW,
    &api_gateway::SAM,
    &cloudfront::ROW,
    &nginx::ROW,
    &apache::ROW,
    &haproxy::ROW,
    &caddy::ROW,
    &express::ROW,
    &express::FASTIFY_ROW,
    &express::HONO_ROW,
    &express::KOA_ROW,
    &flask::ROW,
    &django::ROW,
    &starlette::ROW,
    &spring::ROW,
    &kong::ROW,
    &apisix::ROW,
    &tyk::ROW,
    &app_service::ROW,
    &response_headers::ROW,
    &gcs::ROW,
    &gcs::XML,
];

/// A format of some other program's CORS configuration.
#[derive(Clone, Copy)]
pub struct Format(&'static Row);

impl Format {
    /// What sends fields in a way of its own.
    pub(crate) const SENT_AS_WRITTEN: Format = Format(&response_headers::ROW);

    /// Returns every format.
    pub fn all() -> impl Iterator<Item = Format> {
        ROWS.into_iter().map(Format)
    }

    /// Returns the format of this name, in any case.
    pub fn named(name: &str) -> Option<Format> {
        let is_name = |other: &str| other.eq_ignore_ascii_case(name);
        Format::all()
            .find(|format| is_name(format.0.name) || format.0.other_names.iter().any(|other| is_name(other)))
    }

    /// Returns the name, as on the command line: `s3`.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns the name as a person writes it: `Amazon S3`.
    pub fn title(self) -> &'static str {
        self.0.title
    }

    /// Returns true if a policy can be written in the format.
    pub fn is_written(self) -> bool {
        self.0.write.is_some()
    }

    /// Returns true for another notation of a format.
    pub fn is_variant(self) -> bool {
        self.0.is_variant
    }

    /// Returns how the format says a feature.
    pub fn says(self, feature: Feature) -> Saying {
        (self.0.says)(feature)
    }

    /// Returns the methods that the format takes, if not all.
    pub fn methods(self) -> Option<&'static [&'static str]> {
        self.0.methods
    }

    pub(crate) fn read(self, source: &Source<'_>) -> Option<Read> {
        (self.0.read)(source)
    }

    pub(crate) fn write(self, policy: &OwnedConfig, allow_wider: bool) -> Result<Exported, NotExported> {
        let write = self.0.write.ok_or(NotExported::Unwritten)?;
        let plan = plan(policy, self.0.says, self.0.methods, allow_wider)?;
        let text = write(&plan);
        let text = match self.0.comment {
            Some(sign) => format!("{}{text}", comments(&plan.notes, sign)),
            None => text,
        };
        Ok(Exported { text, notes: plan.notes })
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Format({})", self.0.name)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Format {}

/// Calls `visit` with each map of the text and the keys that lead to it, as [`Node::walk`](crate::node::Node::walk) does.
fn walk(source: &Source<'_>, mut visit: impl FnMut(&crate::node::Node, &[&str]) -> bool) {
    for document in &source.documents {
        document.walk(&mut Vec::new(), &mut visit);
    }
}

/// Returns what was read, unless that is nothing.
fn found(read: Read) -> Option<Read> {
    (!read.rules.is_empty() || !read.findings.is_empty()).then_some(read)
}
