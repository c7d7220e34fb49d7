//! The files of a folder that may hold a policy or a CORS configuration.

use std::fs;
use std::path::{Path, PathBuf};

use cors_core::ConfigField;

use crate::exit::Failure;
use crate::input;

/// What is searched, by extension or whole name.
const KNOWN: [&str; 27] = [
    "json",
    "jsonc",
    "yaml",
    "yml",
    "toml",
    "xml",
    "tf",
    "hcl",
    "bicep",
    "js",
    "mjs",
    "cjs",
    "ts",
    "jsx",
    "tsx",
    "mts",
    "cts",
    "py",
    "conf",
    "cfg",
    "htaccess",
    "caddyfile",
    "vhost",
    "template",
    "config",
    "_headers",
    "nginx",
];

/// Folders of others' files.
const LEFT_OUT: [&str; 6] = ["node_modules", "target", "vendor", "venv", "__pycache__", "site-packages"];

/// The largest file that is read, in bytes: nobody writes a configuration of more.
const MAX_LEN: u64 = 1 << 20;

/// How deep folders are searched, and how many files.
const MAX_DEPTH: usize = 30;
const MAX_FILES: usize = 100_000;

/// Returns the files, in the order of their names. Links are not followed, and what begins with a dot is not searched, except
/// `.htaccess` and `.github`.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    search(folder, 0, &mut files)
        .map_err(|error| Failure::unusable(input::name(folder), input::explain(&error)))?;
    files.sort();
    Ok(files)
}

fn search(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let Ok(entry) = entry else { continue };
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let Ok(kind) = entry.file_type() else { continue };
        let is_hidden = name.starts_with('.') && name != ".htaccess" && name != ".github";
        if is_hidden || files.len() >= MAX_FILES {
            continue;
        }
        if kind.is_dir() {
            if depth < MAX_DEPTH && !LEFT_OUT.contains(&name.as_str()) {
                // A folder that may not be read is left out.
                let _ = search(&entry.path(), depth.saturating_add(1), files);
            }
        } else if kind.is_file()
            && is_known(&name)
            && entry.metadata().is_ok_and(|metadata| metadata.len() <= MAX_LEN)
        {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn is_known(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or(name, |(_, extension)| extension);
    KNOWN.contains(&extension)
}

/// Returns true for a text that CORS is named in, or a field of it.
pub(super) fn mentions_cors(text: &[u8]) -> bool {
    let is_there = |word: &[u8]| text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    is_there(b"access-control-allow-") || is_there(b"cors")
}

/// Returns true for a file that has a field of a policy.
pub(super) fn is_policy(path: &Path, text: &str) -> bool {
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let begins = |line: &str| {
        let key = line.split(if is_toml { '=' } else { ':' }).next().unwrap_or_default();
        ConfigField::from_name(key.trim().trim_matches('"')).is_some()
    };
    (is_toml || is_json) && text.contains(ConfigField::AllowOrigins.name()) && text.lines().any(begins)
}
