//! The fields of a response that the application makes, and how they meet its own (A3).

use bytes::Bytes;
use cors_core::adapter;
use cors_core::{Decision, FieldOp};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, Entry, InvalidHeaderValue, VARY};
use http::{HeaderMap, HeaderName, HeaderValue};

/// What the responses to requests of one kind and verdict get.
#[derive(Debug)]
pub(crate) struct Fields {
    echoes_origin: bool,
    replaced: Box<[(HeaderName, HeaderValue)]>,
    vary: Option<HeaderValue>,
}

impl Fields {
    /// Takes the fields of the decision on such a request, whose origin is `origin`.
    pub(crate) fn new(decision: &Decision<'_>, origin: &str) -> Self {
        let mut replaced = Vec::new();
        let mut fields = Fields { echoes_origin: false, replaced: Box::default(), vary: None };
        for field in decision.fields() {
            match value_of(field.value) {
                Ok(value) if field.op == FieldOp::Append => fields.vary = Some(value),
                Ok(value) if value == origin => fields.echoes_origin = true,
                Ok(value) => replaced.push((HeaderName::from_static(field.name), value)),
                // The engine's values are those of fields.
                Err(_) => {}
            }
        }
        fields.replaced = replaced.into();
        fields
    }

    /// Puts the fields into the response to a request with this origin.
    #[inline]
    pub(crate) fn apply(&self, origin: Option<HeaderValue>, headers: &mut HeaderMap) {
        remove_application_fields(headers);
        if let (Some(value), true) = (origin, self.echoes_origin) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, value);
        }
        for (name, value) in &self.replaced {
            headers.insert(name, value.clone());
        }
        if let Some(value) = &self.vary {
            merge_vary(headers, value);
        }
    }
}

/// Returns a field's value. One of the engine's own words is a constant, whose copies count no references.
pub(crate) fn value_of(value: &[u8]) -> Result<HeaderValue, InvalidHeaderValue> {
    const WORDS: [&str; 4] =
        ["true", "*", "origin", "origin, access-control-request-method, access-control-request-headers"];
    match WORDS.iter().find(|word| word.as_bytes() == value) {
        Some(word) => Ok(HeaderValue::from_static(word)),
        None => HeaderValue::from_bytes(value),
    }
}

/// Puts the fields of an answer to a preflight into what the application answered (A7).
pub(crate) fn apply_preflight(fields: HeaderMap, headers: &mut HeaderMap) {
    remove_application_fields(headers);
    let mut last = None;
    for (name, value) in fields {
        // A name stands before the first of its values.
        last = name.or(last);
        match &last {
            Some(name) if *name == VARY => merge_vary(headers, &value),
            Some(name) => {
                headers.append(name, value);
            }
            None => {}
        }
    }
}

/// Removes the application's own fields of the policy's names, whatever the verdict: an `Access-Control-Allow-Origin: *`
/// that is left would undo a denial.
#[inline]
fn remove_application_fields(headers: &mut HeaderMap) {
    if headers.keys().any(is_policy_field) {
        let names: Vec<HeaderName> = headers.keys().filter(|name| is_policy_field(name)).cloned().collect();
        for name in names {
            headers.remove(name);
        }
    }
}

/// Returns true for a name that is the policy's alone. Header maps hold names in lower case.
#[inline]
fn is_policy_field(name: &HeaderName) -> bool {
    adapter::is_policy_field(name.as_str().as_bytes())
}

/// Puts the names of `vary` into the one line that the response then has.
#[inline]
fn merge_vary(headers: &mut HeaderMap, vary: &HeaderValue) {
    match headers.entry(VARY) {
        Entry::Vacant(entry) => {
            entry.insert(vary.clone());
        }
        Entry::Occupied(mut entry) => {
            let lines = || entry.iter().map(HeaderValue::as_bytes);
            let Some(merged) = adapter::merge_vary(lines, vary.as_bytes()) else { return };
            let mut line = Vec::with_capacity(merged.len());
            merged.for_each_piece(|piece| line.extend_from_slice(piece));
            // Pieces of values are a value.
            if let Ok(line) = HeaderValue::from_maybe_shared(Bytes::from(line)) {
                entry.insert(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a3_vary_has_one_line() {
        let cases: [(&[&str], &str); 6] = [
            (&[], "origin"),
            (&["accept-encoding"], "accept-encoding, origin"),
            (&["Origin"], "Origin"),
            (&["accept", "origin"], "accept, origin"),
            (&["accept", "x"], "accept, x, origin"),
            (&["accept", "*"], "*"),
        ];
        for (own, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in own {
                headers.append(VARY, HeaderValue::from_static(line));
            }
            merge_vary(&mut headers, &HeaderValue::from_static("origin"));
            assert_eq!(headers.get_all(VARY).iter().collect::<Vec<_>>(), [expected], "{own:?}");
        }
    }

    #[test]
    fn a3_the_application_fields_go() {
        let mut headers = HeaderMap::new();
        for name in [
            "access-control-allow-origin",
            "access-control-allow-credentials",
            "access-control-allow-private-network",
            "access-control-expose-headers",
            "access-control-max-age",
            "access-control-request-method",
            "access-control",
            "x-access-control-allow-origin",
        ] {
            headers.append(name, HeaderValue::from_static("1"));
            headers.append(name, HeaderValue::from_static("2"));
        }
        remove_application_fields(&mut headers);
        let mut rest: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        rest.sort_unstable();
        assert_eq!(
            rest,
            ["access-control", "access-control-request-method", "x-access-control-allow-origin"]
        );
    }
}
