//! `cors check`: every problem with its place and its fix.

use serde_json::Value;

use crate::support::{cors, demo, folder, problems, stderr, stdout};

/// Every problem of a policy that comes from standard input.
#[track_caller]
fn assert_problems(policy: &str, expected: &[&str]) {
    let assert = cors().args(["check", "-"]).write_stdin(policy).assert().code(1).stdout("");
    assert_eq!(problems(&stderr(&assert)), expected, "{policy}");
}

#[test]
fn a_rendering_is_as_reviewed() {
    cors()
        .current_dir(demo())
        .args(["check", "bad.toml"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(include_str!("bad.stderr"));
}

#[test]
fn problems_of_values() {
    let cases = [
        (
            r#"allow_origins = ["https://Example.com:443/"]"#,
            "1:18 error: allow_origins: not in the form that a browser sends, so it would never match; write https://example.com",
        ),
        (
            r#"allow_origins = ["app.example.com"]"#,
            "1:18 error: allow_origins: an origin begins with its scheme; add the scheme: https://app.example.com",
        ),
        (
            r#"allow_origins = ["https://a.example, https://b.example"]"#,
            "1:18 error: allow_origins: more than one origin in one text; write each origin as an entry of its own: \"https://a.example\", \"https://b.example\"",
        ),
        (
            r"allow_origins = ['https://.*\.example\.com']",
            "1:18 error: allow_origins: regular expressions are not taken; write the origins one by one, or with a wildcard such as https://*.example.com or https://pr-*.example.com",
        ),
        (
            r#"allow_origins = ["null"]"#,
            "1:18 risk[NullOrigin]: allow_origins: any site can send the origin `null`, from a sandboxed frame, so this allows every site; remove it, or add NullOrigin to accept_risks",
        ),
        (
            "allow_credentials = true\nallow_origins = ['*']",
            "2:18 risk[AnyOriginWithCredentials]: allow_origins: any site that a signed-in user visits can act and read as that user; list the origins, or add AnyOriginWithCredentials to accept_risks",
        ),
        (
            "allow_origins = ['https://*.co.uk']\nallow_credentials = true",
            "1:18 risk[PublicSuffix]: allow_origins: anyone can register a name under it and read as a signed-in user; write your own names under it, or add PublicSuffix to accept_risks",
        ),
        (
            r#"allow_methods = ["PUT", "TRACE"]"#,
            "1:25 error: allow_methods: no page can send this method; remove it",
        ),
        (
            r#"allow_headers = ["x-a", "x-b", "host"]"#,
            "1:32 error: allow_headers: the browser sets it, so it never appears in a preflight; remove it",
        ),
        (
            "allow_credentials = true\nexpose_headers = ['*']",
            "2:19 error: expose_headers: with credentials, a browser takes `*` for the name of a header; write the names",
        ),
        (
            "max_age = 86_401",
            "1:11 error: max_age: no browser keeps a preflight for longer than a day, 86400 seconds; write 86400 or less",
        ),
        (
            "max_age = 99999999999999999999",
            "1:11 error: max_age: no browser keeps a preflight for longer than a day, 86400 seconds; write 86400 or less",
        ),
        (
            "max_age = -1",
            "1:11 error: max_age: fewer than no seconds; write 0, so that no browser keeps a preflight, or leave the field out",
        ),
        (
            "preflight_status = 301",
            "1:20 error: preflight_status: a browser takes a preflight's answer only with a status from 200 to 299; write 204 or another status from 200 to 299",
        ),
        (
            "preflight_status = -99999999999999999999",
            "1:20 error: preflight_status: a browser takes a preflight's answer only with a status from 200 to 299; write 204 or another status from 200 to 299",
        ),
        (
            "accept_risks = ['insecure_origin']",
            "1:17 error: accept_risks: unknown risk \"insecure_origin\"; did you mean `InsecureOrigin`?",
        ),
        (
            "accept_risks = ['all']",
            "1:17 error: accept_risks: unknown risk \"all\"; the risks are NullOrigin, AnyOriginWithCredentials, InsecureOrigin, PublicSuffix, LocalFileOrigin",
        ),
    ];
    for (policy, expected) in cases {
        assert_problems(policy, &[expected]);
    }
}

#[test]
fn problems_of_types() {
    let cases = [
        (
            "allow_origins = 'https://a.example'",
            "1:17 error: allow_origins: a string where a list of strings should be; write [\"https://a.example\"]",
        ),
        (
            "allow_methods = 1",
            "1:17 error: allow_methods: a number where a list of strings should be; write it like [\"PUT\", \"DELETE\"]",
        ),
        (
            "allow_headers = ['a', 1.5]",
            "1:23 error: allow_headers: a fraction where a string should be; write each entry as a string, in quotation marks",
        ),
        (
            "[expose_headers]",
            "1:1 error: expose_headers: a table where a list of strings should be; write it like [\"x-request-id\"]",
        ),
        (
            "allow_credentials = 'true'",
            "1:21 error: allow_credentials: a string where true or false should be; write true, without quotation marks",
        ),
        (
            "allow_private_network = 0",
            "1:25 error: allow_private_network: a number where true or false should be; write false",
        ),
        (
            "max_age = '60'",
            "1:11 error: max_age: a string where a whole number of seconds should be; write 60, without quotation marks",
        ),
        (
            "max_age = 1979-05-27",
            "1:11 error: max_age: a date where a whole number of seconds should be; write it like 7200",
        ),
        (
            "preflight_status = true",
            "1:20 error: preflight_status: a boolean where a status from 200 to 299 should be; write it like 204",
        ),
        (
            r#"{"max_age": null}"#,
            "1:13 error: max_age: null where a whole number of seconds should be; leave the field out",
        ),
        (
            r#"{"max_age": 60.0}"#,
            "1:13 error: max_age: a fraction where a whole number of seconds should be; write 60",
        ),
        (
            r#"{"allow_origins": [null]}"#,
            "1:20 error: allow_origins: null where a string should be; leave the entry out",
        ),
        (
            r#"{"allow_origins": [["https://a.example"]]}"#,
            "1:20 error: allow_origins: a list where a string should be; write each entry as a string, in quotation marks",
        ),
        (
            r#"{"accept_risks": {"NullOrigin": true}}"#,
            "1:18 error: accept_risks: an object where a list of strings should be; write it like [\"InsecureOrigin\"]",
        ),
    ];
    for (policy, expected) in cases {
        assert_problems(policy, &[expected]);
    }
}

#[test]
fn unknown_and_duplicate_fields() {
    let cases = [
        ("allow_origin = []", "1:1 error: unknown field `allow_origin`; did you mean `allow_origins`?"),
        ("max-age = 1", "1:1 error: unknown field `max-age`; did you mean `max_age`?"),
        (
            "allow_origin_regex = 'https://.*'",
            "1:1 error: unknown field `allow_origin_regex`; a policy has no regular expressions; write patterns such as \
             https://*.example.com among `allow_origins`, or give the expression to an adapter, such as CORSMiddleware and Site in \
             Python",
        ),
        (
            "[cors]\nmax_age = 1",
            "1:2 error: unknown field `cors`; the fields of a policy are allow_origins, allow_methods, allow_headers, expose_headers, allow_credentials, max_age, allow_private_network, preflight_status, accept_risks",
        ),
        (
            "max_age = 1\n\nmax_age = 1",
            "3:1 error: duplicate field `max_age`; write it once; of two, one would have no effect",
        ),
        (
            "{\"max_age\": 1,\n \"max_age\": 1}",
            "2:2 error: duplicate field `max_age`; write it once; of two, one would have no effect",
        ),
        (
            r#"{"allow\u005forigin": []}"#,
            "1:2 error: unknown field `allow_origin`; did you mean `allow_origins`?",
        ),
    ];
    for (policy, expected) in cases {
        assert_problems(policy, &[expected]);
    }
}

#[test]
fn problems_of_syntax() {
    let cases = [
        ("max_age = 5s", "1:11 error: not TOML: string values must be quoted, expected literal string"),
        ("allow_credentials = True", "1:21 error: not TOML: invalid boolean, expected `true`"),
        (
            "allow_methods = ['PUT'\nmax_age = 1\n",
            "1:17 error: this list is never closed; write `]` after its last entry, and a `\"` at both ends of each string",
        ),
        (r#"{"max_age": 1,}"#, "1:15 error: not JSON: trailing comma"),
        ("{\n  \"max_age\": 1", "2:14 error: not JSON: EOF while parsing an object"),
        (r#"{"max_age": 1} {}"#, "1:16 error: not JSON: trailing characters"),
        (r#"{"max_age": 1e999}"#, "1:13 error: not JSON: number out of range"),
        (r#"{"allow_origins": ["\ud800"]}"#, "1:20 error: not JSON: unexpected end of hex escape"),
        ("{'max_age': 1}", "1:2 error: not JSON: key must be a string"),
    ];
    for (policy, expected) in cases {
        assert_problems(policy, &[expected]);
    }
    // The string takes the comma with it.
    let expected = [
        "2:8 error: not TOML: invalid basic string, expected `\"`",
        "3:3 error: not TOML: missing comma between array elements, expected `,`",
    ];
    assert_problems("allow_methods = [\n  \"PUT,\n  \"DELETE\",\n]\n", &expected);
}

#[test]
fn all_problems_at_once() {
    // In the order of the file, whichever step finds them.
    let policy = "\
max_age = '2h'
allow_origins = ['https://A.example', 7, 'b.example']
allow_credentials = TRUE
allow_header = ['cookie']
accept_risks = ['Nothing']
allow_methods = ['CONNECT']
";
    let expected = [
        "1:11 error: max_age: a string where a whole number of seconds should be; write it like 7200",
        "2:18 error: allow_origins: not in the form that a browser sends, so it would never match; write https://a.example",
        "2:39 error: allow_origins: a number where a string should be; write each entry as a string, in quotation marks",
        "2:42 error: allow_origins: an origin begins with its scheme; add the scheme: https://b.example",
        "3:21 error: not TOML: invalid boolean, expected `true`",
        "4:1 error: unknown field `allow_header`; did you mean `allow_headers`?",
        "4:17 error: allow_headers: the browser sets it, so it never appears in a preflight; remove it",
        "5:17 error: accept_risks: unknown risk \"Nothing\"; the risks are NullOrigin, AnyOriginWithCredentials, InsecureOrigin, PublicSuffix, LocalFileOrigin",
        "6:18 error: allow_methods: no page can send this method; remove it",
    ];
    assert_problems(policy, &expected);
    let json = r#"{
  "max_age": "2h",
  "allow_origins": ["https://A.example", 7, "b.example"],
  "allow_header": ["cookie"]
}"#;
    let expected = [
        "2:14 error: max_age: a string where a whole number of seconds should be; write it like 7200",
        "3:21 error: allow_origins: not in the form that a browser sends, so it would never match; write https://a.example",
        "3:42 error: allow_origins: a number where a string should be; write each entry as a string, in quotation marks",
        "3:45 error: allow_origins: an origin begins with its scheme; add the scheme: https://b.example",
        "4:3 error: unknown field `allow_header`; did you mean `allow_headers`?",
        "4:20 error: allow_headers: the browser sets it, so it never appears in a preflight; remove it",
    ];
    assert_problems(json, &expected);
}

#[test]
fn a_misspelled_risk_is_not_reported_twice() {
    let policy = "allow_origins = ['null']\naccept_risks = ['NullOrigins']";
    let expected = "2:17 error: accept_risks: unknown risk \"NullOrigins\"; did you mean `NullOrigin`?";
    assert_problems(policy, &[expected]);
}

#[test]
fn places_are_told_in_characters() {
    let cases = [
        // A byte order mark, CRLF, characters of several bytes.
        ("\u{feff}max_age = -1", "1:11"),
        ("# \r\n\r\nmax_age = -1\r\n", "3:11"),
        ("allow_headers = [ # é😀\n'é', 'cookie']", "2:1"),
        ("{\"x\": \"é😀\", \"max_age\": -1}", "1:2"),
    ];
    for (policy, place) in cases {
        let assert = cors().args(["check", "-"]).write_stdin(policy).assert().code(1);
        assert!(problems(&stderr(&assert))[0].starts_with(place), "{policy:?}: {}", stderr(&assert));
    }
}

#[test]
fn of_a_long_line_a_part_is_shown() {
    let origins = vec!["\"https://a.example\""; 10_000].join(",");
    let policy = format!("{{\"allow_origins\":[{origins},\"https://b.example/\",{origins}]}}");
    let assert = cors().args(["check", "-"]).write_stdin(policy).assert().code(1);
    let rendered = stderr(&assert);
    assert!(rendered.contains(" --> standard input:1:200019\n"), "{rendered}");
    assert!(rendered.contains("\"https://b.example/\""), "{rendered}");
    assert!(rendered.lines().all(|line| line.len() <= 160), "{rendered}");
}

#[test]
fn what_a_good_policy_allows() {
    let cases = [
        ("allow_origins = ['*']", "allows any origin; GET, HEAD, POST"),
        (
            "allow_origins = ['https://*.example.com']\nallow_methods = ['*']\nallow_headers = ['*']",
            "allows 1 pattern of origins; any method; any header",
        ),
        (
            "allow_origins = ['https://a.example', 'https://b.example:*']\nallow_methods = ['get', 'put']\nmax_age = 0",
            "allows 1 origin and 1 pattern of origins; GET, HEAD, POST, PUT; preflights kept for 0 s",
        ),
        (
            "allow_origins = ['https://a.example']\nallow_private_network = true\npreflight_status = 200",
            "allows 1 origin; GET, HEAD, POST; preflights answered with 200; private network",
        ),
    ];
    for (policy, expected) in cases {
        let expected = format!("standard input: ok: {expected}\n");
        cors().args(["check", "-"]).write_stdin(policy).assert().code(0).stdout(expected).stderr("");
    }
}

#[test]
fn a_policy_that_allows_nobody_is_taken_with_a_warning() {
    const WARNING: &str = "no page of another origin may read anything: allow_origins is empty";
    for policy in ["# nothing", "{}", "allow_methods = ['PUT']\nallow_origins = []"] {
        let check =
            |arguments: &[&str]| cors().arg("check").args(arguments).write_stdin(policy).assert().code(0);
        let assert = check(&["-"]).stdout("standard input: ok: allows no origin\n");
        assert!(
            stderr(&assert).starts_with(&format!("warning: standard input: {WARNING}\n")),
            "{}",
            stderr(&assert)
        );
        let object: Value = serde_json::from_str(&stdout(&check(&["-", "--json"]).stderr(""))).unwrap();
        assert_eq!(
            (&object["warnings"][0]["text"], &object["problems"]),
            (&WARNING.into(), &Value::Array(Vec::new()))
        );
    }
}

#[test]
fn of_many_problems_the_first_hundred_are_printed_and_all_are_counted() {
    let policy = format!("allow_origins = [{}]", "'x',\n".repeat(1234));
    let check =
        |arguments: &[&str]| cors().arg("check").args(arguments).write_stdin(&*policy).assert().code(1);
    let first = stderr(&check(&["-"]));
    assert_eq!(problems(&first).len(), 100);
    assert!(
        first.ends_with(
            "\n… and 1,134 more; `cors check --all` prints them\n\nerror: standard input: 1,234 problems\n"
        ),
        "{first}"
    );
    let all = stderr(&check(&["-", "--all"]));
    assert_eq!(problems(&all).len(), 1234);
    assert!(all.starts_with(first.split("… and").next().unwrap()));
    let object: Value = serde_json::from_str(&stdout(&check(&["-", "--json"]))).unwrap();
    assert_eq!(object["problems"].as_array().unwrap().len(), 1234);
}

#[test]
fn several_policies_are_all_checked() {
    let folder = folder(&[
        ("good.toml", b"allow_origins = ['https://a.example']"),
        ("bad.json", b"{\"max_age\": -1}"),
        ("empty.toml", b""),
    ]);
    let run = |names: &[&str]| cors().current_dir(&folder).arg("check").args(names).assert();
    run(&["good.toml", "good.toml"]).code(0);
    run(&["bad.json", "good.toml"]).code(1).stdout(stdout(&run(&["good.toml"])));
    let assert = run(&["empty.toml", "bad.json", "good.toml"]).code(2).stdout(stdout(&run(&["good.toml"])));
    assert!(stderr(&assert).starts_with("error: empty.toml: empty"));
    assert!(stderr(&assert).ends_with("error: bad.json: 1 problem\n"));
}

#[test]
fn json_has_the_same_problems() {
    let folder = folder(&[
        ("bad.toml", include_bytes!("../../demo/bad.toml")),
        ("bad.json", "{\"allow_origins\": [\"é😀\"],\n \"max_age\": -1}".as_bytes()),
        ("good.toml", b"allow_origins = ['https://a.example']"),
    ]);
    let run = |arguments: &[&str]| cors().current_dir(&folder).arg("check").args(arguments).assert();
    for name in ["bad.toml", "bad.json"] {
        let told = problems(&stderr(&run(&[name]).code(1)));
        let object: Value =
            serde_json::from_str(&stdout(&run(&[name, "--json"]).code(1).stderr(""))).unwrap();
        let problem = |problem: &Value| {
            let [risk, text, help] = ["risk", "text", "help"].map(|name| problem[name].as_str());
            let level = risk.map_or("error".to_owned(), |risk| format!("risk[{risk}]"));
            let help = help.map(|help| format!("; {help}")).unwrap_or_default();
            format!("{}:{} {level}: {}{help}", problem["line"], problem["column"], text.unwrap())
        };
        let found: Vec<String> = object["problems"].as_array().unwrap().iter().map(problem).collect();
        assert_eq!(found, told);
        assert_eq!((&object["policy"], &object["summary"]), (&Value::from(name), &Value::Null));
    }
    let text = stdout(&run(&["good.toml", "bad.json", "--json"]).code(1).stderr(""));
    let objects: Vec<Value> =
        serde_json::Deserializer::from_str(&text).into_iter().collect::<Result<_, _>>().unwrap();
    assert_eq!(objects.len(), 2);
    assert_eq!(objects[0]["summary"], "allows 1 origin; GET, HEAD, POST");
    assert_eq!(objects[0]["problems"], Value::Array(Vec::new()));
    run(&["missing.toml", "--json"]).code(2).stdout("");
}
