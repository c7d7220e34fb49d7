//! Applies the fixes of an explanation.

use cors_core::Policy;
use cors_core::browser::{AddressSpace, CredentialsMode, Engine, FetchError, Mode, Permission};
use cors_core::explain::{Fix, Requests};
use cors_testing::{OwnedConfig, OwnedConfigExt, OwnedFetch};
use proptest::sample::Index;

/// A call that throws has no other obstacle; when it no longer does, there may be some. Another method may have one of its own.
const MAX_ROUNDS: usize = 6;

/// Stands for an address of the page's own server, until it is known which that is.
const OWN_SERVER: &str = "own";

/// Returns the config and the fetch after one fix for each obstacle, which `choice` selects.
pub(crate) fn repair(
    config: &OwnedConfig,
    fetch: &OwnedFetch,
    engine: Engine,
    choice: Index,
) -> (OwnedConfig, OwnedFetch) {
    let (mut config, mut fetch) = (config.clone(), fetch.clone());
    for _ in 0..MAX_ROUNDS {
        let (mut repaired_config, mut repaired_fetch) = (config.clone(), fetch.clone());
        let image = config.compile();
        let policy = Policy::from_bytes(&image).expect("an image");
        let fetch_before = fetch.clone();
        let mut changes_call = false;
        fetch.with(|fetch| {
            let mut buffer = vec![0; 1 << 16];
            let requests = Requests::of(fetch, engine, &mut buffer).expect("room");
            for obstacle in requests.explain(&policy).obstacles() {
                let fixes: Vec<_> = obstacle.fixes().collect();
                for fix in &fixes {
                    assert_taken(*fix, &config, &fetch_before);
                }
                let fix = *choice.get(&fixes);
                changes_call |= matches!(fix, Fix::ChangeCall(_));
                apply(fix, &mut repaired_config, &mut repaired_fetch);
            }
        });
        (config, fetch) = (repaired_config, repaired_fetch);
        if fetch.url == OWN_SERVER {
            fetch.url = format!("{}/orders", fetch.origin);
        }
        if !changes_call {
            break;
        }
    }
    (config, fetch)
}

/// Fails if the config has a problem once the fix is applied, and allows any name for one that a page asks for.
fn assert_taken(fix: Fix<'_>, config: &OwnedConfig, fetch: &OwnedFetch) {
    let (mut fixed, mut fetch) = (config.clone(), fetch.clone());
    apply(fix, &mut fixed, &mut fetch);
    fixed.with(|fixed| fixed.check(|error| panic!("{fix}: {error}")));
    let allows_any = |config: &OwnedConfig| {
        [&config.allow_origins, &config.allow_methods, &config.allow_headers]
            .map(|list| list.iter().any(|name| name == "*"))
    };
    let widened =
        allows_any(config).into_iter().zip(allows_any(&fixed)).any(|(before, after)| after && !before);
    assert!(!widened, "{fix}");
}

fn apply(fix: Fix<'_>, config: &mut OwnedConfig, fetch: &mut OwnedFetch) {
    match fix {
        Fix::AllowOrigin { origin } => config.allow_origins.push(origin.to_string()),
        Fix::MovePage { listed } => fetch.origin = listed.to_string(),
        // From this machine, which is never farther than the address.
        Fix::GiveOrigin | Fix::ChangeOrigin => {
            fetch.origin = String::from("http://localhost:3000");
            config.allow_origins.push(fetch.origin.clone());
        }
        Fix::AllowCredentials { in_place_of_any_origin, exposes_any_header } => {
            config.allow_credentials = true;
            if let Some(origin) = in_place_of_any_origin {
                config.allow_origins.retain(|pattern| pattern != "*");
                config.allow_origins.push(origin.to_string());
            }
            if exposes_any_header {
                config.expose_headers = vec!["x-total".to_owned()];
            }
        }
        Fix::OmitCredentials(_) => fetch.credentials = CredentialsMode::SameOrigin,
        Fix::AllowMethod { method, in_place_of } => {
            config.allow_methods.retain(|listed| Some(listed.as_str()) != in_place_of);
            config.allow_methods.push(method.to_owned());
        }
        Fix::WriteMethod { listed } => fetch.method = String::from(listed),
        Fix::AllowHeaders(missing) => {
            config.allow_headers.extend(missing.names().map(|name| name.to_string()));
        }
        Fix::RemoveHeaders(headers) => {
            fetch.headers.retain(|(name, _)| headers.names().all(|header| header != **name));
        }
        Fix::SendFewerHeaders => fetch.headers.truncate(4),
        Fix::UseCorsMode => fetch.mode = Mode::Cors,
        Fix::WriteScheme { address, space } | Fix::AskByHttps { address, space } => {
            fetch.url = address.to_string();
            permit(fetch, space);
        }
        Fix::ChangeScheme => fetch.url = String::from("https://api.example.com/"),
        Fix::ChangePort => change_port(&mut fetch.url),
        Fix::AskOwnServer => OWN_SERVER.clone_into(&mut fetch.url),
        Fix::ServePageByHttps { origin, is_allowed, address, space } => {
            fetch.origin = origin.to_string();
            if !is_allowed {
                config.allow_origins.push(fetch.origin.clone());
            }
            if let Some(address) = address {
                fetch.url = address.to_string();
            }
            permit(fetch, space);
        }
        Fix::PermitLocalNetwork(space) => permit(fetch, Some(space)),
        Fix::ChangeCall(error) => change_call(error, fetch),
        other => panic!("nobody knows how to {other}"),
    }
}

/// Another fix may have taken the port away already.
fn change_port(url: &mut String) {
    let (start, rest) = url.split_once("//").unwrap_or(("", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if let Some((host, _)) = authority.rsplit_once(':') {
        *url = format!("{start}//{host}:8080{path}");
    }
}

fn permit(fetch: &mut OwnedFetch, space: Option<AddressSpace>) {
    if space.is_some() {
        fetch.local_network_permission = Permission::Given;
    }
}

fn change_call(error: FetchError, fetch: &mut OwnedFetch) {
    match error {
        FetchError::MalformedHeaderName { index } | FetchError::MalformedHeaderValue { index } => {
            fetch.headers.remove(index);
        }
        FetchError::MethodNeedsCors | FetchError::StreamNeedsCors => fetch.mode = Mode::Cors,
        _ => fetch.method = String::from("PUT"),
    }
}
