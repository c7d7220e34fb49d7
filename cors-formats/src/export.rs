//! From a policy to a format: what the format says exactly, and a sentence for all the rest.
//!
//! A format answers for each [`Feature`] how it says it. [`plan`] asks for the features that a policy has; the format's writer
//! writes what is left of the policy.

use cors_core::OriginPattern;
use cors_core::browser::is_safelisted_response_header;
use cors_policy_file::OwnedConfig;

/// Something that a policy may have and a format may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `https://example.com`
    Exact,
    /// `https://*.example.com`
    Subdomains,
    /// `https://pr-*.example.com`
    InnerStar,
    /// `https://example.com:*`
    AnyPort,
    /// `*`
    AnyOrigin,
    /// `null`
    Null,
    /// `https://[2001:db8::1]`
    Ipv6,
    /// `capacitor://localhost`
    ApplicationScheme,
    /// Credentials with listed origins.
    Credentials,
    /// Listed origins without credentials.
    NoCredentials,
    /// Any origin, with credentials.
    AnyOriginWithCredentials,
    /// Methods other than GET, HEAD and POST.
    Methods,
    /// `*` for methods.
    AnyMethod,
    /// `*` for methods, with credentials.
    AnyMethodWithCredentials,
    /// Names of request headers.
    Headers,
    /// `*` for request headers.
    AnyHeader,
    /// `*` for request headers, with credentials.
    AnyHeaderWithCredentials,
    /// A name with a `*` in it, which is a sign like another there.
    StarInName,
    /// A name with a sign that is neither a letter, a digit nor one of `-_.`.
    SignInName,
    /// Exposed headers.
    Exposed,
    /// `max_age`
    MaxAge,
    /// Answers to questions about private networks.
    PrivateNetwork,
    /// `Vary: Origin`
    Vary,
}

impl Feature {
    /// All of them.
    pub const ALL: [Feature; 23] = [
        Feature::Exact,
        Feature::Subdomains,
        Feature::InnerStar,
        Feature::AnyPort,
        Feature::AnyOrigin,
        Feature::Null,
        Feature::Ipv6,
        Feature::ApplicationScheme,
        Feature::Credentials,
        Feature::NoCredentials,
        Feature::AnyOriginWithCredentials,
        Feature::Methods,
        Feature::AnyMethod,
        Feature::AnyMethodWithCredentials,
        Feature::Headers,
        Feature::AnyHeader,
        Feature::AnyHeaderWithCredentials,
        Feature::StarInName,
        Feature::SignInName,
        Feature::Exposed,
        Feature::MaxAge,
        Feature::PrivateNetwork,
        Feature::Vary,
    ];

    /// Returns the name, for the table in `docs/formats.md`.
    pub fn name(self) -> &'static str {
        match self {
            Feature::Exact => "exact origin",
            Feature::Subdomains => "`*.example.com`",
            Feature::InnerStar => "`pr-*.example.com`",
            Feature::AnyPort => "any port",
            Feature::AnyOrigin => "`*`",
            Feature::Null => "`null`",
            Feature::Ipv6 => "`[2001:db8::1]`",
            Feature::ApplicationScheme => "`capacitor://localhost`",
            Feature::Credentials => "credentials",
            Feature::NoCredentials => "no credentials",
            Feature::AnyOriginWithCredentials => "`*` with credentials",
            Feature::Methods => "methods",
            Feature::AnyMethod => "any method",
            Feature::AnyMethodWithCredentials => "any method, with credentials",
            Feature::Headers => "request headers",
            Feature::AnyHeader => "any header",
            Feature::AnyHeaderWithCredentials => "any header, with credentials",
            Feature::StarInName => "name with a star, `x-*`",
            Feature::SignInName => "name with a sign, `x-$`",
            Feature::Exposed => "exposed headers",
            Feature::MaxAge => "max-age",
            Feature::PrivateNetwork => "private network",
            Feature::Vary => "`Vary`",
        }
    }
}

