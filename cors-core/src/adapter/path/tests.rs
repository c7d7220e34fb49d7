use std::string::String;
use std::vec::Vec;
use std::{format, vec};

use super::*;

use FoundPrefix::{Ambiguous, At, Nowhere};

fn find(path: RequestPath<'_>, prefixes: &[&str]) -> FoundPrefix {
    let prefixes: Vec<_> = prefixes.iter().map(|text| PathPrefix::parse(text).unwrap()).collect();
    find_prefix(path, &prefixes)
}

fn raw(path: &str) -> RequestPath<'_> {
    RequestPath::Raw(path.as_bytes())
}

fn decoded(path: &str) -> RequestPath<'_> {
    RequestPath::Decoded(path.as_bytes())
}

#[test]
fn a9_a_prefix_covers_whole_segments() {
    let cases: [(&str, &[&str], &[&str]); 4] = [
        ("/", &["/", "/a", "/a/b", "*", "", "//", "/..%2f", "/%"], &[]),
        (
            "/api",
            &["/api", "/api/", "/api/orders", "/%61pi", "/ap%69/x", "/api/100%25"],
            &["/apis", "/ap", "/v1/api", "/api%20", "/", "*", "", "/api%", "/%C3%A9"],
        ),
        ("/api/", &["/api", "/api/x"], &["/apix"]),
        ("/é/b", &["/%C3%A9/b", "/%c3%a9/b/c", "/é/b"], &["/%c3/b", "/e/b"]),
    ];
    for (text, inside, outside) in cases {
        for path in inside {
            assert_eq!(find(raw(path), &[text]), At(0), "{text} {path}");
        }
        for path in outside {
            assert_eq!(find(raw(path), &[text]), Nowhere, "{text} {path}");
        }
    }
}

#[test]
fn a9_the_longest_prefix_wins_in_any_order() {
    let prefixes = ["/", "/api", "/api/admin", "/apis"];
    let cases = [
        ("/", "/"),
        ("/other", "/"),
        ("/api", "/api"),
        ("/api/adm", "/api"),
        ("/api/administrator", "/api"),
        ("/api/admin", "/api/admin"),
        ("/api/admin/users", "/api/admin"),
        ("/api/%61dmin", "/api/admin"),
        ("/apis/admin", "/apis"),
        // Both readings are below it.
        ("/api/admin//users", "/api/admin"),
        ("/apis/a/..%2fb", "/apis"),
    ];
    for turn in 0..prefixes.len() {
        let mut turned = prefixes;
        turned.rotate_left(turn);
        for (path, expected) in cases {
            let place = turned.iter().position(|prefix| *prefix == expected).unwrap();
            assert_eq!(find(raw(path), &turned), At(place), "{path}");
        }
    }
    assert_eq!(find(raw("/"), &[]), Nowhere);
    assert_eq!(find(raw("/..%2f"), &[]), Nowhere);
    assert_eq!(find(raw("/other"), &prefixes[1..]), Nowhere);
}

#[test]
fn a9_readings_that_disagree() {
    let prefixes = ["/", "/public", "/private", "/private/deep"];
    for path in [
        // Dot segments.
        "/public/..%2fprivate/s.txt",
        "/public/..%2Fprivate/s.txt",
        "/public%2f..%2fprivate/s.txt",
        "/public/%2e%2e/private/s.txt",
        "/public/.%2e%2fprivate",
        "/.%2fprivate/s.txt",
        "/%2e/private/s.txt",
        "/public/x/..%2f..%2fprivate",
        "/private/x/..%2f..%2fpublic",
        "/public/..%2f",
        "/private/..%2fprivate/deep",
        // Empty segments.
        "//private/s.txt",
        "/%2Fprivate/s.txt",
        "/%2fprivate",
        "/private//deep",
        "///public/x",
        "//x/..%2fprivate",
        "/public//..%2f..%2fprivate",
        "//private//..%2fx",
        // Backslashes.
        "/public/..%5cprivate",
        "/%5cprivate",
        "/private%5cdeep",
        "/public\\..\\private",
        // Decoded once more.
        "/public/..%252fprivate",
        "/public/%252e%252e/private",
        "/%252fprivate",
        "/%2570rivate",
        "/public/..%255cprivate",
        // A slash that was an escape.
        "/private%2fdeep",
        "/public%2fx",
        // Parameters.
        "/private;x=1/s.txt",
        "/private;x/deep;y",
        "/public/..;/private",
        "/public/..;x%2fprivate",
        "/;/private",
        // Letters.
        "/Private/s.txt",
        "/PUBLIC",
        "/private/Deep",
        "/%50rivate",
        // The order counts.
        "/\\.\\%3b%5c%252f/private",
        "/x;%5c..\\private",
        "/x%252f..%252f..%2fy/..%2fz",
        "/a%252fb/..%2f..%2fprivate%252f..%252fx",
    ] {
        assert_eq!(find(raw(path), &prefixes), Ambiguous, "{path}");
    }
}

