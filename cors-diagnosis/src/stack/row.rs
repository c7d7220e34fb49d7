//! [`Row`]: all that is known of a stack, as data.

use super::signs::Sign;

/// A stack.
pub(super) struct Row {
    /// As on the command line, in lower case.
    pub(super) name: &'static str,
    pub(super) other_names: &'static [&'static str],
    /// As a person writes it.
    pub(super) title: &'static str,
    pub(super) layer: Layer,
    /// True if `tests/stacks` starts the software with the snippet.
    pub(super) is_run: bool,
    /// How responses tell it.
    pub(super) signs: &'static [Sign],
    /// What to install, or a command that takes the file.
    pub(super) command: Option<&'static str>,
    /// The files, or places of one file.
    pub(super) parts: &'static [Template],
    /// Sentences for the person who takes the lines over.
    pub(super) notes: &'static [&'static str],
    /// What this stack cannot say.
    pub(super) limits: Limits,
}

/// The lines of one place, with placeholders: see the module `template`.
pub(super) struct Template {
    /// The file, and where in it.
    pub(super) place: &'static str,
    /// The language, as Markdown names it.
    pub(super) language: &'static str,
    /// What stands before, between and after the elements of a list.
    pub(super) list: [&'static str; 3],
    pub(super) text: &'static str,
}

/// Elements in single quotation marks.
pub(super) const SINGLE: [&str; 3] = ["'", "', '", "'"];
/// Elements in double quotation marks.
pub(super) const DOUBLE: [&str; 3] = ["\"", "\", \"", "\""];
/// Elements with spaces between them.
pub(super) const SPACES: [&str; 3] = ["", " ", ""];

/// What a stack's configuration has no words for.
pub(super) struct Limits {
    /// The methods that it can allow, where that is not any.
    pub(super) methods: Option<&'static [&'static str]>,
    /// Whether it can send Access-Control-Allow-Credentials.
    pub(super) credentials: bool,
    /// Whether it can list an origin whose host is an IPv6 address.
    pub(super) ipv6: bool,
}

/// No limits.
pub(super) const NONE: Limits = Limits { methods: None, credentials: true, ipv6: true };

/// What kind of software a stack is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// A framework that the application is written with: the place for CORS, if the application is yours.
    Application,
    /// A server or a gateway, mostly before an application.
    Gateway,
    /// A store or a network of somebody else's, configured by a console or a command.
    Service,
}
