//! Why a request had no answer that a browser could judge, and what to try.

use std::io::ErrorKind;

use ureq::Error;
use url::Url;

use super::tape::{MAX_HEAD_LEN, Recording, Stage};
use crate::printable::Printable;

/// A request without an answer.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    /// What happened and what to try, in a sentence that may be printed.
    pub(super) sentence: String,
}

/// What went wrong. JSON has the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Lookup,
    Refused,
    Unreachable,
    Timeout,
    Tls,
    Closed,
    NotHttp,
    HeadTooLarge,
    Unsendable,
    Other,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Lookup => "lookup",
            Kind::Refused => "refused",
            Kind::Unreachable => "unreachable",
            Kind::Timeout => "timeout",
            Kind::Tls => "tls",
            Kind::Closed => "closed",
            Kind::NotHttp => "not-http",
            Kind::HeadTooLarge => "head-too-large",
            Kind::Unsendable => "unsendable",
            Kind::Other => "other",
        }
    }
}

impl Failure {
    pub(super) fn new(kind: Kind, sentence: impl Into<String>) -> Self {
        Failure { kind, sentence: sentence.into() }
    }

    /// Returns what `error` means at this address, after what was recorded.
    pub(super) fn of(error: &Error, recording: &Recording, url: &Url, timeout: u64) -> Self {
        let place = place(url);
        match error {
            Error::Timeout(_) => timed_out(recording, url, timeout),
            Error::HostNotFound => not_found(url, "no address"),
            Error::LargeResponseHeader(..) => head_too_large(format_args!("{MAX_HEAD_LEN} bytes")),
            Error::Protocol(ureq_error) => {
                let text = ureq_error.to_string();
                if text.contains("too many headers") {
                    head_too_large(format_args!("128 fields"))
                } else {
                    not_http(recording, url, &text)
                }
            }
            Error::Http(error) => Failure::new(
                Kind::Unsendable,
                format!(
                    "the request cannot be sent: {error}; leave unusual characters out of the URL and the headers"
                ),
            ),
            Error::Rustls(error) => tls(url, &error.to_string()),
            Error::Tls(error) => tls(url, error),
            Error::Io(error) => match (recording.stage, error.kind()) {
                (Stage::Lookup, _) => not_found(url, &error.to_string()),
                (Stage::Connection, ErrorKind::ConnectionRefused) => Failure::new(
                    Kind::Refused,
                    format!("{place} refuses connections; check the port, and that the server runs"),
                ),
                (Stage::Connection, _) => Failure::new(
                    Kind::Unreachable,
                    format!(
                        "{place} cannot be reached ({error}); check the network, and the address of the host"
                    ),
                ),
                (Stage::Tls, _) => tls(url, &error.to_string()),
                (Stage::Exchange, _) => closed(recording, url),
            },
            error => Failure::new(Kind::Other, format!("{place}: {error}")),
        }
    }
}

/// Returns host and port of the connection.
fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn not_found(url: &Url, why: &str) -> Failure {
    let host = url.host_str().unwrap_or_default();
    let sentence = format!(
        "the name {host} is not found ({why}); check how it is spelled, and that this machine may look it up"
    );
    Failure::new(Kind::Lookup, sentence)
}

fn timed_out(recording: &Recording, url: &Url, timeout: u64) -> Failure {
    let place = place(url);
    let (what, attempt) = match recording.stage {
        Stage::Lookup => {
            ("the lookup of its name did not end", "check the name, and the name server of this machine")
        }
        Stage::Connection => {
            ("no connection was made", "check the address and the port; a firewall may drop it")
        }
        Stage::Tls => ("TLS was not agreed on", "check that the port speaks TLS"),
        Stage::Exchange if recording.received.is_empty() => {
            ("nothing was answered", "try a longer --timeout, and look for what the server waits for")
        }
        Stage::Exchange => ("the response head did not end", "look for what the server waits for"),
    };
    Failure::new(Kind::Timeout, format!("{place}: {what} in {timeout} s; {attempt}"))
}

fn tls(url: &Url, why: &str) -> Failure {
    let place = place(url);
    let attempt = if why.contains("InvalidContentType") {
        "the port does not seem to speak TLS: try http://"
    } else if why.contains("certificate") {
        "a browser would stop here, too: renew or replace the certificate, or have this machine trust its issuer"
    } else {
        "check that the port speaks TLS 1.2 or 1.3"
    };
    Failure::new(Kind::Tls, format!("{place}: no TLS connection ({why}); {attempt}"))
}

fn closed(recording: &Recording, url: &Url) -> Failure {
    let place = place(url);
    let received = &recording.received;
    let sentence = if received.is_empty() {
        format!(
            "{place} closed the connection without an answer; look into the server's log, and at the proxy in front of it"
        )
    } else if looks_like_http(received) {
        let len = received.len();
        format!(
            "{place} closed the connection in the middle of the response head, after {len} bytes; look into the server's log"
        )
    } else {
        return not_http(recording, url, "the connection was closed");
    };
    Failure::new(Kind::Closed, sentence)
}

fn not_http(recording: &Recording, url: &Url, why: &str) -> Failure {
    let place = place(url);
    let start = recording.received.get(..SHOWN_LEN).unwrap_or(&recording.received);
    let attempt = if matches!(start, [0x15 | 0x16, 0x03, ..]) {
        "it seems to speak TLS: try https://"
    } else {
        "check the port"
    };
    let sentence = if looks_like_http(start) {
        format!("{place} answered with a malformed response head ({why}): \"{}\"", Printable(start))
    } else {
        format!("{place} did not answer in HTTP/1.1 but with \"{}\"; {attempt}", Printable(start))
    };
    Failure::new(Kind::NotHttp, sentence)
}

/// The most bytes that are shown of an answer that is not HTTP.
const SHOWN_LEN: usize = 48;

fn looks_like_http(received: &[u8]) -> bool {
    let start = b"HTTP/1.";
    received.iter().zip(start).all(|(received, expected)| received == expected)
}

fn head_too_large(limit: std::fmt::Arguments<'_>) -> Failure {
    let sentence =
        format!("the response head is longer than {limit}; have the server send fewer or shorter fields");
    Failure::new(Kind::HeadTooLarge, sentence)
}
