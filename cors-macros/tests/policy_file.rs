//! `policy_file!` in a package of its own: what its errors say, and that cargo compiles again when the file changes.

#![allow(clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A package whose program prints the origins of its `policy.toml`.
struct Package(TempDir);

impl Package {
    fn new(name: &str) -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let manifest = format!(
            "[package]\nname = {name:?}\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
             cors-core = {{ path = '{0}/cors-core', default-features = false }}\n\
             cors-macros = {{ path = '{0}/cors-macros' }}\n",
            workspace.display(),
        );
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        // The same versions, so that nothing has to be downloaded.
        fs::copy(workspace.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        let program = r#"
            static POLICY: cors_core::Policy<'static> = cors_macros::policy_file!("policy.toml");
            fn main() {
                POLICY.allow_origins().for_each(|origin| println!("{origin}"));
            }
        "#;
        fs::write(folder.path().join("src/main.rs"), program).unwrap();
        Package(folder)
    }

    fn write(&self, policy: impl AsRef<[u8]>) {
        fs::write(self.0.path().join("policy.toml"), policy).unwrap();
    }

    fn run(&self) -> Output {
        Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--offline", "--target-dir"])
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs"))
            .current_dir(&self.0)
            .output()
            .unwrap()
    }

    fn origins(&self) -> String {
        let output = self.run();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What rustc says is wrong, without the places in `main.rs`, which are all the literal.
    fn errors(&self) -> Vec<String> {
        let output = self.run();
        assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let stderr = String::from_utf8(output.stderr).unwrap();
        let blocks = stderr.split("\n\n").filter(|block| !block.contains("could not compile"));
        let told = blocks.map(|block| {
            let (told, place) = block.split_once("\n --> src/main.rs:2:").unwrap();
            assert!(place.contains("^^^^^^^^^^^^^"), "the literal is underlined: {place}");
            told.to_owned()
        });
        told.collect()
    }
}

#[test]
fn cargo_compiles_again_when_the_file_changes() {
    let package = Package::new("changes");
    package.write(r#"allow_origins = ["https://one.example"]"#);
    assert_eq!(package.origins(), "https://one.example\n");
    package.write(r#"{"allow_origins": ["https://two.example"]}"#);
    assert!(package.errors()[0].starts_with("error: policy.toml:1:1: not TOML: "), "the extension says TOML");
    package.write(r#"allow_origins = ["https://two.example"]"#);
    assert_eq!(package.origins(), "https://two.example\n");
}

#[test]
fn problems_have_their_lines_and_columns() {
    let package = Package::new("problems");
    let cases: [(&[u8], &[&str]); 4] = [
        (
            "allow_origins = [\n  'ä.example', \"https://Example.com/\",\n]\nmax_age = \"2h\"\n".as_bytes(),
            &[
                "error: policy.toml:2:3: allow_origins: an origin begins with its scheme\n       \
                    help: add the scheme: https://xn--4ca.example",
                "error: policy.toml:2:16: allow_origins: not in the form that a browser sends, so it would never match\n       \
                    help: write https://example.com",
                "error: policy.toml:4:11: max_age: a string where a whole number of seconds should be\n       \
                    help: write it like 7200",
            ],
        ),
        (
            b"allow_credentials = true\nallow_origins = [\"*\"\n",
            &["error: policy.toml:2:17: this list is never closed\n       \
                help: write `]` after its last entry, and a `\"` at both ends of each string"],
        ),
        (b"# \xff", &["error: policy.toml: not UTF-8 at byte 2, in line 1; save the policy as UTF-8 text"]),
        (
            b"",
            &[
                "error: policy.toml: empty; a policy begins with allow_origins = [\"https://app.example.com\"]",
            ],
        ),
    ];
    for (policy, expected) in cases {
        package.write(policy);
        assert_eq!(package.errors(), expected, "{}", policy.escape_ascii());
    }
    fs::remove_file(package.0.path().join("policy.toml")).unwrap();
    let [error] = &package.errors()[..] else { panic!("one error") };
    assert!(error.ends_with("policy.toml: No such file or directory (os error 2)"), "{error}");
}
