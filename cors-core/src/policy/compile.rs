//! [`Config::compile_into`](crate::Config::compile_into): a config becomes a policy (I3).

use crate::config::{CompileError, ConfigOf};
use crate::image::Image;
use crate::policy::view::Policy;

impl<'a, S: AsRef<str>> ConfigOf<'a, S> {
    /// Checks the config and compiles it into the front of `buffer`.
    ///
    /// The same config gives the same bytes, everywhere. Compiling allocates nothing, sorts the origins' hashes, and
    /// succeeds for each config without a problem, given room (C8).
    pub fn compile_into<'b>(&self, buffer: &'b mut [u8]) -> Result<Policy<'b>, CompileError<'a>> {
        Image::compile(self, buffer).map(Policy::new)
    }
}
