//! Writes the seed corpora: the first vector of each rule in `tests/vectors`, and of each failure of a browser.
//!
//! `cargo run --example seeds`, in this folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cors_testing::vectors::{self, load};
use serde_json::Value;

/// The maximum length of a seed: a larger seed slows every mutation of it down.
const MAX_LEN: usize = 2048;

fn main() {
    origins();
    patterns();
    configs();
    decisions();
    browser_cases();
    expressions();
}

fn origins() {
    let mut seeds = Seeds::of(&["origin"]);
    for vector in load::<Value>("origins.json") {
        seeds.add(&[&vector["rule"], &vector["error"]], bytes(&vector["origin"]));
    }
}

fn patterns() {
    let mut seeds = Seeds::of(&["pattern"]);
    for vector in load::<Value>("patterns.json") {
        let origins = ["matches", "rejects"].into_iter().flat_map(|list| items(&vector[list]).take(2));
        let lines: Vec<_> = [&vector["pattern"]].into_iter().chain(origins).map(bytes).collect();
        seeds.add(&[&vector["rule"], &vector["error"]], lines.join(&b'\n'));
    }
}

fn configs() {
    let mut seeds = Seeds::of(&["config"]);
    let mut files = Seeds::of(&["policy_file"]);
    for vector in load::<Value>("configs.json") {
        let kind = [&vector["rule"], &vector["problems"][0]["problem"]];
        seeds.add(&kind, config(&vector["config"]));
        // Both formats, for the configs whose texts are written out.
        let json = vector["config"].to_string();
        if !json.contains("\"repeat\"") && !json.contains("\"hex\"") {
            files.add(&kind, json.into_bytes());
            files.add(&[kind[0], kind[1], &Value::from("TOML")], toml(&vector["config"]));
        }
    }
}

fn toml(config: &Value) -> Vec<u8> {
    let fields = config.as_object().into_iter().flatten();
    // Texts and lists of texts have the same form in TOML and JSON.
    fields
        .filter(|(_, value)| !value.is_null())
        .flat_map(|(name, value)| format!("{name} = {value}\n").into_bytes())
        .collect()
}

fn decisions() {
    let mut policies = Seeds::of(&["policy", "echo"]);
    let mut images = Seeds::of(&["image"]);
    let mut calls = Seeds::of(&["ffi"]);
    let mut lines = Seeds::of(&["request_headers"]);
    lines.add(&[&Value::from("as many bytes as are read")], [b"x-a,".repeat(2048), b"y".to_vec()].concat());
    for vector in load::<Value>("decisions.json") {
        let policy = config(&vector["policy"]);
        let requests: Vec<_> = items(&vector["requests"]).take(4).map(request).collect();
        let requests = requests.join(&b'\n');
        policies.add(&[&vector["rule"], &vector["policy"]], [&policy[..], b"\n", &requests].concat());
        images
            .add(&[&vector["rule"]], [&cors_fuzz::compile(&policy), cors_fuzz::REQUESTS, &requests].concat());
        let fetch = b"\nurl: https://api.example.com/\nmethod: PUT\nheader: x-a: 1\ncredentials: include\n\n";
        calls.add(&[&vector["rule"]], [&policy[..], fetch, &requests].concat());
        for request in items(&vector["requests"]) {
            let asked = items(&request["headers"]).filter(|header| {
                header[0]
                    .as_str()
                    .is_some_and(|name| name.eq_ignore_ascii_case("access-control-request-headers"))
            });
            let asked: Vec<_> = asked.map(|header| bytes(&header[1])).collect();
            if !asked.is_empty() {
                lines.add(&[&vector["rule"], &request["verdict"]], asked.join(&b'\n'));
            }
        }
    }
}

fn browser_cases() {
    let mut fetches = Seeds::of(&["halves"]);
    let mut responses = Seeds::of(&["response"]);
    let mut messages = Seeds::of(&["console"]);
    for case in load::<Value>("browser-cases.json") {
        let error = case["observed"]["chromium"]["error"][0].as_str().unwrap_or("none");
        let error = Value::from(error.split(':').next());
        let call = fetch(&case);
        let family = Value::from(case["id"].as_str().and_then(|id| id.split('.').next()));
        let policy =
            "allow-origin: http://app.example.com\nallow-method: PUT\nallow-header: content-type\n\n";
        fetches.add(&[&family, &case["method"]], [policy.as_bytes(), &call].concat());
        let answers = [response(&case["preflight_response"]), response(&case["response"])].join(&b'\n');
        responses.add(&[&family, &error], [&call[..], b"\n", &answers].concat());
        for engine in ["chromium", "firefox", "webkit"] {
            for message in items(&case["observed"][engine]["messages"]) {
                let text = message.as_str().expect("a text");
                let text = text.split_once('|').map_or(text, |(_, text)| text);
                // The last sentence begins alike in all messages of a kind.
                let kind: String = text.rsplit(": ").next().unwrap_or(text).chars().take(24).collect();
                messages.add(&[&Value::from(engine), &Value::from(kind)], text.as_bytes().to_vec());
            }
        }
    }
}

