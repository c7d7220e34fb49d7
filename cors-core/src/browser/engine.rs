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

    /// Returns the name in lower case: `standard`, `chromium`, `firefox` or `webkit`.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Standard => "standard",
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::WebKit => "webkit",
        }
    }

    /// Returns the name in a sentence: `the standard`, `Chromium`, `Firefox` or `WebKit`.
    pub fn title(self) -> &'static str {
        match self {
            Engine::Standard => "the standard",
            Engine::Chromium => "Chromium",
            Engine::Firefox => "Firefox",
            Engine::WebKit => "WebKit",
        }
    }

    /// Returns the engine of that name, in any case.
    ///
    /// ```
    /// use cors_core::browser::Engine;
    ///
    /// assert_eq!(Engine::from_name("Firefox"), Some(Engine::Firefox));
    /// ```
    pub fn from_name(name: &str) -> Option<Engine> {
        Engine::ALL.into_iter().find(|engine| engine.name().eq_ignore_ascii_case(name))
    }

    /// Returns this engine's departures from the standard.
    pub fn departures(self) -> impl Iterator<Item = &'static Departure> + Clone {
        DEPARTURES.iter().filter(move |departure| departure.engine == self)
    }

    pub(crate) fn departs(self, rule: Rule) -> bool {
        self.departures().any(|departure| departure.rule == rule)
    }

    /// Returns the greatest number in a `range` that needs no preflight.
    pub(crate) fn range_limit(self) -> Option<u64> {
        self.departures().find_map(|departure| match departure.rule {
            Rule::RangeLimit(limit) => Some(limit),
            _ => None,
        })
    }

    /// Returns the most seconds that the answer to a preflight is kept.
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
    /// The engine that departs.
    pub engine: Engine,
    /// What the engine does instead.
    pub rule: Rule,
    /// How that is known.
    pub evidence: Evidence,
}

/// Something that an engine does and the Fetch standard does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// `Access-Control-Allow-Headers: *` covers `authorization`, too.
    WildcardCoversAuthorization,
    /// Client hints (`dpr`, `width`, `viewport-width`, `device-memory`, `downlink`, `rtt`, `ect`, `save-data`) and
    /// `intervention` need no preflight where their values are well-formed.
    ClientHintsAreSafelisted,
    /// `user-agent` is a forbidden header: it needs no preflight and is in none.
    UserAgentIsForbidden,
    /// A byte above 0x7F in `accept` or `content-type` is unsafe.
    NonAsciiIsUnsafe,
    /// A `content-type` is read more loosely, and may have no comma in it, nor a `;` at its end after another.
    OwnMediaTypes,
    /// A number in `range` above this one is unsafe.
    RangeLimit(u64),
    /// The unit of `range` may be in any case.
    RangeUnitInAnyCase,
    /// The numbers of `range` may have a `+` in front.
    RangeNumbersMayHavePlus,
    /// `fetch()` joins the values of headers of one name before they are looked at, as `XMLHttpRequest` does.
    JoinsHeadersOfOneName,
    /// Safelisted headers may be of any length together.
    NoLimitTogether,
    /// A name that a page sets twice with `fetch()` is in the preflight twice.
    RepeatsNames,
    /// Listeners on `XMLHttpRequest.upload` need no preflight where there is no body to upload.
    ListenersNeedBody,
    /// An empty header line is ignored if another line of the same name has a value.
    DropsEmptyLines,
    /// A response with an empty `Location` is not a redirect.
    EmptyLocationIsNone,
    /// A redirected preflight fails for the redirect, whatever fields the response has.
    RedirectBeforeCheck,
    /// The method is looked for before `Access-Control-Allow-Headers` is read.
    MethodBeforeHeaders,
    /// The error names the header that comes first in a hash table, if several are not allowed.
    NamesHeaderByHash,
    /// `*` in an `Access-Control-Expose-Headers` holds though something malformed follows.
    WildcardBeforeMalformed,
    /// After a redirect there is a preflight again, if there was one before, even where the request needs none.
    RedirectKeepsPreflight,
    /// Like `RedirectKeepsPreflight`, for a fetch that starts same-origin and would need a preflight cross-origin.
    RedirectKeepsOwnPreflight,
    /// A preflight after redirects is sent and checked with the page's origin, although the request has `null`.
    RedirectedPreflightHasOrigin,
    /// A preflight after a redirect asks for all headers of the page, including those that do not go on.
    RedirectedPreflightNamesAll,
    /// DELETE becomes GET when a redirect leads to another origin, whatever its status.
    DeleteBecomesGetElsewhere,
    /// Fonts are asked for in the mode `no-cors`.
    FontsAreNoCors,
    /// No answer to a preflight is kept for more than these seconds.
    MaxAgeLimit(u32),
    /// An `Access-Control-Max-Age` below zero is zero.
    NegativeMaxAgeIsZero,
    /// An `Access-Control-Max-Age` may have a `+` in front.
    MaxAgeMayHavePlus,
    /// An `Access-Control-Max-Age` that is not a number keeps nothing, unless it is empty.
    UnreadableMaxAgeKeepsNothing,
    /// An `Access-Control-Max-Age` beyond 63 bits is not a number.
    HugeMaxAgeIsUnreadable,
    /// `*` in a kept answer to a preflight stands for no method and no header.
    WildcardIsNotKept,
    /// `*` in a kept answer to a preflight covers `authorization`, too.
    KeptWildcardCoversAuthorization,
    /// A kept preflight that was needed only for the body (stream, upload listener) allows GET, HEAD and POST unlisted.
    SafelistedMethodsAreKept,
    /// HEAD has to be among the methods of a kept answer to a preflight.
    HeadIsKeptByName,
    /// No answer to a preflight from an opaque origin is kept.
    OpaqueOriginKeepsNothing,
    /// The answer to a preflight is dropped when a response fails the check.
    FailureDropsKept,
    /// An http address of this machine is mixed content to an https page, as any other.
    LoopbackIsMixed,
    /// An http address of a private network, written as a number or under `.local`, is no mixed content: local network access decides.
    PrivateAddressesAreNotMixed,
    /// A request is sent to this port, which is one of the standard's bad ports.
    AsksPort(u16),
    /// An image at an IP address is asked for by https, too, where an https page asks by http.
    UpgradesImagesAtAddresses,
    /// A page reaches the local network and this machine without a permission.
    NoLocalNetworkAccess,
    /// A page of http may have the permission for the local network as well as one of https.
    InsecurePagesAskForLocalNetwork,
}

