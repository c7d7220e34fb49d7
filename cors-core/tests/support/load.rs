//! Reads a file of vectors, strictly: a vector that is not understood must not pass for one that holds.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, DeserializeOwned, Deserializer};

/// The vectors of `name`, at least one.
pub(crate) fn load<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = folder().join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let vectors: Vec<T> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!vectors.is_empty(), "{} holds no vector", path.display());
    vectors
}

fn folder() -> PathBuf {
    env::var_os("CORS_VECTORS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors"), PathBuf::from)
}

/// For a field that may be null and may not be left out.
pub(crate) fn nullable<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer)
}
