//! [`Stop`]: what keeps a browser from making any request, whatever a server answers.

use core::fmt::{self, Write as _};

use super::address::SuggestedAddress;
use super::fix::{Fix, Fixes};
use super::obstacle::ObstacleKind;
use super::requests::Requests;
use super::trial::{can_list, risks_of};
use crate::browser::{AddressSpace, CorsError, Engine, Fetch, is_unsafe_port};
use crate::origin::Origin;
use crate::pattern::canonical::Text;

/// What stops a fetch before any request, so that no policy and no response has a part in it.
///
/// It is the first [`Obstacle`](super::Obstacle) of such a fetch, and stands alone where there is no policy. See [`Requests::stop`].
#[derive(Clone, Copy, Debug)]
pub struct Stop<'a> {
    fetch: Fetch<'a>,
    engine: Engine,
    error: CorsError<'a>,
    kind: ObstacleKind,
}

/// A change that lets a fetch go out.
#[derive(Clone, Copy, Debug)]
pub struct StopFix<'a>(Fix<'a>);

impl<'a> StopFix<'a> {
    /// Returns it as one of the fixes of an [`Obstacle`](super::Obstacle).
    pub fn as_fix(&self) -> &Fix<'a> {
        &self.0
    }
}

/// In the imperative.
impl fmt::Display for StopFix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write_of_stop(f)
    }
}

impl<'a> Requests<'a> {
    /// Returns what stops the fetch before any request; nothing for a fetch that is sent, and for a call that throws.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::{Engine, Fetch};
    /// use cors_core::explain::Requests;
    ///
    /// let page = Origin::parse(b"https://app.example.com")?;
    /// let fetch = Fetch::new(page, "http://api.example.com/");
    /// let requests = Requests::of(&fetch, Engine::Chromium, &mut [])?;
    /// let stop = requests.stop().unwrap();
    /// assert_eq!(stop.error().name(), "MixedContent");
    /// let fix = stop.fixes().next().unwrap();
    /// assert_eq!(fix.to_string(), "serve the address over https, and ask https://api.example.com/");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stop(&self) -> Option<Stop<'a>> {
        let (fetch, engine) = (*self.fetch(), self.engine());
        fetch.check().ok()?;
        let error = fetch.check_address(engine).err()?;
        let escapes = error == CorsError::DisallowedByMode;
        let kind = kinds(&fetch, engine, escapes).into_iter().flatten().next()?;
        Some(Stop { fetch, engine, error, kind })
    }
}

impl<'a> Stop<'a> {
    /// Returns the error as the browser names it.
    pub fn error(&self) -> CorsError<'a> {
        self.error
    }

    /// Returns what it is about.
    pub fn kind(&self) -> ObstacleKind {
        self.kind
    }

    /// Returns the fixes, any of which is enough, the best guess first.
    pub fn fixes(&self) -> impl Iterator<Item = StopFix<'a>> + Clone + use<'a> {
        let credentials = self.fetch.with_credentials();
        let may_list = |page: &Origin<'_>| {
            let text = page.as_str();
            (can_list(text) && risks_of(text, credentials).next().is_none()).then_some(false)
        };
        fixes(self.kind, &self.fetch, self.engine, may_list).map(StopFix)
    }
}

impl fmt::Display for Stop<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.kind, &self.fetch, self.engine)
    }
}

/// Returns what stops a fetch, in the order in which it has to go. `escapes` is true if the mode is `same-origin` for another origin.
pub(super) fn kinds(fetch: &Fetch<'_>, engine: Engine, escapes: bool) -> [Option<ObstacleKind>; 5] {
    // The port is an obstacle of its own.
    let stopped = fetch.check_address_at_any_port(engine).err().and_then(of_address);
    let is_stopped = |kind| stopped.filter(|stopped| *stopped == kind);
    [
        is_stopped(ObstacleKind::Address),
        escapes.then_some(ObstacleKind::Mode),
        is_stopped(ObstacleKind::MixedContent),
        is_stopped(ObstacleKind::LocalNetwork),
        fetch.unsafe_port(engine).map(|_| ObstacleKind::Port),
    ]
}

