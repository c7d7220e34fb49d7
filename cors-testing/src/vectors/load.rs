//! [`load`]: reads a file of vectors, strictly. A vector that is not understood must not pass for one that holds.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, DeserializeOwned, Deserializer};

/// Returns the vectors of the file of that name, at least one. `CORS_VECTORS` in the environment names another folder.
pub fn load<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = folder().join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let vectors: Vec<T> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!vectors.is_empty(), "{} is empty", path.display());
    vectors
}

fn folder() -> PathBuf {
    env::var_os("CORS_VECTORS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors"), PathBuf::from)
}

/// Deserializes a field that may be null and may not be left out.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer)
}
