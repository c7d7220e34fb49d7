//! [`Risk`]: the settings that are refused until the config accepts them (C6).

use crate::named;

named! {
    /// A setting that is legal and dangerous. It is refused until [`Config::accept_risks`](crate::Config::accept_risks)
    /// names it.
    #[non_exhaustive]
    pub enum Risk: u8 {
        /// `null` among the origins.
        NullOrigin = 1,
            "any site can send the origin `null`, from a sandboxed frame, so this allows every site";
        /// `*` among the origins, with credentials: any origin is then echoed.
        AnyOriginWithCredentials = 2, "any site that a signed-in user visits can act and read as that user";
        /// With credentials, an origin of http or ftp that is not on this machine.
        InsecureOrigin = 3,
            "whoever controls a network on the user's way can put a script into that page and read as the user";
        /// With credentials, a wildcard under which strangers have names, such as `*.github.io`.
        PublicSuffix = 4, "anyone can register a name under it and read as a signed-in user";
        /// `file://` among the origins.
        LocalFileOrigin = 5,
            "any file that a person opens can send the origin `file://`, one from a mail or a download, too";
    }
    /// Returns the name, as a policy file spells it: `NullOrigin`.
    fn name = variant, Display;
    /// Returns what can go wrong, in one sentence.
    fn consequence;
}

impl Risk {
    /// Returns the risk's bit in an image.
    pub(crate) const fn bit(self) -> u8 {
        1 << (self as u8 - 1)
    }
}
