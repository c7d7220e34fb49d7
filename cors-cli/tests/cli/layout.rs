//! Lines fit the terminal, from 60 columns on.

use unicode_width::UnicodeWidthStr;

use crate::support::{cors, folder, stdout};

/// Policies, each with a different end of a fetch.
const POLICIES: [(&str, &str); 6] = [
    ("public.toml", "allow_origins = ['*']\nallow_headers = ['*']\nallow_methods = ['*']\n"),
    ("near.toml", "allow_origins = ['https://www.app.example.com', 'http://app.example.com:8443']\n"),
    (
        "listed.toml",
        "allow_origins = ['https://app.example.com']\nallow_headers = ['content-type']\nmax_age = 600\n",
    ),
    (
        "all.toml",
        "allow_origins = ['https://app.example.com', 'https://*.example.com', 'https://xn--bcher-kva.example']\n\
         allow_methods = ['PUT', 'DELETE', 'PATCH']\nallow_headers = ['content-type', 'authorization', 'x-a-long-name']\n\
         expose_headers = ['x-total-count', 'x-request-id', 'etag', 'link', 'x-another-long-name']\n\
         allow_credentials = true\nmax_age = 86400\n",
    ),
    ("empty.toml", "allow_origins = []\n"),
    ("case.toml", "allow_origins = ['https://app.example.com']\nallow_methods = ['PATCH']\n"),
];

/// Fetches, among them some with wide characters in what a page can write.
const FETCHES: [&[&str]; 8] = [
    &["--origin", "https://app.example.com"],
    &["--origin", "http://app.example.com", "--method", "PUT", "--header", "content-type: application/json"],
    &[
        "--origin",
        "https://app.example.com",
        "--method",
        "patch",
        "--credentials",
        "--header",
        "authorization: Bearer x",
    ],
    &[
        "--origin",
        "https://xn--bcher-kva.example",
        "--url",
        "https://bücher.example/価格/一覧?q=東京都",
        "--xhr",
        "--upload-listener",
    ],
    &[
        "--origin",
        "null",
        "--method",
        "DELETE",
        "--header",
        "x-a-long-name: value",
        "--header",
        "x-title: \u{e9}\u{fc}\u{df}",
    ],
    &["--origin", "https://app.example.com", "--element", "font"],
    &["--origin", "https://app.example.com", "--method", "CONNECT"],
    &["--origin", "https://app.example.com:8443", "--stream", "--method", "POST", "--credentials"],
];

const MESSAGES: [&str; 4] = [
    "Access to XMLHttpRequest at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by CORS \
     policy: Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.",
    "Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by CORS policy: \
     Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on \
     the requested resource.",
    "Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by CORS policy: \
     The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's \
     credentials mode is 'include'.",
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at \
     https://api.example.com/. (Reason: CORS request did not succeed). Status code: (null).",
];

/// Asserts that no line is wider, except one word that is.
fn assert_fits(text: &str, columns: usize, what: &[&str]) {
    for line in text.lines() {
        // Beside it there is room for a mark or a few letters.
        let is_one_word = line.split_whitespace().any(|word| word.width() + 12 > columns);
        let is_drawn = line.starts_with(['│', '├', '|', '+']);
        assert!(
            line.width() <= columns || (is_one_word && !is_drawn),
            "{what:?}, {columns} columns, {}: {line}\n{text}",
            line.width()
        );
    }
}

#[test]
fn explanations_fit() {
    let files = POLICIES.map(|(name, text)| (name, text.as_bytes()));
    let folder = folder(&files);
    let mut texts = 0;
    for columns in [60_usize, 80, 120] {
        let print = |arguments: &[&str]| {
            let mut command = cors();
            command.current_dir(&folder).env("COLUMNS", columns.to_string()).args(arguments);
            stdout(&command.assert())
        };
        for (policy, _) in POLICIES {
            for (fetch, engine) in
                FETCHES.iter().zip(["standard", "chromium", "firefox", "webkit"].iter().cycle())
            {
                let arguments = [&["explain", policy, "--engine", engine][..], fetch].concat();
                let text = print(&arguments);
                assert!(text.lines().count() > 2, "{arguments:?}");
                assert_fits(&text, columns, &arguments);
                let ascii = print(&[&arguments[..], &["--ascii"]].concat());
                assert_fits(&ascii, columns, &arguments);
                texts += 2;
            }
        }
        for message in MESSAGES {
            for policy in [&[][..], &["listed.toml"]] {
                let arguments =
                    [&["explain", "--origin", "https://app.example.com", "--message", message][..], policy]
                        .concat();
                let text = print(&arguments);
                assert!(text.lines().count() > 4, "{arguments:?}: {text}");
                assert_fits(&text, columns, &arguments);
                texts += 1;
            }
        }
    }
    assert_eq!(texts, 3 * (6 * 8 * 2 + 4 * 2));
}

#[test]
fn a_drawing_has_its_lifelines_in_place_whatever_the_characters() {
    let folder = folder(&[("all.toml", POLICIES[3].1.as_bytes())]);
    for columns in ["60", "77", "80", "100", "120"] {
        for fetch in FETCHES {
            let mut command = cors();
            command.current_dir(&folder).env("COLUMNS", columns).args(["explain", "all.toml"]).args(fetch);
            let text = stdout(&command.assert());
            let widths: Vec<usize> = text
                .lines()
                .filter(|line| line.starts_with(['│', '├']))
                .map(UnicodeWidthStr::width)
                .collect();
            assert!(widths.iter().all(|width| width == &widths[0]), "{columns}, {fetch:?}\n{text}");
        }
    }
}

#[test]
fn a_message_stays_in_one_line_where_no_terminal_reads_it() {
    let folder = folder(&[("listed.toml", POLICIES[2].1.as_bytes())]);
    let mut command = cors();
    command.current_dir(&folder).args([
        "explain",
        "listed.toml",
        "--origin",
        "http://app.example.com",
        "--engine",
        "chromium",
    ]);
    let text = stdout(&command.assert());
    let message = "  Access to fetch at 'https://api.example.com/' from origin 'http://app.example.com' has been blocked by CORS \
                   policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\n";
    assert!(text.contains(message), "{text}");
    let others = text.replace(message, "");
    assert_fits(&others, 80, &[]);
}

#[test]
fn columns_that_are_no_number_are_not_heeded() {
    let folder = folder(&[("listed.toml", POLICIES[2].1.as_bytes())]);
    for (columns, widest) in [
        ("", 80),
        ("many", 80),
        ("0", 80),
        ("-1", 80),
        ("20", 60),
        ("100000", 97),
        ("99999999999999999999", 80),
    ] {
        let mut command = cors();
        command.current_dir(&folder).env("COLUMNS", columns).args([
            "explain",
            "listed.toml",
            "--origin",
            "https://app.example.com",
        ]);
        let text = stdout(&command.assert());
        assert_eq!(text.lines().map(UnicodeWidthStr::width).max(), Some(widest), "{columns:?}\n{text}");
    }
}
