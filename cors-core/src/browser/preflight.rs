//! Whether a fetch needs a preflight, why, and what the preflight has (Fetch, "CORS-preflight fetch").

use core::error::Error;
use core::fmt::{self, Write};

use crate::browser::engine::{Engine, Rule};
use crate::browser::fetch::Fetch;
use crate::browser::header::HeaderName;
use crate::browser::options::Api;
use crate::browser::safelist::UnsafeHeader;
use crate::field;
use crate::origin::Origin;
use crate::policy::request::Request;

/// A reason for a preflight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreflightReason<'a> {
    /// The method is not GET, HEAD or POST.
    Method(&'a str),
    /// A listener is registered on `XMLHttpRequest.upload`.
    UploadListener,
    /// The body is a `ReadableStream`.
    StreamBody,
    /// The fetch needed a preflight before the redirect that led here.
    Redirect,
    /// A header needs a preflight.
    Header {
        /// Its name.
        name: HeaderName<'a>,
        /// Why the header needs a preflight.
        why: UnsafeHeader,
    },
}

impl fmt::Display for PreflightReason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PreflightReason::Method(method) => {
                write!(f, "the method is {method}, and only GET, HEAD and POST need none")
            }
            PreflightReason::UploadListener => {
                f.write_str("a listener is registered on XMLHttpRequest.upload")
            }
            PreflightReason::StreamBody => f.write_str("the body is a stream"),
            PreflightReason::Redirect => f.write_str("there was a preflight before the redirect"),
            PreflightReason::Header { name, why } => write!(f, "the header {name}: {why}"),
        }
    }
}

impl<'a> Fetch<'a> {
    /// Returns each reason for a preflight: the method, then the body, then the headers in the page's order, then an
    /// earlier preflight. Nothing if the request may go out at once.
    pub fn needs_preflight(
        &self,
        engine: Engine,
    ) -> impl Iterator<Item = PreflightReason<'a>> + Clone + use<'a> {
        let counts_own = engine.departs(Rule::RedirectKeepsOwnPreflight);
        let asked_before = engine.departs(Rule::RedirectKeepsPreflight)
            && self.earlier().any(|fetch| {
                (counts_own || fetch.is_cross_origin()) && fetch.own_reasons(engine).next().is_some()
            });
        let reasons = self.own_reasons(engine).chain(asked_before.then_some(PreflightReason::Redirect));
        // A fetch outside of the CORS protocol has no preflight.
        reasons.filter({
            let is_cors = self.is_cors();
            move |_| is_cors
        })
    }

    /// Returns the reasons that this request has by itself, as if it were across origins.
    fn own_reasons(&self, engine: Engine) -> impl Iterator<Item = PreflightReason<'a>> + Clone + use<'a> {
        let is_safe_method = field::is_safelisted_method(self.method().as_bytes());
        let listens = self.upload_listener && (self.has_body || !engine.departs(Rule::ListenersNeedBody));
        let reasons = [
            (!is_safe_method).then_some(PreflightReason::Method(self.method())),
            listens.then_some(PreflightReason::UploadListener),
            self.stream_body.then_some(PreflightReason::StreamBody),
        ];
        let headers = self.unsafe_headers(engine).map(|(name, why)| PreflightReason::Header { name, why });
        reasons.into_iter().flatten().chain(headers)
    }

    /// Returns the preflight that the browser sends before this fetch, if it needs one.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::{Engine, Fetch, Header};
    ///
    /// let page = Origin::parse(b"https://app.example.com")?;
    /// let fetch = Fetch {
    ///     headers: &[Header::new("X-B", "1"), Header::new("Authorization", "Bearer x")],
    ///     ..Fetch::new(page, "https://api.example.com/orders")
    /// };
    /// let preflight = fetch.preflight(Engine::Standard).unwrap();
    /// assert_eq!(preflight.access_control_request_method(), "GET");
    /// let headers = preflight.access_control_request_headers().unwrap();
    /// assert_eq!(headers.to_string(), "authorization,x-b");
    ///
    /// let mut buffer = [0; 256];
    /// let request = preflight.request_in(&mut buffer).unwrap();
    /// assert!(request.is_preflight());
    /// # Ok::<(), cors_core::OriginError>(())
    /// ```
    pub fn preflight(&self, engine: Engine) -> Option<Preflight<'a>> {
        self.needs_preflight(engine).next().is_some().then_some(Preflight::new(self, engine, None))
    }

    /// Returns the origin that the preflight is sent with, which the response has to allow.
    pub(crate) fn preflight_origin(&self, engine: Engine) -> Origin<'a> {
        if engine.departs(Rule::RedirectedPreflightHasOrigin) { self.first().origin } else { self.origin }
    }
}

