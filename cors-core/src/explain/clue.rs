//! [`Clue`]: what responses show of a cause beyond the fields of CORS.

use core::fmt;

use crate::browser::{CredentialsMode, Engine, Fetch, Header, HeaderName, Response, Stage};
use crate::origin::{Origin, host};
use crate::text;

/// A sign, in a server's responses, of a cause that the fields of CORS do not show. [`Display`](fmt::Display) writes what is seen and
/// what it means, in a sentence, [`advice`](Self::advice) what to change.
///
/// ```
/// use cors_core::Origin;
/// use cors_core::browser::{Engine, Fetch, Header, Response};
/// use cors_core::explain::clues;
///
/// let page = Origin::parse(b"https://app.example.com")?;
/// let fetch = Fetch::new(page, "https://api.example.com/orders");
/// let headers = [("Age", "120"), ("Content-Type", "application/json")].map(Header::from);
/// let response = Response { status: 200, headers: &headers };
/// let clue = clues(&fetch, Engine::Chromium, None, Some(&response)).next().unwrap();
/// assert_eq!(clue.name(), "cache");
/// assert_eq!(
///     clue.advice().to_string(),
///     "send `Vary: Origin` with every response, those without an Origin and errors included, and empty the cache",
/// );
/// # Ok::<(), cors_core::OriginError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Clue<'a> {
    /// A cache gave the response, and its `Vary` does not name `Origin`: one copy for all origins.
    Cache {
        /// The field that shows the cache.
        field: &'a Header<'a>,
    },
    /// The response redirects to another origin, as to a login.
    LoginRedirect {
        /// Which response.
        stage: Stage,
        /// Where to: scheme, host and port.
        to: &'a str,
    },
    /// The response redirects to the same path with a slash at its end, or without one.
    SlashRedirect {
        /// Which response.
        stage: Stage,
    },
    /// The response redirects from http to https.
    HttpsRedirect {
        /// Which response.
        stage: Stage,
    },
    /// Another layer than the application has answered.
    OtherLayer {
        /// Which response.
        stage: Stage,
        /// The field that shows the layer.
        field: &'a Header<'a>,
        /// The response's status.
        status: u16,
    },
    /// A field of CORS is in the response more than once: two layers add it.
    SeveralLayers {
        /// Which response.
        stage: Stage,
        /// The field's name.
        name: &'static str,
        /// How many lines there are.
        lines: usize,
    },
    /// The response has a header that the page may not read.
    UnexposedHeader {
        /// Its name.
        name: HeaderName<'a>,
    },
    /// The response sets a cookie that browsers do not send with a fetch from another site.
    WithheldCookie {
        /// Its name. The value is nobody's business.
        name: &'a str,
    },
    /// The address is http, and its port speaks TLS.
    TlsPort,
}

/// Returns what the responses to a fetch show beyond the fields of CORS. A response that there is not, or that is unknown, is left
/// out.
///
/// Takes time that grows with the headers.
pub fn clues<'a>(
    fetch: &'a Fetch<'a>,
    engine: Engine,
    preflight_response: Option<&Response<'a>>,
    response: Option<&Response<'a>>,
) -> impl Iterator<Item = Clue<'a>> + use<'a> {
    let (preflight_response, response) = (preflight_response.copied(), response.copied());
    let preflight_error = preflight_response.and_then(|answer| fetch.check_preflight(engine, &answer).err());
    let error = response.and_then(|answer| fetch.check_response(engine, &answer).err());
    let both = [
        (Stage::Preflight, preflight_response, preflight_error.is_some()),
        (Stage::Actual, response, error.is_some()),
    ];
    let of_both =
        both.into_iter().filter_map(|(stage, answer, is_blocked)| Some((stage, answer?, is_blocked)));
    let signs = of_both.flat_map(move |(stage, answer, is_blocked)| {
        [
            is_blocked.then(|| cache(stage, &answer)).flatten(),
            redirect(fetch, stage, &answer),
            is_blocked.then(|| other_layer(stage, &answer)).flatten(),
            several_layers(stage, &answer),
            is_blocked.then(|| tls_port(fetch, &answer)).flatten(),
        ]
        .into_iter()
        .flatten()
    });
    // A browser follows a redirect, so that no page reads its headers, `Location` included.
    let readable = response.filter(|answer| {
        error.is_none() && preflight_error.is_none() && fetch.is_cors() && answer.location().is_none()
    });
    let unexposed = readable.into_iter().flat_map(move |answer| {
        fetch.unexposed_headers(engine, &answer).map(|name| Clue::UnexposedHeader { name })
    });
    let is_withheld = fetch.credentials == CredentialsMode::Include && is_cross_site(fetch);
    let cookies = response.filter(|_| is_withheld).into_iter().flat_map(|answer| {
        answer.headers.iter().filter_map(withheld_cookie).map(|name| Clue::WithheldCookie { name })
    });
    signs.chain(unexposed).chain(cookies)
}

