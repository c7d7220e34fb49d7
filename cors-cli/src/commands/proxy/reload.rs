//! The policy's file, loaded again when its content changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cors_tower::{CompiledPolicy, PolicyHandle};

use crate::compiler::image_of;
use crate::diagnostics;
use crate::exit::Failure;
use crate::input::{self, Input};
use crate::output;

/// How often the file is read. A change counts once two readings in a row agree, so that a file which is still being written
/// is not loaded.
const INTERVAL: Duration = Duration::from_millis(200);

pub(super) struct PolicySource {
    path: PathBuf,
    /// What was loaded last. The time and length of a file are not enough: another content may have the same.
    content: Content,
}

/// The bytes of a file; `None` for a file that cannot be read.
type Content = Option<Vec<u8>>;

impl PolicySource {
    /// Returns the source at `path`, and the policy in it.
    pub(super) fn load(path: &Path) -> Result<(Self, CompiledPolicy), Failure> {
        let input = Input::read(path)?;
        let policy = compile(&input)?;
        Ok((PolicySource { path: path.to_owned(), content: Some(input.bytes().to_owned()) }, policy))
    }

    /// Swaps the policy in `handle` for each new version of the file that compiles. Runs until it is dropped.
    pub(super) async fn watch(mut self, handle: PolicyHandle) {
        // Standard input and pipes can be read once.
        if !is_file(&self.path) {
            return;
        }
        let name = input::name(&self.path);
        let mut last = self.content.clone();
        loop {
            tokio::time::sleep(INTERVAL).await;
            let now = content(&self.path);
            if now != self.content && now == last {
                match Input::read(&self.path).and_then(|input| compile(&input)) {
                    Ok(policy) => {
                        handle.store(policy);
                        output::diagnostic(format_args!("{name}: changed, and loaded"));
                    }
                    Err(failure) => {
                        diagnostics::report(failure);
                        output::diagnostic(format_args!("{name}: changed; the policy stays as it was"));
                    }
                }
                self.content.clone_from(&now);
            }
            last = now;
        }
    }
}

fn compile(input: &Input) -> Result<CompiledPolicy, Failure> {
    let image = if input.is_image() { input.image()?.as_bytes().to_vec() } else { image_of(input)? };
    CompiledPolicy::from_image(image).map_err(|error| Failure::unusable(input.name(), error))
}

fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
}

fn content(path: &Path) -> Content {
    is_file(path).then(|| fs::read(path).ok()).flatten()
}