/// Expressions that people write for origins, and what goes wrong in them.
fn expressions() {
    let mut seeds = Seeds::of(&["origin_regex"]);
    for expression in [
        r"https://.*\.example\.com",
        r"https://([a-z0-9-]+\.)?example\.com(:\d+)?",
        r"^https://[^.]+[.]example[.]com$",
        r"http://(localhost|127\.0\.0\.1|\[::1\]):\d+",
        r"https://(app|admin)\.example\.(com|org)|https://a\.example",
        r"https?://pr-[0-9]+\.example\.co\.uk",
        r"(?i)HTTPS://.*\.Example\.com",
        "(?x) https:// .* \\. example \\. com # a comment",
        r".*example\.com",
        r"https://example\.[a-z]+",
        r"https://my-app-.*\.vercel\.app",
        r"https://.*.example.com:\d{4}",
        r"https://[^A](?i)example\.com",
        r"https://.*[a-z&&[.]]example\.com",
        r"https://(?!admin)[a-z]+\.example\.com",
        r"https://(ab?)*\b\w+\.(?-i)example\.com\.?",
        "null|",
    ] {
        seeds.add(&[&Value::from(expression)], expression.as_bytes().to_vec());
    }
}

/// The corpora of some targets while they are written.
struct Seeds {
    folders: Vec<PathBuf>,
    known: BTreeSet<String>,
}

impl Seeds {
    fn of(targets: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let folders: Vec<_> = targets.iter().map(|target| root.join(target)).collect();
        folders.iter().for_each(|folder| fs::create_dir_all(folder).expect("a folder"));
        Seeds { folders, known: BTreeSet::new() }
    }

    /// Writes the seed, unless there is one of the same kind.
    fn add(&mut self, kind: &[&Value], seed: Vec<u8>) {
        let fits = seed.len() <= MAX_LEN || self.known.is_empty();
        if fits && self.known.insert(format!("{kind:?}")) {
            let name = format!("vector-{:03}", self.known.len());
            self.folders.iter().for_each(|folder| fs::write(folder.join(&name), &seed).expect("room"));
        }
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// Returns the bytes of a value of the vectors, or the digits of a number.
fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::Number(number) => number.to_string().into_bytes(),
        _ => serde_json::from_value::<vectors::Value>(value.clone()).expect("a value").bytes(),
    }
}

/// Returns a line, and the lines that continue it if the value has line feeds.
fn line(name: &str, value: &Value) -> Vec<u8> {
    let value = bytes(value);
    let lines: Vec<_> = value.split(|&byte| byte == b'\n').collect();
    [name.as_bytes(), b": ", &lines.join(&b"\n\t"[..]), b"\n"].concat()
}

fn config(config: &Value) -> Vec<u8> {
    let lists = [
        ("allow-origin", "allow_origins"),
        ("allow-method", "allow_methods"),
        ("allow-header", "allow_headers"),
        ("expose-header", "expose_headers"),
        ("accept-risk", "accept_risks"),
    ];
    let mut lines = Vec::new();
    for (name, list) in lists {
        lines.extend(items(&config[list]).flat_map(|entry| line(name, entry)));
    }
    for (name, number) in [("max-age", "max_age"), ("preflight-status", "preflight_status")] {
        if config[number].is_number() {
            lines.extend(line(name, &config[number]));
        }
    }
    for name in ["allow-credentials", "allow-private-network"] {
        if config[name.replace('-', "_")] == true {
            lines.extend(line(name, &Value::from("")));
        }
    }
    lines
}

fn request(request: &Value) -> Vec<u8> {
    let fields = items(&request["headers"])
        .flat_map(|header| line(header[0].as_str().unwrap_or_default(), &header[1]));
    [bytes(&request["method"]), b"\n".to_vec(), fields.collect()].concat()
}

fn fetch(case: &Value) -> Vec<u8> {
    let mut lines = ["origin", "method", "credentials"].map(|name| line(name, &case[name])).concat();
    lines.extend(b"url: http://api.example.com/\n");
    for header in items(&case["headers"]) {
        lines.extend(line(&format!("header: {}", header[0].as_str().unwrap_or_default()), &header[1]));
    }
    if case["has_body"] == true {
        lines.extend(b"body\n");
    }
    if case["api"] == "xhr" {
        lines.extend(b"xml-http-request\n");
    }
    lines
}

fn response(response: &Value) -> Vec<u8> {
    let fields = items(&response["headers"])
        .flat_map(|header| line(header[0].as_str().unwrap_or_default(), &header[1]));
    [line("status", &response["status"]), fields.collect()].concat()
}
