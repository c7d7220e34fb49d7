//! What the programs of the tests in real browsers share.

#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::path::Path;
use std::{fs, io};

/// The files of a folder whose names end so, by what stands before that.
pub fn files(folder: impl AsRef<Path>, ending: &str) -> io::Result<HashMap<String, Vec<u8>>> {
    let mut files = HashMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(stem) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(ending)) {
            files.insert(stem.to_owned(), fs::read(&path)?);
        }
    }
    Ok(files)
}