/// How a format says a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// As a policy does.
    Exact,
    /// It allows less: how.
    Narrower(&'static str),
    /// It allows more: what.
    Wider(&'static str),
    /// It has no words for it: why.
    Not(&'static str),
    /// A reader is told, and nothing is allowed that the policy does not allow.
    Told(&'static str),
}

impl Saying {
    /// Returns the word for the table in `docs/formats.md`.
    pub fn word(self) -> &'static str {
        match self {
            Saying::Exact => "exact",
            Saying::Narrower(_) => "narrower",
            Saying::Wider(_) => "wider",
            Saying::Not(_) => "not",
            Saying::Told(_) => "see below",
        }
    }

    /// Returns how, unless it is exact.
    pub fn how(self) -> Option<&'static str> {
        match self {
            Saying::Exact => None,
            Saying::Narrower(how) | Saying::Wider(how) | Saying::Not(how) | Saying::Told(how) => Some(how),
        }
    }
}

/// A policy, as far as a format says it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) origins: Vec<String>,
    /// With GET, HEAD and POST, which most formats want to see; or `*` alone.
    pub(crate) methods: Vec<String>,
    pub(crate) headers: Vec<String>,
    pub(crate) exposed: Vec<String>,
    pub(crate) credentials: bool,
    pub(crate) max_age: Option<u32>,
    pub(crate) private_network: bool,
    /// What is not as in the policy, for a comment.
    pub(crate) notes: Vec<String>,
}

/// A policy in another format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The configuration.
    pub text: String,
    /// How it differs from the policy: a sentence each, also where the text has comments that say so.
    pub notes: Vec<String>,
}

/// Why a policy cannot be written in a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotExported {
    /// The format is only read.
    Unwritten,
    /// The policy has problems, of which this is the first.
    Policy(String),
    /// What would be let in that the policy does not allow: a sentence each.
    Wider(Vec<String>),
    /// Nothing would be left of it: a sentence each.
    Nothing(Vec<String>),
}

/// Returns what is left of a policy in a format.
pub(crate) fn plan(
    policy: &OwnedConfig,
    says: impl Fn(Feature) -> Saying,
    methods: Option<&[&str]>,
    allow_wider: bool,
) -> Result<Plan, NotExported> {
    let mut asked = Asked { says, allow_wider, notes: Vec::new(), wider: Vec::new() };
    let any_origin = policy.allow_origins.iter().any(|origin| origin == "*");
    let mut origins: Vec<String> = Vec::new();
    let listed: Vec<&String> =
        policy.allow_origins.iter().filter(|origin| !any_origin || *origin == "*").collect();
    for origin in listed {
        if asked.takes_origin(origin, &policy.allow_origins) && !origins.contains(origin) {
            origins.push(origin.clone());
        }
    }
    let mut credentials = policy.allow_credentials;
    if any_origin {
        credentials = credentials && asked.takes(Feature::AnyOriginWithCredentials, "credentials", true);
    } else if credentials {
        credentials = asked.takes(Feature::Credentials, "credentials", true);
    } else if !origins.is_empty() {
        asked.takes(Feature::NoCredentials, "no credentials", false);
    }
    let allowed = asked.methods(policy, methods);
    let (headers, exposed) = asked.headers(policy);
    let mut max_age = policy.max_age;
    if max_age.is_some() && !asked.takes(Feature::MaxAge, "max_age", true) {
        max_age = None;
    }
    let mut private_network = policy.allow_private_network;
    if private_network {
        private_network = asked.takes(Feature::PrivateNetwork, "private network", true);
    }
    if policy.preflight_status != cors_core::Config::NEW.preflight_status {
        asked.notes.push("the status of preflights is the program's own".to_owned());
    }
    if !any_origin || policy.allow_credentials {
        asked.takes(Feature::Vary, "Vary", false);
    }
    if !asked.wider.is_empty() && !allow_wider {
        return Err(NotExported::Wider(asked.wider));
    }
    if origins.is_empty() {
        if asked.notes.is_empty() {
            asked.notes.push("the policy allows no origin".to_owned());
        }
        return Err(NotExported::Nothing(asked.notes));
    }
    Ok(Plan {
        origins,
        methods: allowed,
        headers,
        exposed,
        credentials,
        max_age,
        private_network,
        notes: asked.notes,
    })
}

