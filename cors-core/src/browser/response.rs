//! [`Response`]: what a server answers, as the browser sees it.

use crate::browser::engine::{Engine, Rule};
use crate::browser::header::{CombinedValue, Header};

/// The parts of a response that the CORS protocol looks at: any server's, or a [`Decision`](crate::Decision)'s.
///
/// ```
/// use cors_core::Origin;
/// use cors_core::browser::{CorsError, Engine, Fetch, Header, Response};
///
/// let page = Origin::parse(b"https://app.example.com")?;
/// let fetch = Fetch::new(page, "https://api.example.com/orders");
/// let headers = [Header::new("Access-Control-Allow-Origin", "http://app.example.com")];
/// let response = Response { status: 200, headers: &headers };
/// let error = fetch.check_response(Engine::Standard, &response).unwrap_err();
/// assert!(matches!(error, CorsError::AllowOriginMismatch { .. }));
/// assert_eq!(error.parameter().to_string(), "http://app.example.com");
/// # Ok::<(), cors_core::OriginError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// The status code, 100 to 999.
    pub status: u16,
    /// The header fields, one for each field line.
    pub headers: &'a [Header<'a>],
}

impl<'a> Response<'a> {
    /// Returns the joined value of the headers of this name, `None` where there is no such header.
    pub fn get(&self, name: &'static str) -> Option<CombinedValue<'a>> {
        CombinedValue::get(self.headers, name)
    }

    /// Like [`get`](Self::get), joined as this engine does.
    pub(crate) fn get_in(&self, engine: Engine, name: &'static str) -> Option<CombinedValue<'a>> {
        let value = self.get(name)?;
        Some(if engine.departs(Rule::DropsEmptyLines) { value.without_empty_lines() } else { value })
    }

    /// Returns the first `Location` of a response that redirects: its status is 301, 302, 303, 307 or 308.
    pub fn location(&self) -> Option<&'a [u8]> {
        let redirects = matches!(self.status, 301 | 302 | 303 | 307 | 308);
        self.get("location").filter(|_| redirects)?.lines().next()
    }

    /// True for a status from 200 to 299.
    pub fn is_ok_status(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
