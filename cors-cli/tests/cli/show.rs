//! `cors show`: what it prints compiles to the same bytes.

use std::fs;

use serde_json::Value;

use crate::support::{compile, cors, demo, folder, stdout};

/// The policy in an image, as a policy file.
fn show(image: &[u8], arguments: &[&str]) -> String {
    let folder = folder(&[("shop.cors", image)]);
    stdout(
        &cors().current_dir(&folder).args(["show", "shop.cors"]).args(arguments).assert().code(0).stderr(""),
    )
}

#[test]
fn the_sample_comes_back() {
    let image = compile(&fs::read_to_string(demo().join("shop.toml")).unwrap());
    // The last eight bytes of an image, the least significant first.
    let checksum = u64::from_le_bytes(*image.last_chunk().unwrap());
    let head = format!("# shop.cors: an image of 420 bytes, format version 2, checksum {checksum:016x}\n");
    let expected = r#"allow_origins = [
    "https://app.example.com",
    "http://app.example.com",
]
allow_methods = [
    "PUT",
    "PATCH",
    "DELETE",
]
allow_headers = [
    "content-type",
    "authorization",
    "if-none-match",
    "x-requested-with",
    "x-api-key",
    "x-trace-id",
]
expose_headers = [
    "etag",
    "x-request-id",
]
allow_credentials = true
max_age = 7200
allow_private_network = false
preflight_status = 204
accept_risks = ["InsecureOrigin"]
"#;
    assert_eq!(show(&image, &[]), head + expected);
}

#[test]
fn what_is_shown_compiles_to_the_same_bytes() {
    let origins = [
        "[]",
        "['*']",
        "['https://a.example']",
        "['null', 'http://*.b.example:*', 'https://x-*.co.uk', 'null', 'http://[::1]:8080']",
    ];
    let methods = ["[]", "['*']", "['get', 'Patch', 'M-SEARCH', 'get']"];
    let headers = ["[]", "['*']", "['Authorization', 'X-A', 'x-a']", "['*', 'Authorization']"];
    let exposed = ["[]", "['content-length']", "['ETag', 'cache-control', \"x`'~\"]"];
    let others = [
        "",
        "allow_credentials = true\nmax_age = 0\n",
        "max_age = 86400\nallow_private_network = true\npreflight_status = 299\n",
    ];
    let mut number = 0;
    for (index, origins) in origins.iter().enumerate() {
        for (methods, headers) in methods.iter().flat_map(|methods| headers.map(|headers| (methods, headers)))
        {
            // Not every combination: each value of these meets each of the others in some policy.
            number += 1;
            let (exposed, others) =
                (exposed[(number + index) % exposed.len()], others[number / 2 % others.len()]);
            let policy = format!(
                "allow_origins = {origins}\nallow_methods = {methods}\nallow_headers = {headers}\nexpose_headers = {exposed}\n\
                 accept_risks = ['PublicSuffix', 'NullOrigin', 'LocalFileOrigin', 'InsecureOrigin', 'AnyOriginWithCredentials']\n{others}"
            );
            let image = compile(&policy);
            assert_eq!(compile(&show(&image, &[])), image, "{policy}");
            assert_eq!(compile(&show(&image, &["--json"])), image, "{policy}");
        }
    }
}

#[test]
fn json_is_a_policy_file_too() {
    let shown = show(&compile("allow_origins = ['https://a.example']"), &["--json"]);
    let policy: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(policy["allow_origins"][0], "https://a.example");
    assert_eq!(policy["preflight_status"], 204);
    assert_eq!(policy.get("max_age"), None);
}