/// How a departure is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The cases of `tests/vectors/browser-cases.json` in which the engine did so, by their ids.
    Cases(&'static [&'static str]),
    /// The cases of `cors-core/tests/browser/measured.json` in which the engine did so, by their ids.
    Measured(&'static [&'static str]),
    /// The cases of `tests/e2e/matrix.mjs` or `tests/e2e/before.mjs` in which the engine did so, by their names.
    EndToEnd(&'static [&'static str]),
    /// Read in the engine's source code, at this path.
    Source(&'static str),
}

const fn row(engine: Engine, rule: Rule, evidence: Evidence) -> Departure {
    Departure { engine, rule, evidence }
}

/// Every known departure.
pub static DEPARTURES: [Departure; 55] = {
    use Engine::{Chromium, Firefox, WebKit};
    use Evidence::{Cases, EndToEnd, Measured, Source};
    [
        // What goes nowhere.
        row(WebKit, Rule::LoopbackIsMixed, EndToEnd(&["loopback from https"])),
        row(
            Chromium,
            Rule::PrivateAddressesAreNotMixed,
            EndToEnd(&["private address from https", "local name from https"]),
        ),
        row(Firefox, Rule::UpgradesImagesAtAddresses, EndToEnd(&["image at an address"])),
        row(Chromium, Rule::AsksPort(4190), EndToEnd(&["port 4190"])),
        row(Chromium, Rule::AsksPort(6679), EndToEnd(&["port 6679"])),
        row(
            WebKit,
            Rule::NoLocalNetworkAccess,
            EndToEnd(&["loopback from http", "private address by https"]),
        ),
        row(Firefox, Rule::InsecurePagesAskForLocalNetwork, EndToEnd(&["loopback from http"])),
        // What goes out.
        row(Chromium, Rule::ClientHintsAreSafelisted, Cases(&["safe.dl", "safe.rtt", "safe.viewport"])),
        row(Chromium, Rule::UserAgentIsForbidden, Measured(&["user-agent"])),
        row(Firefox, Rule::NonAsciiIsUnsafe, Cases(&["safe.accept.ch.80", "safe.ct.ch.e9"])),
        row(
            Firefox,
            Rule::OwnMediaTypes,
            Measured(&["media-type.comma", "media-type.semicolons", "media-type.blank"]),
        ),
        // Chromium's parser saturates at `INT64_MAX` and rejects that value as an overflow.
        row(Chromium, Rule::RangeLimit(i64::MAX as u64 - 1), Cases(&[BIG_RANGE])),
        row(Firefox, Rule::RangeLimit(u64::MAX), Cases(&[BIG_RANGE])),
        row(WebKit, Rule::RangeLimit(u64::MAX), Cases(&[BIG_RANGE])),
        row(WebKit, Rule::RangeUnitInAnyCase, Cases(&["safe.range.v7.BYTES=0-"])),
        row(WebKit, Rule::RangeNumbersMayHavePlus, Measured(&["range.plus"])),
        row(Chromium, Rule::JoinsHeadersOfOneName, Measured(&["twice.content-type", "twice.range"])),
        row(WebKit, Rule::JoinsHeadersOfOneName, Measured(&["twice.content-type", "twice.range"])),
        row(Firefox, Rule::NoLimitTogether, Measured(&["twice.9x128"])),
        row(Firefox, Rule::RepeatsNames, Measured(&["twice.x-a"])),
        row(Chromium, Rule::ListenersNeedBody, Measured(&["upload.get"])),
        row(Firefox, Rule::RedirectKeepsPreflight, EndToEnd(&["put that becomes get"])),
        row(WebKit, Rule::RedirectKeepsPreflight, EndToEnd(&["put that becomes get"])),
        row(Firefox, Rule::RedirectKeepsOwnPreflight, EndToEnd(&["own to cross with authorization"])),
        row(Firefox, Rule::RedirectedPreflightHasOrigin, EndToEnd(&["put asks again elsewhere"])),
        row(
            WebKit,
            Rule::RedirectedPreflightNamesAll,
            EndToEnd(&["authorization goes elsewhere", "json becomes get"]),
        ),
        row(WebKit, Rule::DeleteBecomesGetElsewhere, EndToEnd(&["put asks again and is denied"])),
        row(WebKit, Rule::FontsAreNoCors, EndToEnd(&["font"])),
        // What comes back.
        row(Chromium, Rule::WildcardCoversAuthorization, Cases(&["hdr.auth.star"])),
        row(Firefox, Rule::WildcardCoversAuthorization, Cases(&["hdr.auth.star"])),
        row(WebKit, Rule::WildcardCoversAuthorization, Cases(&["hdr.auth.star"])),
        row(Firefox, Rule::DropsEmptyLines, Measured(&["origin.empty-line"])),
        row(Chromium, Rule::EmptyLocationIsNone, Measured(&["redirect.preflight.empty"])),
        row(Chromium, Rule::RedirectBeforeCheck, Measured(&["redirect.preflight.missing"])),
        row(Firefox, Rule::MethodBeforeHeaders, Measured(&["order.method.headers"])),
        row(Chromium, Rule::NamesHeaderByHash, Measured(&["several.3", "several.7", "several.15"])),
        row(Firefox, Rule::WildcardBeforeMalformed, Measured(&["expose.wildcard.malformed"])),
        // What is kept.
        row(Chromium, Rule::MaxAgeLimit(7_200), Source("services/network/cors/preflight_result.cc")),
        row(Firefox, Rule::MaxAgeLimit(86_400), Source("netwerk/protocol/http/nsCORSListenerProxy.cpp")),
        row(
            WebKit,
            Rule::MaxAgeLimit(600),
            Source("Source/WebCore/loader/CrossOriginPreflightResultCache.cpp"),
        ),
        row(Chromium, Rule::NegativeMaxAgeIsZero, Cases(&["max.v3.-1"])),
        row(WebKit, Rule::NegativeMaxAgeIsZero, Cases(&["max.v3.-1"])),
        row(Chromium, Rule::MaxAgeMayHavePlus, Measured(&["max-age.plus"])),
        row(WebKit, Rule::MaxAgeMayHavePlus, Measured(&["max-age.plus"])),
        row(
            Firefox,
            Rule::UnreadableMaxAgeKeepsNothing,
            Cases(&["max.v3.-1", "max.v6.+600", "max.v11.600, 600", "max.lines"]),
        ),
        row(Chromium, Rule::HugeMaxAgeIsUnreadable, Measured(&["max-age.huge"])),
        row(WebKit, Rule::HugeMaxAgeIsUnreadable, Measured(&["max-age.huge"])),
        row(Firefox, Rule::WildcardIsNotKept, Cases(&["cache.star.then.auth"])),
        row(WebKit, Rule::KeptWildcardCoversAuthorization, Measured(&["keep.authorization"])),
        row(Chromium, Rule::SafelistedMethodsAreKept, Measured(&["upload.keep"])),
        row(Firefox, Rule::SafelistedMethodsAreKept, Measured(&["upload.keep"])),
        row(WebKit, Rule::SafelistedMethodsAreKept, Measured(&["upload.keep"])),
        row(Firefox, Rule::HeadIsKeptByName, Measured(&["keep.head"])),
        row(Chromium, Rule::OpaqueOriginKeepsNothing, Measured(&["keep.null"])),
        row(Firefox, Rule::FailureDropsKept, Measured(&["keep.failure"])),
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
