//! What a person reads.

use cors_testing::program::program;
use cors_testing::sockets::server::Server;

use crate::command::{from_page, run, run_in};
use crate::policy_server::{policy, serve};

#[test]
fn a_probe_in_full() {
    let server = serve(&policy());
    let run = from_page(&server.url("/orders"), &["--method", "DELETE", "--credentials", "--send"]);
    let authority = format!("127.0.0.1:{}", server.port());
    let text =
        run.stdout.replace(&authority, "api.example.com").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let expected = "\
preflight, as sent by standard, chromium, firefox, webkit
OPTIONS /orders HTTP/1.1
  host: api.example.com
  accept: */*
  access-control-request-method: DELETE
  origin: https://app.example.com
  user-agent: cors-cli/VERSION (cors probe)

HTTP/1.1 204 Decided
  access-control-allow-origin: https://app.example.com
  access-control-allow-credentials: true
  access-control-allow-methods: PUT, PATCH
  access-control-allow-headers: content-type, authorization, x-request-id
  access-control-max-age: 3600
  vary: origin

standard: blocked: MethodDisallowedByPreflightResponse
  Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.
chromium: blocked: MethodDisallowedByPreflightResponse
  Access to fetch at 'http://api.example.com/orders' from origin 'https://app.example.com' has been blocked by CORS policy: Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.
firefox: blocked: MethodDisallowedByPreflightResponse
  Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at http://api.example.com/orders. (Reason: Did not find method in CORS header ‘Access-Control-Allow-Methods’).
  Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at http://api.example.com/orders. (Reason: CORS request did not succeed). Status code: (null).
webkit: blocked: MethodDisallowedByPreflightResponse
  Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.

To change on the server:
- Answer the preflight with DELETE in the field: `Access-Control-Allow-Methods:
  DELETE`, with the other methods that pages use beside it. GET, HEAD and POST
  need not be there.

If the server is not yours
  ask it from a server of your own, by a route that passes the request on (a
  reverse proxy): CORS is for pages alone, and keys of the API stay on the
  server. While you develop, put this policy in front of it, and let the page
  ask http://127.0.0.1:8787:

    # policy.toml
    allow_origins = [\"https://app.example.com\"]
    allow_methods = [\"DELETE\"]
    allow_credentials = true

    cors proxy --policy policy.toml \\
        --target 'http://api.example.com'

Note:
- no cookie was sent: the server may answer differently to somebody who is
  signed in
- the address is one of this machine, which a page from the internet reaches
  only as its browser permits (local network access, mixed content): here only
  the answers are judged; `cors explain` judges that, too

`cors probe URL --audit` looks for origins that the server trusts and should
not.
";
    assert_eq!(text, expected);
}

#[test]
fn a_probe_fits_the_terminal() {
    let server = serve(&policy());
    for columns in ["60", "80", "120"] {
        for arguments in [&["--method", "DELETE", "--credentials", "--send"][..], &["--audit"], &["--xhr"]] {
            let mut command = std::process::Command::new(program(env!("CARGO_BIN_EXE_cors")));
            command
                .args(["probe", &server.url("/orders"), "--origin", "https://app.example.com"])
                .args(arguments);
            let text = run_in(&mut command, columns).stdout;
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!((40..=columns.parse().unwrap()).contains(&widest), "{columns}: {widest}\n{text}");
        }
    }
}

#[test]
fn nothing_of_a_response_reaches_the_terminal_unescaped() {
    // C1 controls and marks of the direction of writing, which no HTTP parser refuses.
    let response = b"HTTP/1.1 200 \xc2\x9b31m\r\nX: \xe2\x80\xae\xff\t1\r\nVary: \xc2\x9b\r\n\
        Access-Control-Allow-Origin: \xc2\x9b31m\xe2\x80\xaehttps://app.example.com\r\n\r\n";
    let server = Server::answering(|_| response.to_vec());
    for arguments in [&[][..], &["--json"], &["--audit"], &["--audit", "--json"], &["--method", "PUT"]] {
        let run = from_page(&server.url("/"), arguments);
        let said = run.stdout + &run.stderr;
        let is_plain = |character: char| character == '\n' || cors_core::is_printable(character);
        assert!(said.chars().all(is_plain), "{arguments:?}: {said:?}");
    }
}

#[test]
fn colour_where_it_is_asked_for() {
    let server = serve(&policy());
    let mut command = std::process::Command::new(program(env!("CARGO_BIN_EXE_cors")));
    command.args(["probe", &server.url("/"), "--origin", "https://app.example.com"]);
    assert!(!run(&mut command).stdout.contains('\u{1b}'));
    command.env("CLICOLOR_FORCE", "1");
    for arguments in [&[][..], &["--audit"]] {
        let output = command.args(arguments).output().unwrap();
        assert!(String::from_utf8(output.stdout).unwrap().contains("\u{1b}[32m"), "{arguments:?}");
    }
}
