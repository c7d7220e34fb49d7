//! [`Policy`]: a view over an image.

use core::fmt;

use crate::config::Risk;
use crate::image::layout::{Section, flag};
use crate::image::{self, Image, ImageError};

/// A checked, compiled config: a view over the bytes of an image.
///
/// A policy is a few words, and `Copy`: any number of threads may share one. Evaluating allocates nothing, never panics, and
/// takes time that does not grow with the number of origins.
///
/// # Limits
///
/// An `Origin` longer than [`Origin::MAX_LEN`](crate::Origin::MAX_LEN) is denied unread. So is an
/// `Access-Control-Request-Headers` of more than [`MAX_REQUEST_HEADERS_LEN`](Self::MAX_REQUEST_HEADERS_LEN) bytes or
/// [`Request::MAX_HEADER_LINES`](crate::Request::MAX_HEADER_LINES) lines. A policy that echoes the names denies more than
/// [`MAX_ECHOED_NAMES`](Self::MAX_ECHOED_NAMES) of them.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    pub(crate) image: Image<'a>,
}

impl<'a> Policy<'a> {
    /// The version of the image format that this crate writes and reads.
    pub const IMAGE_VERSION: u16 = image::VERSION;

    /// The most bytes of `Access-Control-Request-Headers` that are read, all lines together.
    pub const MAX_REQUEST_HEADERS_LEN: usize = 8192;

    /// The most names in an `Access-Control-Request-Headers` that a policy echoes.
    pub const MAX_ECHOED_NAMES: usize = 128;

    pub(crate) fn new(image: Image<'a>) -> Self {
        Policy { image }
    }

    /// Checks the bytes of an image, and returns the policy in them.
    ///
    /// Any bytes may be given; checking takes time linear in their length. Bytes that pass are those that some config
    /// compiles to: evaluating them is safe whoever made them.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, ImageError> {
        Image::check(bytes).map(Policy::new)
    }

    /// Returns the policy in bytes that [`from_bytes`](Self::from_bytes) has accepted before, or that
    /// [`compile_into`](crate::Config::compile_into) has written. The bytes are not checked again.
    ///
    /// This is for callers that keep a policy as its bytes alone, across a C interface or in flash. Other bytes give wrong
    /// decisions and do no other harm: no panic, no access outside of the bytes.
    pub const fn from_trusted_bytes(bytes: &'a [u8]) -> Self {
        Policy { image: Image::new(bytes) }
    }

    /// Returns true if `bytes` begin as an image does, damaged or not, and so cannot be a policy file, which is text.
    ///
    /// ```
    /// use cors_core::Policy;
    ///
    /// assert!(Policy::is_image(b"cors\x01\0\0\0"));
    /// assert!(!Policy::is_image(b"cors_origins = []"));
    /// ```
    pub fn is_image(bytes: &[u8]) -> bool {
        image::is_image(bytes)
    }

    /// Returns the bytes of the image, as [`from_bytes`](Self::from_bytes) takes them.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.image.as_bytes()
    }

    /// Returns the checksum at the end of the image. Equal policies have equal checksums.
    pub fn checksum(&self) -> u64 {
        self.image.checksum()
    }

    /// Returns true if the policy answers every origin with `*`, and so does not look at origins (E3).
    pub(crate) fn is_public(&self) -> bool {
        self.image.is_public()
    }
}

/// What the policy allows, read back from the image: methods as Fetch normalizes them, header names in lower case.
impl<'a> Policy<'a> {
    /// Returns [`Config::allow_origins`](crate::Config::allow_origins), as written and in that order.
    pub fn allow_origins(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.image.origins()
    }

    /// Returns [`Config::allow_methods`](crate::Config::allow_methods).
    pub fn allow_methods(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.image.names(Section::AllowMethods)
    }

    /// Returns [`Config::allow_headers`](crate::Config::allow_headers).
    pub fn allow_headers(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.image.names(Section::AllowHeaders)
    }

    /// Returns [`Config::expose_headers`](crate::Config::expose_headers), except the names that a page may read anyway.
    pub fn expose_headers(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.image.names(Section::ExposeHeaders)
    }

    /// Returns [`Config::allow_credentials`](crate::Config::allow_credentials).
    #[inline]
    pub fn allow_credentials(&self) -> bool {
        self.image.has(flag::CREDENTIALS)
    }

    /// Returns [`Config::max_age`](crate::Config::max_age), in seconds.
    pub fn max_age(&self) -> Option<u32> {
        self.image.names(Section::MaxAge).next()?.parse().ok()
    }

    /// Returns [`Config::allow_private_network`](crate::Config::allow_private_network).
    pub fn allow_private_network(&self) -> bool {
        self.image.has(flag::PRIVATE_NETWORK)
    }

    /// Returns [`Config::preflight_status`](crate::Config::preflight_status).
    pub fn preflight_status(&self) -> u16 {
        self.image.preflight_status()
    }

    /// Returns [`Config::accept_risks`](crate::Config::accept_risks), in the order of [`Risk::ALL`].
    pub fn accept_risks(&self) -> impl Iterator<Item = Risk> + Clone + use<> {
        let risks = self.image.risks();
        Risk::ALL.into_iter().filter(move |risk| risks & risk.bit() != 0)
    }
}

impl fmt::Debug for Policy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("image_len", &self.as_bytes().len())
            .field("allow_credentials", &self.allow_credentials())
            .finish_non_exhaustive()
    }
}

/// Two policies are equal if their images are.
impl PartialEq for Policy<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Policy<'_> {}
