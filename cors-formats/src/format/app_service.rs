//! Azure App Service and Functions: `siteConfig.cors`, in ARM's JSON and Terraform. Any method and any header are let in.

use super::azure_blob::has_leading_star;
use super::{READ_ONLY, Row, found, walk};
use crate::matcher::{Matcher, Star};
use crate::node::Node;
use crate::reader::{Fields, NONE, Read};
use crate::rule::{AnyWithCredentials, PLAIN, Program};
use crate::source::Source;

static PROGRAM: Program = Program {
    title: "App Service",
    any_with_credentials: AnyWithCredentials::Refused,
    echoes_headers: true,
    ..PLAIN
};

const ARM: Fields = Fields {
    program: &PROGRAM,
    origins: &["allowedOrigins", "allowed_origins"],
    credentials: &["supportCredentials", "support_credentials"],
    ..NONE
};

pub(super) const ROW: Row = Row {
    name: "app-service",
    other_names: &["azure-functions"],
    title: "Azure App Service",
    read,
    ..READ_ONLY
};

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    match text {
        "*" => Matcher::Any,
        _ if has_leading_star(text) => Matcher::glob(text, Star::Characters),
        _ => Matcher::exact(text),
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, path| {
        for entry in node.entries().iter().filter(|entry| entry.key == "cors") {
            let is_site = ["siteConfig", "site_config"].contains(&path.last().copied().unwrap_or_default())
                || entry.node.has("supportCredentials")
                || node.get("Host").is_some_and(|_| entry.node.has("CORSCredentials"));
            if is_site && ["allowedOrigins", "allowed_origins"].iter().any(|key| entry.node.has(key)) {
                read.rule(&entry.node, &ARM, matcher);
            }
        }
        false
    });
    found(read)
}
