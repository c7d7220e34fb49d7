//! What is kept of requests, responses and messages: names, and the values that CORS looks at. Cookies, tokens and whatever may be
//! one are never kept, so that nothing can print them. Every input comes through here.

/// The fields whose values are kept. Each is read by the CORS protocol, by a cache, or tells a server's software.
const KEPT: [&str; 35] = [
    "accept",
    "accept-language",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-allow-private-network",
    "access-control-expose-headers",
    "access-control-max-age",
    "access-control-request-headers",
    "access-control-request-method",
    "age",
    "allow",
    "cache-control",
    "cf-cache-status",
    "cf-mitigated",
    "content-language",
    "content-length",
    "content-type",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
    "date",
    "origin",
    "range",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "server",
    "vary",
    "via",
    "x-amzn-errortype",
    "x-amzn-waf-action",
    "x-cache",
    "x-powered-by",
    "timing-allow-origin",
];

/// What stands for a value that is not kept. It is not a safelisted value, so that a header that needs a preflight still
/// does.
pub(super) const WITHHELD: &[u8] = b"\"...\"";

/// Returns a field with its name in lower case, and its value if that is no secret.
pub(crate) fn field(name: &str, value: &str) -> (String, Vec<u8>) {
    let name = name.trim().to_ascii_lowercase();
    let value = match name.as_str() {
        "location" => location(value).into_bytes(),
        "content-type" => media_type(value).into_bytes(),
        "set-cookie" => cookie(value).into_bytes(),
        "server" | "via" | "x-powered-by" if !is_token(value) => software(value).into_bytes(),
        // A server that is set up wrongly sends a whole address.
        "access-control-allow-origin" | "origin" | "timing-allow-origin" => {
            text(value).bytes().take(MAX_VALUE_LEN).collect()
        }
        name if KEPT.contains(&name) && (is_of_cors(name) || !is_token(value)) => {
            value.bytes().take(MAX_VALUE_LEN).collect()
        }
        _ => WITHHELD.to_vec(),
    };
    (name, value)
}

/// Returns the names of software, by which its stack is told, without versions, comments and hosts.
fn software(value: &str) -> String {
    // A comment, which goes on to its bracket, but not `Passenger(R)`.
    let mut is_comment = false;
    let shown = |word: &str| match word.split_once('/') {
        _ if is_comment || word.starts_with('(') => {
            is_comment = !word.ends_with(')');
            "…".to_owned()
        }
        Some((name, _)) => format!("{name}/…"),
        None if word.starts_with(|first: char| first.is_ascii_digit()) || is_host(word) => "…".to_owned(),
        None => word.to_owned(),
    };
    let mut names: Vec<String> = value.split_whitespace().map(shown).collect();
    names.dedup();
    names.join(" ")
}

/// True for a host, and not for a name such as `Next.js` or `ASP.NET`.
fn is_host(word: &str) -> bool {
    word.contains(':') || word.matches('.').count() >= 2
}

/// Returns the name of the cookie that a field sets, and of its attributes those that say with which requests it goes.
fn cookie(value: &str) -> String {
    // Chromium has several cookies in one field, in a line each.
    let mut parts = value.lines().next().unwrap_or_default().split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().split_once('=').map_or("", |(name, _)| name.trim());
    let mut shown = format!("{}=…", if name.is_empty() || is_token(name) { "…" } else { name });
    let goes_with = ["secure", "samesite=none", "samesite=lax", "samesite=strict", "partitioned"];
    for part in parts.filter(|part| goes_with.iter().any(|other| other.eq_ignore_ascii_case(part))) {
        shown.push_str("; ");
        shown.push_str(part);
    }
    shown
}

/// True for the fields that hold names, or are compared.
fn is_of_cors(name: &str) -> bool {
    name.starts_with("access-control-") || matches!(name, "origin" | "vary")
}

/// Longer values are lists of names, of which the first will do.
const MAX_VALUE_LEN: usize = 4096;