/// Fields that a cache adds, and what their values begin with where a copy was given.
const CACHES: [(&str, &str); 6] = [
    ("age", ""),
    ("x-cache", "hit"),
    ("x-cache-status", "hit"),
    ("cf-cache-status", "hit"),
    ("x-proxy-cache", "hit"),
    ("x-varnish-cache", "hit"),
];

fn cache<'a>(stage: Stage, answer: &Response<'a>) -> Option<Clue<'a>> {
    let is_of_cache = |header: &&Header<'a>| {
        CACHES.iter().any(|(name, start)| header.is(name) && begins_with(header.value(), start))
            && header.value() != b"0"
    };
    let varies = answer.headers.iter().filter(|header| header.is("vary")).any(|header| {
        let mut names = header.value().split(|&byte| byte == b',').map(<[u8]>::trim_ascii);
        names.any(|name| name == b"*" || name.eq_ignore_ascii_case(b"origin"))
    });
    let field = answer.headers.iter().find(is_of_cache).filter(|_| stage == Stage::Actual && !varies)?;
    Some(Clue::Cache { field })
}

fn redirect<'a>(fetch: &Fetch<'a>, stage: Stage, answer: &Response<'a>) -> Option<Clue<'a>> {
    let to = str::from_utf8(answer.location()?).ok()?;
    let asked = fetch.url.split(['?', '#']).next()?;
    let address = to.split(['?', '#']).next()?;
    let (asked_origin, asked_path) = split_origin(asked)?;
    let Some((origin, path)) = split_origin(address) else {
        let differs_in_slash = address.starts_with('/') && differ_in_slash(asked_path, address);
        return differs_in_slash.then_some(Clue::SlashRedirect { stage });
    };
    if origin.eq_ignore_ascii_case(asked_origin) {
        return differ_in_slash(asked_path, path).then_some(Clue::SlashRedirect { stage });
    }
    let host = |origin| text::split_once(origin, "://").map(|(_, authority)| host::split_port(authority).0);
    let is_upgrade = asked_origin.starts_with("http://")
        && origin.starts_with("https://")
        && host(origin).zip(host(asked_origin)).is_some_and(|(to, from)| to.eq_ignore_ascii_case(from));
    Some(if is_upgrade { Clue::HttpsRedirect { stage } } else { Clue::LoginRedirect { stage, to: origin } })
}

/// Splits an address behind its host and port.
fn split_origin(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text::split_once(address, "://")?;
    let authority = rest.split('/').next()?;
    address.split_at_checked(scheme.len().checked_add("://".len())?.checked_add(authority.len())?)
}

fn differ_in_slash(one: &str, other: &str) -> bool {
    one.strip_suffix('/') == Some(other) || other.strip_suffix('/') == Some(one)
}

/// Fields of layers that answer in place of an application, and what their values begin with where they did.
const LAYERS: [(&str, &str); 6] = [
    ("cf-mitigated", ""),
    ("x-amzn-errortype", ""),
    ("x-amzn-waf-action", ""),
    ("x-sucuri-block", ""),
    ("server", "awselb"),
    ("server", "AkamaiGHost"),
];

