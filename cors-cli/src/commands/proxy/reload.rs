//! The policy's file, read again when it changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use cors_tower::{CompiledPolicy, PolicyHandle};

use crate::compiler::image_of;
use crate::diagnostics;
use crate::exit::Failure;
use crate::input::{self, Input, is_standard};
use crate::output;

/// How often the file is looked at. A change counts once it has been the same twice, so that no half of a file is
/// read.
const INTERVAL: Duration = Duration::from_millis(200);

pub(super) struct PolicySource {
    path: PathBuf,
    /// Of what was read last.
    state: Option<State>,
}

/// What tells one version of a file from another.
type State = (Option<SystemTime>, u64);

impl PolicySource {
    pub(super) fn new(path: &Path) -> Self {
        PolicySource { path: path.to_owned(), state: state(path) }
    }

    pub(super) fn load(&self) -> Result<CompiledPolicy, Failure> {
        let input = Input::read(&self.path)?;
        let image = if input.is_image() { input.image()?.as_bytes().to_vec() } else { image_of(&input)? };
        CompiledPolicy::from_image(image).map_err(|error| Failure::unusable(input.name(), error))
    }

    /// Swaps the policy for each new version of the file that is one. Runs until it is dropped.
    pub(super) async fn watch(mut self, handle: PolicyHandle) {
        if is_standard(&self.path) {
            return;
        }
        let name = input::name(&self.path);
        let mut last = self.state;
        loop {
            tokio::time::sleep(INTERVAL).await;
            let now = state(&self.path);
            if now != self.state && now == last {
                self.state = now;
                match self.load() {
                    Ok(policy) => {
                        handle.store(policy);
                        output::diagnostic(format_args!("{name}: changed, and loaded"));
                    }
                    Err(failure) => {
                        diagnostics::report(failure);
                        output::diagnostic(format_args!("{name}: changed; the policy stays as it was"));
                    }
                }
            }
            last = now;
        }
    }
}

fn state(path: &Path) -> Option<State> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok(), metadata.len()))
}
