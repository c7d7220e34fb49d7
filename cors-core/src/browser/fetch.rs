//! [`Fetch`]: what a page asks of the browser (rule B1).

use core::error::Error;
use core::fmt;

use crate::browser::address::Addressed;
use crate::browser::address_space::AddressSpace;
use crate::browser::engine::{Engine, Rule};
use crate::browser::header::{Header, split_value};
use crate::browser::options::{Api, CredentialsMode, Mode, Permission};
use crate::browser::safelist;
use crate::field;
use crate::origin::Origin;
use crate::policy::request::Request;

/// A call of `fetch()` or of an `XMLHttpRequest`, as the page makes it; or what a page loads with `crossorigin`.
///
/// ```
/// use cors_core::Origin;
/// use cors_core::browser::{CredentialsMode, Engine, Fetch, Header};
///
/// let page = Origin::parse(b"https://app.example.com")?;
/// let fetch = Fetch {
///     method: "put",
///     headers: &[Header::new("Content-Type", "application/json")],
///     credentials: CredentialsMode::Include,
///     ..Fetch::new(page, "https://api.example.com/orders/1")
/// };
/// assert!(fetch.is_cross_origin());
/// assert_eq!(fetch.method(), "PUT");
///
/// let reasons: Vec<String> =
///     fetch.needs_preflight(Engine::Standard).map(|reason| reason.to_string()).collect();
/// assert_eq!(reasons.len(), 2);
/// assert_eq!(reasons[0], "the method is PUT, and only GET, HEAD and POST need none");
/// # Ok::<(), cors_core::OriginError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Fetch<'a> {
    /// The page's origin.
    pub origin: Origin<'a>,
    /// The address asked for, as console messages show it. Its origin is [`target_origin`](Self::target_origin).
    pub url: &'a str,
    /// The fetch that was [redirected](Self::redirected) to this one.
    pub redirected_from: Option<&'a Fetch<'a>>,
    /// The method as the page wrote it; see [`method`](Self::method).
    pub method: &'a str,
    /// The headers that the page sets, forbidden ones included; see [`sent_headers`](Self::sent_headers).
    pub headers: &'a [Header<'a>],
    /// Whether cookies go with the request.
    pub credentials: CredentialsMode,
    /// Whether the page asks to read a cross-origin response.
    pub mode: Mode,
    /// By which interface the page asks.
    pub api: Api,
    /// Whether a body goes with it. Without a `content-type` among the headers it counts as a string, which has the
    /// type `text/plain`; the types of other bodies (`Blob`, `FormData`) are to be given there.
    pub has_body: bool,
    /// Whether that is a `ReadableStream`.
    pub stream_body: bool,
    /// Whether listeners are registered on `XMLHttpRequest.upload`.
    pub upload_listener: bool,
    /// How near the page's own address is, where that is known; else as [`AddressSpace::of`] its origin has it, or public for a
    /// name of the internet.
    pub page_address_space: Option<AddressSpace>,
    /// How near the address asked for is, where that is known; else as [`AddressSpace::of`] its origin has it, or public.
    pub target_address_space: Option<AddressSpace>,
    /// Whether the person who uses the page lets it reach the local network.
    pub local_network_permission: Permission,
}

impl<'a> Fetch<'a> {
    /// Makes a `fetch(url)` without options: GET, no headers of the page's own, cookies within the origin only.
    pub const fn new(origin: Origin<'a>, url: &'a str) -> Self {
        Fetch {
            origin,
            url,
            redirected_from: None,
            method: "GET",
            headers: &[],
            credentials: CredentialsMode::SameOrigin,
            mode: Mode::Cors,
            api: Api::Fetch,
            has_body: false,
            stream_body: false,
            upload_listener: false,
            page_address_space: None,
            target_address_space: None,
            local_network_permission: Permission::NotGiven,
        }
    }

