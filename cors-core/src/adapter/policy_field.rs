//! The response fields that are the policy's (A3).

/// Returns true for a field of a response that only the policy may set, in any case of its letters: every
/// `Access-Control-Allow-…`, `Access-Control-Expose-Headers` and `Access-Control-Max-Age`.
///
/// `Access-Control-Allow-` is matched as a prefix, because each such field is a grant. A grant that newer browsers know
/// and this engine does not would be one that no policy made. Other names that begin with `Access-Control-` grant nothing.
///
/// ```
/// use cors_core::adapter::is_policy_field;
///
/// assert!(is_policy_field(b"Access-Control-Allow-Origin"));
/// assert!(!is_policy_field(b"access-control-request-method"));
/// ```
#[inline]
pub fn is_policy_field(name: &[u8]) -> bool {
    // Most names of a response are shorter, so that this comparison alone decides.
    let Some((start, rest)) = name.split_at_checked(START.len()) else { return false };
    start.eq_ignore_ascii_case(START) && is_policy_rest(rest)
}

const START: &[u8] = b"access-control-";

#[cold]
fn is_policy_rest(rest: &[u8]) -> bool {
    const GRANT: &[u8] = b"allow-";
    let grant = rest.split_at_checked(GRANT.len());
    grant.is_some_and(|(start, _)| start.eq_ignore_ascii_case(GRANT))
        || rest.eq_ignore_ascii_case(b"expose-headers")
        || rest.eq_ignore_ascii_case(b"max-age")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a3_the_fields_of_the_policy() {
        let cases: [(&str, bool); 19] = [
            ("access-control-allow-origin", true),
            ("Access-Control-Allow-Credentials", true),
            ("ACCESS-CONTROL-ALLOW-METHODS", true),
            ("access-control-allow-headers", true),
            ("access-control-allow-private-network", true),
            ("access-control-allow-what-comes-next", true),
            ("Access-Control-Expose-Headers", true),
            ("access-control-Max-Age", true),
            ("access-control-allow-", true),
            ("access-control-allow", false),
            ("access-control-expose-headers-x", false),
            ("access-control-max-ages", false),
            ("access-control-request-method", false),
            ("access-control-foo", false),
            ("access-control-", false),
            ("access-control", false),
            ("x-access-control-allow-origin", false),
            ("vary", false),
            ("", false),
        ];
        for (name, expected) in cases {
            assert_eq!(is_policy_field(name.as_bytes()), expected, "{name:?}");
        }
    }
}
