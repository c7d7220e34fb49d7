//! [`for_each_failure`]: what servers answer wrongly, once for each kind of failure.

use cors_core::Origin;
use cors_core::browser::{Api, CorsError, CredentialsMode, Engine, Fetch, Header, Mode, Response};

/// The page that asks.
pub const PAGE: &str = "https://app.example.com";

/// The address that it asks.
pub const ADDRESS: &str = "https://api.example.com/orders";

type Headers<'h> = [(&'h str, &'h str)];

const ALLOW: (&str, &str) = ("access-control-allow-origin", PAGE);

/// Passes one failure of each kind, at each stage at which it can come.
pub fn for_each_failure(mut take: impl for<'a> FnMut(&Fetch<'a>, CorsError<'a>, Response<'a>)) {
    let page = Origin::parse(PAGE.as_bytes()).expect("an origin");
    let fetch = Fetch::new(page, ADDRESS);
    let put = Fetch { method: "PUT", ..fetch };
    let with_credentials = Fetch { credentials: CredentialsMode::Include, ..fetch };
    let of_check: [(&Fetch<'_>, &Headers<'_>); 6] = [
        (&put, &[]),
        (&with_credentials, &[("access-control-allow-origin", "*")]),
        (&put, &[("Access-Control-Allow-Origin", "a"), ("Access-Control-Allow-Origin", "b")]),
        (&put, &[("access-control-allow-origin", "app.example.com")]),
        (&put, &[("access-control-allow-origin", "https://other.example.com")]),
        (&with_credentials, &[ALLOW, ("access-control-allow-credentials", "yes")]),
    ];
    for (asked, headers) in of_check {
        let headers: Vec<_> = headers.iter().copied().map(Header::from).collect();
        let response = Response { status: 200, headers: &headers };
        for api in [Api::Fetch, Api::XmlHttpRequest] {
            let fetch = Fetch { api, ..*asked };
            take(&fetch, fetch.check_preflight(Engine::Firefox, &response).unwrap_err(), response);
            take(&fetch, fetch.check_response(Engine::Firefox, &response).unwrap_err(), response);
        }
    }
    let header = [Header::new("x-a", "1")];
    let with_header = Fetch { headers: &header, ..fetch };
    let of_preflight: [(&Fetch<'_>, u16, &Headers<'_>); 6] = [
        (&put, 405, &[ALLOW]),
        (&put, 302, &[ALLOW, ("location", "/x")]),
        (&put, 200, &[ALLOW, ("access-control-allow-methods", "P UT")]),
        (
            &put,
            200,
            &[ALLOW, ("access-control-allow-methods", "PUT"), ("access-control-allow-headers", "x: a")],
        ),
        (&put, 200, &[ALLOW]),
        (&with_header, 200, &[ALLOW]),
    ];
    for (fetch, status, headers) in of_preflight {
        let headers: Vec<_> = headers.iter().copied().map(Header::from).collect();
        let response = Response { status, headers: &headers };
        take(fetch, fetch.check_preflight(Engine::Firefox, &response).unwrap_err(), response);
    }
    let headers = [ALLOW, ("location", "https://user@other.example.com/")].map(Header::from);
    let response = Response { status: 302, headers: &headers };
    take(&put, put.check_response(Engine::Firefox, &response).unwrap_err(), response);
    let own = Fetch { mode: Mode::SameOrigin, ..fetch };
    take(&own, own.check_response(Engine::Firefox, &response).unwrap_err(), response);
}
