//! The policy's file changes.

use std::fs;

use cors_testing::sockets::client::get;
use cors_testing::sockets::server::Server;

use crate::process::{PAGE, POLICY, Proxy};

#[test]
fn a_new_policy_counts_and_a_bad_one_does_not() {
    let target = Server::saying("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 0\n\n");
    let proxy = Proxy::start(&target.url(""), POLICY, &[]);
    let file = proxy.folder().join("shop.toml");
    let allows = |origin: &str| !get(proxy.port, &[("origin", origin)]).allow_origin().is_empty();
    let other = "https://other.example.com";
    assert!(allows(PAGE) && !allows(other));

    fs::write(&file, "allow_origins = [\"https://app.example.com/\"]").unwrap();
    proxy.stderr.wait("shop.toml: changed; the policy stays as it was");
    let told = proxy.stderr.all().join("\n");
    assert!(told.contains("write https://app.example.com"), "{told}");
    assert!(allows(PAGE) && !allows(other));

    fs::remove_file(&file).unwrap();
    proxy.stderr.wait("there is no such file");
    assert!(allows(PAGE) && !allows(other));

    fs::write(&file, format!("allow_origins = [\"{other}\"]")).unwrap();
    proxy.stderr.wait("shop.toml: changed, and loaded");
    assert!(!allows(PAGE) && allows(other));
}
