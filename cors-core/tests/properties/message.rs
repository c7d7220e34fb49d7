//! [`Message`]: an HTTP request as it comes, its field lines in their order.

use std::fmt;

use cors_core::Request;

#[derive(Clone, PartialEq)]
pub(crate) struct Message {
    pub(crate) method: Vec<u8>,
    /// Names in any case.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
}

impl Message {
    /// The values of the field of that name, a line each.
    pub(crate) fn values(&self, name: &str) -> Vec<&[u8]> {
        let lines = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        lines.map(|(_, value)| &value[..]).collect()
    }

    pub(crate) fn request(&self) -> Request<'_> {
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
