//! The known misconfigurations: how bad each is, what it means, and what to do about it.

use super::severity::Severity::{self, High, Info, Low, Medium};

/// A misconfiguration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) name: &'static str,
    /// The severity with credentials, and without.
    severity: (Severity, Severity),
    /// What the misconfiguration means.
    pub(super) title: &'static str,
    /// What to do about the misconfiguration.
    pub(super) fix: &'static str,
}

const COMPARE: &str = "compare the whole Origin, byte for byte, with a list; anchor a pattern at both ends";

const fn class(
    name: &'static str,
    severity: (Severity, Severity),
    title: &'static str,
    fix: &'static str,
) -> Class {
    Class { name, severity, title, fix }
}

impl Class {
    pub(super) const ANY_ORIGIN: Class = class(
        "any-origin",
        (High, Low),
        "any origin is trusted: the server sends back whatever Origin it gets",
        "compare the Origin with a list of whole origins; for what anyone may read, send `*` and no \
         Access-Control-Allow-Credentials",
    );

    pub(super) const NULL_ORIGIN: Class = class(
        "null-origin",
        (High, Low),
        "the origin `null` is trusted, and any page can make a frame that has it",
        "take `null` off the list; serve local pages over http from localhost",
    );

    pub(super) const SUBSTRING: Class =
        class("substring", (High, Low), "an origin that only contains the trusted one is trusted", COMPARE);

    pub(super) const PREFIX: Class =
        class("prefix", (High, Low), "an origin that only begins like the trusted one is trusted", COMPARE);

    pub(super) const SUFFIX: Class =
        class("suffix", (High, Low), "an origin that only ends like the trusted one is trusted", COMPARE);

    pub(super) const HOST_SUFFIX: Class = class(
        "host-suffix",
        (Medium, Info),
        "a host that only ends like the trusted one is trusted: whoever has a name next to it can have that one",
        COMPARE,
    );

    pub(super) const UNESCAPED_DOT: Class = class(
        "unescaped-dot",
        (High, Low),
        "a dot of the trusted origin stands for any character",
        "escape the dots of the regular expression, or compare whole origins",
    );

    pub(super) const SPECIAL_CHARACTER: Class = class(
        "special-character",
        (High, Low),
        "the trusted host may be followed by a character that browsers let into the names of hosts",
        COMPARE,
    );

    pub(super) const USER_INFO: Class = class(
        "user-info",
        (Low, Info),
        "what stands before an @ is taken for the host; no browser sends that, but the comparison is loose",
        COMPARE,
    );

    pub(super) const PUBLIC_SUFFIX: Class = class(
        "public-suffix",
        (High, Low),
        "every name under a public suffix is trusted, and anyone can have one",
        "list the hosts one by one",
    );

    pub(super) const ANY_SUBDOMAIN: Class = class(
        "any-subdomain",
        (Medium, Info),
        "any subdomain is trusted: a hole in one of them, or one taken over, reaches this server",
        "list the subdomains that need it one by one",
    );

    pub(super) const INSECURE_SCHEME: Class = class(
        "insecure-scheme",
        (Medium, Low),
        "http is trusted as well as https: whoever controls a network can be that page",
        "list the https origin alone",
    );

    pub(super) const ANY_PORT: Class = class(
        "any-port",
        (Low, Info),
        "every port of the trusted host is trusted",
        "compare the port, too, or list the ports that need it",
    );

    pub(super) const WILDCARD_WITH_CREDENTIALS: Class = class(
        "wildcard-with-credentials",
        (Low, Low),
        "`*` comes with Access-Control-Allow-Credentials, which browsers do not take together",
        "send the origin that asks if it is on a list, or leave Access-Control-Allow-Credentials out",
    );

    pub(super) const MISSING_VARY: Class = class(
        "missing-vary",
        (Medium, Low),
        "the response depends on the Origin, and Vary does not list it: a cache gives one page's response to another",
        "send `Vary: Origin` with every response, those without an Origin and errors included",
    );

    pub(super) const PREFLIGHT_ANY_ORIGIN: Class = class(
        "preflight-any-origin",
        (High, Low),
        "preflights of any origin are allowed, so that its page may send any request, though not read the response",
        "decide preflights and requests by the same list of origins",
    );

    pub(super) const PREFLIGHT_UNVALIDATED: Class = class(
        "preflight-unvalidated",
        (Low, Low),
        "what a preflight asks for is sent back unchecked, even what is not a method or header name",
        "send the lists of the methods and headers that the application takes",
    );

    pub(super) const PREFLIGHT_REFLECTED: Class = class(
        "preflight-reflected",
        (Info, Info),
        "any method or header that a preflight asks for is allowed",
        "send the lists of the methods and headers that the application takes",
    );

    pub(super) fn severity(self, with_credentials: bool) -> Severity {
        let (with, without) = self.severity;
        if with_credentials { with } else { without }
    }
}