fn other_layer<'a>(stage: Stage, answer: &Response<'a>) -> Option<Clue<'a>> {
    let is_layers = |header: &&Header<'a>| {
        LAYERS.iter().any(|(name, start)| header.is(name) && begins_with(header.value(), start))
    };
    // Cloudflare's name is on every response that it passes on, too, and these statuses on its own alone.
    let is_cloudflares = |header: &&Header<'a>| {
        header.is("server")
            && begins_with(header.value(), "cloudflare")
            && (520..=530).contains(&answer.status)
    };
    let field = answer.headers.iter().find(|header| is_layers(header) || is_cloudflares(header));
    let field = field.filter(|_| answer.status >= 400)?;
    Some(Clue::OtherLayer { stage, field, status: answer.status })
}

fn several_layers<'a>(stage: Stage, answer: &Response<'a>) -> Option<Clue<'a>> {
    ["access-control-allow-origin", "access-control-allow-credentials"].into_iter().find_map(|name| {
        let lines = answer.headers.iter().filter(|header| header.is(name)).count();
        (lines > 1).then_some(Clue::SeveralLayers { stage, name, lines })
    })
}

/// A server answers 400 to http where it speaks TLS.
fn tls_port<'a>(fetch: &Fetch<'_>, answer: &Response<'a>) -> Option<Clue<'a>> {
    let target = fetch.target_origin()?;
    let is_tls_port = matches!(target.port(), Some(443 | 8443 | 9443));
    (answer.status == 400 && target.scheme() == Some("http") && is_tls_port).then_some(Clue::TlsPort)
}

/// Returns the name of a cookie that is not for other sites: `SameSite` is not `None`, or `Secure` is missing.
fn withheld_cookie<'a>(header: &'a Header<'a>) -> Option<&'a str> {
    let text = str::from_utf8(header.value()).ok().filter(|_| header.is("set-cookie"))?;
    let (name, _) = text.split_once('=')?;
    let mut attributes = text.split(';').skip(1).map(str::trim);
    let is_none = |attribute: &str| {
        attribute.split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("samesite") && value.trim().eq_ignore_ascii_case("none")
        })
    };
    let goes_along =
        attributes.clone().any(is_none) && attributes.any(|each| each.eq_ignore_ascii_case("secure"));
    (!goes_along).then_some(name.trim())
}

/// True if page and address are of two sites, as far as that can be told: their schemes differ, or the last labels of their hosts.
fn is_cross_site(fetch: &Fetch<'_>) -> bool {
    let (Some(target), page) = (fetch.target_origin(), fetch.first().origin) else {
        return false;
    };
    page.scheme() != target.scheme() || site(&page) != site(&target)
}

/// Returns the registrable domain of an origin's host, without the list its last two labels; an address is a site by itself.
fn site<'a>(origin: &Origin<'a>) -> Option<&'a str> {
    let name = origin.host()?;
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.starts_with('[') || crate::origin::ipv4::is_serialized(name.as_bytes()) {
        return Some(name);
    }
    let mut best = name;
    let mut rest = name;
    while let Some((_, parent)) = rest.split_once('.') {
        if is_suffix(parent) {
            break;
        }
        best = parent;
        rest = parent;
    }
    Some(best)
}

#[cfg(feature = "psl")]
fn is_suffix(domain: &str) -> bool {
    crate::is_public_suffix(domain)
}

#[cfg(not(feature = "psl"))]
fn is_suffix(domain: &str) -> bool {
    !domain.contains('.')
}

fn begins_with(value: &[u8], start: &str) -> bool {
    value.get(..start.len()).is_some_and(|front| front.eq_ignore_ascii_case(start.as_bytes()))
}

