//! [`Who`] and [`Lookalike`]: the origins that the suite asks as, made after the policy's own.

use cors_core::{Origin, Policy};

/// Whose page asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The first origin that is listed exactly, or one that the first wildcard allows.
    Listed,
    /// Another that is listed.
    Another,
    /// The last that is listed, if there are more than two.
    Last,
    /// One label in place of the first `*.`.
    UnderWildcard,
    /// Two labels in place of it.
    DeepUnderWildcard,
    /// Nothing of the policy's.
    Unlisted,
    Null,
    File,
    Extension,
    FirefoxExtension,
}

impl Who {
    /// Returns the origin, or why the policy has none to make it of.
    pub(crate) fn origin(self, policy: &Policy<'_>) -> Result<String, &'static str> {
        let exact = exact(policy);
        let is_any = policy.allow_origins().any(|text| text == "*");
        let made = wildcards(policy).first().map(|pattern| instance(pattern, "a"));
        Ok(match self {
            Who::Listed => exact
                .first()
                .map(|text| (*text).to_owned())
                .or(made)
                .or_else(|| is_any.then(|| "https://app.example.com".to_owned()))
                .ok_or("the policy lists no origin of a site")?,
            Who::Another => match (exact.get(1), made) {
                (Some(text), _) => (*text).to_owned(),
                (None, Some(made)) if !exact.is_empty() => made,
                (None, _) if is_any => "https://another.example.org".to_owned(),
                _ => return Err("the policy lists one origin"),
            },
            Who::Last => exact
                .get(2..)
                .and_then(<[&str]>::last)
                .map(|text| (*text).to_owned())
                .ok_or("the policy lists few origins")?,
            Who::UnderWildcard => under_wildcard(policy, "a")?,
            Who::DeepUnderWildcard => under_wildcard(policy, "a.b")?,
            Who::Unlisted => "https://unlisted.invalid".to_owned(),
            Who::Null => "null".to_owned(),
            Who::File => "file://".to_owned(),
            Who::Extension => "chrome-extension://abcdefghijklmnopabcdefghijklmnop".to_owned(),
            Who::FirefoxExtension => "moz-extension://01234567-89ab-4cde-8f01-23456789abcd".to_owned(),
        })
    }
}

/// How an origin is made that looks like one which the policy lists, and that somebody else may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookalike {
    /// `https://app.example.com` → `https://evil-app.example.com`
    Prefixed,
    /// → `https://app.example.com.evil.example`
    Suffixed,
    /// → `https://app.example.comx`
    Lengthened,
    /// → `https://app.example.com-evil.example`
    Hyphenated,
    /// → `https://app0.example.com`
    LongerLabel,
    /// → `https://appxexample.com` and `https://app.examplexcom`
    DotAsAny,
    /// → `https://app-example.com`, the same length
    DotAsHyphen,
    /// → `https://sub.app.example.com`
    Subdomain,
    /// → `https://example.com`
    Parent,
    /// → `https://app.example.com:8444`, `:3000` and `:4430`, and without its port, where it has one
    OtherPort,
    /// → `http://app.example.com`
    OtherScheme,
    /// → `https://app.example.com.`
    TrailingDot,
    /// → `` https://app.example.com`.evil.example ``, as Chromium and Safari send it
    Backtick,
    /// → `https://app.example.com_.evil.example`
    Underscore,
    /// `https://*.example.com` → `https://example.com`
    WildcardApex,
    /// → `https://evilexample.com` and `https://evil-example.com`
    WildcardGlued,
    /// → `https://a.example.com.evil.example`
    WildcardSuffixed,
    /// → `http://a.example.com`
    WildcardOtherScheme,
    /// → `https://a.example.com:8444`
    WildcardOtherPort,
    /// → `https://axexample.com` and `https://a.examplexcom`
    WildcardDotAsAny,
    /// → `https://evil.example/.example.com`, which is no origin
    WildcardPath,
}

/// Of how many listed origins, and of how many wildcards, look-alikes are made.
const MAX_SAMPLE: usize = 6;

