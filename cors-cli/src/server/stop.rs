//! [`Stop`]: Ctrl-C and SIGTERM.

use std::io;

/// The request to end, noticed from when this is made.
pub(crate) struct Stop {
    interrupt: Signals,
    terminate: Signals,
}

#[cfg(unix)]
type Signals = tokio::signal::unix::Signal;
#[cfg(windows)]
type Signals = tokio::signal::windows::CtrlC;

impl Stop {
    pub(crate) fn new() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Stop {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(windows)]
        {
            use tokio::signal::windows::ctrl_c;
            Ok(Stop { interrupt: ctrl_c()?, terminate: ctrl_c()? })
        }
    }

    /// Waits for the next request to end.
    pub(crate) async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
