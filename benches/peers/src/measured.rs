//! Criterion's results, read from its files.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Median nanoseconds, by group, function and number of origins (0 for a function that is measured without one).
pub(crate) struct Measured {
    medians: BTreeMap<(String, String, usize), f64>,
}

impl Measured {
    /// Reads every `new/estimates.json` under criterion's folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let mut medians = BTreeMap::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.ends_with("new") {
                    let (benchmark, estimates) = (json(&path, "benchmark")?, json(&path, "estimates")?);
                    let text = |key: &str| benchmark[key].as_str().unwrap_or_default().to_owned();
                    let count = text("value_str").parse().unwrap_or(0);
                    let median = estimates["median"]["point_estimate"].as_f64().ok_or("no median")?;
                    medians.insert((text("group_id"), text("function_id"), count), median);
                } else if path.is_dir() {
                    folders.push(path);
                }
            }
        }
        Ok(Measured { medians })
    }

    /// Returns the nanoseconds of a function.
    pub(crate) fn get(&self, group: &str, function: &str, count: usize) -> Option<f64> {
        self.medians.get(&(group.to_owned(), function.to_owned(), count)).copied()
    }

    /// Returns the nanoseconds that a layer adds: the time with the layer less the time without.
    pub(crate) fn overhead(&self, group: &str, function: &str, count: usize) -> Option<f64> {
        // Noise can make a tiny difference negative.
        Some((self.get(group, function, count)? - self.get(group, "no layer", count)?).max(0.1))
    }
}

fn json(folder: &Path, name: &str) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_str(&fs::read_to_string(folder.join(name).with_extension("json"))?)?)
}
