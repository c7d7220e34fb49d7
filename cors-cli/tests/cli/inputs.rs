//! Inputs that are of no use: each is told in a sentence, with exit status 2.

use crate::support::{compile, cors, folder, stderr};

/// Exit status 2, nothing on standard output, and this sentence.
#[track_caller]
fn assert_refused(arguments: &[&str], files: &[(&str, &[u8])], expected: &str) {
    let folder = folder(files);
    let expected = format!("error: {expected}\n");
    cors().current_dir(&folder).args(arguments).assert().code(2).stdout("").stderr(expected);
}

#[test]
fn policies() {
    let image = compile("max_age = 1");
    let cases: [(&str, &[u8], &str); 9] = [
        ("empty.toml", b"", "empty; a policy begins with allow_origins = [\"https://app.example.com\"]"),
        (
            "blank.json",
            b" \r\n\t\n",
            "empty; a policy begins with allow_origins = [\"https://app.example.com\"]",
        ),
        (
            "mark.toml",
            b"\xef\xbb\xbf",
            "empty; a policy begins with allow_origins = [\"https://app.example.com\"]",
        ),
        ("latin-1.toml", b"# \n# \xe9", "not UTF-8 at byte 5, in line 2; save the policy as UTF-8 text"),
        ("utf-16.toml", b"\xff\xfea\0", "not UTF-8 at byte 0, in line 1; save the policy as UTF-8 text"),
        ("utf-16", b"a\0", "neither a text nor an image: byte 1 is NUL; save the policy as UTF-8 text"),
        ("policy.toml", &image, "an image, not a policy file; `cors show` prints the policy in it"),
        ("policy.cors", b"cors", "an image, not a policy file; `cors show` prints the policy in it"),
        ("policy.cors", b"cors\x01\0", "an image, not a policy file; `cors show` prints the policy in it"),
    ];
    for (name, bytes, expected) in cases {
        let expected = format!("{name}: {expected}");
        assert_refused(&["check", name], &[(name, bytes)], &expected);
        assert_refused(&["compile", name, "-o", "image"], &[(name, bytes)], &expected);
    }
    // A text may begin with the letters of the magic.
    let folder = folder(&[("a", b"cors = 1"), ("b", b"cors\t= 1")]);
    cors().current_dir(&folder).args(["check", "a"]).assert().code(1);
    cors().current_dir(&folder).args(["check", "b"]).assert().code(1);
}

#[test]
fn images() {
    let image = compile("allow_origins = ['https://a.example']");
    let longer = [&image[..], b"1234"].concat();
    let mut newer = image.clone();
    newer[4] = 3;
    let mut damaged = image.clone();
    damaged[120] ^= 0x10;
    let cases: [(&[u8], &str); 8] = [
        (b"", "empty; `cors compile` makes an image"),
        (b"allow_origins = []", "not an image: it does not begin with `cors`; make one with `cors compile`"),
        (
            &image[..155],
            "an image cut short: 155 bytes of 172; copy it again, whole, or compile the policy again",
        ),
        (
            &image[..112],
            "an image cut short: 112 bytes of 172; copy it again, whole, or compile the policy again",
        ),
        (b"cors", "an image cut short: 4 bytes of 136; copy it again, whole, or compile the policy again"),
        (
            &longer,
            "an image of 172 bytes with 4 more after it; copy it again, whole, or compile the policy again",
        ),
        (
            &newer,
            "an image of format version 3; this program reads version 2; compile the policy again with this program",
        ),
        (
            &damaged,
            "a damaged image: its checksum is not that of its contents; copy it again, or compile the policy again",
        ),
    ];
    for (bytes, expected) in cases {
        assert_refused(&["show", "image"], &[("image", bytes)], &format!("image: {expected}"));
        if bytes.starts_with(b"cors") {
            assert_refused(&["decide", "image"], &[("image", bytes)], &format!("image: {expected}"));
        }
    }
}

#[test]
fn what_is_no_file() {
    for command in [&["check"][..], &["show"], &["decide"], &["compile", "-o", "image"]] {
        let run = |name| [command, &[name]].concat();
        assert_refused(&run("missing"), &[], "missing: there is no such file; check the path");
        let folder = match command {
            ["check"] => ".: no policy and no CORS configuration is in this folder",
            _ => ".: a directory; name a file in it",
        };
        assert_refused(&run("."), &[], folder);
        // A name cannot write to the terminal, either.
        let escaped = r"\u{1b}[31m\u{202e}: there is no such file; check the path";
        assert_refused(&run("\x1b[31m\u{202e}"), &[], escaped);
    }
}

#[test]
fn every_flipped_bit_of_an_image() {
    let image = compile("allow_origins = ['https://a.example']");
    assert_each_refused((0..image.len() * 8).map(|bit| {
        let mut flipped = image.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        (format!("bit {bit}"), flipped)
    }));
}

#[test]
fn every_beginning_of_an_image() {
    let image = compile("allow_origins = ['https://a.example']");
    // Shorter than the magic, it is a text as well as an image.
    assert_each_refused(
        (b"cors".len()..image.len()).map(|len| (format!("{len} bytes"), image[..len].to_vec())),
    );
}

/// `show` and `decide` answer with exit status 2, no result and one sentence.
fn assert_each_refused(images: impl Iterator<Item = (String, Vec<u8>)>) {
    let folder = folder(&[("request", b"GET / HTTP/1.1\n\n")]);
    for (what, bytes) in images {
        for command in [&["show", "-"][..], &["decide", "-", "request"]] {
            let assert = cors()
                .current_dir(&folder)
                .args(command)
                .write_stdin(bytes.clone())
                .assert()
                .code(2)
                .stdout("");
            let sentence = stderr(&assert);
            assert!(sentence.starts_with("error: standard input: "), "{what}: {sentence}");
            assert_eq!(sentence.lines().count(), 1, "{what}: {sentence}");
        }
    }
}