/// The preflight of a fetch: `OPTIONS` to the same address, without cookies.
#[derive(Clone, Copy, Debug)]
pub struct Preflight<'a> {
    fetch: Fetch<'a>,
    engine: Engine,
    /// The value of `Access-Control-Request-Headers`, if it was written once: its names need not be sorted again.
    written: Option<&'a str>,
}

impl<'a> Preflight<'a> {
    /// The preflight that the engine would send, whether or not the fetch needs one, with its names if they were
    /// [written](Self::written) already.
    pub(crate) fn new(fetch: &Fetch<'a>, engine: Engine, written: Option<&'a str>) -> Self {
        Preflight { fetch: *fetch, engine, written }
    }

    /// Returns the value of `Access-Control-Request-Headers`, if it was written already.
    pub(crate) fn written(&self) -> Option<&'a str> {
        self.written
    }

    /// Keeps the names as the request has them, which [`request_in`](Self::request_in) made.
    pub(crate) fn with_names_of(self, request: &Request<'a>) -> Self {
        let written = match request.access_control_request_headers() {
            [] => Some(""),
            [line, ..] => str::from_utf8(line).ok(),
        };
        Preflight { written, ..self }
    }

    /// Returns the value of `Origin`.
    pub fn origin(&self) -> Origin<'a> {
        self.fetch.preflight_origin(self.engine)
    }

    /// Returns the value of `Access-Control-Request-Method`.
    pub fn access_control_request_method(&self) -> &'a str {
        self.fetch.method()
    }

    /// Returns the value of `Access-Control-Request-Headers`, which [`Display`](fmt::Display) writes; `None` if no header
    /// needs a preflight.
    pub fn access_control_request_headers(&self) -> Option<RequestHeaders<'a>> {
        let is_named = match self.written {
            Some(names) => !names.is_empty(),
            None => self.fetch.unsafe_headers(self.engine).next().is_some(),
        };
        is_named.then_some(RequestHeaders(*self))
    }

    /// Returns the names in `Access-Control-Request-Headers`: sorted by their bytes, in lower case, each once.
    pub fn header_names(&self) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        let sorted = self.written.is_none().then(|| self.fetch.unsafe_names(self.engine));
        let mut last = None;
        let written = self.written.unwrap_or_default().split(',').filter(|name| !name.is_empty());
        let written = written.map(HeaderName::new).filter(move |name| last.replace(*name) != Some(*name));
        written.chain(sorted.into_iter().flatten())
    }

    /// Returns the request, as a [`Policy`](crate::Policy) takes it. The names are written into `buffer`.
    pub fn request_in<'b>(&self, buffer: &'b mut [u8]) -> Result<Request<'b>, BufferTooSmall>
    where
        'a: 'b,
    {
        let mut writer = BufferWriter { buffer, needed: 0 };
        if let Some(headers) = self.access_control_request_headers() {
            // A `BufferWriter` never fails.
            let _ = write!(writer, "{headers}");
        }
        let BufferWriter { buffer, needed } = writer;
        let headers: &'b [u8] = buffer;
        let headers = headers.get(..needed).ok_or(BufferTooSmall { needed })?;
        let mut request = Request::new("OPTIONS");
        request.add_header(b"origin", self.fetch.preflight_origin(self.engine).as_bytes());
        request.add_header(b"access-control-request-method", self.access_control_request_method().as_bytes());
        // An empty line does not count as a field.
        request.add_header(b"access-control-request-headers", headers);
        Ok(request)
    }
}

/// The value of `Access-Control-Request-Headers`: names joined with `,`.
#[derive(Clone, Copy, Debug)]
pub struct RequestHeaders<'a>(Preflight<'a>);

impl fmt::Display for RequestHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Preflight { fetch, engine, written } = self.0;
        if let Some(names) = written {
            return f.write_str(names);
        }
        let repeats = fetch.api == Api::Fetch && engine.departs(Rule::RepeatsNames);
        let mut separator = "";
        for each in fetch.sorted_names(engine) {
            for _ in 0..if repeats { each.count } else { 1 } {
                write!(f, "{separator}{}", each.name)?;
                separator = ",";
            }
        }
        Ok(())
    }
}

