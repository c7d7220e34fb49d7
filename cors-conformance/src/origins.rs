//! [`Who`]: the origins that the suite asks as, made after the policy's own.

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
    Localhost,
    /// `https://app.example.com` → `https://evil-app.example.com`
    Prefixed,
    /// → `https://app.example.com.evil.example`
    Suffixed,
    /// → `https://app.example.comx`
    Lengthened,
    /// → `https://appxexample.com`
    DotAsAny,
    /// → `https://sub.app.example.com`
    Subdomain,
    /// → `https://example.com`
    Parent,
    /// → `https://app.example.com:8444`
    OtherPort,
    /// → `http://app.example.com`
    OtherScheme,
    /// → `https://app.example.com.`
    TrailingDot,
    /// → `` https://app.example.com`.evil.example ``, as Chromium and Safari send it
    Backtick,
    /// → `https://app.example.com_.evil.example`
    Underscore,
    /// → `https://app_example.com`, the same length
    OtherLabel,
    /// `https://*.example.com` → `https://example.com`
    WildcardApex,
    /// → `https://evilexample.com`
    WildcardGlued,
    /// → `https://a.example.com.evil.example`
    WildcardSuffixed,
    /// → `http://a.example.com`
    WildcardOtherScheme,
    /// → `https://a.example.com:8444`
    WildcardOtherPort,
    /// → `https://a.examplexcom`
    WildcardDotAsAny,
    /// → `https://evil.example/.example.com`, which is no origin
    WildcardPath,
}

impl Who {
    /// Returns the origin, or why the policy has none to make it of.
    pub(crate) fn origin(self, policy: &Policy<'_>) -> Result<String, &'static str> {
        let exact: Vec<&str> =
            policy.allow_origins().filter(|text| !text.contains('*') && *text != "null").collect();
        let wildcards: Vec<&str> =
            policy.allow_origins().filter(|text| text.contains("://") && text.contains('*')).collect();
        let is_any = policy.allow_origins().any(|text| text == "*");
        let made = wildcards.first().map(|pattern| instance(pattern, "a"));
        let first = exact.first().map(|text| (*text).to_owned()).or_else(|| made.clone());
        let listed = first
            .or_else(|| is_any.then(|| "https://app.example.com".to_owned()))
            .ok_or("the policy lists no origin of a site");
        let under = || {
            wildcards
                .iter()
                .find(|pattern| pattern.contains("://*."))
                .copied()
                .ok_or("the policy has no wildcard of subdomains")
        };

        Ok(match self {
            Who::Listed => listed?,
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
            Who::UnderWildcard => instance(under()?, "a"),
            Who::DeepUnderWildcard => instance(under()?, "a.b"),
            Who::Unlisted => "https://unlisted.invalid".to_owned(),
            Who::Null => "null".to_owned(),
            Who::File => "file://".to_owned(),
            Who::Extension => "chrome-extension://abcdefghijklmnopabcdefghijklmnop".to_owned(),
            Who::Localhost => "http://localhost:3000".to_owned(),
            Who::Prefixed => listed?.replacen("://", "://evil-", 1),
            Who::Suffixed => with_host(&listed?, |host| format!("{host}.evil.example")),
            Who::Lengthened => with_host(&listed?, |host| format!("{host}x")),
            Who::DotAsAny => with_dot_as("x", &listed?)?,
            Who::Subdomain => listed?.replacen("://", "://sub.", 1),
            Who::Parent => parent(&listed?).ok_or("the listed host has no parent")?,
            Who::OtherPort => with_port(&listed?),
            Who::OtherScheme => other_scheme(&listed?),
            Who::TrailingDot => with_host(&listed?, |host| format!("{host}.")),
            Who::Backtick => with_host(&listed?, |host| format!("{host}`.evil.example")),
            Who::Underscore => with_host(&listed?, |host| format!("{host}_.evil.example")),
            Who::OtherLabel => with_dot_as("-", &listed?)?,
            Who::WildcardApex => under()?.replacen("*.", "", 1).replace(":*", ""),
            Who::WildcardGlued => under()?.replacen("*.", "evil", 1).replace(":*", ""),
            Who::WildcardSuffixed => {
                with_host(&instance(under()?, "a"), |host| format!("{host}.evil.example"))
            }
            Who::WildcardOtherScheme => other_scheme(&instance(under()?, "a")),
            Who::WildcardOtherPort => with_port(&instance(under()?, "a")),
            Who::WildcardDotAsAny => {
                let made = instance(under()?, "a");
                let (start, end) = made.rsplit_once('.').ok_or("the wildcard's domain has no dot")?;
                format!("{start}x{end}")
            }
            Who::WildcardPath => {
                let rest = instance(under()?, "a");
                let host = rest.split_once("://").map_or("", |(_, host)| host);
                format!("https://evil.example/{}", host.trim_start_matches('a'))
            }
        })
    }
}

/// Returns an origin that a pattern allows, with this text for its `*`.
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

fn with_port(origin: &str) -> String {
    let (scheme, host, port) = parts(origin);
    let other = if port == ":8444" { ":8445" } else { ":8444" };
    format!("{scheme}{host}{other}")
}

fn other_scheme(origin: &str) -> String {
    match origin.strip_prefix("https://") {
        Some(rest) => format!("http://{rest}"),
        None => origin.replacen("http://", "https://", 1),
    }
}

/// Returns the origin with another character for the first dot of its host.
fn with_dot_as(other: &str, origin: &str) -> Result<String, &'static str> {
    let (scheme, host, port) = parts(origin);
    let is_domain =
        Origin::parse(origin.as_bytes()).is_ok() && host.bytes().any(|byte| byte.is_ascii_lowercase());
    if !host.contains('.') || !is_domain {
        return Err("the listed host has no dot");
    }
    Ok(format!("{scheme}{}{port}", host.replacen('.', other, 1)))
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