    /// Returns an error if `fetch()` or `open()` throws, so that no request is made.
    pub fn check(&self) -> Result<(), FetchError> {
        if !field::is_token(self.method.as_bytes()) {
            return Err(FetchError::MalformedMethod);
        }
        if field::is_forbidden_method(self.method.as_bytes()) {
            return Err(FetchError::ForbiddenMethod);
        }
        for (index, header) in self.headers.iter().enumerate() {
            if !field::is_token(header.name().as_bytes()) {
                return Err(FetchError::MalformedHeaderName { index });
            }
            if header.value().iter().any(|byte| matches!(byte, b'\0' | b'\r' | b'\n')) {
                return Err(FetchError::MalformedHeaderValue { index });
            }
        }
        match self.mode {
            Mode::NoCors if !field::is_safelisted_method(self.method().as_bytes()) => {
                Err(FetchError::MethodNeedsCors)
            }
            Mode::NoCors if self.stream_body => Err(FetchError::StreamNeedsCors),
            _ => Ok(()),
        }
    }

    /// Returns the method that the browser sends: `delete`, `get`, `head`, `options`, `post` and `put` in upper case, any other
    /// as written (Fetch, "normalize a method").
    pub fn method(&self) -> &'a str {
        field::normalize_method(self.method)
    }

    /// Returns the origin of [`url`](Self::url), if that begins as a browser writes it: a scheme, a canonical host and a
    /// port other than the default.
    pub fn target_origin(&self) -> Option<Origin<'a>> {
        let (scheme, rest) = self.url.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let len = scheme.len().checked_add("://".len())?.checked_add(authority.len())?;
        Origin::parse(self.url.as_bytes().get(..len)?).ok()
    }

    /// True unless the page and the target have the same origin, so that the CORS protocol does not apply.
    ///
    /// The opaque origin differs from every origin, and so does a URL without a [`target_origin`](Self::target_origin), except for
    /// those that ask nobody: `data:` and `blob:`. A file is not of the origin of another, nor of its own.
    pub fn is_cross_origin(&self) -> bool {
        let asked = Addressed::of(self.url);
        let is_file = matches!(asked, Addressed::Unfetchable(scheme) if scheme.eq_ignore_ascii_case("file"));
        let is_own = !self.origin.is_opaque() && self.target_origin() == Some(self.origin) && !is_file;
        !is_own && asked != Addressed::Nobody
    }

    /// True if the CORS protocol applies: the fetch is across origins, and not in the mode `no-cors`.
    pub fn is_cors(&self) -> bool {
        self.is_cross_origin() && self.mode == Mode::Cors
    }

    /// Returns the page's headers that the browser sends. The others are forbidden, and dropped silently; in the mode
    /// `no-cors` so are those that are not safelisted.
    pub fn sent_headers(
        &self,
        engine: Engine,
    ) -> impl DoubleEndedIterator<Item = &'a Header<'a>> + Clone + use<'a> {
        let fetch = *self;
        self.headers.iter().filter(move |header| fetch.sends(engine, header))
    }

    /// True if the browser sends this header of the page's.
    pub(crate) fn sends(&self, engine: Engine, header: &Header<'_>) -> bool {
        let needs_cors = || header.is("range") || safelist::check(engine, header).is_some();
        let is_dropped = is_forbidden(engine, header) || (self.mode == Mode::NoCors && needs_cors());
        !is_dropped
    }

    /// Returns the headers that the browser decides by: the page's own, and the type of a body where the page sets none.
    pub(crate) fn header_list(
        &self,
        engine: Engine,
    ) -> impl Iterator<Item = &'a Header<'a>> + Clone + use<'a> {
        self.sent_headers(engine).chain(self.default_header(engine))
    }

    /// Returns the type of a body where the page sets none.
    pub(crate) fn default_header(&self, engine: Engine) -> Option<&'a Header<'a>> {
        let is_typed = |header: &Header<'_>| header.is("content-type") && self.sends(engine, header);
        (self.has_body && !self.headers.iter().any(is_typed)).then_some(&DEFAULT_CONTENT_TYPE)
    }

    /// Returns the request itself, without its preflight, as the server's half takes it.
    pub fn request(&self) -> Request<'a> {
        let mut request = Request::new(self.method());
        let is_safe = matches!(self.method(), "GET" | "HEAD");
        if self.is_cors() || !is_safe {
            request.add_header(b"origin", self.origin.as_bytes());
        }
        request
    }

    /// True if `origin` is the target's.
    pub(crate) fn targets(&self, origin: &[u8]) -> bool {
        self.target_origin().is_some_and(|target| {
            // Without its scheme it has the target's, and the default port may be written.
            let scheme_len =
                if origin.starts_with(b"//") { target.scheme_bytes().len().saturating_add(1) } else { 0 };
            let canonical = target.as_bytes().get(scheme_len..).unwrap_or_default();
            let default_port: &[u8] = if target.scheme() == Some("https") { b":443" } else { b":80" };
            let written = if target.port().is_none() { origin.strip_suffix(default_port) } else { None };
            canonical.eq_ignore_ascii_case(written.unwrap_or(origin))
        })
    }

    pub(crate) fn with_credentials(&self) -> bool {
        self.credentials == CredentialsMode::Include
    }
}

