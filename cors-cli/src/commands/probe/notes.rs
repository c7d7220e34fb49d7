//! Further notes for the person who asks.

use cors_core::browser::{AddressSpace, CorsError, CredentialsMode, Engine, Fetch, Header};
use cors_core::explain::Clue;
use cors_diagnosis::FoundClue;
use url::Url;

use super::judge::{Judgement, Verdict};
use crate::clues::clauses;
use crate::printable::{Printable, printable};

pub(super) fn notes(
    fetch: &Fetch<'_>,
    engines: &[Engine],
    judgements: &[Judgement<'_>],
    clues: &[Clue<'_>],
    url: &Url,
) -> Vec<String> {
    let mut notes = Vec::new();
    if !fetch.is_cross_origin() {
        notes.push(
            "the page and the address are of the same origin: CORS does not apply, and nothing was sent"
                .to_owned(),
        );
        return notes;
    }
    notes.extend(dropped(fetch, engines));
    if fetch.credentials == CredentialsMode::Include {
        notes.push(
            "no cookie was sent: the server may answer differently to somebody who is signed in".to_owned(),
        );
    }
    notes.extend(judgements.iter().find_map(|judgement| match &judgement.verdict {
        Verdict::Redirected { status, location } => Some(redirected(fetch, *status, location, url)),
        Verdict::Allowed { status: status @ 400.., .. } => {
            Some(format!("the page reads the response; its status {status} has nothing to do with CORS"))
        }
        Verdict::Withheld => Some(format!(
            "{} may change something on the server, and no browser asks before it: nothing was sent without --send",
            Printable(fetch.method().as_bytes())
        )),
        _ => None,
    }));
    // The advice has the layers that add a field twice.
    let told = clues.iter().filter(|clue| !matches!(clue, Clue::SeveralLayers { .. }));
    let found: Vec<FoundClue> = told.map(FoundClue::of).collect();
    notes.extend(clauses(&found));
    notes.extend(near(fetch));
    notes
}

/// Returns the note on an address that is near this machine and not near those who will open the page.
fn near(fetch: &Fetch<'_>) -> Option<String> {
    let space = AddressSpace::of(&fetch.target_origin()?)?;
    let is_stopped = Engine::ALL.iter().any(|&engine| {
        let error = fetch.check_address(engine).err();
        // The port is told where the answers are judged.
        error.is_some_and(|error| !matches!(error, CorsError::UnsafePort { .. }))
    });
    let what = match space {
        AddressSpace::Public => return None,
        AddressSpace::Local => "a private network",
        AddressSpace::Loopback => "this machine",
    };
    is_stopped.then(|| {
        format!(
            "the address is one of {what}, which a page from the internet reaches only as its browser permits (local network \
             access, mixed content): here only the answers are judged; `cors explain` judges that, too"
        )
    })
}

/// Returns the note on headers that a page cannot set.
fn dropped(fetch: &Fetch<'_>, engines: &[Engine]) -> Option<String> {
    let is_sent = |header: &Header<'_>| {
        engines.iter().any(|&engine| fetch.sent_headers(engine).any(|sent| sent == header))
    };
    let names: Vec<String> = fetch
        .headers
        .iter()
        .filter(|header| !is_sent(header))
        .map(|header| printable(header.name()))
        .collect();
    (!names.is_empty()).then(|| {
        let names = names.join(", ");
        format!("left out, since only the browser itself sets it: {names}")
    })
}

fn redirected(fetch: &Fetch<'_>, status: u16, location: &[u8], url: &Url) -> String {
    let next = str::from_utf8(location).ok().and_then(|location| url.join(location).ok());
    let Some(next) = next else {
        return "the redirect does not point to a URL; have the server send an absolute one".to_owned();
    };
    let then = fetch.redirected(Engine::Standard, status, next.as_str());
    format!(
        "no redirect is followed; the browser goes on to {} with the origin {}: probe that address, or have the page \
         ask it directly",
        printable(next.as_str()),
        then.origin
    )
}
