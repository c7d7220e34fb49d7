//! [`Engine`]: whose browser, and where each departs from the Fetch standard (rule B2).

use core::fmt;

/// The Fetch standard, or a browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// The Fetch standard to the letter.
    Standard,
    /// Chrome, Edge, Opera and others; as measured in version 156.
    Chromium,
    /// Firefox; as measured in version 153.
    Firefox,
    /// Safari, and every browser on iOS; as measured in `WebKitGTK` 2.50.
    WebKit,
}

impl Engine {
    /// The standard, then the engines.
    pub const ALL: [Engine; 4] = [Engine::Standard, Engine::Chromium, Engine::Firefox, Engine::WebKit];

    /// The name in lower case: `standard`, `chromium`, `firefox` or `webkit`.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Standard => "standard",
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::WebKit => "webkit",
        }
    }

    /// The engine of that name, in any case.
    ///
    /// ```
    /// use cors_core::browser::Engine;
    ///
    /// assert_eq!(Engine::from_name("Firefox"), Some(Engine::Firefox));
    /// ```
    pub fn from_name(name: &str) -> Option<Engine> {
        Engine::ALL.into_iter().find(|engine| engine.name().eq_ignore_ascii_case(name))
    }

    /// Where this engine departs from the standard.
    pub fn departures(self) -> impl Iterator<Item = &'static Departure> + Clone {
        DEPARTURES.iter().filter(move |departure| departure.engine == self)
    }

    pub(crate) fn departs(self, rule: Rule) -> bool {
        self.departures().any(|departure| departure.rule == rule)
    }

    /// The most that a number in `range` may be for the header to need no preflight.
    pub(crate) fn range_limit(self) -> Option<u64> {
        self.departures().find_map(|departure| match departure.rule {
            Rule::RangeLimit(limit) => Some(limit),
            _ => None,
        })
    }

    /// The most seconds that the answer to a preflight is kept.
    pub(crate) fn max_age_limit(self) -> Option<u32> {
        self.departures().find_map(|departure| match departure.rule {
            Rule::MaxAgeLimit(limit) => Some(limit),
            _ => None,
        })
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One departure of an engine from the Fetch standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure {
    /// Whose it is.
    pub engine: Engine,
    /// What the engine does instead.
    pub rule: Rule,
    /// How that is known.
    pub evidence: Evidence,
}

/// What an engine does that the Fetch standard does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// `Access-Control-Allow-Headers: *` covers `authorization`, too.
    WildcardCoversAuthorization,
    /// Client hints (`dpr`, `width`, `viewport-width`, `device-memory`, `downlink`, `rtt`, `ect`, `save-data`) and
    /// `intervention` need no preflight where their values are well-formed.
    ClientHintsAreSafelisted,
    /// `user-agent` is treated as a forbidden header: it needs no preflight and is in none.
    UserAgentIsForbidden,
    /// A byte above 0x7F in `accept` or `content-type` is unsafe.
    NonAsciiIsUnsafe,
    /// A comma in `content-type` begins another media type, and two are unsafe.
    CommaEndsMediaType,
    /// A number in `range` above this one is unsafe.
    RangeLimit(u64),
    /// The unit of `range` may be in any case.
    RangeUnitInAnyCase,
    /// No answer to a preflight is kept for more than these seconds.
    MaxAgeLimit(u32),
    /// An `Access-Control-Max-Age` below zero is zero.
    NegativeMaxAgeIsZero,
    /// An `Access-Control-Max-Age` may have a `+` in front.
    MaxAgeMayHavePlus,
    /// An `Access-Control-Max-Age` that is no number keeps nothing, except an empty one.
    UnreadableMaxAgeKeepsNothing,
    /// An `Access-Control-Max-Age` beyond 63 bits is no number.
    HugeMaxAgeIsUnreadable,
    /// GET, HEAD and POST need not be among the methods of a kept answer to a preflight that was for the body's sake.
    SafelistedMethodsAreKept,
    /// `*` in a kept answer to a preflight stands for no method and no header.
    WildcardIsNotKept,
    /// The method is looked for before `Access-Control-Allow-Headers` is read.
    MethodBeforeHeaders,
    /// A redirected preflight fails for that, whatever fields it has.
    RedirectBeforeCheck,
}

/// How a departure is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The cases of `tests/vectors/browser-cases.json` in which the engine did so, by their ids.
    Cases(&'static [&'static str]),
    /// Measured in the same engine, in cases that are not in that file.
    Measured,
    /// Read in the engine's source, in this function, or in its documentation.
    Source(&'static str),
}