/// The type that `fetch()` and `send()` give a string.
static DEFAULT_CONTENT_TYPE: Header<'static> =
    Header::from_parts("content-type", b"text/plain;charset=UTF-8");

/// Fetch, "forbidden request-header".
fn is_forbidden(engine: Engine, header: &Header<'_>) -> bool {
    let overrides_method =
        ["x-http-method", "x-http-method-override", "x-method-override"].iter().any(|name| header.is(name));
    field::is_forbidden_request_header(header.name())
        || (overrides_method && split_value(header.value()).any(field::is_forbidden_method))
        || (header.is("user-agent") && engine.departs(Rule::UserAgentIsForbidden))
}

/// The reason why `fetch()`, `open()` or `setRequestHeader()` throws before any request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchError {
    /// The method is not a token.
    MalformedMethod,
    /// CONNECT, TRACE or TRACK.
    ForbiddenMethod,
    /// A header's name is not a token.
    MalformedHeaderName {
        /// The index in [`Fetch::headers`].
        index: usize,
    },
    /// A header's value has a line break or NUL in it.
    MalformedHeaderValue {
        /// The index in [`Fetch::headers`].
        index: usize,
    },
    /// Another method than GET, HEAD and POST in the mode `no-cors`.
    MethodNeedsCors,
    /// A `ReadableStream` as the body in the mode `no-cors`.
    StreamNeedsCors,
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetchError::MalformedMethod => f.write_str("the method is not a token"),
            FetchError::ForbiddenMethod => f.write_str("no page can send CONNECT, TRACE or TRACK"),
            FetchError::MalformedHeaderName { index } => {
                write!(f, "the name of header {index} is not a token")
            }
            FetchError::MalformedHeaderValue { index } => {
                write!(f, "the value of header {index} has a line break or NUL in it")
            }
            FetchError::MethodNeedsCors => f.write_str("in the mode no-cors the method is GET, HEAD or POST"),
            FetchError::StreamNeedsCors => f.write_str("in the mode no-cors the body is not a stream"),
        }
    }
}