fn simple_methods() -> Vec<String> {
    ["GET", "HEAD", "POST"].map(str::to_owned).to_vec()
}

fn add<'m>(methods: &mut Vec<String>, others: impl IntoIterator<Item = &'m str>) {
    for method in others {
        if !methods.iter().any(|known| known == method) {
            methods.push(method.to_owned());
        }
    }
}

struct Asked<S> {
    says: S,
    allow_wider: bool,
    notes: Vec<String>,
    wider: Vec<String>,
}

impl<S: Fn(Feature) -> Saying> Asked<S> {
    /// Returns whether the origin is written, and notes how it differs.
    fn takes_origin(&mut self, origin: &str, all: &[String]) -> bool {
        let mut takes = true;
        for feature in features(origin) {
            match (self.says)(feature) {
                Saying::Exact => {}
                // The default port is there beside it.
                Saying::Narrower(_)
                    if feature == Feature::AnyPort
                        && origin
                            .strip_suffix(":*")
                            .is_some_and(|plain| all.iter().any(|other| other == plain)) => {}
                Saying::Narrower(how) => self.notes.push(format!("narrower: {origin}: {how}")),
                Saying::Told(how) => self.notes.push(format!("{origin}: {how}")),
                Saying::Wider(what) if self.allow_wider => {
                    self.notes.push(format!("wider: {origin}: {what}"));
                }
                Saying::Wider(what) => {
                    self.notes.push(format!(
                        "narrower: {origin} is left out, which would let in more: {what} (--allow-wider takes it)"
                    ));
                    takes = false;
                }
                Saying::Not(why) => {
                    self.notes.push(format!("narrower: {origin} is left out: {why}"));
                    takes = false;
                }
            }
        }
        takes
    }

    /// Returns the methods that are written.
    fn methods(&mut self, policy: &OwnedConfig, methods: Option<&[&str]>) -> Vec<String> {
        let mut allowed = simple_methods();
        if policy.allow_methods.iter().any(|method| method == "*") {
            let feature =
                if policy.allow_credentials { Feature::AnyMethodWithCredentials } else { Feature::AnyMethod };
            if self.takes(feature, "any method", true) {
                allowed = vec!["*".to_owned()];
            } else {
                let common = methods.unwrap_or(&["PUT", "DELETE", "PATCH"]);
                let others =
                    common.iter().copied().filter(|method| !["*", "ALL", "OPTIONS"].contains(method));
                add(&mut allowed, others);
            }
        } else {
            for method in &policy.allow_methods {
                let upper = method.to_ascii_uppercase();
                let method = if ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"].contains(&upper.as_str())
                {
                    &upper
                } else {
                    method
                };
                // `ALL` of a format is a wildcard, and that of a policy a method of this name.
                let is_known =
                    methods.is_none_or(|known| known.contains(&method.as_str()) && method != "ALL");
                if !is_known {
                    self.notes.push(format!(
                        "narrower: the method {method} is left out, which the format does not have"
                    ));
                } else if self.takes_name(method) {
                    add(&mut allowed, [method.as_str()]);
                }
            }
        }
        if let Some(known) = methods {
            allowed.retain(|method| known.contains(&method.as_str()));
        }
        allowed
    }

