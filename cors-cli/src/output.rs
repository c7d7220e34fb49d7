//! Results to standard output, diagnostics to standard error; colour where a terminal reads them.

use std::fmt;
use std::io::{self, ErrorKind, Write};

use crate::exit::Failure;

/// Writes a line or more of diagnostics. A failure to do so is ignored: there is nowhere to report it.
pub(crate) fn diagnostic(text: impl fmt::Display) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Standard output. When its reader goes away, as `head` does, the rest is not written, and the command goes on to its exit
/// status.
#[derive(Default)]
pub(crate) struct Output {
    closed: bool,
}

impl Output {
    /// Writes text, without its styles if no terminal reads it.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.write(|| anstream::stdout().lock().write_all(text.as_bytes()))
    }

    /// Writes bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.write(|| {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes)?;
            stdout.flush()
        })
    }

    fn write(&mut self, write: impl FnOnce() -> io::Result<()>) -> Result<(), Failure> {
        if self.closed {
            return Ok(());
        }
        match write() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            result => result.map_err(|error| Failure::unusable("standard output", error)),
        }
    }
}
