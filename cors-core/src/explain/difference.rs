//! [`Difference`]: one thing in which a text differs from the page's origin.

use core::fmt;

/// One thing in which a text, "it", differs from the page's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Difference {
    /// It ends in `/`.
    TrailingSlash,
    /// It has a path, a query or a fragment.
    Path,
    /// It has letters in upper case.
    Case,
    /// It writes its scheme's default port.
    DefaultPort,
    /// It has no scheme.
    MissingScheme,
    /// It has a user name.
    UserInfo,
    /// It stands in quotation marks.
    Quotes,
    /// It means the same and is spelled otherwise: a name in another script, a short IPv4 address.
    Spelling,
    /// It lists several origins.
    List,
    /// It is a pattern that allows the origin, and was sent to a browser, which knows none.
    LiteralPattern,
    /// Another scheme.
    Scheme,
    /// Another port, or one where the other has none.
    Port,
    /// The page has `www.` in front, and it has not.
    PageHasWww,
    /// It has `www.` in front, and the page has not.
    PageLacksWww,
    /// The page's host ends in a dot.
    PageHasDot,
    /// Its host ends in a dot.
    PageLacksDot,
    /// Two names of the same machine: `localhost`, 127.0.0.1, `[::1]`.
    Loopback,
    /// It is a wildcard for the names under the page's host.
    Apex,
    /// The page's host is a name under its.
    Subdomain,
    /// Its host is a name under the page's.
    Parent,
    /// One character differs, is missing or too many, or two are swapped.
    OneCharacter,
    /// Its host is another name under the same domain.
    Sibling,
}

impl Difference {
    const ALL: [Difference; 22] = [
        Difference::TrailingSlash,
        Difference::Path,
        Difference::Case,
        Difference::DefaultPort,
        Difference::MissingScheme,
        Difference::UserInfo,
        Difference::Quotes,
        Difference::Spelling,
        Difference::List,
        Difference::LiteralPattern,
        Difference::Scheme,
        Difference::Port,
        Difference::PageHasWww,
        Difference::PageLacksWww,
        Difference::PageHasDot,
        Difference::PageLacksDot,
        Difference::Loopback,
        Difference::Apex,
        Difference::Subdomain,
        Difference::Parent,
        Difference::OneCharacter,
        Difference::Sibling,
    ];

    /// Returns the name, as in JSON: `trailing-slash`.
    pub fn name(self) -> &'static str {
        match self {
            Difference::TrailingSlash => "trailing-slash",
            Difference::Path => "path",
            Difference::Case => "case",
            Difference::DefaultPort => "default-port",
            Difference::MissingScheme => "missing-scheme",
            Difference::UserInfo => "user-info",
            Difference::Quotes => "quotes",
            Difference::Spelling => "spelling",
            Difference::List => "list",
            Difference::LiteralPattern => "literal-pattern",
            Difference::Scheme => "scheme",
            Difference::Port => "port",
            Difference::PageHasWww => "page-has-www",
            Difference::PageLacksWww => "page-lacks-www",
            Difference::PageHasDot => "page-has-dot",
            Difference::PageLacksDot => "page-lacks-dot",
            Difference::Loopback => "loopback",
            Difference::Apex => "apex",
            Difference::Subdomain => "subdomain",
            Difference::Parent => "parent",
            Difference::OneCharacter => "one-character",
            Difference::Sibling => "sibling",
        }
    }

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
            Difference::OneCharacter => 5,
            Difference::Parent => 6,
            Difference::Sibling => 8,
            _ => 1,
        }
    }

    fn bit(self) -> u32 {
        1 << self as u8
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Difference::TrailingSlash => "it ends in a slash, and an origin has no path",
            Difference::Path => "it goes on after the host, and an origin ends there",
            Difference::Case => "it has capital letters, and browsers write an origin without",
            Difference::DefaultPort => "it has the scheme's default port, which browsers leave out",
            Difference::MissingScheme => "it has no scheme",
            Difference::UserInfo => "it has a user name",
            Difference::Quotes => "it stands in quotation marks",
            Difference::Spelling => "browsers spell it otherwise",
            Difference::List => "it lists several origins, and a browser takes one",
            Difference::LiteralPattern => "it is a pattern, and a browser knows none",
            Difference::Scheme => "the scheme differs",
            Difference::Port => "the port differs",
            Difference::PageHasWww => "the page has `www.` in front",
            Difference::PageLacksWww => "the page has no `www.` in front",
            Difference::PageHasDot => "the page's host ends in a dot",
            Difference::PageLacksDot => "the page's host ends in no dot",
            Difference::Loopback => "both are this machine, and to a browser two hosts",
            Difference::Apex => "its `*` stands for one label or more, and the page has none there",
            Difference::Subdomain => "the page is on a subdomain of it",
            Difference::Parent => "it is on a subdomain of the page's host",
            Difference::OneCharacter => "one character differs",
            Difference::Sibling => "it is another name under the same domain",
        })
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
