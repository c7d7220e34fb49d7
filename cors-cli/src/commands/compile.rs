//! `cors compile`: writes the image of a policy file in one step.

use std::fs;
#[cfg(unix)]
use std::fs::Permissions;
use std::io::{self, ErrorKind, IsTerminal, Write};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::args::Compile;
use crate::compiler::{image_of, policy_of};
use crate::diagnostics::count;
use crate::exit::{Exit, Failure};
use crate::input::{self, Input, is_standard};
use crate::output::{self, Output};
use crate::summary::summary;

pub(crate) fn run(arguments: &Compile) -> Result<Exit, Failure> {
    let input = Input::read(&arguments.policy)?;
    let target = &arguments.output;
    if is_standard(target) && io::stdout().is_terminal() {
        let what = "an image is not text for a terminal; name a file with -o";
        return Err(Failure::unusable("standard output", what));
    }
    if is_same_file(input.path(), target) {
        return Err(Failure::unusable(input::name(target), "the policy itself; name another file with -o"));
    }
    let image = image_of(&input)?;
    let summary = summary(&policy_of(&image, &input)?);
    if is_standard(target) {
        Output::default().bytes(&image)?;
    } else {
        write(target, &image).map_err(|error| Failure::unusable(input::name(target), explain(&error)))?;
    }
    let size = count(image.len(), "byte");
    output::diagnostic(format_args!("{}: {size}, {summary}", output_name(target)));
    Ok(Exit::Ok)
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let canonical = |path: &Path| if is_standard(path) { None } else { fs::canonicalize(path).ok() };
    canonical(one).is_some_and(|one| canonical(other) == Some(one))
}

/// Writes a file in one step, so that a reader gets the old file or the new one.
fn write(target: &Path, image: &[u8]) -> io::Result<()> {
    let old = match fs::metadata(target) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if old.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(ErrorKind::IsADirectory.into());
    }
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        // A file must not take the place of a pipe or a device.
        return fs::OpenOptions::new().write(true).open(target)?.write_all(image);
    }
    // Replaces the file that a link names, not the link.
    let target = if old.is_some() { fs::canonicalize(target)? } else { target.to_owned() };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = temporary_file(folder)?;
    file.write_all(image)?;
    // WASI sets no permissions: its host does where a file takes the place of another.
    if let Some(old) = old.filter(|_| cfg!(not(target_family = "wasm"))) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}

fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // tempfile's default is a file for its owner alone. Servers read an image, as far as the umask allows.
    #[cfg(unix)]
    builder.permissions(Permissions::from_mode(0o666));
    builder.prefix(".cors-").tempfile_in(folder)
}

fn output_name(target: &Path) -> String {
    if is_standard(target) { "standard output".to_owned() } else { input::name(target) }
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such folder; make it first".to_owned(),
        ErrorKind::IsADirectory => "a directory; name a file in it".to_owned(),
        ErrorKind::PermissionDenied => "you may not write there; check the folder's permissions".to_owned(),
        _ => error.to_string(),
    }
}