fn of_address(error: CorsError<'_>) -> Option<ObstacleKind> {
    match error {
        CorsError::MissingScheme | CorsError::CorsDisabledScheme { .. } => Some(ObstacleKind::Address),
        CorsError::MixedContent => Some(ObstacleKind::MixedContent),
        CorsError::InsecureLocalNetwork { .. } | CorsError::LocalNetworkAccessPermissionDenied { .. } => {
            Some(ObstacleKind::LocalNetwork)
        }
        _ => None,
    }
}

/// Writes a kind of those that [`kinds`] returns, for this fetch; of the others, nothing.
pub(super) fn write(
    f: &mut fmt::Formatter<'_>,
    kind: ObstacleKind,
    fetch: &Fetch<'_>,
    engine: Engine,
) -> fmt::Result {
    match kind {
        ObstacleKind::Address => write_address(f, fetch, engine),
        ObstacleKind::MixedContent => f.write_str(
            "the page comes by https and asks an address by http: the browser sends nothing, whatever the server allows \
             (mixed content)",
        ),
        ObstacleKind::LocalNetwork => write_local_network(f, fetch, engine),
        ObstacleKind::Port => {
            f.write_str("the page asks ")?;
            if let Some(port) = fetch.unsafe_port(engine) {
                write!(f, "port {port}, ")?;
            }
            f.write_str("which belongs to another protocol: the browser sends nothing there, whatever the server allows")
        }
        ObstacleKind::Mode => f.write_str("the mode same-origin lets no request leave the page's own origin"),
        _ => Ok(()),
    }
}

fn write_address(f: &mut fmt::Formatter<'_>, fetch: &Fetch<'_>, engine: Engine) -> fmt::Result {
    let Fetch { url, .. } = fetch;
    match fetch.check_address_at_any_port(engine) {
        Err(CorsError::CorsDisabledScheme { scheme }) => write!(
            f,
            "the browser takes {scheme} in {url} for a scheme, and a page can fetch from http and https alone"
        ),
        _ => write!(
            f,
            "{url} has no scheme: the browser takes it for a path, and asks the page's own server for that"
        ),
    }
}

fn write_local_network(f: &mut fmt::Formatter<'_>, fetch: &Fetch<'_>, engine: Engine) -> fmt::Result {
    f.write_str("the page comes from the internet and asks ")?;
    match fetch.check_address_at_any_port(engine) {
        Err(CorsError::InsecureLocalNetwork { space }) => {
            f.write_str(place_of(space))?;
            f.write_str(", which a browser lets no page do that came by http, whatever the server allows")
        }
        Err(CorsError::LocalNetworkAccessPermissionDenied { space }) => {
            f.write_str(place_of(space))?;
            f.write_str(
                ", for which the person who uses it has to permit it, whatever the server allows (local network access)",
            )
        }
        _ => Ok(()),
    }
}

/// Returns where a near address is, for the middle of a sentence.
pub(super) fn place_of(space: AddressSpace) -> &'static str {
    match space {
        AddressSpace::Loopback => "this machine",
        AddressSpace::Local => "a private network",
        AddressSpace::Public => "the internet",
    }
}

/// Returns the fixes of a kind of those that [`kinds`] returns; of the others, none.
///
/// `may_list` says of a page's origin whether it is allowed already, if it is or can be listed without a risk.
pub(super) fn fixes<'a>(
    kind: ObstacleKind,
    fetch: &Fetch<'a>,
    engine: Engine,
    may_list: impl Fn(&Origin<'_>) -> Option<bool>,
) -> Fixes<'a> {
    let own = has_helpful_server(fetch).then_some(Fix::AskOwnServer);
    match kind {
        ObstacleKind::Address => {
            let written = written_address(fetch, engine);
            let written = written.map(|(address, space)| Fix::WriteScheme { address, space });
            Fixes::one(written.unwrap_or(Fix::ChangeScheme))
        }
        ObstacleKind::MixedContent => {
            let address = SuggestedAddress::secure(fetch.url);
            let space = try_address(fetch, address, engine).ok();
            let ask = space.map(|space| Fix::AskByHttps { address, space });
            Fixes::two(ask, own.or(ask.is_none().then_some(Fix::AskOwnServer)))
        }
        ObstacleKind::LocalNetwork => Fixes::one(match fetch.check_address_at_any_port(engine) {
            Err(CorsError::LocalNetworkAccessPermissionDenied { space }) => Fix::PermitLocalNetwork(space),
            _ => serve_page_by_https(fetch, engine, may_list).unwrap_or(Fix::AskOwnServer),
        }),
        ObstacleKind::Port => Fixes::two(Some(Fix::ChangePort), own),
        ObstacleKind::Mode => Fixes::one(Fix::UseCorsMode),
        _ => Fixes::two(None, None),
    }
}

