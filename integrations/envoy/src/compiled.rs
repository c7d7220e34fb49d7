//! [`CompiledPolicy`]: a policy with the fields of its responses.

use cors_core::{Decision, Kind, Policy, Request, Verdict};

/// A policy that owns its image.
#[derive(Debug)]
pub(crate) struct CompiledPolicy {
    image: Vec<u8>,
    /// What a response gets by the verdict on its request (E3).
    not_cors: Fields,
    allowed: Fields,
    denied: Fields,
}

/// The fields that a response gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    /// True if Access-Control-Allow-Origin is the request's origin. `replaced` then has none.
    pub(crate) echoes_origin: bool,
    /// The lines that replace the upstream's lines of their names. Lines of one name follow each other.
    pub(crate) replaced: Vec<(&'static str, String)>,
    /// The names that `Vary` has to have.
    pub(crate) vary: Option<String>,
}

impl CompiledPolicy {
    /// Takes an image that the engine has checked, or made.
    pub(crate) fn new(image: Vec<u8>) -> Self {
        let policy = Policy::from_trusted_bytes(&image);
        let fields = |origins: &[&'static str]| {
            let request = Request::from_headers("GET", origins.iter().map(|origin| ("origin", *origin)));
            Fields::of(&policy.evaluate_with(&request, |_| true), Some(SAMPLE_ORIGIN))
        };
        CompiledPolicy {
            not_cors: fields(&[]),
            allowed: fields(&[SAMPLE_ORIGIN]),
            // Whatever the policy, two origins are denied (E2).
            denied: fields(&[SAMPLE_ORIGIN, SAMPLE_ORIGIN]),
            image,
        }
    }

    /// Returns the policy.
    pub(crate) fn policy(&self) -> Policy<'_> {
        Policy::from_trusted_bytes(&self.image)
    }

    /// Returns the fields of the response to a request that is not a preflight.
    pub(crate) fn fields(&self, kind: Kind, verdict: Verdict) -> &Fields {
        match (kind, verdict) {
            (Kind::NotCors, _) => &self.not_cors,
            (_, Verdict::Allowed) => &self.allowed,
            (_, Verdict::Denied(_)) => &self.denied,
        }
    }
}

impl Fields {
    /// Takes the fields of a decision. A field whose value is `origin` becomes [`echoes_origin`](Self::echoes_origin).
    pub(crate) fn of(decision: &Decision<'_>, origin: Option<&str>) -> Self {
        let mut fields = Fields::default();
        for field in decision.fields() {
            // What is echoed is an origin, a token, or a list of tokens (E9), and so a text.
            let value = String::from_utf8_lossy(field.value).into_owned();
            if field.name == "vary" {
                fields.vary = Some(value);
            } else if origin == Some(value.as_str()) {
                fields.echoes_origin = true;
            } else {
                fields.replaced.push((field.name, value));
            }
        }
        fields
    }
}

/// An origin of no site, which shows where the policy echoes.
const SAMPLE_ORIGIN: &str = "https://origin.invalid";
