//! [`halves`]: a fetch succeeds in the browser's half exactly when the policy's verdict allows it.

use cors_core::Policy;
use cors_core::browser::Engine;
use cors_core::explain::Requests;
use cors_testing::checks::{check_halves, succeeds};
use cors_testing::{OwnedConfigExt, OwnedFetch};

use crate::config_text::valid_config;
use crate::fetch_text::fetch;
use crate::instances;
use crate::lines::paragraphs;

/// The maximum length of an input: longer ones have more names than the buffer has room for.
const MAX_LEN: usize = 1 << 15;
/// The maximum number of headers to explain: an explanation sorts its names without memory for them, which takes time.
const MAX_EXPLAINED: usize = 32;

/// Reads a config, and fetches.
pub fn halves(input: &[u8]) {
    if input.len() > MAX_LEN {
        return;
    }
    let paragraphs = paragraphs(input);
    let config = valid_config(&paragraphs[0]);
    let image = config.compile();
    let policy = Policy::from_bytes(&image).expect("an image");
    for lines in &paragraphs[1..] {
        let mut fetch = fetch(lines);
        check_fetch(&policy, &fetch);
        // The same fetch from an origin that the policy names.
        let known = instances::origins(&config.allow_origins);
        if let Some(origin) =
            known.get(2).filter(|origin| cors_core::Origin::parse(origin.as_bytes()).is_ok())
        {
            fetch.origin.clone_from(origin);
            check_fetch(&policy, &fetch);
        }
    }
}

fn check_fetch(policy: &Policy<'_>, fetch: &OwnedFetch) {
    fetch.with(|fetch| {
        check_halves(policy, fetch);
        if fetch.headers.len() > MAX_EXPLAINED {
            return;
        }
        for engine in Engine::ALL {
            let mut buffer = vec![0; MAX_LEN * 2];
            let requests = Requests::of(fetch, engine, &mut buffer).expect("room");
            let explanation = requests.explain(policy);
            let is_ok = succeeds(policy, fetch, engine);
            assert_eq!(explanation.is_ok(), is_ok, "{explanation}");
            assert_eq!(explanation.obstacles().next().is_none(), is_ok, "{explanation}");
            let fixed = explanation.obstacles().all(|obstacle| obstacle.fixes().next().is_some());
            assert!(fixed, "an obstacle without a fix: {explanation}");
        }
    });
}
