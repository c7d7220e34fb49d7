//! Characters that a terminal would not show, or would obey, are printed as escapes, by every command.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use cors_testing::sockets::server::Server;

use crate::support::{compile, cors, folder};

/// A control character that begins a sequence, marks of direction, a byte order mark, a joiner, a soft hyphen, a tag, a blank of
/// Braille and a character of private use.
const HIDDEN: [char; 11] = [
    '\u{9b}',
    '\u{61c}',
    '\u{feff}',
    '\u{2060}',
    '\u{ad}',
    '\u{e0041}',
    '\u{202e}',
    '\u{85}',
    '\u{2028}',
    '\u{2800}',
    '\u{e000}',
];

const POLICY: &str = "allow_origins = [\"https://app.example.com\"]\n";

/// Runs the command in a folder with these files, and fails if `hidden` is in its output, or is not there as an escape.
#[track_caller]
fn assert_escaped(hidden: char, arguments: &[&str], files: &[(&str, &[u8])]) {
    let printed = assert_not_raw(hidden, arguments, files);
    let bytes: String = hidden.to_string().bytes().map(|byte| byte.escape_ascii().to_string()).collect();
    let units: Vec<String> =
        hidden.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    // The value of a page's header has a byte for each character.
    let byte = format!("\\x{:02x}", u32::from(hidden));
    let escapes = [hidden.escape_unicode().to_string(), bytes, units.concat(), byte];
    assert!(
        escapes.iter().any(|escape| printed.contains(escape)),
        "{arguments:?} does not print {hidden:?}: {printed}"
    );
}

/// Runs the command, fails if `hidden` is in its output, and returns the output.
#[track_caller]
fn assert_not_raw(hidden: char, arguments: &[&str], files: &[(&str, &[u8])]) -> String {
    let folder = folder(files);
    let output = cors().current_dir(&folder).args(arguments).output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).unwrap();
    assert!(!printed.contains(hidden), "{arguments:?} prints {hidden:?} as it is: {printed:?}");
    printed
}

#[test]
fn policies() {
    for hidden in HIDDEN {
        for policy in [
            format!("allow_origins = [\"https://a{hidden}b.example.com\"]"),
            format!("\"allow{hidden}origins\" = []"),
            format!("allow_methods = [\"P{hidden}T\"]"),
            format!("allow_headers = [\"x-{hidden}\"]"),
            format!("allow_origins = \"https://app.example.com, {hidden}\""),
            format!("max_age = -1 # {hidden}"),
            format!("allow_origins = [ x{hidden} ]"),
            format!("accept_risks = [\"{hidden}\"]"),
        ] {
            let files: [(&str, &[u8]); 1] = [("shop.toml", policy.as_bytes())];
            assert_escaped(hidden, &["check", "shop.toml"], &files);
            assert_escaped(hidden, &["compile", "shop.toml", "-o", "shop.cors"], &files);
        }
        let policy = format!("allow_methods = [\"P{hidden}T\"]\n\"{hidden}\" = 1\n");
        assert_escaped(hidden, &["check", "shop.toml", "--json"], &[("shop.toml", policy.as_bytes())]);
    }
}

#[test]
fn names_of_files() {
    let image = compile(POLICY);
    for hidden in HIDDEN {
        let (policy, image_name) = (format!("{hidden}.toml"), format!("{hidden}.cors"));
        let files: [(&str, &[u8]); 3] = [
            (&policy, POLICY.as_bytes()),
            (&image_name, &image),
            ("get.http", b"GET / HTTP/1.1\nOrigin: https://app.example.com\n\n"),
        ];
        for arguments in [
            &["check", &policy][..],
            &["check", &policy, "--json"],
            &["compile", &policy, "-o", &image_name],
            &["show", &image_name],
            &["show", &policy],
            &["explain", &policy, "--origin", "https://app.example.com", "--url", &policy],
        ] {
            assert_escaped(hidden, arguments, &files);
        }
        let head: (&str, &[u8]) = (&policy, b"GET / HTTP/1.1\nOrigin: https://app.example.com\n\n");
        for arguments in [&["decide", "shop.toml", &policy][..], &["decide", "shop.toml", &policy, "--json"]]
        {
            assert_escaped(hidden, arguments, &[("shop.toml", POLICY.as_bytes()), head]);
        }
    }
}

#[test]
fn requests() {
    for hidden in HIDDEN {
        let head = format!(
            "OPTIONS /{hidden} HTTP/1.1\nOrigin: https://{hidden}\nAccess-Control-Request-Method: {hidden}\n\
             Access-Control-Request-Headers: {hidden}\n\n"
        );
        let files = [("shop.toml", POLICY.as_bytes()), ("head", head.as_bytes())];
        assert_escaped(hidden, &["decide", "shop.toml", "head"], &files);
        assert_escaped(hidden, &["decide", "shop.toml", "head", "--json"], &files);
    }
}

