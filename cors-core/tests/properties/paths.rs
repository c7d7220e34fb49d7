//! A9: paths and prefixes. The naive reader makes what each server would make of a path.

use cors_core::adapter::{FoundPrefix, PathPrefix, RequestPath, find_prefix};
use cors_testing::naive;
use cors_testing::strategies::cases;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const PREFIXES: [&str; 8] = ["/", "/a", "/a/b", "/b", "/b/a/a", "/A", "/a/b/a/b/a/b/x", "/é"];

/// Names of prefixes, all that a path is split and resolved by, and that once and twice escaped.
fn piece() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => select(&["/", "/a", "/b", "/a/b", "/x"][..]),
        2 => select(&["/..", "/.", "//", "..", ".", "%2f..", "%2F", "%2e", "%2E%2e", "/%2e%2e/"][..]),
        1 => select(&["\\", "%5c", "%5C..", "\\..\\", "%255c"][..]),
        1 => select(&["%252f", "%252e%252E", "%25", "%", "%2", "2f", "%61", "%2561", "%256", "%c3%a9", "/É", "é", "%0a"][..]),
        1 => select(&[";", ";x", "%3b", "%253B", "..;", ";x%2fy", "/;"][..]),
        1 => select(&["a", "b", "A", "/B", "%41", ""][..]),
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..8).prop_map(|pieces| format!("/{}", pieces.concat()))
}

fn found(path: RequestPath<'_>, prefixes: &[&str]) -> FoundPrefix {
    let prefixes: Vec<_> = prefixes.iter().filter_map(|prefix| PathPrefix::parse(prefix).ok()).collect();
    find_prefix(path, &prefixes)
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn a9_a_prefix_is_found_where_each_server_finds_it(
        path in path(),
        prefixes in subsequence(&PREFIXES[..], 0..=8),
    ) {
        for path in [RequestPath::Raw(path.as_bytes()), RequestPath::Decoded(path.as_bytes())] {
            let (found, expected) = (found(path, &prefixes), naive::find_prefix(path, &prefixes));
            if found != FoundPrefix::Ambiguous {
                prop_assert_eq!(found, expected);
            }
        }
    }

    /// Without `..`, and with backslashes of one kind, the order of a server's steps is of no account, and nothing is called
    /// ambiguous that is not.
    #[test]
    fn a9_a_path_is_ambiguous_where_servers_differ(
        path in path(),
        prefixes in subsequence(&PREFIXES[..], 0..=8),
    ) {
        let mut text = path.replace("%255c", "%5c").replace('\\', "%5c");
        while text.contains("..") || text.to_lowercase().contains("%2e") || text.to_lowercase().contains("%252e") {
            text = text.to_lowercase().replace("..", ".").replace("%2e", "a").replace("%252e", "b");
        }
        for path in [RequestPath::Raw(text.as_bytes()), RequestPath::Decoded(text.as_bytes())] {
            prop_assert_eq!(found(path, &prefixes), naive::find_prefix(path, &prefixes));
        }
    }
}

/// The paths that a server sees in another way which is mounted at a part of them have two names before `..` and one after it.
#[test]
fn a9_every_short_path_with_a_mount() {
    const NAMES: [&str; 6] = ["/a", "/b", "/A", "/", "/a;x", "/%61"];
    const UP: [&str; 5] = ["/..", "/..%2f..", "/%2e%2e%2f", "/..\\..", "/x/..%2f.."];
    const PREFIXES: [&str; 5] = ["/", "/a", "/a/b", "/b/a/b", "/a/a/a"];
    for (one, two) in NAMES.iter().flat_map(|one| NAMES.map(|two| (one, two))) {
        for (up, end) in UP.iter().flat_map(|up| NAMES.map(|end| (up, end))) {
            let path = format!("{one}{two}{up}{end}");
            for path in [RequestPath::Raw(path.as_bytes()), RequestPath::Decoded(path.as_bytes())] {
                for prefixes in [&PREFIXES[..], &PREFIXES[..3], &PREFIXES[3..], &PREFIXES[2..3]] {
                    let found = found(path, prefixes);
                    if found != FoundPrefix::Ambiguous {
                        assert_eq!(found, naive::find_prefix(path, prefixes), "{path:?}");
                    }
                }
            }
        }
    }
}

/// Every path of up to five pieces: what needs four of them together is rare among paths by chance.
#[test]
fn a9_every_short_path() {
    const PIECES: [&str; 10] = ["/a", "..", ".", "%2f", "%252f", "\\", "%5c", "%255c", ";", "%3b"];
    let every = |len: u32| {
        (0..PIECES.len().pow(len)).map(move |number| {
            let piece = |place| PIECES[number / PIECES.len().pow(place) % PIECES.len()];
            format!("/{}", (0..len).map(piece).collect::<String>())
        })
    };
    for path in (0..=5).flat_map(every) {
        for path in [RequestPath::Raw(path.as_bytes()), RequestPath::Decoded(path.as_bytes())] {
            let found = found(path, &["/a"]);
            if found != FoundPrefix::Ambiguous {
                assert_eq!(found, naive::find_prefix(path, &["/a"]), "{path:?}");
            }
        }
    }
}
