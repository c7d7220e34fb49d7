//! Requests made from a policy's own patterns, so that some of them match any policy.

use cors_testing::{Message, OwnedConfig};

/// Texts to put in place of a `*`; some of them fit.
const STARS: [&str; 4] = ["a-1", "a.b", "a_b", ""];
/// The maximum number of patterns and of names that are read of a config.
const MOST: usize = 4;

/// Returns origins that each pattern allows, and some that it does not.
pub(crate) fn origins(patterns: &[String]) -> Vec<String> {
    let mut origins = vec!["null".to_owned(), "https://example.com".to_owned()];
    for pattern in patterns.iter().take(MOST) {
        let (host, ports) = match pattern.strip_suffix(":*") {
            Some(host) => (host, &["", ":8443"][..]),
            None => (&**pattern, &[""][..]),
        };
        for star in STARS {
            origins.extend(ports.iter().map(|port| format!("{}{port}", host.replace('*', star))));
        }
    }
    origins
}

/// Returns a GET and a preflight from each of the origins, with the config's own methods and headers.
pub(crate) fn messages(config: &OwnedConfig) -> Vec<Message> {
    let method = config.allow_methods.first().map_or("PUT", String::as_str);
    let names = config.allow_headers.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    let field = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    let requests = origins(&config.allow_origins).into_iter().flat_map(|origin| {
        let origin = field("origin", &origin);
        let preflight = [
            origin.clone(),
            field("access-control-request-method", method),
            field("access-control-request-headers", &names),
            field("access-control-request-private-network", "true"),
        ];
        [("GET", vec![origin]), ("OPTIONS", preflight.to_vec())]
    });
    requests.map(|(method, headers)| Message { method: method.as_bytes().to_vec(), headers }).collect()
}
