//! The browser's half: does this fetch need a preflight, does the page get to see the response, and if not, which
//! message does the developer read?
//!
//! In: what a page asks and what a server answers. Out: the requests that go out, the outcome, and the console's text.
//! Everybody may call it. It takes origins, names of fields and requests from the other rooms, and no policy.
//!
//! A [`Fetch`] is what a page asks, a [`Response`] what a server answers, [`Fetch::judge`] plays the two through for one
//! [`Engine`]. Each step can be had by itself: [`Fetch::needs_preflight`], [`Fetch::preflight`],
//! [`Fetch::check_address`], [`Fetch::check_preflight`], [`Fetch::check_response`], [`Fetch::exposed_headers`] and [`Fetch::preflight_kept`]. A
//! failure is a [`CorsError`], which writes the texts of browsers' consoles.
//!
//! [`Engine::Standard`] is the Fetch standard of July 2026 to the letter. One table, [`DEPARTURES`], has what engines do
//! otherwise, each with its evidence.
//!
//! ```
//! use cors_core::browser::{CredentialsMode, Engine, Fetch, Header, Response};
//! use cors_core::{Config, Origin};
//!
//! // What this policy answers ...
//! let config = Config {
//!     allow_origins: &["https://app.example.com"],
//!     allow_headers: &["content-type"],
//!     allow_credentials: true,
//!     ..Config::NEW
//! };
//! let mut image = [0; 256];
//! let policy = config.compile_into(&mut image)?;
//!
//! // ... to a page that sends JSON with PUT ...
//! let fetch = Fetch {
//!     method: "PUT",
//!     headers: &[Header::new("content-type", "application/json")],
//!     credentials: CredentialsMode::Include,
//!     ..Fetch::new(Origin::parse(b"https://app.example.com")?, "https://api.example.com/orders/1")
//! };
//! let mut buffer = [0; 256];
//! let request = fetch.preflight(Engine::Chromium).unwrap().request_in(&mut buffer)?;
//! let decision = policy.evaluate(&request);
//! let headers: Vec<Header> = decision.fields().map(Header::from).collect();
//!
//! // ... does not please the browser.
//! let response = Response { status: decision.status().unwrap(), headers: &headers };
//! let error = fetch.check_preflight(Engine::Chromium, &response).unwrap_err();
//! let mut text = String::new();
//! error.chromium_message(&mut text, &fetch)?;
//! assert!(text.ends_with("Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod address_space;
mod check;
mod console;
mod engine;
mod error;
mod exposed;
mod fetch;
mod hash_order;
mod header;
mod judge;
mod max_age;
mod message;
mod mime;
mod names;
mod options;
mod ports;
mod preflight;
mod range;
mod redirect;
mod response;
mod safelist;
mod unsafe_headers;
mod url;

pub use address_space::AddressSpace;
pub use engine::{DEPARTURES, Departure, Engine, Evidence, Rule};
pub use error::{CorsError, Element, ErrorKind, Parameter, Stage};
pub use exposed::is_safelisted_response_header;
pub use fetch::{Fetch, FetchError};
pub use header::{CombinedValue, Header, HeaderName};
pub use judge::Outcome;
pub use max_age::DEFAULT_MAX_AGE;
pub use message::FirefoxLine;
pub use options::{Api, CredentialsMode, Mode, Permission};
pub(crate) use ports::is_unsafe as is_unsafe_port;
pub use preflight::{BufferTooSmall, Preflight, PreflightReason, RequestHeaders};
pub use response::Response;
pub use safelist::{MAX_SAFE_VALUE_LEN, MAX_SAFE_VALUES_LEN, UnsafeHeader};
pub(crate) use url::scheme;
