//! `cors explain` with options that say something else than what is in hand, or that count for nothing beside it: a sentence says which
//! counts, or an error that the option does not. None is dropped without a word.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{cors, folder, stderr, stdout};

const MESSAGE: &str = "Access to fetch at 'https://api.example.com/x' from origin 'https://app.example.com' has been blocked by CORS \
                       policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.";
const SHOP: &str = "cors-cli/demo/shop.toml";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs in the repository, and returns the exit status, and what was printed as words.
fn run(arguments: &[&str], input: &str) -> (i32, String) {
    let assert = cors().current_dir(repository()).arg("explain").args(arguments).write_stdin(input).assert();
    let printed = stdout(&assert) + &stderr(&assert);
    let words: Vec<&str> = printed.split_whitespace().collect();
    (assert.get_output().status.code().unwrap(), words.join(" "))
}

/// A message and a HAR file were written by a browser, and count.
#[test]
fn what_a_browser_wrote_counts() {
    let method = "Access to fetch at 'https://api.example.com/x' from origin 'https://app.example.com' has been blocked by CORS policy: \
                  Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.";
    for (arguments, sentence) in [
        (
            &[MESSAGE, "--origin", "https://other.example.com"][..],
            "The message names the page https://app.example.com: that counts, and `--origin https://other.example.com` does not.",
        ),
        (
            &[MESSAGE, "--url", "https://b.example.com/"],
            "The message names the address https://api.example.com/x: that counts, and `--url https://b.example.com/` does not.",
        ),
        (
            &[MESSAGE, "--engine", "firefox"],
            "The message names the browser Chromium: that counts, and `--engine firefox` does not.",
        ),
        (
            &["--message", MESSAGE, "--engine", "webkit"],
            "The message names the browser Chromium: that counts, and `--engine webkit` does not.",
        ),
        (
            &[method, "--method", "PATCH"],
            "The message names the method PUT: that counts, and `--method PATCH` does not.",
        ),
        (
            &[MESSAGE, "--policy", SHOP, "--origin", "https://shop.example.com"],
            "The message names the page https://app.example.com: that counts, and `--origin https://shop.example.com` does not.",
        ),
        (
            &["--har", "tests/har/chromium-acao-mismatch.har", "--origin", "https://other.example.com"],
            ": that counts, and `--origin https://other.example.com` does not.",
        ),
    ] {
        let (_, printed) = run(arguments, "");
        assert!(printed.contains(sentence), "{arguments:?}: {printed}");
        let mut json = vec!["--json"];
        json.extend(arguments);
        let (_, printed) = run(&json, "");
        let told: Value = serde_json::from_str(&printed).unwrap();
        assert!(told.to_string().contains(sentence), "{arguments:?}: {told}");
    }
    // The policy is asked by what the message says: it lists the other page.
    let elsewhere = MESSAGE.replace("app.example.com", "b.example.com");
    let (status, printed) = run(&[&elsewhere, "--policy", SHOP, "--origin", "https://app.example.com"], "");
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("the policy does not list the page's origin, https://b.example.com"),
        "{printed}"
    );
}

/// A copied request can be asked from another page, and another answer can be looked at: there the options count.
#[test]
fn options_count_before_a_request() {
    let curl = "curl 'https://api.example.com/x' -X PUT -H 'Origin: https://app.example.com'";
    let trace = "> GET /x HTTP/1.1\n> Host: api.example.com\n> Origin: https://app.example.com\n>\n< HTTP/1.1 200 OK\n\
                 < access-control-allow-origin: https://app.example.com\n<\n";
    let directory = folder(&[("trace.txt", trace.as_bytes())]);
    let path = directory.path().join("trace.txt");
    let path = path.to_str().unwrap();
    for (arguments, sentence) in [
        (
            &["--curl", curl, "--origin", "https://b.example.com"][..],
            "`--origin https://b.example.com` counts, and not the page https://app.example.com, which the request names.",
        ),
        (
            &["--curl", curl, "--method", "PATCH"],
            "`--method PATCH` counts, and not the method PUT, which the request names.",
        ),
        (
            &["--curl", curl, "--url", "https://b.example.com/"],
            "`--url https://b.example.com/` counts, and not the address https://api.example.com/x, which the request names.",
        ),
        (
            &["--curl", curl, "--policy", SHOP, "--method", "PATCH"],
            "`--method PATCH` counts, and not the method PUT, which the request names.",
        ),
        (
            &[path, "--origin", "http://b.example.com"],
            "`--origin http://b.example.com` counts, and not the page https://app.example.com, which the request names.",
        ),
    ] {
        let (_, printed) = run(arguments, "");
        assert!(printed.contains(sentence), "{arguments:?}: {printed}");
    }
}

/// What agrees, completes, or adds, needs no sentence.
#[test]
fn options_that_agree() {
    for arguments in [
        &[
            MESSAGE,
            "--origin",
            "https://app.example.com",
            "--url",
            "https://api.example.com/x",
            "--engine",
            "chromium",
        ][..],
        &[MESSAGE, "--method", "PUT", "--header", "x-a: 1", "--credentials"],
        &[
            "Access to XMLHttpRequest at 'http://...' from origin 'https://…' has been blocked by CORS policy: No \
             'Access-Control-Allow-Origin' header is present on the requested resource.",
            "--origin",
            "https://app.example.com",
            "--url",
            "https://api.example.com/x",
        ],
        &["TypeError: Failed to fetch", "--origin", "https://app.example.com", "--engine", "firefox"],
        &[
            "--curl",
            "curl https://api.example.com/x",
            "--origin",
            "https://app.example.com",
            "--method",
            "PUT",
        ],
    ] {
        let (status, printed) = run(arguments, "");
        assert_eq!(status, 0, "{arguments:?}: {printed}");
        assert!(!printed.contains(" counts, "), "{arguments:?}: {printed}");
    }
}

