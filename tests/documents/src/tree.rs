//! The project's files, as a fresh clone has them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// What builds and tests leave in the tree.
const NOT_OURS: [&str; 8] =
    [".git", "target", "node_modules", "venv", ".venv", "found", "artifacts", "__pycache__"];

/// Returns the project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project's folder")
}

/// Returns the files of this extension or name, with their paths relative to the root, in the order of their names.
pub fn files(wanted: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root(), Path::new(""), wanted, &mut found);
    found.sort();
    found
}

/// Reads a file of the project.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a file of the project.
pub fn write(path: impl AsRef<Path>, text: &str) {
    let path = path.as_ref();
    fs::write(root().join(path), text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn collect(root: &Path, folder: &Path, wanted: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(root.join(folder)).expect("a folder").map(|entry| entry.expect("an entry")) {
        let path = folder.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            if !NOT_OURS.iter().any(|name| entry.file_name() == *name) {
                collect(root, &path, wanted, found);
            }
        } else if path.extension() == Some(OsStr::new(wanted)) || path.file_name() == Some(OsStr::new(wanted))
        {
            found.push(path);
        }
    }
}