impl<'a> Clue<'a> {
    /// Returns the name, as in JSON: `cache`, `login-redirect` and others.
    pub fn name(&self) -> &'static str {
        match self {
            Clue::Cache { .. } => "cache",
            Clue::LoginRedirect { .. } => "login-redirect",
            Clue::SlashRedirect { .. } => "slash-redirect",
            Clue::HttpsRedirect { .. } => "https-redirect",
            Clue::OtherLayer { .. } => "other-layer",
            Clue::SeveralLayers { .. } => "several-layers",
            Clue::UnexposedHeader { .. } => "unexposed-header",
            Clue::WithheldCookie { .. } => "withheld-cookie",
            Clue::TlsPort => "tls-port",
        }
    }

    /// Returns the response that shows it, where only one does.
    pub fn stage(&self) -> Option<Stage> {
        match *self {
            Clue::LoginRedirect { stage, .. }
            | Clue::SlashRedirect { stage }
            | Clue::HttpsRedirect { stage }
            | Clue::OtherLayer { stage, .. }
            | Clue::SeveralLayers { stage, .. } => Some(stage),
            Clue::Cache { .. } | Clue::UnexposedHeader { .. } | Clue::WithheldCookie { .. } => {
                Some(Stage::Actual)
            }
            Clue::TlsPort => None,
        }
    }

    /// Returns what to change, in the imperative. [`Display`](fmt::Display) writes it.
    pub fn advice(&self) -> ClueAdvice<'a> {
        ClueAdvice(*self)
    }
}

impl fmt::Display for Clue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clue::Cache { field } => write!(
                f,
                "a cache gave this response ({field:?}), and keeps one copy for all origins, since Vary does not name Origin: the \
                 copy was made for another origin, or for a request without one"
            ),
            Clue::LoginRedirect { stage, to } => write!(
                f,
                "{} redirects to {to}, another origin, as servers do when a session has ended or a request comes without \
                 credentials",
                what(*stage)
            ),
            Clue::SlashRedirect { stage } => {
                write!(f, "{} redirects to the same address but for the slash at its end", what(*stage))
            }
            Clue::HttpsRedirect { stage } => write!(f, "{} redirects from http to https", what(*stage)),
            Clue::OtherLayer { stage, field, status } => write!(
                f,
                "{} has the status {status} and {field:?}: a layer in front of the application gave it, which knows nothing of the \
                 application's CORS fields",
                what(*stage)
            ),
            Clue::SeveralLayers { stage, name, lines } => write!(
                f,
                "{} has {lines} lines of {name}, as when a proxy and the application both add the field",
                what(*stage)
            ),
            Clue::UnexposedHeader { name } => {
                write!(
                    f,
                    "the response has {name}, which the page may not read: the server does not expose it"
                )
            }
            Clue::WithheldCookie { name } => write!(
                f,
                "the response sets the cookie {name} for its own site alone: browsers do not send it with a fetch of another site"
            ),
            Clue::TlsPort => f.write_str("the server answers 400 to http at a port where servers speak TLS"),
        }
    }
}

/// What to change about a [`Clue`].
#[derive(Clone, Copy, Debug)]
pub struct ClueAdvice<'a>(Clue<'a>);

impl fmt::Display for ClueAdvice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Clue::Cache { .. } => f.write_str(
                "send `Vary: Origin` with every response, those without an Origin and errors included, and empty the cache",
            ),
            Clue::LoginRedirect { stage: Stage::Preflight, .. } => {
                f.write_str("answer OPTIONS before authentication: a preflight carries no cookies and no Authorization")
            }
            Clue::LoginRedirect { stage: Stage::Actual, .. } => f.write_str(
                "answer 401 in place of the redirect, and let the page go to the login; add no CORS fields to a login page",
            ),
            Clue::SlashRedirect { .. } => {
                f.write_str("let the page ask for the address to which the redirect leads, or answer at both")
            }
            Clue::HttpsRedirect { .. } => f.write_str("let the page ask for the https address at once"),
            Clue::OtherLayer { .. } => f.write_str(
                "let that layer pass the request on, OPTIONS included, or have it add the CORS fields to its own answers",
            ),
            Clue::SeveralLayers { .. } => f.write_str("add the field in one place only"),
            Clue::UnexposedHeader { name } => {
                write!(f, "send `Access-Control-Expose-Headers: {name}`, if pages are to read it")
            }
            Clue::WithheldCookie { .. } => f.write_str(
                "set the cookie with `SameSite=None; Secure`, or serve page and API under one site; several browsers block cookies \
                 of other sites altogether",
            ),
            Clue::TlsPort => f.write_str("ask by https://"),
        }
    }
}

fn what(stage: Stage) -> &'static str {
    match stage {
        Stage::Preflight => "the answer to the preflight",
        Stage::Actual => "the response",
    }
}