/// Returns the address that the page is told to write in place of one without a scheme, and where it is if the page needs a
/// permission for it; nothing if the page can ask none.
pub(super) fn written_address<'a>(
    fetch: &Fetch<'a>,
    engine: Engine,
) -> Option<(SuggestedAddress<'a>, Option<AddressSpace>)> {
    let is_open =
        |address: &SuggestedAddress<'_>| address.port().is_none_or(|port| !is_unsafe_port(port, engine));
    SuggestedAddress::completions(fetch.url).filter(is_open).find_map(|address| {
        let space = try_address(fetch, address, engine).ok()?;
        Some((address, space))
    })
}

/// Returns where an address is, if a page needs a permission for it; an error if the page cannot ask there.
pub(super) fn try_address(
    fetch: &Fetch<'_>,
    address: SuggestedAddress<'_>,
    engine: Engine,
) -> Result<Option<AddressSpace>, fmt::Error> {
    let mut text = Text::new();
    write!(text, "{}", address.origin())?;
    match (Fetch { url: &text, redirected_from: None, ..*fetch }).check_address_at_any_port(engine) {
        Ok(()) => Ok(None),
        Err(CorsError::LocalNetworkAccessPermissionDenied { space }) => Ok(Some(space)),
        Err(_) => Err(fmt::Error),
    }
}

/// Returns the fix for a page of http, if its origin by https can be listed, or is.
pub(super) fn serve_page_by_https<'a>(
    fetch: &Fetch<'a>,
    engine: Engine,
    may_list: impl Fn(&Origin<'_>) -> Option<bool>,
) -> Option<Fix<'a>> {
    if fetch.origin.scheme() != Some("http") || fetch.origin.is_local() {
        return None;
    }
    let origin = SuggestedAddress::secure(fetch.origin.as_str());
    let secure_address = SuggestedAddress::secure(fetch.url);
    let mut text = Text::new();
    write!(text, "{origin}").ok()?;
    let page = Origin::parse(text.as_bytes()).ok()?;
    let moved = Fetch { origin: page, redirected_from: None, ..*fetch };
    let (address, space) = match moved.check_address_at_any_port(engine) {
        Ok(()) => (None, None),
        Err(CorsError::LocalNetworkAccessPermissionDenied { space }) => (None, Some(space)),
        // Where the port has to change, too, the address by https is not known.
        Err(CorsError::MixedContent) if fetch.unsafe_port(engine).is_some() => return None,
        Err(CorsError::MixedContent) => {
            (Some(secure_address), try_address(&moved, secure_address, engine).ok()?)
        }
        Err(_) => return None,
    };
    let is_allowed = may_list(&page)?;
    Some(Fix::ServePageByHttps { origin, is_allowed, address, space })
}

/// Returns true if the page has a server, and that can ask the address in the page's place: a near one is out of its reach.
fn has_helpful_server(fetch: &Fetch<'_>) -> bool {
    matches!(fetch.origin.scheme(), Some("http" | "https")) && !asks_near_address(fetch)
}

/// Returns true if the address is on a private network or on this machine.
fn asks_near_address(fetch: &Fetch<'_>) -> bool {
    let literal = || AddressSpace::of(&fetch.target_origin()?);
    let space = fetch.target_address_space.or_else(literal);
    space.is_some_and(|space| space != AddressSpace::Public)
}
