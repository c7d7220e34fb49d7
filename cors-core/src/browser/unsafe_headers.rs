//! The headers of a fetch that need a preflight, in the page's order and in that of their names.

use crate::browser::engine::{Engine, Rule};
use crate::browser::fetch::Fetch;
use crate::browser::header::{CombinedValue, Header, HeaderName};
use crate::browser::names::{SortedName, SortedNames};
use crate::browser::options::Api;
use crate::browser::safelist::{Joined, MAX_SAFE_VALUES_LEN, UnsafeHeader};

impl<'a> Fetch<'a> {
    /// Returns the headers that need a preflight, in the page's order, each with the reason.
    pub(crate) fn unsafe_headers(
        &self,
        engine: Engine,
    ) -> impl Iterator<Item = (HeaderName<'a>, UnsafeHeader)> + Clone + use<'a> {
        let safety = Safety::new(self, engine);
        safety.fetch.header_list(engine).filter_map(move |header| {
            let why = safety.check(header)?;
            Some((HeaderName::new(header.name()), why))
        })
    }

    /// Fetch, "CORS-unsafe request-header names": sorted, in lower case, each once.
    pub(crate) fn unsafe_names(&self, engine: Engine) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        self.sorted_names(engine).map(|each| each.name)
    }

    /// Returns the names of [`unsafe_names`](Self::unsafe_names) that a response does not list.
    pub(crate) fn unlisted_names(
        &self,
        engine: Engine,
        listed: Option<CombinedValue<'a>>,
    ) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        self.sorted_in_list(engine, listed).filter(|each| !each.is_listed).map(|each| each.name)
    }

    /// Returns the names that need a preflight, in their order, with their counts.
    pub(crate) fn sorted_names(
        &self,
        engine: Engine,
    ) -> impl Iterator<Item = SortedName<'a>> + Clone + use<'a> {
        self.sorted_in_list(engine, None)
    }

    /// Returns the names that need a preflight, in their order, and whether a list has them.
    fn sorted_in_list(
        &self,
        engine: Engine,
        list: Option<CombinedValue<'a>>,
    ) -> impl Iterator<Item = SortedName<'a>> + Clone + use<'a> {
        let safety = Safety::new(self, engine);
        let fetch = safety.fetch;
        let headers = fetch.headers.iter().chain(fetch.default_header(engine));
        SortedNames::new(headers, move |header| fetch.sends(engine, header) && safety.check(header).is_some())
            .in_list(list)
    }

    /// True if a header of this name needs a preflight.
    pub(crate) fn needs_name(&self, engine: Engine, name: HeaderName<'_>) -> bool {
        self.unsafe_headers(engine).any(|(other, _)| other == name)
    }
}

/// The facts about all headers that the check of each of them needs.
#[derive(Clone, Copy)]
struct Safety<'a> {
    /// The fetch whose headers the engine asks about.
    fetch: Fetch<'a>,
    engine: Engine,
    joined: Joined,
    too_long: Option<UnsafeHeader>,
}

impl<'a> Safety<'a> {
    fn new(fetch: &Fetch<'a>, engine: Engine) -> Self {
        let fetch = if engine.departs(Rule::RedirectedPreflightNamesAll) { fetch.first() } else { *fetch };
        // `setRequestHeader()` has joined the headers of one name before the check (Fetch, "combine"); those of `fetch()`
        // are checked one by one.
        let joins = fetch.api == Api::XmlHttpRequest || engine.departs(Rule::JoinsHeadersOfOneName);
        let joined = Joined::new(engine, if joins { fetch.headers } else { &[] });
        let together = fetch
            .header_list(engine)
            .filter(|header| joined.check(engine, header).is_none())
            .fold(0_usize, |sum, header| sum.saturating_add(header.value().len()));
        let too_long = (together > MAX_SAFE_VALUES_LEN && !engine.departs(Rule::NoLimitTogether))
            .then_some(UnsafeHeader::TooLongTogether { len: together });
        Safety { fetch, engine, joined, too_long }
    }

    /// Returns why the header needs a preflight, `None` if it needs none.
    fn check(&self, header: &Header<'_>) -> Option<UnsafeHeader> {
        self.joined.check(self.engine, header).or(self.too_long)
    }
}
