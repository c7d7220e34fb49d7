//! [`serve`]: HTTP/1.1 and HTTP/2 until the server is asked to stop.

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};

use super::limits::{Limits, MAX_HEAD_LEN};
use super::requests::Requests;
use super::room::{Place, Room};
use crate::output;

/// How long the server waits after a connection that it could not accept, mostly for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` returns; if `stop` returns again, does not wait for responses to end.
pub(crate) async fn serve<S, B>(
    listener: TcpListener,
    limits: Limits,
    service: S,
    mut stop: impl AsyncFnMut(),
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + Unpin + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).max_buf_size(MAX_HEAD_LEN);
    builder.http2().timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    let room = Room::new(limits.connections);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = stop() => break,
        };
        let stream = match accepted {
            Ok(stream) => stream,
            Err(error) => {
                output::diagnostic(format_args!("a connection was not accepted: {error}"));
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let requests = Requests::default();
        let connection =
            builder.serve_connection_with_upgrades(stream, requests.counted(service.clone())).into_owned();
        let connection = connections.watch(connection);
        let room = room.clone();
        tokio::spawn(async move {
            tokio::select! {
                // An error means that the client has left.
                _ = connection => {}
                () = requests.idle(limits.idle, &room) => {}
            }
        });
    }
    drop(listener);
    tokio::select! {
        _ = tokio::time::timeout(limits.grace, connections.shutdown()) => {}
        () = stop() => {}
    }
}

async fn accept(listener: &TcpListener, room: &Room) -> io::Result<Placed> {
    let (stream, _) = listener.accept().await?;
    let place = room.enter().await.ok_or(io::ErrorKind::ConnectionAborted)?;
    // Nagle's algorithm would hold back the small parts of a stream.
    let _ = stream.set_nodelay(true);
    Ok(Placed { stream: TokioIo::new(stream), _place: place })
}

/// A connection that has its place as long as it is open, also once it is upgraded.
struct Placed {
    stream: TokioIo<TcpStream>,
    _place: Place,
}

impl Read for Placed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Placed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }
}

#[cfg(test)]
mod tests;