/// A buffer had no room for the names of a preflight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferTooSmall {
    needed: usize,
}

impl BufferTooSmall {
    /// Returns the bytes that the names take.
    pub fn needed(&self) -> usize {
        self.needed
    }
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer is too small: the header names take {} bytes", self.needed)
    }
}

impl Error for BufferTooSmall {}

/// Writes as much as fits, and counts all of it.
struct BufferWriter<'b> {
    buffer: &'b mut [u8],
    needed: usize,
}

impl Write for BufferWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.needed.saturating_add(text.len());
        if let Some(room) = self.buffer.get_mut(self.needed..end) {
            room.copy_from_slice(text.as_bytes());
        }
        self.needed = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use super::*;
    use crate::browser::header::Header;

    fn fetch() -> Fetch<'static> {
        Fetch::new(Origin::parse(b"http://app.example.com").unwrap(), "http://api.example.com/")
    }

    /// Method and header names, or nothing.
    fn sent(fetch: &Fetch<'_>, engine: Engine) -> String {
        fetch.preflight(engine).map_or_else(String::new, |preflight| {
            let headers = preflight.access_control_request_headers().map(|headers| headers.to_string());
            std::format!("{} {}", preflight.access_control_request_method(), headers.unwrap_or_default())
        })
    }

    #[test]
    fn methods() {
        for (method, expected) in [
            ("GET", ""),
            ("head", ""),
            ("Post", ""),
            ("put", "PUT "),
            ("Options", "OPTIONS "),
            ("PATCH", "PATCH "),
            ("patch", "patch "),
            ("QUERY", "QUERY "),
        ] {
            for engine in Engine::ALL {
                assert_eq!(sent(&Fetch { method, ..fetch() }, engine), expected, "{method}");
            }
        }
    }

    #[test]
    fn bodies_and_listeners() {
        let listener = Fetch { method: "POST", upload_listener: true, api: Api::XmlHttpRequest, ..fetch() };
        assert_eq!(sent(&listener, Engine::Standard), "POST ");
        let without_body = Fetch { method: "GET", ..listener };
        assert_eq!(sent(&without_body, Engine::Standard), "GET ");
        assert_eq!(sent(&without_body, Engine::Chromium), "");
        let stream = Fetch { method: "POST", has_body: true, stream_body: true, ..fetch() };
        let reasons: Vec<_> = stream.needs_preflight(Engine::Standard).collect();
        assert_eq!(reasons, [PreflightReason::StreamBody]);
    }

    #[test]
    fn same_origin_and_no_cors_need_none() {
        let same = Fetch { method: "PUT", url: "http://app.example.com/x", ..fetch() };
        assert!(same.preflight(Engine::Standard).is_none());
        let no_cors = Fetch { mode: crate::browser::Mode::NoCors, upload_listener: true, ..fetch() };
        assert!(no_cors.preflight(Engine::Standard).is_none());
    }

    #[test]
    fn after_a_redirect() {
        let headers = [Header::new("authorization", "Bearer x")];
        let post = Fetch { method: "PUT", headers: &headers, ..fetch() };
        for (engine, origin, expected) in [
            (Engine::Standard, "null", ""),
            (Engine::Chromium, "null", ""),
            (Engine::Firefox, "http://app.example.com", "GET "),
            (Engine::WebKit, "null", "GET authorization"),
        ] {
            let next = post.redirected(engine, 303, "http://cdn.example.net/");
            let kept: Vec<_> = next.kept_headers().collect();
            let next = Fetch { headers: &kept, ..next };
            assert_eq!(sent(&next, engine), expected, "{engine}");
            assert!(next.preflight(engine).is_none_or(|preflight| preflight.origin().as_str() == origin));
        }
    }

    #[test]
    fn names_in_a_preflight() {
        let headers = [
            ("X-B", "1"),
            ("Content-Type", "application/json"),
            ("x-a", "1"),
            ("x-b", "2"),
            ("accept", "*/*"),
            ("cookie", "dropped"),
            ("_", "1"),
        ]
        .map(Header::from);
        let fetch = Fetch { headers: &headers, ..fetch() };
        assert_eq!(sent(&fetch, Engine::Standard), "GET _,content-type,x-a,x-b");
        assert_eq!(fetch.needs_preflight(Engine::Standard).count(), 5);
    }

    #[test]
    fn too_long_together() {
        let value = "1".repeat(128);
        let with = |count| -> Vec<Header<'_>> { (0..count).map(|_| Header::new("accept", &value)).collect() };
        let (mut nine, eight) = (with(8), with(8));
        nine.push(Header::new("accept-language", "1"));
        assert_eq!(sent(&Fetch { headers: &eight, ..fetch() }, Engine::Standard), "");
        assert_eq!(
            sent(&Fetch { headers: &nine, ..fetch() }, Engine::Standard),
            "GET accept,accept-language"
        );
        assert_eq!(sent(&Fetch { headers: &nine, ..fetch() }, Engine::Firefox), "");

        let hints = ["accept", "dpr", "width", "viewport-width", "device-memory", "downlink", "rtt", "range"];
        let mut headers: Vec<_> = hints.iter().map(|name| Header::new(name, &value)).collect();
        headers.pop();
        headers.push(Header::new("accept-language", &value));
        assert_eq!(sent(&Fetch { headers: &headers, ..fetch() }, Engine::Chromium), "");
        headers.push(Header::new("content-language", "1"));
        let sorted =
            "GET accept,accept-language,content-language,device-memory,downlink,dpr,rtt,viewport-width,width";
        assert_eq!(sent(&Fetch { headers: &headers, ..fetch() }, Engine::Chromium), sorted);
    }

    #[test]
    fn headers_of_one_name_are_joined_by_xml_http_request() {
        let half = "a".repeat(63);
        let (exact, above) = (
            [("accept", &*half); 2].map(Header::from),
            [Header::new("accept", &half), Header::new("Accept", "b"), Header::new("accept", &half)],
        );
        let xhr = |headers| Fetch { headers, api: Api::XmlHttpRequest, ..fetch() };
        assert_eq!(sent(&xhr(&exact), Engine::Standard), "");
        let reasons: Vec<_> =
            xhr(&above).needs_preflight(Engine::Standard).map(|reason| reason.to_string()).collect();
        assert_eq!(reasons[0], "the header accept: its value has 131 bytes, more than 128");
        assert_eq!(sent(&Fetch { headers: &above, ..fetch() }, Engine::Standard), "");

        let types = [("content-type", "text/plain"); 2].map(Header::from);
        assert_eq!(sent(&xhr(&types), Engine::Standard), "GET content-type");
        let by_fetch = Fetch { headers: &types, ..fetch() };
        for (engine, expected) in [
            (Engine::Standard, ""),
            (Engine::Firefox, ""),
            (Engine::Chromium, "GET content-type"),
            (Engine::WebKit, "GET content-type"),
        ] {
            assert_eq!(sent(&by_fetch, engine), expected, "{engine}");
        }

        let twice = [("x-a", "1"), ("X-B", "2"), ("X-A", "3")].map(Header::from);
        assert_eq!(sent(&Fetch { headers: &twice, ..fetch() }, Engine::Firefox), "GET x-a,x-a,x-b");
        assert_eq!(sent(&Fetch { headers: &twice, ..fetch() }, Engine::Chromium), "GET x-a,x-b");
        assert_eq!(sent(&xhr(&twice), Engine::Firefox), "GET x-a,x-b");
    }

    #[test]
    fn requests_in_a_buffer() {
        let headers = [Header::new("X-A", "1"), Header::new("x-b", "1")];
        let preflight = Fetch { headers: &headers, ..fetch() }.preflight(Engine::Standard).unwrap();
        let mut buffer = [0; 7];
        let request = preflight.request_in(&mut buffer).unwrap();
        assert!(request.is_preflight());
        assert_eq!(request.access_control_request_method(), Some(&b"GET"[..]));
        assert_eq!(request.access_control_request_headers(), [b"x-a,x-b"]);
        let error = preflight.request_in(&mut [0; 6]).map(|_| ()).unwrap_err();
        assert_eq!(error.needed(), 7);
        assert_eq!(error.to_string(), "the buffer is too small: the header names take 7 bytes");

        let put = Fetch { method: "PUT", ..fetch() }.preflight(Engine::Standard).unwrap();
        assert!(put.request_in(&mut []).unwrap().access_control_request_headers().is_empty());
    }
}
