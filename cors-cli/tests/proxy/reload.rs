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
    let printed = proxy.stderr.all().join("\n");
    assert!(printed.contains("write https://app.example.com"), "{printed}");
    assert!(allows(PAGE) && !allows(other));

    fs::remove_file(&file).unwrap();
    proxy.stderr.wait("there is no such file");
    assert!(allows(PAGE) && !allows(other));

    fs::write(&file, format!("allow_origins = [\"{other}\"]")).unwrap();
    proxy.stderr.wait("shop.toml: changed, and loaded");
    assert!(!allows(PAGE) && allows(other));
}

/// A file that takes the place of another is a new version, also one of the same length and time.
#[test]
fn the_content_counts_and_not_the_time() {
    let target = Server::saying("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 0\n\n");
    let other = "https://new.example.com";
    let policy = |origin: &str| format!("allow_origins = [\"{origin}\"]");
    assert_eq!(policy(PAGE).len(), policy(other).len());
    let proxy = Proxy::start(&target.url(""), &policy(PAGE), &[]);
    let file = proxy.folder().join("shop.toml");
    let replacement = proxy.folder().join("new.toml");
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    fs::write(&replacement, policy(other)).unwrap();
    fs::File::options().append(true).open(&replacement).unwrap().set_modified(time).unwrap();
    fs::rename(&replacement, &file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), time);
    proxy.stderr.wait("shop.toml: changed, and loaded");
    let allows = |origin: &str| !get(proxy.port, &[("origin", origin)]).allow_origin().is_empty();
    assert!(!allows(PAGE) && allows(other));
}
