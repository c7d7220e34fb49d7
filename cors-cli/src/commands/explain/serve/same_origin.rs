//! The check that a request comes from the page itself.

use http::header::{CONTENT_TYPE, ORIGIN};
use http::uri::Authority;
use http::{Request, StatusCode};

use super::refusal::Refusal;
use crate::printable::printable;

/// Refuses requests other than a post of JSON from a page of this server's own origin: other pages in the browser can
/// send requests here, too.
pub(super) fn check<B>(request: &Request<B>, authority: &Authority) -> Result<(), Refusal> {
    let own = format!("http://{authority}");
    // A browser sends the origin with every post.
    let mut origins = request.headers().get_all(ORIGIN).iter();
    let is_own = origins.next().is_some_and(|origin| origin.as_bytes() == own.as_bytes());
    if !is_own || origins.next().is_some() {
        let sentence = format!("only the page itself may ask, with its Origin: {}", printable(&own));
        return Err(Refusal::new(StatusCode::FORBIDDEN, sentence));
    }
    let content_type =
        request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a case is sent as application/json"));
    }
    Ok(())
}
