//! [`Difference`]: one thing in which a text differs from the page's origin.

use core::fmt;

use crate::named;

named! {
    /// One thing in which a text, "it", differs from the page's origin.
    #[non_exhaustive]
    pub enum Difference {
        /// It ends in `/`.
        TrailingSlash, "trailing-slash", "it ends in a slash, and an origin has no path";
        /// It has a path, a query or a fragment.
        Path, "path", "it goes on after the host, and an origin ends there";
        /// It has letters in upper case.
        Case, "case", "it has capital letters, and browsers write an origin without";
        /// It writes its scheme's default port.
        DefaultPort, "default-port", "it has the scheme's default port, which browsers leave out";
        /// It has no scheme.
        MissingScheme, "missing-scheme", "it has no scheme";
        /// It has a user name.
        UserInfo, "user-info", "it has a user name";
        /// It stands in quotation marks.
        Quotes, "quotes", "it stands in quotation marks";
        /// It means the same and is spelled otherwise: a name in another script, a short IPv4 address.
        Spelling, "spelling", "browsers spell it otherwise";
        /// It lists several origins.
        List, "list", "it lists several origins, and a browser takes one";
        /// It is a pattern that allows the origin, and was sent to a browser, which knows none.
        LiteralPattern, "literal-pattern", "it is a pattern, and a browser knows none";
        /// Another scheme.
        Scheme, "scheme", "the scheme differs";
        /// Another port, or one where the other has none.
        Port, "port", "the port differs";
        /// The page has `www.` in front, and it has not.
        PageHasWww, "page-has-www", "the page has `www.` in front";
        /// It has `www.` in front, and the page has not.
        PageLacksWww, "page-lacks-www", "the page has no `www.` in front";
        /// The page's host ends in a dot.
        PageHasDot, "page-has-dot", "the page's host ends in a dot";
        /// Its host ends in a dot.
        PageLacksDot, "page-lacks-dot", "the page's host ends in no dot";
        /// Two names of the same machine: `localhost`, 127.0.0.1, `[::1]`.
        Loopback, "loopback", "both are this machine, and to a browser two hosts";
        /// It is a wildcard for the names under the page's host.
        Apex, "apex", "its `*` stands for one label or more, and the page has none there";
        /// The page's host is a name under its.
        Subdomain, "subdomain", "the page is on a subdomain of it";
        /// Its host is a name under the page's.
        Parent, "parent", "it is on a subdomain of the page's host";
        /// One character differs, is missing or too many, or two are swapped.
        OneCharacter, "one-character", "one character differs";
        /// Its host is another name under the same domain.
        Sibling, "sibling", "it is another name under the same domain";
        /// Its host is another one of the same application's scheme, where hosts are no domains: `capacitor://` and
        /// `capacitor://localhost`, two installations of an extension.
        Host, "host", "the host differs";
    }
    /// Returns the name, as in JSON: `trailing-slash`.
    fn name;
    /// Returns the difference in a sentence.
    fn sentence, Display;
}

impl Difference {
    /// Returns how far it takes a text from the origin. A mere spelling is the closest.
    fn weight(self) -> u32 {
        match self {
            Difference::Scheme | Difference::Port => 2,
            Difference::PageHasWww
            | Difference::PageLacksWww
            | Difference::PageHasDot
            | Difference::PageLacksDot
            | Difference::Loopback
            | Difference::Apex => 3,
            Difference::Subdomain => 4,
            Difference::OneCharacter | Difference::Host => 5,
            Difference::Parent => 6,
            Difference::Sibling => 8,
            _ => 1,
        }
    }

    fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// A set of differences.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Differences(u32);

impl Differences {
    pub(super) fn insert(&mut self, difference: Difference) {
        self.0 |= difference.bit();
    }

    pub(super) fn has(self, difference: Difference) -> bool {
        self.0 & difference.bit() != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn union(self, other: Differences) -> Differences {
        Differences(self.0 | other.0)
    }

    pub(super) fn weight(self) -> u32 {
        self.iter().fold(0, |sum, difference| sum.saturating_add(difference.weight()))
    }

    /// Returns the differences in the order of the enum.
    pub(super) fn iter(self) -> impl Iterator<Item = Difference> + Clone {
        Difference::ALL.into_iter().filter(move |difference| self.has(*difference))
    }
}

impl FromIterator<Difference> for Differences {
    fn from_iter<I: IntoIterator<Item = Difference>>(differences: I) -> Self {
        Differences(differences.into_iter().fold(0, |bits, difference| bits | difference.bit()))
    }
}

impl fmt::Debug for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
