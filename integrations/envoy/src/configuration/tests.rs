use super::*;

fn problems(text: &str) -> Vec<String> {
    Configuration::read(text.as_bytes()).map_or_else(|problems| problems.lines().collect(), |_| Vec::new())
}

fn origin_of(configuration: &Configuration, host: &str, path: &str) -> Option<String> {
    match configuration.sites.find(|| Some(host.into()), || Some(path.into())) {
        crate::sites::Found::Policy(policy) => policy.policy().allow_origins().next().map(str::to_owned),
        _ => None,
    }
}

#[test]
fn a_policy_alone_or_several() {
    let alone = Configuration::read(br#"{"allow_origins": ["https://a.example"], "enforce": true}"#).unwrap();
    assert!(alone.enforce && !alone.passthrough && alone.shadow.is_none());
    assert_eq!(origin_of(&alone, "any.example", "/any").as_deref(), Some("https://a.example"));

    let policy = alone.sites.find(|| None, || None);
    let crate::sites::Found::Policy(policy) = policy else { panic!("{policy:?}") };
    let image = policy.policy().as_bytes();
    let as_bytes = Configuration::read(image).unwrap();
    assert_eq!(origin_of(&as_bytes, "", "/").as_deref(), Some("https://a.example"));
    let text = format!(
        r#"{{"policies": [
            {{"prefix": "/api", "image": "{}"}},
            {{"hosts": ["b.example", "*.c.example", "[::1]"], "allow_origins": ["https://b.example"]}}
        ], "own_origins": ["https://www.example"], "shadow": {{"allow_origins": ["https://s.example"]}}, "passthrough": true}}"#,
        STANDARD.encode(image)
    );
    let several = Configuration::read(text.as_bytes()).unwrap();
    assert!(several.passthrough && several.shadow.is_some());
    assert_eq!(several.own_origins, ["https://www.example"]);
    for (host, path, expected) in [
        ("x.example", "/api/x", Some("https://a.example")),
        ("x.example", "/", None),
        ("b.example", "/api/x", Some("https://b.example")),
        ("x.c.example", "/", Some("https://b.example")),
        ("[::1]:80", "/", Some("https://b.example")),
    ] {
        assert_eq!(origin_of(&several, host, path).as_deref(), expected, "{host}{path}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a11_every_problem_at_its_place() {
    const ONE: &str = "the configuration is refused; it has a problem:";
    const WITHOUT: &str =
        "it is empty; write a policy, such as {\"allow_origins\": [\"https://app.example.com\"]}";
    const HOLDS_NONE: &str =
        "holds no policy; write its fields, such as \"allow_origins\": [\"https://app.example.com\"]";
    const FORM: &str = "not in the form that a browser sends, so it would never match; write";
    const P: &str = r#""allow_origins": ["https://a.example"]"#;
    let policies = |entries: &str| format!(r#"{{"policies": [{entries}]}}"#);
    let cases: [(String, &[&str]); 19] = [
        (String::new(), &[ONE, WITHOUT]),
        (" \n".into(), &[ONE, WITHOUT]),
        ("{}".into(), &[ONE, HOLDS_NONE]),
        (
            "[]".into(),
            &[ONE, "not JSON: invalid type: sequence, expected an object at line 1 column 0; write an object"],
        ),
        (
            r#"{"allow_origins": ["https://A.example", "https://b.example/"], "allow_method": ["PUT"], "max_age": "1"}"#.into(),
            &[
                "the configuration is refused; it has 4 problems:",
                "unknown field `allow_method`; did you mean `allow_methods`?",
                &format!("allow_origins[0] \"https://A.example\": {FORM} https://a.example"),
                &format!("allow_origins[1] \"https://b.example/\": {FORM} https://b.example"),
                "max_age: a string where a whole number of seconds should be; write 1, without quotation marks",
            ],
        ),
        (
            format!(r#"{{{P}, "enforced": true, "passthrough": "yes", "own_origins": ["www.example"]}}"#),
            &[
                "the configuration is refused; it has 3 problems:",
                "unknown field `enforced`; did you mean `enforce`?",
                "passthrough: invalid type: string \"yes\", expected a boolean; write true or false",
                "own_origins[0] \"www.example\": not an origin as browsers send it; write one such as https://www.example.com",
            ],
        ),
        (
            format!(r#"{{{P}, "enforce": true, "enforce": false}}"#),
            &[ONE, "enforce: stands there twice; write it once"],
        ),
        (
            format!(r#"{{{P}, "policies": []}}"#),
            &[
                "the configuration is refused; it has 2 problems:",
                "allow_origins: stands beside `policies`; write it in the entry whose policy it belongs to",
                "policies: has no entry; write one such as {\"prefix\": \"/api\", \"allow_origins\": [\"https://app.example.com\"]}",
            ],
        ),
        (
            policies(&format!(r#"{{"prefix": "api", {P}}}, {{"prefix": "/x", {P}}}, {{"prefix": "/x/", {P}}}"#)),
            &[
                "the configuration is refused; it has 2 problems:",
                "policies[0]: the path prefix \"api\" begins without a slash; write \"/api\"",
                "policies[2]: every host has a policy for this prefix already; leave one of the two out",
            ],
        ),
        (
            policies(&format!(
                r#"{{"hosts": ["https://API.example:443/", "*.Example", "a b", "*.", "a.example"], {P}}}, {{"hosts": [], {P}}}"#
            )),
            &[
                "the configuration is refused; it has 5 problems:",
                "policies[0].hosts[0] \"https://API.example:443/\": not a host as browsers send it, without scheme and port; write \"api.example\"",
                "policies[0].hosts[1] \"*.Example\": not a host as browsers send it, without scheme and port; write \"*.example\"",
                "policies[0].hosts[2] \"a b\": not a host; write one such as \"api.example.com\" or \"*.example.com\"",
                "policies[0].hosts[3] \"*.\": not a host; write one such as \"api.example.com\" or \"*.example.com\"",
                "policies[1].hosts: has no entry; leave it out for every host",
            ],
        ),
        (
            policies(r#"{"prefix": "/x"}, 7, {"allow_origins": ["null"]}"#),
            &[
                "the configuration is refused; it has 3 problems:",
                &format!("policies[0]: {HOLDS_NONE}"),
                "policies[1]: invalid type: integer `7`, expected an object; write an object",
                "policies[2].allow_origins[0] \"null\": risk NullOrigin: any site can send the origin `null`, from a sandboxed frame, so this allows every site; remove it, or add NullOrigin to accept_risks",
            ],
        ),
        (
            r#"{"image": "Y29ycw=="}"#.into(),
            &[
                ONE,
                "image: an image cut short: 4 bytes of 136; compile the policy with the `cors` command of this module's version",
            ],
        ),
        (
            r#"{"image": "%"}"#.into(),
            &[ONE, "image: not base64; write what `base64 -w0` prints of an image"],
        ),
        (
            format!(r#"{{"image": 1, {P}}}"#),
            &[
                "the configuration is refused; it has 2 problems:",
                "allow_origins: stands beside `image`, which is a whole policy; write one of the two",
                "image: invalid type: integer `1`, expected a string; write an image in base64, such as `base64 -w0` prints",
            ],
        ),
        (
            format!(r#"{{{P}, "shadow": {{"allow_origins": ["https://*"]}}}}"#),
            &[
                ONE,
                "shadow.allow_origins[0] \"https://*\": a `*` may stand alone, in the leftmost label of a domain, or for the port; write https://*.example.com for subdomains, https://pr-*.example.com within a label, https://example.com:* for ports",
            ],
        ),
        (
            format!(r#"{{{P}, "shadow": []}}"#),
            &[ONE, "shadow: invalid type: sequence, expected an object; write a policy, or an object with policies"],
        ),
        (
            format!(r#"{{{P}, "shadow": {{"enforce": true}}}}"#),
            &[
                ONE,
                "shadow: unknown field `enforce`; write it beside `policies`, once for all",
            ],
        ),
        (
            r#"{"hosts": ["a.example"], "policies": [{"path": "/api", "enforce": true, "frob": 1}]}"#.into(),
            &[
                "the configuration is refused; it has 4 problems:",
                "unknown field `hosts`; write it in an entry of `policies`",
                "policies[0]: unknown field `path`; did you mean `prefix`?",
                "policies[0]: unknown field `enforce`; write it beside `policies`, once for all",
                "policies[0]: unknown field `frob`; remove it",
            ],
        ),
        (
            policies(&format!(r#"{{{P}, {P}, "prefix": "/%61"}}"#)),
            &[
                "the configuration is refused; it has 2 problems:",
                "policies[0]: duplicate field `allow_origins`; write it once; of two, one would have no effect",
                "policies[0]: the path prefix \"/%61\" has a percent sign; write it decoded",
            ],
        ),
    ];
    for (text, expected) in &cases {
        assert_eq!(problems(text), *expected, "{text}");
    }
}

#[test]
fn a_million_problems_are_counted() {
    let origins = vec!["\"x\""; 20_000].join(",");
    let lines = problems(&format!(r#"{{"allow_origins": [{origins}]}}"#));
    assert_eq!(lines.first().unwrap(), "the configuration is refused; it has 20000 problems:");
    assert_eq!(lines.len(), 2 + MOST);
    assert_eq!(lines.last().unwrap(), "and 19900 more");
}
