//! What servers themselves write where they refuse a page: in a response's body, or in their logs.

use super::topic;
use crate::message::row::{Row, rows};
use crate::message::topics as about;

pub(super) static ROWS: &[Row] = rows! { Script:
    "Spring" "Invalid CORS request" => topic(&about::SERVER_REFUSES);
    "Spring" "Reject: {other} origin is not allowed" => topic(&about::SERVER_REFUSES);
    "npm cors, with a function" "Not allowed by CORS" => topic(&about::SERVER_REFUSES);
    "npm cors, with a function" "The CORS policy for this site does not allow access from the specified Origin" => topic(&about::SERVER_REFUSES);
    "npm cors, with a function" "CORS policy for this site does not allow" => topic(&about::SERVER_REFUSES);
    "npm cors, with a function" "Origin not allowed by CORS" => topic(&about::SERVER_REFUSES);
    "Starlette" "Disallowed CORS origin" => topic(&about::SERVER_REFUSES);
    "Starlette" "Disallowed CORS method" => topic(&about::SERVER_REFUSES), Preflight;
    "Starlette" "Disallowed CORS headers" => topic(&about::SERVER_REFUSES), Preflight;
    "ASP.NET Core" "CORS policy execution failed" => topic(&about::SERVER_REFUSES);
    "ASP.NET Core" "Request origin {origin} does not have permission to access the resource" => topic(&about::SERVER_REFUSES);
    "S3" "This CORS request is not allowed" => topic(&about::SERVER_REFUSES), Preflight;
    "S3" "CORSResponse: CORS is not enabled for this bucket" => topic(&about::SERVER_REFUSES), Preflight;
    "Azure" "CorsPreflightFailure" => topic(&about::SERVER_REFUSES), Preflight;
    "Azure" "CORS not enabled or no matching rule found for this request" => topic(&about::SERVER_REFUSES), Preflight;
};
