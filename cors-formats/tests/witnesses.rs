//! The origin that is named where an expression lets a stranger in: one that is let in, and that a stranger can have.

use cors_formats::read;

/// An expression of a program that finds it anywhere, and the stranger's origin; none where nobody else's is let in, or none is known.
const EXPRESSIONS: [(&str, Option<&str>); 16] = [
    (r"^https://www.google.com$", Some("https://wwwxgoogle.com")),
    // `https://www.googlexcom` has no suffix under which names are registered.
    (r"^https://(www\.)?(google.com|staging.google.com)$", Some("https://stagingxgoogle.com")),
    (r"^https://google.com$", None),
    // `https://axb.example.com` is of the owner of example.com.
    (r"^https://a.b\.example\.com$", None),
    (r"^https://a.b.example.com$", Some("https://a.bxexample.com")),
    (r"^https://shop.example.co.uk$", Some("https://shopxexample.co.uk")),
    (r"example\.com$", Some("https://evilexample.com")),
    (r"^https://app\.example\.com", Some("https://app.example.com.evil.example")),
    (r"^https://.*example\.com$", Some("https://evilexample.com")),
    (r"localhost", Some("https://localhost.evil.example")),
    (r"^https://localhost$", None),
    (r"^http://192\.168\.\d+\.\d+:\d+$", None),
    (r"^http://192\.168\.\d+\.\d+", Some("http://192.168.1.1.evil.example")),
    (r"^https?://\d+\.\d+\.\d+\.\d+(:\d+)?$", Some("https://1.1.1.1")),
    (r"^https://172\.\d+\.\d+\.\d+$", Some("https://172.1.1.1")),
    (r"^https://172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$", None),
];

#[test]
fn a_witness_is_an_origin_that_a_stranger_can_have() {
    for (expression, expected) in EXPRESSIONS {
        let text = format!(
            "if ($http_origin ~ \"{expression}\") {{\n  add_header Access-Control-Allow-Origin $http_origin always;\n  add_header Vary Origin always;\n}}"
        );
        let reading = read("nginx.conf", &text, None).unwrap();
        let findings = reading.findings();
        let named = findings
            .iter()
            .filter(|finding| finding.kind == "loose-expression")
            .find_map(|finding| finding.text.strip_prefix("it also lets in "))
            .and_then(|rest| rest.split(',').next());
        assert_eq!(named, expected, "{expression}: {findings:?}");
        assert!(named.is_none_or(|named| reading.allows_origin(named)), "{expression}");
    }
}

#[test]
fn insecure_origins_of_one_expression_are_counted() {
    let text = "map $http_origin $allowed {\n  \"~^http://(a\\.example\\.com|b\\.example\\.com|c\\.example\\.com)$\" $http_origin;\n  http://d.example.com $http_origin;\n}\n\
                add_header Access-Control-Allow-Origin $allowed always;\nadd_header Access-Control-Allow-Credentials true always;\nadd_header Vary Origin always;\n";
    let findings = read("nginx.conf", text, None).unwrap().findings();
    let insecure: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.kind == "insecure-origin")
        .map(|finding| finding.text.split(':').nth(1).unwrap_or_default())
        .collect();
    assert_eq!(insecure, ["//a.example.com and 2 others", "//d.example.com"]);
}