#[test]
fn a9_honest_paths() {
    let prefixes = ["/", "/fetch", "/api", "/api/v2"];
    for (path, expected) in [
        ("/fetch/https://example.org/x", "/fetch"),
        ("/fetch/https:%2f%2fexample.org%2fx", "/fetch"),
        ("/fetch/https%3A%2F%2Fexample.org%2Fa;b", "/fetch"),
        ("/fetch/a%5Cb", "/fetch"),
        ("/fetch/100%2525", "/fetch"),
        ("/.well-known/security.txt", "/"),
        ("/api/.hidden", "/api"),
        ("/api/..hidden", "/api"),
        ("/api/...", "/api"),
        ("/api/v2/", "/api/v2"),
        ("/api/v2//", "/api/v2"),
        ("/api/x;page=1", "/api"),
        ("/files/a%2Fb", "/"),
        ("/files/a%2F..%2Fb", "/"),
        ("/100%", "/"),
        ("/a%zz", "/"),
    ] {
        let place = prefixes.iter().position(|prefix| *prefix == expected).unwrap();
        assert_eq!(find(raw(path), &prefixes), At(place), "{path}");
    }
}

#[test]
fn a9_a_decoded_path_has_no_escapes_of_its_own() {
    for (path, expected) in [
        ("/api", At(0)),
        ("/api/", At(0)),
        ("/api/%61", At(0)),
        ("/apis", Nowhere),
        ("/api//x", At(0)),
        // A server may decode it once more.
        ("/%61pi", Ambiguous),
        ("/%2fapi", Ambiguous),
        ("//api", Ambiguous),
        ("/x/../api", Ambiguous),
        ("/x/..\\api", Ambiguous),
        ("/x/../y", Nowhere),
    ] {
        assert_eq!(find(decoded(path), &["/api"]), expected, "{path}");
    }
}

#[test]
fn a9_an_ambiguous_path_under_one_policy() {
    for path in ["//x", "/..%2fx", "/a%252fb/..%2f..%2fpriv%252f..%252fx", "/%5c..", "/X;y"] {
        assert_eq!(find(raw(path), &["/"]), At(0), "{path}");
        assert_eq!(find(decoded(path), &["/"]), At(0), "{path}");
        assert_eq!(find(raw(path), &[]), Nowhere, "{path}");
    }
}

#[test]
fn a9_both_cases_are_prefixes() {
    assert_eq!(find(raw("/API/x"), &["/api", "/API"]), At(1));
    assert_eq!(find(raw("/api/x"), &["/api", "/API"]), At(0));
    assert_eq!(find(raw("/Api/x"), &["/api", "/API"]), Ambiguous);
    assert_eq!(find(raw("/api/X/Y"), &["/api"]), At(0));
}

#[test]
fn a9_a_line_feed_at_the_end() {
    for (path, expected) in [
        ("/admin%0a", Ambiguous),
        ("/admin%0A", Ambiguous),
        ("/Admin%0a", Ambiguous),
        ("//x/..%2fadmin%250a", Ambiguous),
        ("/admin/x%0a", At(1)),
        ("/admin/%0a", At(1)),
        ("/adm%0ain", At(0)),
        ("/x%0a", At(0)),
        ("/%0a", At(0)),
        ("/%0aadmin", At(0)),
    ] {
        assert_eq!(find(raw(path), &["/", "/admin"]), expected, "{path}");
    }
    assert_eq!(find(decoded("/admin\n"), &["/", "/admin"]), Ambiguous);
}

#[test]
fn a9_letters_beyond_ascii() {
    let prefixes = ["/", "/keys", "/straße/ä", "/новости"];
    for (path, expected) in [
        ("/%E2%84%AAeys/x", Ambiguous),
        ("/\u{212a}eys", Ambiguous),
        ("//x/..%2f%E2%84%AAeys", Ambiguous),
        ("/key%c5%bf", Ambiguous),
        ("/STRASSE/Ä/x", Ambiguous),
        ("/stra%C3%9Fe/%C3%84", Ambiguous),
        ("/НОВОСТИ", Ambiguous),
        ("/keys/%E2%84%AA", At(1)),
        ("/stra%C3%9Fe/%C3%A4", At(2)),
        ("/новости/Ä", At(3)),
        // Other letters.
        ("/kéys", At(0)),
        ("/%E2%84%AB", At(0)),
        ("/вести", At(0)),
        ("/straße", At(0)),
        ("/key%c5", At(0)),
        ("/%ffkeys", At(0)),
    ] {
        assert_eq!(find(raw(path), &prefixes), expected, "{path}");
    }
    for (path, expected) in
        [("/\u{212a}eys", Ambiguous), ("/НОВОСТИ/x", Ambiguous), ("/%E2%84%AAeys", Ambiguous)]
    {
        assert_eq!(find(decoded(path), &prefixes), expected, "{path}");
    }
}