#[test]
fn fetches() {
    for hidden in HIDDEN {
        let (value, name) = (format!("content-type: {hidden}"), format!("x{hidden}y: 1"));
        let (origin, url) = (format!("https://{hidden}"), format!("https://user@api.example.com/{hidden}"));
        let method = format!("P{hidden}T");
        let page = ["explain", "shop.toml", "--origin", "https://app.example.com"];
        for arguments in [
            &["explain", "shop.toml", "--origin", &origin][..],
            &[&page[..], &["--header", &value]].concat(),
            &[&page[..], &["--header", &value, "--json"]].concat(),
            &[&page[..], &["--header", &name]].concat(),
            &[&page[..], &["--header", &name, "--json"]].concat(),
            &[&page[..], &["--method", &method]].concat(),
            &[&page[..], &["--method", &method, "--json"]].concat(),
            &[&page[..], &["--url", &url]].concat(),
            &["probe", &url, "--origin", "https://app.example.com"],
            &["probe", "http://127.0.0.1:9/", "--origin", &origin],
            &["probe", "http://127.0.0.1:9/", "--origin", "null", "--method", &method],
            &["probe", "http://127.0.0.1:9/", "--origin", "null", "--header", &name],
            &["probe", "http://127.0.0.1:9/", "--audit", "--origin", &origin],
            &["proxy", "--target", &url, "--policy", "shop.toml"],
            &["proxy", "--target", "http://127.0.0.1:9", "--policy", "shop.toml", "--listen", &origin],
        ] {
            assert_escaped(hidden, arguments, &[("shop.toml", POLICY.as_bytes())]);
        }
        // Mermaid has codes for the characters of an escape, too.
        let mermaid = [&page[..], &["--header", &value, "--mermaid"]].concat();
        assert_not_raw(hidden, &mermaid, &[("shop.toml", POLICY.as_bytes())]);
    }
}

#[test]
fn messages() {
    for hidden in HIDDEN {
        let message = format!(
            "Access to fetch at 'https://api.example.com/a{hidden}b' from origin 'https://app.example.com' has been \
             blocked by CORS policy: The 'Access-Control-Allow-Origin' header has a value 'https://a{hidden}b' that is \
             not equal to the supplied origin."
        );
        let files = [("shop.toml", POLICY.as_bytes())];
        assert_escaped(hidden, &["explain", "--message", &message], &files);
        assert_escaped(hidden, &["explain", "--message", &message, "--json"], &files);
    }
}

#[test]
fn servers() {
    for hidden in HIDDEN {
        for (status, field) in [
            ("200 OK".to_owned(), format!("Access-Control-Allow-Origin: https://{hidden}")),
            ("200 OK".to_owned(), format!("Access-Control-Allow-Origin: *\nX: {hidden}")),
            ("302 Found".to_owned(), format!("Access-Control-Allow-Origin: *\nLocation: https://{hidden}/")),
            (hidden.to_string(), "X: 1".to_owned()),
        ] {
            let server = Server::saying(&format!(
                "HTTP/1.1 {status}\nConnection: close\n{field}\nContent-Length: 0\n\n"
            ));
            let url = server.url("/");
            let probe = ["probe", &url, "--origin", "https://app.example.com"];
            assert_escaped(hidden, &probe, &[]);
            if !status.contains(hidden) {
                assert_escaped(hidden, &[&probe[..], &["--json"]].concat(), &[]);
            }
            assert_not_raw(hidden, &[&probe[..], &["--audit"]].concat(), &[]);
        }
        // httparse leaves out a reason that is not ASCII.
        let server = Server::saying(&format!("HTTP/1.1 200 O{hidden}K\nConnection: close\n\n"));
        assert_not_raw(hidden, &["probe", &server.url("/"), "--origin", "https://app.example.com"], &[]);
        let server = Server::saying(&format!("{hidden} is not HTTP"));
        assert_escaped(hidden, &["probe", &server.url("/"), "--origin", "https://app.example.com"], &[]);
    }
}

/// What clap says of the command line, with its own colours and without.
#[test]
fn wrong_arguments() {
    for hidden in HIDDEN.into_iter().chain(['\x1b', '\r', '\u{200b}', '\u{2066}']) {
        let text = format!("fo{hidden}[2Jx");
        let option = format!("--{text}");
        for arguments in [
            &[&*text][..],
            &["chec", &text],
            &["check", &option],
            &["check", "shop.toml", "--json", &option],
            &["explain", "--engine", &text],
            &["explain", &format!("--{hidden}engine=standard")],
            &["probe", "http://127.0.0.1:9/", "--timeout", &text],
            &["show", "shop.cors", &text],
            &["help", &text],
        ] {
            // Where the first argument is wrong, an error does not repeat the others.
            let names_text = arguments[0] != "chec";
            let plain = assert_not_raw(hidden, arguments, &[]);
            assert!(!names_text || plain.contains(&hidden.escape_default().to_string()), "{plain}");

            let output = cors().args(arguments).env("CLICOLOR_FORCE", "1").output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            let coloured = String::from_utf8(output.stderr).unwrap();
            assert!(coloured.contains("\x1b[1m\x1b[31merror:"), "{coloured:?}");
            // Sequences of colour are all that it holds.
            let is_colour = |rest: &str| {
                rest.strip_prefix('[')
                    .and_then(|rest| rest.split_once('m'))
                    .is_some_and(|(codes, _)| codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'))
            };
            assert!(coloured.split('\x1b').skip(1).all(is_colour), "{coloured:?}");
            assert!(hidden == '\x1b' || !coloured.contains(hidden), "{coloured:?}");
        }
    }
}

/// What is not UTF-8 cannot be printed either.
#[test]
fn bytes() {
    let folder = folder(&[]);
    let name = OsString::from_vec(b"\xff\x9b.toml".to_vec());
    let output = cors().current_dir(&folder).arg("check").arg(&name).output().unwrap();
    let printed = String::from_utf8(output.stderr).unwrap();
    assert!(printed.contains("there is no such file"), "{printed}");
}
