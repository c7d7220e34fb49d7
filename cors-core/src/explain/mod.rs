//! Why is this blocked, and what do I change? This room joins the two halves of the protocol.
//!
//! In: a fetch or an error of the browser room, with a policy or with a server's responses. Out: steps, obstacles, fixes
//! and advice, as data and in sentences. Whoever talks to a person calls it; no other room of this crate does.
//!
//! [`Requests`] are what a browser sends for a [`Fetch`](crate::browser::Fetch); [`Requests::explain`] puts them to a
//! [`Policy`](crate::Policy). The [`Explanation`] has
//!
//! - [`steps`](Explanation::steps): what happens between page, browser and server, one [`Step`] after the other;
//! - [`obstacles`](Explanation::obstacles): everything that stands in the way, not only what the browser names first,
//!   each with its [`Fix`]es, one of which is enough;
//! - [`near_misses`](Obstacle::near_misses): what in the policy the page's origin was probably meant to match;
//! - [`error`](Explanation::error): the browser's error, which writes the console's text;
//! - [`disagreements`](Explanation::disagreements): the engines in which the fetch ends otherwise.
//!
//! Each piece has a [`Display`](core::fmt::Display) of one line, and so has the whole, of several.
//!
//! Without a policy there are [`Requests::stop`], what keeps a browser from asking at all; [`near_misses()`] for any texts, such as the `Access-Control-Allow-Origin` of somebody's
//! server, and [`ServerAdvice`] for an error or its kind: what it means, and what the server has to send.
//! [`clues()`] are what responses show beyond the fields of CORS: a cache, a login, another layer, a header that is not exposed.
//!
//! ```
//! use cors_core::browser::{CredentialsMode, Engine, Fetch};
//! use cors_core::explain::Requests;
//! use cors_core::{Config, Origin};
//!
//! let config = Config {
//!     allow_origins: &["https://app.example.com"],
//!     allow_methods: &["PATCH"],
//!     allow_credentials: true,
//!     ..Config::NEW
//! };
//! let mut image = [0; 256];
//! let policy = config.compile_into(&mut image)?;
//!
//! let page = Origin::parse(b"http://app.example.com")?;
//! let fetch = Fetch { method: "patch", ..Fetch::new(page, "https://api.example.com/orders/1") };
//! let mut buffer = [0; 256];
//! let requests = Requests::of(&fetch, Engine::Chromium, &mut buffer)?;
//! let explanation = requests.explain(&policy);
//!
//! assert!(!explanation.is_ok());
//! assert_eq!(explanation.error().unwrap().name(), "PreflightMissingAllowOriginHeader");
//! let sentences: Vec<String> = explanation
//!     .obstacles()
//!     .flat_map(|obstacle| [obstacle.to_string(), obstacle.fixes().next().unwrap().to_string()])
//!     .collect();
//! assert_eq!(sentences, [
//!     "the policy does not list the page's origin, http://app.example.com",
//!     "open the page at https://app.example.com",
//!     "the page writes the method patch, the policy lists PATCH, and methods are case-sensitive",
//!     "write PATCH, in upper case, in the page",
//! ]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod clue;
mod compare;
mod difference;
mod disagreement;
mod explanation;
mod fix;
mod missing_headers;
mod near_miss;
mod obstacle;
mod redirect;
mod requests;
mod server;
mod spelling;
mod step;
mod stop;
mod trial;

pub use address::SuggestedAddress;
pub use clue::{Clue, ClueAdvice, clues};
pub use difference::Difference;
pub use disagreement::{Disagreement, Reason};
pub use explanation::Explanation;
pub use fix::{Fix, Place};
pub use missing_headers::MissingHeaders;
pub use near_miss::{MAX_NEAR_MISSES, NearMiss, NearMisses, near_miss, near_misses};
pub use obstacle::{Obstacle, ObstacleKind};
pub use requests::Requests;
pub use server::ServerAdvice;
pub use step::{Actor, ReadableHeaders, Step};
pub use stop::{Stop, StopFix};