fn readings(path: RequestPath<'_>) -> Vec<String> {
    let mut paths: Vec<String> = path_readings(path)
        .unwrap()
        .map(|reading| {
            let mut bytes: Vec<u8> = reading.bytes_from_end().collect();
            bytes.reverse();
            String::from_utf8(bytes).unwrap()
        })
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

#[test]
fn a9_a_prefix_of_many_segments() {
    let prefixes = ["/", "/1/2/3/4/5/6", "/1/2/3/4/5/6/7/8/9"];
    for (path, expected) in [
        ("/1/2/3/4/5/6//7", At(1)),
        ("/1/2/3/4/5/6/7/8/9//x", At(2)),
        ("/1/2/3/4/5/6/7/8/9/x/..%2f", At(2)),
        ("/1/2/3/4/5/6/7//8/9", Ambiguous),
        ("/1/2/3/4/5//6", Ambiguous),
        ("/1/2/3/4/5/6/7/8/9/..%2f", Ambiguous),
        ("/1/2/3/4/5//7", At(0)),
    ] {
        assert_eq!(find(raw(path), &prefixes), expected, "{path}");
    }
}

#[test]
fn a9_each_reading() {
    let cases: [(&str, &[&str]); 8] = [
        ("/", &["/"]),
        ("/a/b/", &["/a/b/"]),
        ("/a//b", &["/a//b", "/a/b"]),
        ("/a/./b/../c/", &["/a/./b/../c/", "/a/c/"]),
        ("/a//../b", &["/a/../b", "/a//../b", "/a/b", "/b"]),
        ("//a//../b", &["//a//../b", "//a/b", "/a/../b", "/a/b", "/b"]),
        ("/../..", &["/", "/../.."]),
        ("/a\\b;c/d", &["/a/b/d", "/a/b;c/d", "/a\\b/d", "/a\\b;c/d"]),
    ];
    for (path, expected) in cases {
        assert_eq!(readings(decoded(path)), expected, "{path}");
    }
    assert_eq!(readings(decoded("/%2561")), ["/%2561", "/%61"]);
    assert_eq!(readings(raw("/%2561")), ["/%61", "/a"]);
    assert_eq!(readings(raw("/%61")), ["/a"]);
    assert!(path_readings(raw("/x%252f..%252f..%2fy/..%2fz")).is_err());
}

#[test]
fn a9_a_path_that_is_too_long_to_be_read() {
    for unit in ["/..", "/.", "//", "%25", "%252f", "\\", ";", "%2e%2e%2f"] {
        let path = format!("/a/a/{}", unit.repeat(20_000));
        let prefixes = vec!["/", "/a", "/b"];
        assert_eq!(find(raw(&path), &prefixes), Ambiguous, "{unit}");
        assert_eq!(find(decoded(&path), &prefixes), Ambiguous, "{unit}");
        assert_eq!(find(raw(&path), &["/"]), At(0), "{unit}");
    }
    assert_eq!(find(raw(&format!("/a{}", "/b".repeat(20_000))), &["/a"]), At(0));
    // 8192 bytes are read.
    assert_eq!(find(raw(&format!("/a//{}", "b".repeat(8188))), &["/a"]), At(0));
    assert_eq!(find(raw(&format!("/a//{}", "b".repeat(8189))), &["/a"]), Ambiguous);
}

#[test]
fn a9_a_server_is_mounted_at_a_part_of_the_path() {
    let prefixes = ["/", "/v1/admin", "/v1/admin/deep"];
    for (path, expected) in [
        ("/v1/admin", At(1)),
        ("/v1/x//y", At(0)),
        ("/v1//admin", Ambiguous),
        // To a server at /v1 this is /v1/admin.
        ("/v1/..%2fadmin", Ambiguous),
        ("/v1/x/..%2f..%2fadmin", Ambiguous),
        ("/v1/..%2f..%2fadmin", Ambiguous),
        ("/v1/%2e%2e/%61dmin", Ambiguous),
        ("/%761/..%2fadmin", Ambiguous),
        ("/V1/..%2fadmin", Ambiguous),
        ("/v1/ADMIN/..%2fx", Ambiguous),
        ("/v1/adm%c4%b1n/..%2fx", Ambiguous),
        ("/v1/admin/x/..%2fdeep", Ambiguous),
        // There may be several ways to read the mount.
        ("//v1/..%2fadmin", Ambiguous),
        ("///v1/..%2fadmin", Ambiguous),
        ("/v1;x/..%2fadmin", Ambiguous),
        ("/%25761/..%2fadmin", Ambiguous),
        ("/v1/..%2fx", At(0)),
        ("/v2/..%2fadmin", At(0)),
        ("/v1x/..%2fadmin", At(0)),
        ("/v1/admin/x/..%2fy", At(1)),
        ("/v1/admin/..%2fadmin", At(1)),
        // A long mount has nothing of a prefix below it.
        ("/v1/admin/x/y/z%25/..%2fdeep", At(1)),
    ] {
        assert_eq!(find(raw(path), &prefixes), expected, "{path}");
    }
    assert_eq!(find(decoded("/v1/../admin"), &prefixes), Ambiguous);
    assert_eq!(find(decoded("/v1/../x"), &prefixes), At(0));
    assert_eq!(find(decoded("/v1/../admin"), &["/"]), At(0));
    assert_eq!(find(decoded("/v1/../admin"), &[]), Nowhere);
}
