//! What comes over a connection, byte by byte: how far it got, and the head as the server wrote it. The client itself
//! forgets the spelling and the order of fields, and what it does not understand.

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
    /// There is a connection. TLS is being agreed on, if the address asks for it.
    Tls,
    /// The request may be sent, and answered.
    Exchange,
}

/// Shared between whoever asks and the connections that are made for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Tape(Arc<Mutex<Recording>>);

#[derive(Debug, Default)]
pub(super) struct Recording {
    pub(super) stage: Stage,
    /// What the server sent: all of the head, and whatever of the body came in the same breath.
    pub(super) received: Vec<u8>,
}

impl Tape {
    /// Connects, by TLS if need be, and records.
    pub(super) fn connector(&self) -> impl Connector + use<> {
        let mark = |stage| Mark { tape: self.clone(), stage };
        ().chain(mark(Stage::Connection))
            .chain(TcpConnector::default())
            .chain(mark(Stage::Tls))
            .chain(RustlsConnector::default())
            .chain(Recorder(self.clone()))
    }

    /// What was recorded, which begins anew.
    pub(super) fn take(&self) -> Recording {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Recording> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes that the connectors before it have done their work.
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
