//! [`Rule`]: what a configuration of any format says, with the place of each value; and how its program behaves.

use std::ops::Range;

use crate::matcher::Matcher;

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// A rule: these origins may do this.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) program: &'static Program,
    pub(crate) span: Range<usize>,
    pub(crate) origins: Vec<OriginEntry>,
    pub(crate) methods: Vec<Spot<String>>,
    pub(crate) headers: Vec<Spot<String>>,
    pub(crate) exposed: Vec<Spot<String>>,
    /// None where it does not stand there.
    pub(crate) credentials: Option<Spot<bool>>,
    pub(crate) max_age: Option<Spot<i64>>,
    /// The branch of a program in which the rule holds, in place of another: it is no part of that.
    pub(crate) branch: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct OriginEntry {
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
    pub(crate) matcher: Matcher,
}

/// How the program that reads a format behaves, as far as the same rule means another thing there.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) title: &'static str,
    pub(crate) credentials: Credentials,
    pub(crate) any_with_credentials: AnyWithCredentials,
    /// Whether a `*` among the headers stands for what the page asks, and is not sent as it is.
    pub(crate) echoes_headers: bool,
    pub(crate) method_star: MethodStar,
    /// The methods that the format takes, if not all.
    pub(crate) methods: Option<&'static [&'static str]>,
    /// Whether `*` stands for any method.
    pub(crate) any_method: bool,
    /// True where GET, HEAD and POST have to be listed, too.
    pub(crate) lists_simple_methods: bool,
    /// What lacks of `Vary`, and what to do: none where it is sent.
    pub(crate) vary: Option<(&'static str, &'static str)>,
    /// What a rule without a max-age means, if that is not 5 seconds.
    pub(crate) max_age_default: Option<i64>,
    /// What this program does that people do not expect.
    pub(crate) notes: &'static [(Condition, &'static str, &'static str, &'static str)],
}

/// What becomes of a `*` among the methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MethodStar {
    /// The same as of one among the headers.
    AsHeaders,
    /// It is sent as it is, whatever becomes of that.
    Sent,
}

/// Where a note applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Always,
    /// Where some origins are listed.
    Listed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// A field says, which is off or on where it does not stand.
    Field(bool),
    /// Listed origins always get them, `*` never.
    OfListed,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnyWithCredentials {
    /// The program sends back whatever origin asks.
    Echoed,
    /// The program sends `*`, which browsers refuse with credentials.
    SentAsStar,
    /// The format refuses it.
    Refused,
}

/// A program without peculiarities, to begin a row with.
pub(crate) const PLAIN: Program = Program {
    title: "",
    credentials: Credentials::Field(false),
    any_with_credentials: AnyWithCredentials::SentAsStar,
    echoes_headers: false,
    method_star: MethodStar::AsHeaders,
    methods: None,
    any_method: true,
    lists_simple_methods: false,
    vary: None,
    max_age_default: None,
    notes: &[],
};

impl Rule {
    pub(crate) fn new(program: &'static Program, span: Range<usize>) -> Self {
        Rule {
            program,
            span,
            origins: Vec::new(),
            methods: Vec::new(),
            headers: Vec::new(),
            exposed: Vec::new(),
            credentials: None,
            max_age: None,
            branch: None,
        }
    }

    /// Returns the places of the rule and of its values.
    pub(crate) fn spans(&mut self) -> impl Iterator<Item = &mut Range<usize>> {
        let origins = self.origins.iter_mut().map(|origin| &mut origin.span);
        let names = [&mut self.methods, &mut self.headers, &mut self.exposed]
            .into_iter()
            .flat_map(|names| names.iter_mut().map(|name| &mut name.span));
        let credentials = self.credentials.iter_mut().map(|spot| &mut spot.span);
        let max_age = self.max_age.iter_mut().map(|spot| &mut spot.span);
        [&mut self.span].into_iter().chain(origins).chain(names).chain(credentials).chain(max_age)
    }

    /// Returns whether a `*` among the methods is sent as it is, which browsers take for a name where credentials are sent.
    pub(crate) fn sends_method_star(&self) -> bool {
        !self.program.echoes_headers || self.program.method_star == MethodStar::Sent
    }

    pub(crate) fn allows_any_origin(&self) -> bool {
        self.origins.iter().any(|origin| origin.matcher == Matcher::Any)
    }

    /// Returns whether a page of a listed origin may ask with credentials.
    pub(crate) fn has_credentials(&self) -> bool {
        match self.program.credentials {
            Credentials::Field(default) => self.credentials.as_ref().map_or(default, |spot| spot.value),
            Credentials::OfListed => !self.allows_any_origin() && !self.origins.is_empty(),
            Credentials::Never => false,
        }
    }
}