    fn made(origins: &[&str], who: Who) -> Result<String, &'static str> {
        let config = Config { allow_origins: origins, ..Config::NEW };
        let mut image = vec![0; config.image_len()];
        who.origin(&config.compile_into(&mut image).unwrap())
    }

    #[test]
    fn origins_after_the_policy() {
        let listed = ["https://app.example.com:8443", "https://admin.example.com", "https://*.example.org"];
        for (who, origin) in [
            (Who::Listed, "https://app.example.com:8443"),
            (Who::Another, "https://admin.example.com"),
            (Who::UnderWildcard, "https://a.example.org"),
            (Who::DeepUnderWildcard, "https://a.b.example.org"),
            (Who::Prefixed, "https://evil-app.example.com:8443"),
            (Who::Suffixed, "https://app.example.com.evil.example:8443"),
            (Who::Lengthened, "https://app.example.comx:8443"),
            (Who::DotAsAny, "https://appxexample.com:8443"),
            (Who::OtherLabel, "https://app-example.com:8443"),
            (Who::Parent, "https://example.com:8443"),
            (Who::OtherPort, "https://app.example.com:8444"),
            (Who::OtherScheme, "http://app.example.com:8443"),
            (Who::TrailingDot, "https://app.example.com.:8443"),
            (Who::Backtick, "https://app.example.com`.evil.example:8443"),
            (Who::WildcardApex, "https://example.org"),
            (Who::WildcardGlued, "https://evilexample.org"),
            (Who::WildcardSuffixed, "https://a.example.org.evil.example"),
            (Who::WildcardOtherScheme, "http://a.example.org"),
            (Who::WildcardOtherPort, "https://a.example.org:8444"),
            (Who::WildcardDotAsAny, "https://a.examplexorg"),
            (Who::WildcardPath, "https://evil.example/.example.org"),
        ] {
            assert_eq!(made(&listed, who).as_deref(), Ok(origin), "{who:?}");
        }
    }

    #[test]
    fn what_a_policy_has_not() {
        assert!(made(&["https://app.example.com"], Who::Another).is_err());
        assert!(made(&["https://app.example.com"], Who::WildcardApex).is_err());
        assert!(made(&["http://[::1]"], Who::Parent).is_err());
        assert!(made(&["http://[::1]:3000"], Who::DotAsAny).is_err());
        assert_eq!(made(&["https://*.example.org"], Who::Listed).as_deref(), Ok("https://a.example.org"));
        assert_eq!(made(&["*"], Who::Listed).as_deref(), Ok("https://app.example.com"));
        assert_eq!(made(&["*"], Who::Another).as_deref(), Ok("https://another.example.org"));
    }
}
