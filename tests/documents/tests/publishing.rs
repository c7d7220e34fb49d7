//! Nothing is published, and nothing installs from a registry under a name that is somebody else's, before a person has
//! decided about the names: `docs/releasing.md`.

use std::path::Path;

use cors_documents::tree;

const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
/// What would be published once the names are decided.
const PACKAGES: [&str; 8] = [
    "cors-cli",
    "cors-core",
    "cors-ffi",
    "cors-js",
    "cors-macros",
    "cors-policy-file",
    "cors-py",
    "cors-tower",
];

#[test]
fn no_crate_can_be_published() {
    let workspace: toml::Value = toml::from_str(&tree::read("Cargo.toml")).unwrap();
    assert_eq!(workspace["workspace"]["package"]["publish"].as_bool(), Some(false));
    for path in tree::files("Cargo.toml") {
        let manifest: toml::Value = toml::from_str(&tree::read(&path)).unwrap();
        let Some(package) = manifest.get("package") else { continue };
        let publish = package.get("publish").unwrap_or_else(|| panic!("{}: no `publish`", path.display()));
        let inherited = publish.get("workspace").and_then(toml::Value::as_bool) == Some(true);
        assert!(inherited || publish.as_bool() == Some(false), "{}: publish = {publish:?}", path.display());
    }
}

#[test]
fn every_package_has_what_its_page_needs() {
    for package in PACKAGES {
        let folder = Path::new(package);
        for licence in LICENCES {
            assert_eq!(tree::read(folder.join(licence)), tree::read(licence), "{package}/{licence}");
        }
        assert!(
            tree::read(folder.join("README.md")).contains("MIT or Apache-2.0"),
            "{package}/README.md: no licence"
        );
        if package != "cors-js" {
            let manifest: toml::Value = toml::from_str(&tree::read(folder.join("Cargo.toml"))).unwrap();
            for key in ["description", "readme", "rust-version", "license", "keywords", "categories"] {
                assert!(manifest["package"].get(key).is_some(), "{package}/Cargo.toml: no `{key}`");
            }
            assert_eq!(manifest["package"]["readme"].as_str(), Some("README.md"), "{package}");
        }
    }
}

#[test]
fn documents_install_nothing_under_a_name_that_is_not_ours() {
    // The start of a command or of a dependency, after which one of our names would come from a registry.
    let crates = ["cors-core", "cors-cli", "cors-ffi", "cors-macros", "cors-policy-file", "cors-tower"];
    let mut forbidden: Vec<String> = [
        "pip install cors-py",
        "pip install cors_py",
        "uv add cors-py",
        "poetry add cors-py",
        "pip install cors-command",
        "pipx install cors-command",
        "uv tool install cors-command",
        "--from cors-command",
        "--spec cors-command",
    ]
    .into_iter()
    .chain([
        "npm install @cors/",
        "npm i @cors/",
        "npm install cors-engine",
        "npm i cors-engine",
        "docs.rs/cors-",
    ])
    .map(Into::into)
    .collect();
    for name in crates {
        for start in ["cargo add", "cargo install", "cargo install --locked"] {
            forbidden.push(format!("{start} {name}"));
        }
        for rest in ["\"", "{ version"] {
            forbidden.push(format!("{name} = {rest}"));
        }
    }
    // The two pages that say why not.
    let why = [Path::new("docs/releasing.md"), Path::new("cors-core/README.md")];
    let mut found = Vec::new();
    for path in tree::files("md").into_iter().filter(|path| !why.contains(&path.as_path())) {
        for (index, line) in tree::read(&path).lines().enumerate() {
            for text in &forbidden {
                if line.contains(text.as_str()) {
                    found.push(format!(
                        "{}:{}: `{text}`: not ours on the registry",
                        path.display(),
                        index + 1
                    ));
                }
            }
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
