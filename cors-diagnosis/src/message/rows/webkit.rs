//! Safari, every browser on iOS, and Chrome up to version 32, which was made of WebKit.

use cors_core::browser::ErrorKind as Kind;

use super::{error, topic};
use crate::message::row::{Row, rows};
use crate::message::topics as about;

pub(super) static ROWS: &[Row] = rows! { WebKit:
    "any; Chrome up to 32" "Origin {origin} is not allowed by Access-Control-Allow-Origin" => topic(&about::MISSING_OR_MISMATCH);
    "any" "is not allowed by Access-Control-Allow-Origin" => topic(&about::MISSING_OR_MISMATCH);
    "any; Chrome up to 32" "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true" => error(Kind::WildcardOriginNotAllowed);
    "any" "Access-Control-Allow-Origin cannot contain more than one origin" => error(Kind::MultipleAllowOriginValues);
    "any" "Credentials flag is true, but Access-Control-Allow-Credentials is not" => error(Kind::InvalidAllowCredentials);
    "since 10" "Preflight response is not successful" => error(Kind::PreflightInvalidStatus);
    "since 11" "Header Access-Control-Allow-Methods has an invalid value: {parameter}" => error(Kind::InvalidAllowMethodsPreflightResponse);
    "since 11" "Header Access-Control-Allow-Headers has an invalid value: {parameter}" => error(Kind::InvalidAllowHeadersPreflightResponse);
    "any; Chrome up to 37" "Method {parameter} is not allowed by Access-Control-Allow-Methods" => error(Kind::MethodDisallowedByPreflightResponse);
    "any; Chrome up to 37" "Request header field {parameter} is not allowed by Access-Control-Allow-Headers" => error(Kind::HeaderDisallowedByPreflightResponse);
    "any; Chrome up to 29" "Cross origin requests are only supported for HTTP" => error(Kind::CorsDisabledScheme);
    "since 10" "Preflight response was redirected" => error(Kind::PreflightDisallowedRedirect);
    "since 11" "Redirections in preflight are not allowed" => error(Kind::PreflightDisallowedRedirect);
    "since 10" "Response served over HTTP redirect in preflight" => error(Kind::PreflightDisallowedRedirect);
    "since 10" "is a cross-origin redirection with credentials" => error(Kind::RedirectContainsCredentials);
    "since 11" "URL {url} contains credentials" => error(Kind::RedirectContainsCredentials);
    "any" "Cross-origin redirection to {url} denied by Cross-Origin Resource Sharing policy" => topic(&about::REDIRECT_BLOCKED);
    "any" "Cross-origin redirection to {url} denied by Cross-Origin Resource Sharing policy: Origin {origin} is not allowed by Access-Control-Allow-Origin" => topic(&about::REDIRECT_ALLOW_ORIGIN);
    "any" "Cross-origin redirection denied by Cross-Origin Resource Sharing policy" => topic(&about::REDIRECT_BLOCKED);
    "any" "{kind} load denied by Cross-Origin Resource Sharing policy" => topic(&about::CORS_NEEDED);
    "any" "denied by Cross-Origin Resource Sharing policy" => topic(&about::BLOCKED);
    "any" "cannot load {url} due to access control checks" => topic(&about::ACCESS_CONTROL_CHECKS);
    "any" "due to access control checks" => topic(&about::ACCESS_CONTROL_CHECKS);
    "any" "Cannot make any requests from" => topic(&about::NULL_ORIGIN);
    "any" "Cross origin requests are not allowed when using same-origin fetch mode" => error(Kind::DisallowedByMode);
    "since 12" "Cancelled load to {url} because it violates the resource's Cross-Origin-Resource-Policy" => topic(&about::CORP);
    "since 15" "because of Cross-Origin-Embedder-Policy" => topic(&about::COEP);
    "since 9" "was not allowed to run insecure content from {url}" => error(Kind::MixedContent);
    "since 9" "was not allowed to display insecure content from {url}" => error(Kind::MixedContent);
    "since 9" "requested insecure content from {url} This content was blocked" => error(Kind::MixedContent);
    "any" "Not allowed to request resource" => topic(&about::NOT_ALLOWED_TO_REQUEST);
    "any" "Refused to connect to {url} because it does not appear in the connect-src directive" => topic(&about::CSP);
};
