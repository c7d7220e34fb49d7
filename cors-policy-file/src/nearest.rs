//! [`nearest`]: the name that a misspelled one was meant to be.

/// How alike two names must be, from 0 to 1, to be taken for each other, as `origins` and `allow_origins` are.
const LIKENESS: f64 = 0.5;

/// Returns the one of `names` that is most like `name`, if any is like it.
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let name = plain(name);
    names
        .into_iter()
        .map(|known| (known, strsim::normalized_damerau_levenshtein(&name, &plain(known))))
        .filter(|&(_, likeness)| likeness > LIKENESS)
        .max_by(|(_, one), (_, other)| one.total_cmp(other))
        .map(|(known, _)| known)
}

/// Makes one name of `allow-origins`, `allowOrigins` and `ALLOW_ORIGINS`.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(64)
        .collect()
}

#[cfg(test)]
mod tests {
    use cors_core::ConfigField;

    use super::nearest;

    #[test]
    fn fields() {
        let cases = [
            ("allow_origin", Some("allow_origins")),
            ("allow-origins", Some("allow_origins")),
            ("allowOrigins", Some("allow_origins")),
            ("origins", Some("allow_origins")),
            ("methods", Some("allow_methods")),
            ("allowed_headers", Some("allow_headers")),
            ("exposed_headers", Some("expose_headers")),
            ("credentials", Some("allow_credentials")),
            ("supports_credentials", Some("allow_credentials")),
            ("maxAge", Some("max_age")),
            ("max_ages", Some("max_age")),
            ("status", None),
            ("name", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(nearest(name, ConfigField::ALL.map(ConfigField::name)), expected, "{name}");
        }
    }
}
