//! Serves HTTP/1.1 and HTTP/2 until it is told to stop.

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;

use crate::output;

/// The most bytes of a head that a server here takes.
pub(crate) const MAX_HEAD_LEN: usize = 64 * 1024;

/// How long responses may take to end once the server is told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// How long to leave connections alone that cannot be accepted, for want of file descriptors mostly.
const PAUSE: Duration = Duration::from_millis(100);

pub(crate) async fn serve<S, B>(listener: TcpListener, mut stop: Stop, service: S)
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).max_buf_size(MAX_HEAD_LEN);
    builder.http2().timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.asked() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                output::diagnostic(format_args!("a connection was not accepted: {error}"));
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        // Small parts of a stream are not to wait for each other.
        let _ = stream.set_nodelay(true);
        let connection =
            builder.serve_connection_with_upgrades(TokioIo::new(stream), service.clone()).into_owned();
        // Its errors are those of a client that left.
        tokio::spawn(connections.watch(connection));
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, connections.shutdown()).await;
}

/// The request to end, by Ctrl-C or SIGTERM, heard from when it is made.
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

    async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
