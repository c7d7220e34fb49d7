//! [`RequestHead`]: the parts of a request that a closure sees.

use http::{Extensions, HeaderMap, Method, Uri};

/// A request without its body, as [`CompiledPolicy::allow_origins_by`](crate::CompiledPolicy::allow_origins_by) gets it.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'r> {
    method: &'r Method,
    uri: &'r Uri,
    headers: &'r HeaderMap,
    extensions: &'r Extensions,
}

impl<'r> RequestHead<'r> {
    #[inline]
    pub(crate) fn of<B>(request: &'r http::Request<B>) -> Self {
        RequestHead {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
            extensions: request.extensions(),
        }
    }

    /// Returns the method; a preflight's is `OPTIONS`, whatever it asks for.
    pub fn method(&self) -> &'r Method {
        self.method
    }

    /// Returns the target, as the layer gets it: a router of axum that is nested in another one has taken its prefix off.
    pub fn uri(&self) -> &'r Uri {
        self.uri
    }

    /// Returns the header fields. A preflight has neither cookies nor `authorization`.
    pub fn headers(&self) -> &'r HeaderMap {
        self.headers
    }

    /// Returns what layers further out have added to the request, such as the client's address.
    pub fn extensions(&self) -> &'r Extensions {
        self.extensions
    }

    /// Returns the target that the browser sent (A9). A router that is nested in another one sees the rest of it.
    #[inline]
    pub(crate) fn sent_uri(&self) -> &'r Uri {
        #[cfg(feature = "axum")]
        if let Some(axum::extract::OriginalUri(uri)) = self.extensions.get() {
            return uri;
        }
        self.uri
    }
}