const fn row(engine: Engine, rule: Rule, evidence: Evidence) -> Departure {
    Departure { engine, rule, evidence }
}

/// Every known departure.
pub static DEPARTURES: [Departure; 27] = {
    use Engine::{Chromium, Firefox, WebKit};
    use Evidence::{Cases, Measured, Source};
    [
        row(Chromium, Rule::WildcardCoversAuthorization, Cases(&["hdr.auth.star"])),
        row(Firefox, Rule::WildcardCoversAuthorization, Cases(&["hdr.auth.star"])),
        row(WebKit, Rule::WildcardCoversAuthorization, Cases(&["hdr.auth.star"])),
        row(Chromium, Rule::ClientHintsAreSafelisted, Cases(&["safe.dl", "safe.rtt", "safe.viewport"])),
        row(Chromium, Rule::UserAgentIsForbidden, Measured),
        row(Firefox, Rule::NonAsciiIsUnsafe, Cases(&["safe.accept.ch.80", "safe.ct.ch.e9"])),
        row(Firefox, Rule::CommaEndsMediaType, Measured),
        // `ParseFetchSingleRange` saturates at the greatest `int64_t`, which is then refused.
        row(Chromium, Rule::RangeLimit(i64::MAX as u64 - 1), Cases(&[BIG_RANGE])),
        row(Firefox, Rule::RangeLimit(u64::MAX), Cases(&[BIG_RANGE])),
        row(WebKit, Rule::RangeLimit(i64::MAX as u64), Cases(&[BIG_RANGE])),
        row(WebKit, Rule::RangeUnitInAnyCase, Cases(&["safe.range.v7.BYTES=0-"])),
        row(Chromium, Rule::MaxAgeLimit(7_200), Measured),
        row(Firefox, Rule::MaxAgeLimit(86_400), Source("nsCORSPreflightListener::AddResultToCache")),
        row(WebKit, Rule::MaxAgeLimit(600), Source("CrossOriginPreflightResultCacheItem::create")),
        row(Chromium, Rule::NegativeMaxAgeIsZero, Cases(&["max.v3.-1"])),
        row(WebKit, Rule::NegativeMaxAgeIsZero, Cases(&["max.v3.-1"])),
        row(Chromium, Rule::MaxAgeMayHavePlus, Source("ParseAccessControlMaxAge")),
        row(WebKit, Rule::MaxAgeMayHavePlus, Source("parseAccessControlMaxAge")),
        row(
            Firefox,
            Rule::UnreadableMaxAgeKeepsNothing,
            Cases(&["max.v3.-1", "max.v6.+600", "max.v11.600, 600", "max.lines"]),
        ),
        row(Chromium, Rule::HugeMaxAgeIsUnreadable, Source("ParseAccessControlMaxAge")),
        row(WebKit, Rule::HugeMaxAgeIsUnreadable, Source("parseAccessControlMaxAge")),
        row(Chromium, Rule::SafelistedMethodsAreKept, Source("PreflightResult::EnsureAllowedRequest")),
        row(Firefox, Rule::SafelistedMethodsAreKept, Source("CORSCacheEntry::CheckRequest")),
        row(
            WebKit,
            Rule::SafelistedMethodsAreKept,
            Source("CrossOriginPreflightResultCacheItem::allowsRequest"),
        ),
        row(Firefox, Rule::WildcardIsNotKept, Cases(&["cache.star.then.auth"])),
        row(
            Firefox,
            Rule::MethodBeforeHeaders,
            Source("nsCORSPreflightListener::CheckPreflightRequestApproved"),
        ),
        row(Chromium, Rule::RedirectBeforeCheck, Source("PreflightLoader::HandleRedirect")),
    ]
};

const BIG_RANGE: &str = "safe.range.v12.bytes=1-99999999999999999999";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for engine in Engine::ALL {
            assert_eq!(Engine::from_name(engine.name()), Some(engine));
        }
        assert_eq!(Engine::from_name("presto"), None);
    }

    #[test]
    fn the_standard_departs_nowhere_and_each_engine_says_a_thing_once() {
        assert_eq!(Engine::Standard.departures().count(), 0);
        for (index, departure) in DEPARTURES.iter().enumerate() {
            let again = DEPARTURES[..index]
                .iter()
                .any(|other| (other.engine, other.rule) == (departure.engine, departure.rule));
            assert!(!again, "{departure:?}");
        }
    }
}
