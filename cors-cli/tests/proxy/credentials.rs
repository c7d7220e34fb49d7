//! Credentials pass only if the policy allows them.

use cors_testing::sockets::client::get;
use cors_testing::sockets::server::Server;

use crate::process::{PAGE, Proxy};

#[test]
fn by_policy() {
    let target = Server::saying(
        "HTTP/1.1 200 OK\nSet-Cookie: a=1\nSet-Cookie: b=2\nConnection: close\nContent-Length: 0\n\n",
    );
    let origins = format!("allow_origins = [\"{PAGE}\"]\n");
    // Cookies, and Authorization.
    let cases = [
        ("", false, false),
        ("allow_headers = [\"Authorization\"]", false, true),
        ("allow_headers = [\"*\"]", false, false),
        ("allow_credentials = true", true, true),
    ];
    for (rest, cookies, authorization) in cases {
        let proxy = Proxy::start(&target.url(""), &format!("{origins}{rest}"), &[]);
        // Of a page, and of whoever sends no origin.
        for origin in [&[("origin", PAGE)][..], &[]] {
            let fields = [&[("cookie", "session=1"), ("authorization", "Bearer x")], origin].concat();
            let answer = get(proxy.port, &fields);
            let head = target.heads().pop().unwrap();
            assert_eq!(head.contains("session=1"), cookies, "{rest}");
            assert_eq!(head.contains("Bearer x"), authorization, "{rest}");
            assert_eq!(answer.get("set-cookie").len(), if cookies { 2 } else { 0 }, "{rest}");
        }
    }
}