/// An option that counts for nothing is an error, which names it.
#[test]
fn options_without_a_use() {
    const HAR: &str = "tests/har/chromium-acao-mismatch.har";
    let curl = "curl https://api.example.com/x";
    for (arguments, input, option) in [
        (&[MESSAGE, "--har", HAR][..], "", "WHAT"),
        (&[MESSAGE, "--curl", curl, "--policy", SHOP], "", "WHAT"),
        (&[MESSAGE, "--entry", "2"], "", "--entry"),
        (&[MESSAGE, "--element", "script"], "", "--element"),
        (&[MESSAGE, "--xhr"], "", "--xhr"),
        (&["--curl", curl, "--policy", SHOP, "--upload-listener"], "", "--upload-listener"),
        (&["--stack", "express", "--stream"], "", "--stream"),
        (&["--stack", "express", "--policy", SHOP], "", "--policy"),
        (&[HAR, "--policy", SHOP], "", "--policy"),
        (&[HAR, "--url", "https://api.example.com/"], "", "--url"),
        (&[HAR, "--engine", "firefox"], "", "--engine"),
        (&[HAR, "--address-space", "local"], "", "--address-space"),
        (&["--policy", SHOP], "HTTP/1.1 200 OK\n\n", "--policy"),
        (
            &["cors-cli/demo/bad.toml", "--policy", SHOP, "--origin", "https://app.example.com"],
            "",
            "--policy",
        ),
        (&[SHOP, "--origin", "https://app.example.com", "--entry", "1"], "", "--entry"),
        (&[MESSAGE, "--page-address-space", "public"], "", "--page-address-space"),
        (&[MESSAGE, "--local-network-permission"], "", "--local-network-permission"),
    ] {
        let (status, printed) = run(arguments, input);
        assert_eq!(status, 2, "{arguments:?}: {printed}");
        assert!(printed.starts_with(&format!("error: {option}: ")), "{arguments:?}: {printed}");
    }
}

/// A policy that is not looked at, or for one of the messages alone.
#[test]
fn a_policy_beside_a_message() {
    for (text, sentence) in [
        ("TypeError: Failed to fetch".to_owned(), "The policy is not looked at: "),
        (
            format!("{MESSAGE}\n{}", MESSAGE.replace("api.", "cdn.")),
            "The policy is held against this message alone, the first; ",
        ),
    ] {
        let (_, printed) = run(&["--message", &text, "--policy", SHOP], "");
        assert!(printed.contains(sentence), "{text}: {printed}");
    }
    let (_, printed) = run(&[MESSAGE, "--policy", SHOP], "");
    assert!(!printed.contains("The policy is "), "{printed}");
}

/// A name in which the message is cut is not taken as it is: an option completes it, or the rest of the message is asked for.
#[test]
fn a_name_that_is_cut() {
    const HEADER: &str =
        "Request header field x-ap… is not allowed by Access-Control-Allow-Headers in preflight response.";
    const METHOD: &str = "Method PU… is not allowed by Access-Control-Allow-Methods in preflight response.";
    for (arguments, part, other) in [
        (
            &[HEADER, "--stack", "express"][..],
            "is cut in or after the header's name, which begins with `x-ap`",
            "'x-ap",
        ),
        (
            &[HEADER, "--stack", "express", "--header", "X-Api-Key: 1"],
            "allowedHeaders: ['x-api-key'],",
            "is cut",
        ),
        (&[METHOD, "--stack", "express"], "is cut in or after the method, which begins with `PU`", "'PU"),
        (&[METHOD, "--stack", "express", "--method", "PUT"], "'PUT'],", "is cut"),
        (
            &[METHOD, "--method", "PATCH"],
            "The message names the method PU…: that counts, and `--method PATCH`",
            "'PATCH",
        ),
        (
            &[HEADER, "--policy", SHOP, "--origin", "https://app.example.com"],
            "error: --header: the message does",
            "fix:",
        ),
    ] {
        let (_, printed) = run(arguments, "");
        assert!(printed.contains(part) && !printed.contains(other), "{arguments:?}: {printed}");
    }
}

/// No value of an option's address is printed, in no note.
#[test]
fn no_secret_of_an_option_is_printed() {
    let curl = "curl https://api.example.com/x -H 'Origin: https://app.example.com'";
    let url = "https://b.example.com/x?token=s3cr3t";
    for arguments in [
        &[MESSAGE, "--url", url][..],
        &["--curl", curl, "--url", url],
        &["--curl", curl, "--url", url, "--json"],
    ] {
        let (_, printed) = run(arguments, "");
        assert!(
            printed.contains("`--url https://b.example.com/x?token=") && !printed.contains("s3cr3t"),
            "{printed}"
        );
    }
}

/// What a redirect or a 304 does not show is neither allowed nor drawn.
#[test]
fn responses_that_do_not_decide() {
    for head in [
        "HTTP/1.1 304 Not Modified\n\n",
        "HTTP/1.1 302 Found\nLocation: /y\naccess-control-allow-origin: https://app.example.com\n\n",
    ] {
        let asked =
            ["--response", "-", "--origin", "https://app.example.com", "--url", "https://api.example.com/x"];
        let (status, printed) = run(&[&asked[..], &["--json"]].concat(), head);
        let told: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(
            (status, &told["verdict"], &told["error"]),
            (1, &Value::from("unknown"), &Value::Null),
            "{head}"
        );
        let (status, printed) = run(&[&asked[..], &["--mermaid"]].concat(), head);
        assert_eq!(status, 2);
        assert!(printed.starts_with("error: --mermaid: there is nothing to draw"), "{printed}");
    }
}