impl Lookalike {
    /// Returns the look-alikes of the listed origins, or of the wildcards: of each where there are few, or else of the first, the last and
    /// some between. The error is why the policy has none to make them of.
    pub(crate) fn origins(self, policy: &Policy<'_>) -> Result<Vec<String>, &'static str> {
        let (originals, none) = if self.is_of_wildcard() {
            let mut patterns = wildcards(policy);
            patterns.retain(|pattern| pattern.contains("://*."));
            (
                patterns.into_iter().map(ToOwned::to_owned).collect(),
                "the policy has no wildcard of subdomains",
            )
        } else {
            let listed: Vec<String> = exact(policy).into_iter().map(ToOwned::to_owned).collect();
            let listed =
                if listed.is_empty() { Who::Listed.origin(policy).into_iter().collect() } else { listed };
            (listed, "the policy lists no origin of a site")
        };
        let originals: Vec<String> = originals;
        if originals.is_empty() {
            return Err(none);
        }
        let mut made: Vec<String> = sample(&originals).flat_map(|original| self.of(original)).collect();
        made.retain(|origin| self.is_malformed() || Origin::parse(origin.as_bytes()).is_ok());
        if made.is_empty() { Err("no listed origin has such a look-alike") } else { Ok(made) }
    }

    /// Every kind.
    pub(crate) const ALL: [Lookalike; 21] = [
        Lookalike::Prefixed,
        Lookalike::Suffixed,
        Lookalike::Lengthened,
        Lookalike::Hyphenated,
        Lookalike::LongerLabel,
        Lookalike::DotAsAny,
        Lookalike::DotAsHyphen,
        Lookalike::Subdomain,
        Lookalike::Parent,
        Lookalike::OtherPort,
        Lookalike::OtherScheme,
        Lookalike::TrailingDot,
        Lookalike::Backtick,
        Lookalike::Underscore,
        Lookalike::WildcardApex,
        Lookalike::WildcardGlued,
        Lookalike::WildcardSuffixed,
        Lookalike::WildcardOtherScheme,
        Lookalike::WildcardOtherPort,
        Lookalike::WildcardDotAsAny,
        Lookalike::WildcardPath,
    ];

    /// True for what only some browsers take for an origin, or none.
    fn is_malformed(self) -> bool {
        matches!(self, Lookalike::Backtick | Lookalike::Underscore | Lookalike::WildcardPath)
    }

    fn is_of_wildcard(self) -> bool {
        matches!(
            self,
            Lookalike::WildcardApex
                | Lookalike::WildcardGlued
                | Lookalike::WildcardSuffixed
                | Lookalike::WildcardOtherScheme
                | Lookalike::WildcardOtherPort
                | Lookalike::WildcardDotAsAny
                | Lookalike::WildcardPath
        )
    }

    /// Returns the look-alikes of one origin, or of one wildcard: one for each dot where a dot is changed.
    fn of(self, original: &str) -> Vec<String> {
        let one = instance(original, "a");
        let host = |change: fn(&str) -> String| vec![with_host(&one, change)];
        match self {
            Lookalike::Prefixed => vec![one.replacen("://", "://evil-", 1)],
            Lookalike::Suffixed | Lookalike::WildcardSuffixed => host(|host| format!("{host}.evil.example")),
            Lookalike::Lengthened => host(|host| format!("{host}x")),
            Lookalike::Hyphenated => host(|host| format!("{host}-evil.example")),
            Lookalike::DotAsAny | Lookalike::WildcardDotAsAny => with_each_dot_as("x", &one),
            Lookalike::DotAsHyphen => with_each_dot_as("-", &one),
            Lookalike::Subdomain => vec![one.replacen("://", "://sub.", 1)],
            Lookalike::Parent => parent(&one).into_iter().collect(),
            Lookalike::OtherPort | Lookalike::WildcardOtherPort => with_ports(&one),
            Lookalike::OtherScheme | Lookalike::WildcardOtherScheme => vec![other_scheme(&one)],
            Lookalike::TrailingDot => host(|host| format!("{host}.")),
            Lookalike::Backtick => host(|host| format!("{host}`.evil.example")),
            Lookalike::Underscore => host(|host| format!("{host}_.evil.example")),
            Lookalike::WildcardApex => vec![original.replacen("*.", "", 1).replace(":*", "")],
            Lookalike::WildcardGlued => {
                ["evil", "evil-"].map(|text| original.replacen("*.", text, 1).replace(":*", "")).into()
            }
            Lookalike::LongerLabel => host(|host| match host.split_once('.') {
                Some((label, rest)) => format!("{label}0.{rest}"),
                None => format!("{host}0"),
            }),
            Lookalike::WildcardPath => {
                let host = one.split_once("://").map_or("", |(_, host)| host);
                vec![format!("https://evil.example/{}", host.trim_start_matches('a'))]
            }
        }
    }
}

/// Up to how many listed origins each is asked as; of a longer list as many as look-alikes are made of.
const MAX_LISTED: usize = 20;

/// Returns origins that the policy lists, and one or two for each of its wildcards.
pub(crate) fn listed(policy: &Policy<'_>) -> Vec<String> {
    let exact = exact(policy);
    let of_list: Vec<String> = if exact.len() <= MAX_LISTED {
        exact.into_iter().map(ToOwned::to_owned).collect()
    } else {
        sample(&exact).map(|origin| (*origin).to_owned()).collect()
    };
    let wildcards = wildcards(policy);
    let of_wildcards = sample(&wildcards).flat_map(|pattern| {
        // Any port is also none.
        let without_port = pattern.contains(":*").then(|| instance(&pattern.replace(":*", ""), "a"));
        [Some(instance(pattern, "a")), without_port].into_iter().flatten()
    });
    of_list.into_iter().chain(of_wildcards).collect()
}

/// Origins of this machine, of the network around it, and of applications on a telephone.
pub(crate) const LOCAL: [&str; 9] = [
    "http://localhost:3000",
    "http://localhost",
    "https://localhost",
    "http://127.0.0.1:3000",
    "http://[::1]:3000",
    "http://10.0.0.1",
    "http://192.168.0.1:8080",
    "capacitor://localhost",
    "ionic://localhost",
];

/// Returns the origins of sites that the policy lists exactly.
fn exact<'p>(policy: &Policy<'p>) -> Vec<&'p str> {
    policy.allow_origins().filter(|text| !text.contains('*') && *text != "null").collect()
}

