//! Internet Explorer 10 and 11, and Edge up to version 18.

use cors_core::browser::ErrorKind as Kind;

use super::{error, topic};
use crate::message::row::{Row, rows};
use crate::message::topics as about;

pub(super) static ROWS: &[Row] = rows! { InternetExplorer:
    "10 and 11" "SEC7117" => topic(&about::NO_PRIVATE_NETWORK);
    "10 and 11" "required Cross Origin Resource Sharing (CORS)" => topic(&about::CROSS_ORIGIN_NOTE);
    "10 and 11" "XMLHttpRequest for {url} required Cross Origin Resource Sharing (CORS)" => topic(&about::CROSS_ORIGIN_NOTE);
    "10 and 11" "XMLHttpRequest for {url} required CORS preflight" => topic(&about::CROSS_ORIGIN_NOTE);
    "11, Edge" "(XHR)OPTIONS - {url}" => topic(&about::PREFLIGHT_STATUS), Preflight;
    "11, Edge" "[CORS] The origin {origin} did not find {other} in the Access-Control-Allow-Origin response header for cross-origin resource at {url}" => topic(&about::MISSING_OR_MISMATCH);
    "10 and 11" "SEC7120" => topic(&about::MISSING_OR_MISMATCH);
    "10 and 11" "Origin {origin} not found in Access-Control-Allow-Origin header" => topic(&about::MISSING_OR_MISMATCH);
    "10 and 11" "not found in Access-Control-Allow-Origin header" => topic(&about::MISSING_OR_MISMATCH);
    "10 and 11" "SEC7121" => error(Kind::WildcardOriginNotAllowed);
    "10 and 11" "Wildcard in Access-Control-Allow-Origin not allowed when credentials flag is set to true" => error(Kind::WildcardOriginNotAllowed);
    "10 and 11" "SEC7122" => error(Kind::InvalidAllowCredentials);
    "10 and 11" "Credentials flag was set to true, but Access-Control-Allow-Credentials was not present" => error(Kind::InvalidAllowCredentials);
    "10 and 11" "Credential flag was set to true, but Access-Control-Allow-Credentials was not present" => error(Kind::InvalidAllowCredentials);
    "10 and 11" "SEC7123" => error(Kind::HeaderDisallowedByPreflightResponse);
    "10 and 11" "Request header {parameter} was not present in the Access-Control-Allow-Headers list" => error(Kind::HeaderDisallowedByPreflightResponse);
    "10 and 11" "SEC7124" => error(Kind::MethodDisallowedByPreflightResponse);
    "10 and 11" "Request method {parameter} was not present in the Access-Control-Allow-Methods list" => error(Kind::MethodDisallowedByPreflightResponse);
    "10 and 11" "SEC7126" => error(Kind::PreflightDisallowedRedirect);
    "10 and 11" "Redirects are not allowed for CORS preflight requests" => error(Kind::PreflightDisallowedRedirect);
    "10 and 11" "SEC7127" => topic(&about::REDIRECT_BLOCKED);
    "10 and 11" "Redirect was blocked for CORS request" => topic(&about::REDIRECT_BLOCKED);
    "10 and 11" "SEC7128" => error(Kind::MultipleAllowOriginValues);
    "10 and 11" "Multiple Access-Control-Allow-Origin headers are not allowed for CORS response" => error(Kind::MultipleAllowOriginValues);
    "10 and 11" "SEC7129" => topic(&about::ALLOW_CREDENTIALS_TWICE);
    "10 and 11" "Multiple Access-Control-Allow-Credentials headers are not allowed for CORS response" => topic(&about::ALLOW_CREDENTIALS_TWICE);
    "10 and 11" "Network Error 0x80070005, Access is denied" => topic(&about::ACCESS_DENIED);
    "10 and 11" "Network Error 0x80070005" => topic(&about::ACCESS_DENIED);
    "8 to 11" "SCRIPT5: Access is denied" => topic(&about::ACCESS_DENIED);
    "10 and 11" "Network Error 0x2efd" => topic(&about::SERVER_DOWN);
    "10 and 11" "Network Error 0x00002efd" => topic(&about::SERVER_DOWN);
    "10 and 11" "due to error 00002efd" => topic(&about::SERVER_DOWN);
    "10 and 11" "due to error 00002ee7" => topic(&about::NAME_NOT_RESOLVED);
    "10 and 11" "Network Error 0x2ee7" => topic(&about::NAME_NOT_RESOLVED);
    "10 and 11" "due to error 00002efe" => topic(&about::SERVER_DOWN);
    "10 and 11" "due to error 00002f7d" => topic(&about::TLS);
    "10 and 11" "due to error 800c0019" => topic(&about::CERTIFICATE);
};
