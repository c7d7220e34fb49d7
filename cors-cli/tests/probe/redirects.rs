//! Redirects are reported and never followed.

use cors_testing::sockets::server::Server;

use crate::command::from_page;

#[test]
fn a_preflight_that_is_redirected() {
    let server = Server::saying(
        "HTTP/1.1 301 Moved Permanently\nLocation: https://api.example.com/orders/\n\
         Access-Control-Allow-Origin: https://app.example.com\n\n",
    );
    let run = from_page(&server.url("/orders"), &["--method", "PUT", "--send", "--json"]);
    assert_eq!((run.code, run.verdict().as_str()), (1, "blocked PreflightDisallowedRedirect"));
    let advice = run.sentences("advice");
    assert!(
        advice.contains(
            &"The server answers 301 Moved Permanently and points to https://api.example.com/orders/."
                .to_owned()
        ),
        "{advice:?}"
    );
    assert_eq!(server.heads().len(), 1);
}

#[test]
fn another_host_is_not_asked() {
    let other = Server::saying("HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\n\n");
    let location = format!("http://localhost:{}/there", other.port());
    for (fields, verdict, code) in
        [("Access-Control-Allow-Origin: *\n", "redirected", 2), ("", "blocked MissingAllowOriginHeader", 1)]
    {
        for status in [301, 302, 303, 307, 308] {
            let server =
                Server::saying(&format!("HTTP/1.1 {status} Elsewhere\n{fields}Location: {location}\n\n"));
            let run = from_page(&server.url("/"), &["--send", "--json"]);
            assert_eq!((run.code, run.verdict().as_str()), (code, verdict));
            let said = [run.sentences("notes"), run.sentences("advice")].concat();
            assert!(said.iter().any(|sentence| sentence.contains(&location)), "{said:?}");
            // From one foreign origin to another, the browser no longer says whose page it is.
            let tells_of_null = said.iter().any(|sentence| sentence.contains("with the origin null"));
            assert_eq!(tells_of_null, code == 2);
            assert_eq!(server.connections(), 1);
        }
    }
    assert_eq!(other.connections(), 0);
}

#[test]
fn the_same_host_is_not_asked_again() {
    for location in ["/there", "?x", "//127.0.0.1/", "\u{e9}", "http://["] {
        let response =
            format!("HTTP/1.1 307 There\nLocation: {location}\nAccess-Control-Allow-Origin: *\n\n");
        let server = Server::saying(&response);
        let run = from_page(&server.url("/"), &["--json"]);
        assert_eq!((run.code, run.verdict().as_str()), (2, "redirected"), "{location}");
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn an_audit_does_not_follow_either() {
    let other = Server::saying("HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\n\n");
    let server = Server::saying(&format!("HTTP/1.1 302 Found\nLocation: {}\n\n", other.url("/")));
    let run = from_page(&server.url("/"), &["--audit", "--json"]);
    assert_eq!(run.code, 0);
    assert!(run.sentences("notes")[0].contains(&other.url("/")));
    assert_eq!(other.connections(), 0);
}