/// Returns the patterns of the policy that allow several origins, except `*`.
fn wildcards<'p>(policy: &Policy<'p>) -> Vec<&'p str> {
    policy.allow_origins().filter(|text| text.contains("://") && text.contains('*')).collect()
}

/// Returns an origin below the first wildcard of subdomains.
fn under_wildcard(policy: &Policy<'_>, labels: &str) -> Result<String, &'static str> {
    let patterns = wildcards(policy);
    let pattern = patterns.iter().find(|pattern| pattern.contains("://*."));
    pattern.map(|pattern| instance(pattern, labels)).ok_or("the policy has no wildcard of subdomains")
}

/// Returns every item where there are few, or else the first, the last and some between at equal distances.
fn sample<T>(items: &[T]) -> impl Iterator<Item = &T> {
    let (count, last) = (items.len().min(MAX_SAMPLE), items.len().saturating_sub(1));
    let place = move |number: usize| {
        number.saturating_mul(last).checked_div(count.saturating_sub(1)).unwrap_or_default()
    };
    (0..count).filter_map(move |number| items.get(place(number)))
}

/// Returns an origin that a pattern allows, with this text for its `*`; or the origin, where it is one.
fn instance(pattern: &str, text: &str) -> String {
    let without_port = pattern.replace(":*", ":8443");
    without_port.replacen('*', text, 1)
}

/// Splits an origin into its scheme with `://`, its host, and its port with the colon.
fn parts(origin: &str) -> (&str, &str, &str) {
    let after = origin.find("://").map_or(0, |at| at.saturating_add(3));
    let (scheme, rest) = origin.split_at(after);
    let is_digit = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match rest.rfind(':').filter(|at| is_digit(rest.get(at.saturating_add(1)..).unwrap_or_default())) {
        Some(at) => (scheme, rest.get(..at).unwrap_or_default(), rest.get(at..).unwrap_or_default()),
        None => (scheme, rest, ""),
    }
}

fn with_host(origin: &str, change: impl FnOnce(&str) -> String) -> String {
    let (scheme, host, port) = parts(origin);
    format!("{scheme}{}{port}", change(host))
}

/// Returns the origin at other ports: one that nobody expects, one of development, and one that begins with the digits of its own.
fn with_ports(origin: &str) -> Vec<String> {
    let (scheme, host, port) = parts(origin);
    let own = match port.strip_prefix(':') {
        Some(digits) => digits,
        None if scheme == "http://" => "80",
        None => "443",
    };
    let longer = format!("{own}0");
    let is_port = |port: &&str| *port != own && port.parse::<u16>().is_ok();
    let ports = ["8444", "3000", longer.as_str()].into_iter().filter(is_port);
    let without = (!port.is_empty()).then(|| format!("{scheme}{host}"));
    ports.map(|port| format!("{scheme}{host}:{port}")).chain(without).collect()
}

fn other_scheme(origin: &str) -> String {
    match origin.strip_prefix("https://") {
        Some(rest) => format!("http://{rest}"),
        None => origin.replacen("http://", "https://", 1),
    }
}

/// Returns an origin for each dot of the host of a domain, with another character in its place.
fn with_each_dot_as(other: &str, origin: &str) -> Vec<String> {
    let (scheme, host, port) = parts(origin);
    let is_domain =
        Origin::parse(origin.as_bytes()).is_ok() && host.bytes().any(|byte| byte.is_ascii_lowercase());
    let dots = host.match_indices('.').filter(|_| is_domain && !host.starts_with('['));
    let with = |(at, _): (usize, &str)| {
        let (before, after) = (host.get(..at)?, host.get(at.saturating_add(1)..)?);
        Some(format!("{scheme}{before}{other}{after}{port}"))
    };
    dots.filter_map(with).collect()
}

/// Returns the origin without the first label of its host.
fn parent(origin: &str) -> Option<String> {
    let (scheme, host, port) = parts(origin);
    let (_, rest) = host.split_once('.')?;
    (!host.starts_with('[') && rest.contains('.')).then(|| format!("{scheme}{rest}{port}"))
}

#[cfg(test)]
mod tests {
    use cors_core::Config;

    use super::*;

    fn with_policy<R>(origins: &[&str], f: impl FnOnce(&Policy<'_>) -> R) -> R {
        let config = Config { allow_origins: origins, ..Config::NEW };
        let mut image = vec![0; config.image_len()];
        f(&config.compile_into(&mut image).unwrap())
    }

    fn who(origins: &[&str], who: Who) -> Result<String, &'static str> {
        with_policy(origins, |policy| who.origin(policy))
    }

    fn lookalikes(origins: &[&str], lookalike: Lookalike) -> Vec<String> {
        with_policy(origins, |policy| lookalike.origins(policy)).unwrap_or_default()
    }

    #[test]
    fn origins_of_the_policy() {
        let listed = ["https://app.example.com:8443", "https://admin.example.com", "https://*.example.org"];
        for (asked, origin) in [
            (Who::Listed, "https://app.example.com:8443"),
            (Who::Another, "https://admin.example.com"),
            (Who::UnderWildcard, "https://a.example.org"),
            (Who::DeepUnderWildcard, "https://a.b.example.org"),
        ] {
            assert_eq!(who(&listed, asked).as_deref(), Ok(origin), "{asked:?}");
        }
        assert_eq!(who(&["https://*.example.org"], Who::Listed).as_deref(), Ok("https://a.example.org"));
        assert_eq!(who(&["*"], Who::Listed).as_deref(), Ok("https://app.example.com"));
        assert_eq!(who(&["*"], Who::Another).as_deref(), Ok("https://another.example.org"));
        assert!(who(&["https://app.example.com"], Who::Another).is_err());
    }

    #[expect(clippy::too_many_lines, reason = "a table")]
    #[test]
    fn every_listed_origin_and_every_dot_has_a_lookalike() {
        let listed =
            ["https://app.example.com:8443", "https://b.org", "https://*.example.org", "https://*.c.net:*"];
        for (lookalike, origins) in [
            (Lookalike::Prefixed, ["https://evil-app.example.com:8443", "https://evil-b.org"].as_slice()),
            (
                Lookalike::Suffixed,
                &["https://app.example.com.evil.example:8443", "https://b.org.evil.example"],
            ),
            (Lookalike::Lengthened, &["https://app.example.comx:8443", "https://b.orgx"]),
            (
                Lookalike::Hyphenated,
                &["https://app.example.com-evil.example:8443", "https://b.org-evil.example"],
            ),
            (
                Lookalike::DotAsAny,
                &["https://appxexample.com:8443", "https://app.examplexcom:8443", "https://bxorg"],
            ),
            (
                Lookalike::DotAsHyphen,
                &["https://app-example.com:8443", "https://app.example-com:8443", "https://b-org"],
            ),
            (Lookalike::Subdomain, &["https://sub.app.example.com:8443", "https://sub.b.org"]),
            (Lookalike::Parent, &["https://example.com:8443"]),
            (
                Lookalike::OtherPort,
                &[
                    "https://app.example.com:8444",
                    "https://app.example.com:3000",
                    "https://app.example.com",
                    "https://b.org:8444",
                    "https://b.org:3000",
                    "https://b.org:4430",
                ],
            ),
            (Lookalike::OtherScheme, &["http://app.example.com:8443", "http://b.org"]),
            (Lookalike::TrailingDot, &["https://app.example.com.:8443", "https://b.org."]),
            (
                Lookalike::Backtick,
                &["https://app.example.com`.evil.example:8443", "https://b.org`.evil.example"],
            ),
            (
                Lookalike::Underscore,
                &["https://app.example.com_.evil.example:8443", "https://b.org_.evil.example"],
            ),
            (Lookalike::WildcardApex, &["https://example.org", "https://c.net"]),
            (
                Lookalike::WildcardGlued,
                &[
                    "https://evilexample.org",
                    "https://evil-example.org",
                    "https://evilc.net",
                    "https://evil-c.net",
                ],
            ),
            (Lookalike::LongerLabel, &["https://app0.example.com:8443", "https://b0.org"]),
            (
                Lookalike::WildcardSuffixed,
                &["https://a.example.org.evil.example", "https://a.c.net.evil.example:8443"],
            ),
            (Lookalike::WildcardOtherScheme, &["http://a.example.org", "http://a.c.net:8443"]),
            (
                Lookalike::WildcardOtherPort,
                &[
                    "https://a.example.org:8444",
                    "https://a.example.org:3000",
                    "https://a.example.org:4430",
                    "https://a.c.net:8444",
                    "https://a.c.net:3000",
                    "https://a.c.net",
                ],
            ),
            (
                Lookalike::WildcardDotAsAny,
                &[
                    "https://axexample.org",
                    "https://a.examplexorg",
                    "https://axc.net:8443",
                    "https://a.cxnet:8443",
                ],
            ),
            (
                Lookalike::WildcardPath,
                &["https://evil.example/.example.org", "https://evil.example/.c.net:8443"],
            ),
        ] {
            assert_eq!(lookalikes(&listed, lookalike), origins, "{lookalike:?}");
        }
        assert_eq!(
            lookalikes(&["https://*.example.org"], Lookalike::Prefixed),
            ["https://evil-a.example.org"]
        );
        for (origins, lookalike) in [
            (["https://app.example.com"], Lookalike::WildcardApex),
            (["http://[::1]"], Lookalike::Parent),
            (["http://[::1]:3000"], Lookalike::DotAsAny),
            (["http://127.0.0.1"], Lookalike::DotAsAny),
            (["http://[::1]:3000"], Lookalike::Prefixed),
            (["http://[::1]:3000"], Lookalike::Subdomain),
        ] {
            assert_eq!(lookalikes(&origins, lookalike), <[&str; 0]>::default(), "{origins:?} {lookalike:?}");
        }
    }

    #[test]
    fn each_listed_origin_is_asked_as() {
        let listed_of = |origins: &[&str]| with_policy(origins, listed);
        assert_eq!(
            listed_of(&["https://b.org", "https://*.c.net:*"]),
            ["https://b.org", "https://a.c.net:8443", "https://a.c.net"]
        );
        let many: Vec<String> = (0..21).map(|number| format!("https://t{number}.example")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(listed_of(&many[..20]).len(), 20);
        assert_eq!(listed_of(&many).last().map(String::as_str), Some("https://t20.example"));
        assert_eq!(listed_of(&many).len(), MAX_SAMPLE);
    }

    #[test]
    fn of_a_long_list_the_last_is_tried() {
        for (count, places) in
            [(1, [0].as_slice()), (6, &[0, 1, 2, 3, 4, 5]), (1000, &[0, 199, 399, 599, 799, 999])]
        {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(sample(&items).copied().collect::<Vec<_>>(), places);
        }
    }
}