/// Returns a media type without what may stand in its parameters, except a charset.
fn media_type(value: &str) -> String {
    let mut parts = value.split(';');
    let essence = parts.next().unwrap_or_default().trim();
    if essence.split('/').any(is_token) {
        return String::from_utf8_lossy(WITHHELD).into_owned();
    }
    let charset = parts.find(|part| part.trim().to_ascii_lowercase().starts_with("charset="));
    match charset {
        Some(charset) if !is_token(charset) => format!("{essence};{charset}"),
        _ => essence.to_owned(),
    }
}

/// Returns a `Location` as [`url`] shows it, but for a mark where a user name or a password stood: a browser follows no such redirect.
fn location(value: &str) -> String {
    let shown = url(value);
    let authority =
        value.split_once("//").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let user_info = authority.and_then(|authority| authority.rsplit_once('@'));
    match (shown.split_once("//"), user_info) {
        (Some((scheme, rest)), Some((user_info, _))) if !matches!(user_info, "" | ":") => {
            format!("{scheme}//…@{rest}")
        }
        _ => shown,
    }
}

/// Returns an address without user name, password and fragment, with the names alone of its query, and with `…` for parts of
/// the path that may be tokens.
///
/// ```
/// # use cors_diagnosis::input::shown_url;
/// assert_eq!(
///     shown_url("https://u:p@api.example.com/orders/eyJhbGciOiJIUzI1NiJ9?id=7&token=abc#top"),
///     "https://api.example.com/orders/…?id=…&token=…",
/// );
/// ```
pub fn url(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let mut shown = match address.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{}", path_shown(path))
        }
        // The data itself.
        None if address.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:")) => {
            "data:…".to_owned()
        }
        None => {
            let slashes = address.len().saturating_sub(address.trim_start_matches('/').len());
            let (slashes, rest) = address.split_at(slashes);
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            format!(
                "{slashes}{}{}",
                path_shown(authority.rsplit('@').next().unwrap_or_default()),
                path_shown(path)
            )
        }
    };
    if let Some(query) = query {
        let names: Vec<String> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if !is_token(name) => format!("{name}=…"),
                _ => "…".to_owned(),
            })
            .collect();
        shown.push('?');
        shown.push_str(&names.join("&"));
    }
    shown
}

/// Returns a text with each address in it as [`url`] shows it, but for a mark where user name and password stood: they may be what the
/// text is about.
pub(crate) fn text(text: &str) -> String {
    let is_address = |word: &str| word.contains("://") || word.contains('@');
    let shown = |word: &str| {
        let end = word.trim_end_matches([',', ';', '.', ')', '\'', '"']).len();
        let (address, end) = word.split_at(end);
        let shown = url(address);
        let authority =
            address.split_once("://").map_or(address, |(_, rest)| rest).split(['/', '?', '#']).next();
        match shown.split_once("://") {
            Some((scheme, rest)) if authority.is_some_and(|authority| authority.contains('@')) => {
                format!("{scheme}://…@{rest}{end}")
            }
            _ => format!("{shown}{end}"),
        }
    };
    text.split_inclusive(char::is_whitespace)
        .map(|part| {
            let (word, space) = part.split_at(part.trim_end().len());
            if is_address(word) { format!("{}{space}", shown(word)) } else { part.to_owned() }
        })
        .collect()
}

fn path_shown(path: &str) -> String {
    let shown: Vec<String> = path.split('/').map(segment_shown).collect();
    shown.join("/")
}

/// A segment may have parameters, such as `;jsessionid=…`.
fn segment_shown(segment: &str) -> String {
    if is_token(segment.split(';').next().unwrap_or_default()) {
        return "…".to_owned();
    }
    let parts = segment.split(';').map(|part| match part.split_once('=') {
        Some((name, _)) if !is_token(name) => format!("{name}=…"),
        _ if is_token(part) => "…".to_owned(),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join(";")
}

/// True for a word that is rather a token than a name: long, of letters and digits, or with the beginning of one.
pub(super) fn is_token(text: &str) -> bool {
    text.split(|character: char| {
        !(character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '+' | '=' | '~'))
    })
    .any(|word| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
        let is_mixed = digits >= 2 && letters >= 2;
        (word.len() >= 20 && is_mixed) || (word.len() >= 40 && !word.contains('-')) || word.starts_with("eyJ")
    })
}
