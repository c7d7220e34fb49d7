//! A recording of a connection: how far it got, and the head as the server wrote it. The client itself does not keep the
//! spelling and the order of fields, nor what it does not understand.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, RustlsConnector, TcpConnector, Transport,
};

/// The most bytes of a response head.
pub(super) const MAX_HEAD_LEN: usize = 64 * 1024;

/// How far a request got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// The host's name is being looked up.
    #[default]
    Lookup,
    /// Its address is known.
    Connection,
    /// The connection exists. TLS is being agreed on, if the address asks for it.
    Tls,
    /// The request may be sent, and answered.
    Exchange,
}

/// A recording that the client shares with its connections.
#[derive(Clone, Debug, Default)]
pub(super) struct Tape(Arc<Mutex<Recording>>);

#[derive(Debug, Default)]
pub(super) struct Recording {
    pub(super) stage: Stage,
    /// The bytes that the server sent: the head, and the part of the body that came with it.
    pub(super) received: Vec<u8>,
}

impl Tape {
    /// Returns a connector that records, and uses TLS if the address asks for it.
    pub(super) fn connector(&self) -> impl Connector + use<> {
        let mark = |stage| Mark { tape: self.clone(), stage };
        ().chain(mark(Stage::Connection))
            .chain(TcpConnector::default())
            .chain(mark(Stage::Tls))
            .chain(RustlsConnector::default())
            .chain(Recorder(self.clone()))
    }

    /// Returns the recording, and begins a new one.
    pub(super) fn take(&self) -> Recording {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Recording> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records that the connectors before it have done their work.
#[derive(Debug)]
struct Mark {
    tape: Tape,
    stage: Stage,
}

impl<In: Transport> Connector<In> for Mark {
    type Out = In;

    fn connect(&self, _: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<In>, Error> {
        self.tape.lock().stage = self.stage;
        Ok(chained)
    }
}

#[derive(Debug)]
struct Recorder(Tape);

impl<In: Transport> Connector<In> for Recorder {
    type Out = Recorded<In>;

    fn connect(&self, _: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Recorded<In>>, Error> {
        self.0.lock().stage = Stage::Exchange;
        Ok(chained.map(|inner| Recorded { inner, tape: self.0.clone() }))
    }
}

/// A connection that keeps what it receives.
#[derive(Debug)]
struct Recorded<T> {
    inner: T,
    tape: Tape,
}

impl<T: Transport> Transport for Recorded<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let before = self.inner.buffers().input().len();
        let progress = self.inner.await_input(timeout);
        let new = self.inner.buffers().input().get(before..).unwrap_or_default();
        self.tape.lock().received.extend_from_slice(new);
        progress
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
