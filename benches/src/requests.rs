//! Sample requests, as their header fields.

/// A request, as a server holds it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The name of the case.
    pub name: &'static str,
    /// The method.
    pub method: &'static str,
    /// Names and values, in their order.
    pub headers: Vec<(&'static str, String)>,
}

impl Sample {
    /// Returns the header fields, borrowed.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> + Clone {
        self.headers.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

/// The header fields that a browser sends in addition to those of the CORS protocol.
const ORDINARY: [(&str, &str); 8] = [
    ("host", "api.example.com"),
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("accept", "*/*"),
    ("accept-language", "en-US,en;q=0.5"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("referer", "https://app.example.com/"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-site", "same-site"),
];

/// Returns a request that is not CORS.
#[must_use]
pub fn no_origin() -> Sample {
    Sample { name: "no Origin", method: "GET", headers: with_ordinary(&[]) }
}

/// Returns an actual request.
#[must_use]
pub fn actual(name: &'static str, origin: &str) -> Sample {
    Sample { name, method: "GET", headers: with_ordinary(&[("origin", origin)]) }
}

/// Returns a preflight that asks for PUT and these headers; an empty text stands for no headers.
#[must_use]
pub fn preflight(name: &'static str, origin: &str, headers: &str) -> Sample {
    let fields = [
        ("origin", origin),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", headers),
    ];
    let fields = if headers.is_empty() { &fields[..2] } else { &fields };
    Sample { name, method: "OPTIONS", headers: with_ordinary(fields) }
}

/// Names that [`CONFIG`](crate::CONFIG) allows.
pub const TWENTY_HEADERS: [&str; 20] = [
    "authorization",
    "content-type",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "idempotency-key",
    "traceparent",
    "tracestate",
    "x-api-key",
    "x-api-version",
    "x-client-name",
    "x-client-version",
    "x-correlation-id",
    "x-csrf-token",
    "x-device-id",
    "x-feature-flags",
    "x-http-method-override",
    "x-request-id",
    "x-requested-with",
    "x-tenant-id",
];

/// Three of these names, as a browser sends them.
pub const THREE_HEADERS: &str = "authorization,content-type,x-request-id";

fn with_ordinary(fields: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    ORDINARY.iter().chain(fields).map(|&(name, value)| (name, value.to_owned())).collect()
}

/// Returns requests that are made to cost time.
#[must_use]
pub fn hostile(origin: &str) -> Vec<Sample> {
    let label = "a.".repeat(126);
    vec![
        actual("Origin of 64 KiB", &format!("https://{}", "a".repeat(65_528))),
        actual("Origin of 126 labels", &format!("https://{}", label.trim_end_matches('.'))),
        preflight("1 MiB of commas", origin, &",".repeat(1 << 20)),
        preflight("1 MiB of one name", origin, &"a".repeat(1 << 20)),
        preflight("8 KiB of commas", origin, &",".repeat(8192)),
        preflight("8 KiB of short names", origin, &"a,".repeat(4096)),
    ]
}
