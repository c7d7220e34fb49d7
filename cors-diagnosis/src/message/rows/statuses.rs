//! Chromium's line for a response with an error's status: a method, an address, a status and its reason. `OPTIONS` is a preflight.

use super::topic;
use crate::message::row::Row;
use crate::message::row::Source::Script;
use crate::message::topics as about;

/// Declares three rows for each status: of a preflight, of one that was aborted for it, and of any other request.
macro_rules! statuses {
    ($( $status:literal $reason:literal => $topic:ident; )+) => {
        &[$(
            row(
                concat!("OPTIONS {url} ", $status, " ", $reason),
                super::topic(&about::PREFLIGHT_STATUS),
                Some(cors_core::browser::Stage::Preflight),
            ),
            row(
                concat!("OPTIONS {url} net::ERR_ABORTED ", $status, " ", $reason),
                super::topic(&about::PREFLIGHT_STATUS),
                Some(cors_core::browser::Stage::Preflight),
            ),
            row(concat!("{url} net::ERR_ABORTED ", $status, " ", $reason), topic(&about::$topic), None),
            row(concat!("{url} ", $status, " ", $reason), topic(&about::$topic), None),
        )+]
    };
}

const fn row(
    pattern: &'static str,
    cause: crate::message::Cause,
    stage: Option<cors_core::browser::Stage>,
) -> Row {
    Row { source: Script, versions: "Chromium", language: "en", pattern, cause, stage }
}

pub(super) static ROWS: &[Row] = statuses! {
    "301" "(Moved Permanently)" => HTTP_STATUS;
    "302" "(Found)" => HTTP_STATUS;
    "307" "(Temporary Redirect)" => HTTP_STATUS;
    "308" "(Permanent Redirect)" => HTTP_STATUS;
    "400" "(Bad Request)" => HTTP_STATUS;
    "401" "(Unauthorized)" => HTTP_STATUS;
    "403" "(Forbidden)" => HTTP_STATUS;
    "404" "(Not Found)" => HTTP_STATUS;
    "405" "(Method Not Allowed)" => NOT_ALLOWED_METHOD;
    "406" "(Not Acceptable)" => HTTP_STATUS;
    "407" "(Proxy Authentication Required)" => HTTP_STATUS;
    "409" "(Conflict)" => HTTP_STATUS;
    "413" "(Payload Too Large)" => HTTP_STATUS;
    "413" "(Request Entity Too Large)" => HTTP_STATUS;
    "415" "(Unsupported Media Type)" => HTTP_STATUS;
    "422" "(Unprocessable Entity)" => HTTP_STATUS;
    "429" "(Too Many Requests)" => HTTP_STATUS;
    "500" "(Internal Server Error)" => HTTP_STATUS;
    "501" "(Not Implemented)" => HTTP_STATUS;
    "502" "(Bad Gateway)" => HTTP_STATUS;
    "503" "(Service Unavailable)" => HTTP_STATUS;
    "504" "(Gateway Timeout)" => HTTP_STATUS;
};