    /// Returns the headers and the exposed headers that are written.
    fn headers(&mut self, policy: &OwnedConfig) -> (Vec<String>, Vec<String>) {
        let mut headers = policy.allow_headers.clone();
        if headers.iter().any(|header| header == "*") {
            let feature =
                if policy.allow_credentials { Feature::AnyHeaderWithCredentials } else { Feature::AnyHeader };
            if !self.takes(feature, "any header", true) {
                headers.retain(|header| header != "*");
                // What most pages set.
                for common in ["content-type", "authorization"] {
                    if !headers.iter().any(|header| header.eq_ignore_ascii_case(common)) {
                        headers.push(common.to_owned());
                    }
                }
            }
        }
        headers.retain(|header| self.takes_name(header));
        let mut exposed = policy.expose_headers.clone();
        exposed.retain(|header| self.takes_name(header));
        // In one list for both, a name may stand that is in the other as well.
        let is_both = |name: &String, others: &[String]| {
            others.iter().any(|other| other == "*" || other.eq_ignore_ascii_case(name))
        };
        let is_readable = |name: &String| {
            name == "*" || is_safelisted_response_header(name) || is_both(name, &policy.expose_headers)
        };
        let is_one_list = |feature| matches!((self.says)(feature), Saying::Wider(_));
        let (one, other) = (is_one_list(Feature::Headers), is_one_list(Feature::Exposed));
        self.retain(&mut headers, Feature::Headers, "request headers", |name| one && is_readable(name));
        self.retain(&mut exposed, Feature::Exposed, "exposed headers", |name| {
            other && is_both(name, &policy.allow_headers)
        });
        (headers, exposed)
    }

    /// Leaves names out that are not fine, if the format has no words for them.
    fn retain(
        &mut self,
        names: &mut Vec<String>,
        feature: Feature,
        title: &str,
        is_fine: impl Fn(&String) -> bool,
    ) {
        let others: Vec<&str> = names.iter().filter(|name| !is_fine(name)).map(String::as_str).collect();
        let title = format!("{title} {}", others.join(", "));
        if !others.is_empty() && !self.takes(feature, &title, true) {
            names.retain(is_fine);
        }
    }

    /// Returns whether a name is written, and notes why not.
    fn takes_name(&mut self, name: &str) -> bool {
        let has_sign = !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte));
        let features =
            [(Feature::StarInName, name.contains('*') && name != "*"), (Feature::SignInName, has_sign)];
        features.into_iter().filter(|(_, has)| *has).all(|(feature, _)| self.takes(feature, name, true))
    }

    /// Returns whether the feature is there, and notes how it differs. Where leaving it out is no way, a wider saying is refused.
    fn takes(&mut self, feature: Feature, name: &str, can_be_left_out: bool) -> bool {
        match (self.says)(feature) {
            Saying::Exact => true,
            Saying::Told(how) => {
                self.notes.push(how.to_owned());
                true
            }
            Saying::Narrower(how) => {
                self.notes.push(format!("narrower: {name}: {how}"));
                true
            }
            Saying::Wider(what) if self.allow_wider => {
                self.notes.push(format!("wider: {name}: {what}"));
                true
            }
            Saying::Wider(what) if can_be_left_out => {
                self.notes.push(format!(
                    "narrower: {name} is left out, which would let in more: {what} (--allow-wider takes it)"
                ));
                false
            }
            Saying::Wider(what) => {
                self.wider.push(format!("{name}: {what}"));
                true
            }
            Saying::Not(why) => {
                self.notes.push(format!("narrower: {name} is left out: {why}"));
                false
            }
        }
    }
}

/// Returns the features of a pattern.
fn features(origin: &str) -> Vec<Feature> {
    if origin == "*" {
        return vec![Feature::AnyOrigin];
    }
    if origin == "null" {
        return vec![Feature::Null];
    }
    if !origin.starts_with("http://") && !origin.starts_with("https://") {
        return vec![Feature::ApplicationScheme];
    }
    let is_wildcard = OriginPattern::parse(origin).is_ok_and(|pattern| pattern.is_wildcard());
    if !is_wildcard {
        let is_ipv6 = origin.contains("://[");
        return if is_ipv6 { vec![Feature::Exact, Feature::Ipv6] } else { vec![Feature::Exact] };
    }
    let mut features = Vec::new();
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let plain = host.strip_suffix(":*").unwrap_or(host);
    if plain.starts_with("*.") {
        features.push(Feature::Subdomains);
    } else if plain.contains('*') {
        features.push(Feature::InnerStar);
    }
    if plain.len() != host.len() {
        features.push(Feature::AnyPort);
    }
    features
}