impl Error for FetchError {}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::*;

    fn fetch() -> Fetch<'static> {
        Fetch::new(Origin::parse(b"http://app.example.com").unwrap(), "http://api.example.com/")
    }

    #[test]
    fn origins_of_urls() {
        for (url, origin) in [
            ("http://api.example.com", Some("http://api.example.com")),
            ("http://api.example.com/a://b", Some("http://api.example.com")),
            ("https://api.example.com:8443?x", Some("https://api.example.com:8443")),
            ("http://[::1]:8080#x", Some("http://[::1]:8080")),
            ("http://API.example.com/", None),
            ("http://user@api.example.com/", None),
            ("/orders", None),
            ("URL", None),
        ] {
            let target = Fetch { url, ..fetch() }.target_origin();
            assert_eq!(target.map(|origin| origin.as_str()), origin, "{url}");
        }
        assert!(!Fetch { url: "http://app.example.com/x", ..fetch() }.is_cross_origin());
        assert!(Fetch { url: "https://app.example.com/x", ..fetch() }.is_cross_origin());
        let opaque = Origin::parse(b"null").unwrap();
        assert!(Fetch { origin: opaque, ..fetch() }.is_cross_origin());
    }

    #[test]
    fn what_throws() {
        let header = |name, value: &'static str| [Header::new(name, value)];
        for (fetch, expected) in [
            (Fetch { method: "patch", ..fetch() }, Ok(())),
            (Fetch { method: "*", ..fetch() }, Ok(())),
            (Fetch { method: "Connect", ..fetch() }, Err(FetchError::ForbiddenMethod)),
            (Fetch { method: "TRACK", ..fetch() }, Err(FetchError::ForbiddenMethod)),
            (Fetch { method: "", ..fetch() }, Err(FetchError::MalformedMethod)),
            (Fetch { method: "GET ", ..fetch() }, Err(FetchError::MalformedMethod)),
            (
                Fetch { headers: &header("x a", "1"), ..fetch() },
                Err(FetchError::MalformedHeaderName { index: 0 }),
            ),
            (
                Fetch { headers: &header("x-a", "1\n2"), ..fetch() },
                Err(FetchError::MalformedHeaderValue { index: 0 }),
            ),
            (Fetch { headers: &header("x-a", "\x01\u{7f}"), ..fetch() }, Ok(())),
            (Fetch { method: "PUT", mode: Mode::NoCors, ..fetch() }, Err(FetchError::MethodNeedsCors)),
            (Fetch { method: "post", mode: Mode::NoCors, ..fetch() }, Ok(())),
        ] {
            assert_eq!(fetch.check(), expected, "{fetch:?}");
        }
        assert_eq!(FetchError::ForbiddenMethod.to_string(), "no page can send CONNECT, TRACE or TRACK");
    }

    #[test]
    fn forbidden_headers_are_dropped() {
        let headers = [
            ("Cookie", "x"),
            ("sec-x", "1"),
            ("PROXY-", "1"),
            ("proxy", "1"),
            ("set-cookie", "a=b"),
            ("x-http-method-override", "PUT, trace"),
            ("x-http-method", "PUT"),
            ("x-method-override", "\"TRACE\""),
            ("X-Method-Override", "connect"),
            ("user-agent", "x"),
            ("access-control-request-private-network", "true"),
        ]
        .map(Header::from);
        let fetch = Fetch { headers: &headers, ..fetch() };
        let sent = |engine| -> Vec<&str> { fetch.sent_headers(engine).map(Header::name).collect() };
        let kept = [
            "proxy",
            "x-http-method",
            "x-method-override",
            "user-agent",
            "access-control-request-private-network",
        ];
        assert_eq!(sent(Engine::Standard), kept);
        assert_eq!(sent(Engine::Firefox), kept);
        assert_eq!(sent(Engine::Chromium), [kept[0], kept[1], kept[2], kept[4]]);
    }

    #[test]
    fn requests_carry_an_origin_across_origins_and_for_other_methods() {
        for (url, method, mode, expected) in [
            ("http://api.example.com/", "GET", Mode::Cors, true),
            ("http://api.example.com/", "GET", Mode::NoCors, false),
            ("http://api.example.com/", "POST", Mode::NoCors, true),
            ("http://app.example.com/", "GET", Mode::Cors, false),
            ("http://app.example.com/", "head", Mode::Cors, false),
            ("http://app.example.com/", "POST", Mode::Cors, true),
        ] {
            let request = Fetch { url, method, mode, ..fetch() }.request();
            let origin = expected.then_some(&b"http://app.example.com"[..]);
            assert_eq!(request.origin(), origin, "{method} {url} {mode:?}");
        }
    }

    #[test]
    fn no_cors_sends_safe_headers_only() {
        let headers =
            [("accept", "a"), ("range", "bytes=0-"), ("content-type", "application/json"), ("x-a", "1")]
                .map(Header::from);
        let fetch = Fetch { headers: &headers, mode: Mode::NoCors, ..fetch() };
        let sent: Vec<&str> = fetch.sent_headers(Engine::Standard).map(Header::name).collect();
        assert_eq!(sent, ["accept"]);
    }
}
