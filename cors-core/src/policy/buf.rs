//! [`PolicyBuf`]: a policy that owns its image.

use core::fmt;

use heapless::Vec;

use crate::config::{CompileError, ConfigOf};
use crate::image::{Image, ImageError};
use crate::policy::view::Policy;

/// A policy that owns its image, in place: `N` bytes at most, on the stack, in a `static` or in another value.
///
/// ```
/// use cors_core::{Config, PolicyBuf};
///
/// let policy: PolicyBuf<256> =
///     PolicyBuf::compile(&Config { allow_origins: &["https://app.example.com"], ..Config::NEW })?;
/// assert_eq!(policy.policy().allow_origins().next(), Some("https://app.example.com"));
/// # Ok::<(), cors_core::CompileError<'_>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PolicyBuf<const N: usize> {
    image: Vec<u8, N>,
}

impl<const N: usize> PolicyBuf<N> {
    /// Checks and compiles a config.
    pub fn compile<'a>(config: &ConfigOf<'a, impl AsRef<str>>) -> Result<Self, CompileError<'a>> {
        let mut image = Vec::from_array([0; N]);
        let len = config.compile_into(&mut image)?.as_bytes().len();
        image.truncate(len);
        Ok(PolicyBuf { image })
    }

    /// Checks an image and copies it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ImageError> {
        let checked = Policy::from_bytes(bytes)?;
        let needed = checked.as_bytes().len();
        let image = Vec::from_slice(checked.as_bytes()).map_err(|_| ImageError::BufferTooSmall { needed })?;
        Ok(PolicyBuf { image })
    }

    /// Returns the policy.
    #[inline]
    pub fn policy(&self) -> Policy<'_> {
        Policy::new(Image::new(&self.image))
    }
}

impl<const N: usize> fmt::Debug for PolicyBuf<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.policy().fmt(f)
    }
}
