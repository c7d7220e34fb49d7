//! `cors compile`: the image, and how it comes into its file.

use std::fs;
use std::path::Path;

use crate::support::{compile, cors, demo, folder, stderr, stdout};

const POLICY: &[u8] = b"allow_origins = ['https://a.example']";

#[test]
fn toml_and_json_give_the_same_image() {
    let toml = "
allow_origins = ['https://a.example', 'https://*.b.example:*', 'null']
allow_methods = ['put', 'PATCH']
allow_headers = ['X-A', 'content-type']
expose_headers = ['ETag']
allow_credentials = true
max_age = 0x3c
allow_private_network = true
preflight_status = 200
accept_risks = ['NullOrigin']
";
    let json = r#" {
    "accept_risks": ["NullOrigin"], "preflight_status": 200, "allow_private_network": true, "max_age": 60,
    "allow_credentials": true, "expose_headers": ["ETag"], "allow_headers": ["\u0058-A", "content-type"],
    "allow_methods": ["put", "PATCH"], "allow_origins": ["https:\/\/a.example", "https://*.b.example:*", "null"]
}"#;
    assert_eq!(compile(toml), compile(json));
    assert_eq!(compile(toml), compile(&format!("\u{feff}{toml}")));
    assert_eq!(compile(toml), compile(&format!("\u{feff}{json}")));
}

#[test]
fn the_extension_tells_the_format_before_the_content_does() {
    let json = br#"{"max_age": 60}"#;
    let folder = folder(&[
        ("a.json", json),
        ("a.JSON", json),
        ("a.policy", json),
        ("b.policy", b"max_age = 60"),
        ("a.toml", json),
        ("b.json", b"max_age = 60"),
    ]);
    for (name, code) in
        [("a.json", 0), ("a.JSON", 0), ("a.policy", 0), ("b.policy", 0), ("a.toml", 1), ("b.json", 1)]
    {
        cors().current_dir(&folder).args(["compile", name, "-o", "image"]).assert().code(code);
    }
}

#[test]
fn the_image_takes_the_place_of_the_old_one() {
    let folder = folder(&[("policy.toml", POLICY), ("image", b"old")]);
    let run = || {
        cors()
            .current_dir(&folder)
            .args(["compile", "policy.toml", "-o", "image"])
            .assert()
            .code(0)
            .stdout("")
    };
    assert_eq!(stderr(&run()), "image: 172 bytes, allows 1 origin; GET, HEAD, POST\n");
    assert_eq!(
        fs::read(folder.path().join("image")).unwrap(),
        compile("allow_origins = ['https://a.example']")
    );
    run();
    assert_eq!(names(folder.path()), ["image", "policy.toml"]);
}

#[test]
fn a_policy_with_problems_leaves_the_old_image_alone() {
    let folder = folder(&[("policy.toml", b"max_age = -1"), ("image", b"old")]);
    cors().current_dir(&folder).args(["compile", "policy.toml", "-o", "image"]).assert().code(1).stdout("");
    cors().current_dir(&folder).args(["compile", "policy.toml", "-o", "new"]).assert().code(1).stdout("");
    assert_eq!(fs::read(folder.path().join("image")).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["image", "policy.toml"]);
}

#[test]
fn places_where_no_image_can_be() {
    let folder = folder(&[("policy.toml", POLICY)]);
    let cases = [
        ("nowhere/image", "nowhere/image: there is no such folder; make it first"),
        (".", ".: a directory; name a file in it"),
        ("./policy.toml", "./policy.toml: the policy itself; name another file with -o"),
    ];
    for (target, expected) in cases {
        let expected = format!("error: {expected}\n");
        cors()
            .current_dir(&folder)
            .args(["compile", "policy.toml", "-o", target])
            .assert()
            .code(2)
            .stdout("")
            .stderr(expected);
    }
    assert_eq!(fs::read(folder.path().join("policy.toml")).unwrap(), POLICY);
}

#[test]
fn the_sample_compiles_to_standard_output() {
    let assert = cors().current_dir(demo()).args(["compile", "shop.toml", "-o", "-"]).assert().code(0);
    assert!(assert.get_output().stdout.starts_with(b"cors"));
    let checked = stdout(&cors().current_dir(demo()).args(["check", "shop.toml"]).assert().code(0));
    let summary = checked.strip_prefix("shop.toml: ok: ").expect("what `check` prints");
    assert_eq!(stderr(&assert), format!("standard output: 420 bytes, {summary}"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::{POLICY, compile, cors, folder, fs};

    #[test]
    fn servers_may_read_a_new_image_and_permissions_stay() {
        let folder = folder(&[("policy.toml", POLICY), ("old", b"")]);
        let path = |name: &str| folder.path().join(name);
        let mode = |name: &str| fs::metadata(path(name)).unwrap().permissions().mode() & 0o777;
        fs::set_permissions(path("old"), fs::Permissions::from_mode(0o640)).unwrap();
        for target in ["old", "new"] {
            cors().current_dir(&folder).args(["compile", "policy.toml", "-o", target]).assert().code(0);
        }
        assert_eq!(mode("old"), 0o640);
        assert_eq!(mode("new"), mode("policy.toml"));
    }

    #[test]
    fn a_link_still_names_what_it_named() {
        let folder = folder(&[("policy.toml", POLICY), ("image-1", b"")]);
        let path = |name: &str| folder.path().join(name);
        symlink("image-1", path("image")).unwrap();
        cors().current_dir(&folder).args(["compile", "policy.toml", "-o", "image"]).assert().code(0);
        assert!(fs::symlink_metadata(path("image")).unwrap().is_symlink());
        assert_eq!(fs::read(path("image-1")).unwrap(), compile("allow_origins = ['https://a.example']"));
    }

    #[test]
    fn a_device_is_written_to() {
        cors().args(["compile", "-", "-o", "/dev/null"]).write_stdin(POLICY).assert().code(0);
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}

#[test]
fn many_origins() {
    // A million take under a second: README.md has the figures. Fewer do for a test.
    const COUNT: usize = 50_000;
    let origins: Vec<String> = (0..COUNT).map(|index| format!("\"https://shop-{index}.example\"")).collect();
    let image = compile(&format!("allow_origins = [\n{}\n]", origins.join(",\n")));
    let folder = folder(&[("image", &image)]);
    let head = "GET / HTTP/1.1\nOrigin: https://shop-49999.example\n\n";
    cors().current_dir(&folder).args(["decide", "image"]).write_stdin(head).assert().code(0);
    let head = "GET / HTTP/1.1\nOrigin: https://shop-50000.example\n\n";
    cors().current_dir(&folder).args(["decide", "image"]).write_stdin(head).assert().code(1);
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
