//! Options that what is given has no use for. Each is refused, so that none is dropped without a word.

use cors_diagnosis::input::Input;

use super::given::Given;
use crate::args::Explain;
use crate::exit::Failure;

const FOR_A_POLICY: &str = "it counts beside a policy and a fetch of the command line, or beside a message and --policy; leave it out";
const SAID_BY_THE_FILE: &str = "a HAR file says it of each request; leave it out";

/// Refuses the first option that counts for nothing beside what is given.
pub(super) fn refuse(arguments: &Explain, given: &Given) -> Result<(), Failure> {
    let asked = &arguments.asked;
    let kind = match given {
        Given::Text(text) => Some(text.kind),
        Given::Policy(_) | Given::Stack => None,
    };
    let is_policy = matches!(given, Given::Policy(_));
    let is_har = kind == Some(Input::Har);
    let is_played = is_policy || (kind == Some(Input::Message) && arguments.policy_path().is_some());
    let policy = idle_policy(arguments, given);
    let rows = [
        (
            policy.map_or("--policy", |(option, _)| option),
            policy.is_some(),
            policy.map_or("", |(_, why)| why),
        ),
        ("--entry", !is_har && arguments.entry.is_some(), "it names a request of a HAR file; leave it out"),
        ("--url", is_har && asked.url.is_some(), SAID_BY_THE_FILE),
        ("--engine", is_har && asked.engine.is_some(), SAID_BY_THE_FILE),
        ("--element", !is_played && asked.element.is_some(), FOR_A_POLICY),
        ("--xhr", !is_played && asked.call.xhr, FOR_A_POLICY),
        ("--upload-listener", !is_played && asked.upload_listener, FOR_A_POLICY),
        ("--stream", !is_played && asked.stream, FOR_A_POLICY),
        ("--address-space", !is_played && asked.address_space.is_some(), FOR_A_POLICY),
        ("--page-address-space", !is_played && asked.page_address_space.is_some(), FOR_A_POLICY),
        ("--local-network-permission", !is_played && asked.local_network_permission, FOR_A_POLICY),
    ];
    match rows.into_iter().find(|(_, is_idle, _)| *is_idle) {
        Some((option, _, why)) => Err(Failure::unusable(option, why)),
        None => Ok(()),
    }
}

/// Returns the name of a policy that is not read, and why it is not.
fn idle_policy(arguments: &Explain, given: &Given) -> Option<(&'static str, &'static str)> {
    const NO_USE: &str =
        "a policy goes with a message or a copied request: here the server's answers are known; leave it out";
    let is_named_besides = arguments.what.is_some()
        && (arguments.message.is_some()
            || arguments.har.is_some()
            || arguments.curl.is_some()
            || arguments.fetch.is_some());
    let name = if arguments.policy.is_some() { "--policy" } else { "WHAT" };
    match given {
        _ if is_named_besides && arguments.policy.is_some() => Some((
            "WHAT",
            "with --policy beside an option that gives the text, there is no use for a third; leave it out",
        )),
        _ if is_named_besides && arguments.response.is_some() => Some((
            "WHAT",
            "with --response beside a copied request, there is no use for a third; leave it out",
        )),
        Given::Policy(_) if arguments.what.is_some() && arguments.policy.is_some() => {
            Some(("--policy", "one policy is explained at a time; leave it out"))
        }
        Given::Stack if arguments.policy.is_some() => Some((
            "--policy",
            "a policy is explained for a page; add --origin https://app.example.com, the page's origin",
        )),
        Given::Text(text) if text.kind == Input::Har && arguments.policy_path().is_some() => Some((
            name,
            if name == "WHAT" {
                "the HAR file is the text, and there is no use for another; leave it out"
            } else {
                NO_USE
            },
        )),
        Given::Text(text) if text.kind == Input::ResponseHead && arguments.policy.is_some() => {
            Some(("--policy", NO_USE))
        }
        _ => None,
    }
}
