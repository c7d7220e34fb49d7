//! [`Message`]: an HTTP request as a server receives it, its field lines in their order.

use std::fmt;

use cors_core::Request;

/// A request that owns its texts.
#[derive(Clone, PartialEq)]
pub struct Message {
    /// The method's bytes.
    pub method: Vec<u8>,
    /// The field lines: names in any case, and values.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Message {
    /// Returns the values of the fields of that name, one for each line.
    pub fn values(&self, name: &str) -> Vec<&[u8]> {
        let lines = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        lines.map(|(_, value)| &value[..]).collect()
    }

    /// Returns the parts of the request that CORS looks at.
    pub fn request(&self) -> Request<'_> {
        Request::from_headers(&self.method, self.headers.iter().map(|(name, value)| (name, value)))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.method.escape_ascii().to_string())?;
        for (name, value) in &self.headers {
            write!(f, " [{name}: \"{}\"]", value.escape_ascii())?;
        }
        Ok(())
    }
}
