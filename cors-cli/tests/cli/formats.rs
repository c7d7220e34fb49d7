//! `cors export`, `cors import`, and `cors check` of the configuration of other programs.

use std::fs;

use serde_json::Value;

use crate::support::{cors, folder, stderr, stdout};

const POLICY: &str = r#"allow_origins = ["https://app.example.com", "https://pr-*.example.org"]
allow_methods = ["PUT"]
allow_credentials = true
"#;

const BUCKET: &str = r#"[{"AllowedOrigins": ["https://app.example.com/"],
  "AllowedMethods": ["GET"], "MaxAgeSeconds": 600}]"#;

#[test]
fn what_a_format_says_with_more_is_left_out_and_told() {
    let narrower = cors().args(["export", "-", "--to", "s3"]).write_stdin(POLICY).assert().code(0);
    let rules: Value = serde_json::from_str(&stdout(&narrower)).unwrap();
    assert_eq!(rules["CORSRules"][0]["AllowedOrigins"], serde_json::json!(["https://app.example.com"]));
    assert!(
        stderr(&narrower)
            .contains("s3: narrower: https://pr-*.example.org is left out, which would let in more")
    );

    let wider =
        cors().args(["export", "-", "--to", "s3", "--allow-wider"]).write_stdin(POLICY).assert().code(0);
    assert!(stdout(&wider).contains("https://pr-*.example.org"));
    assert!(stderr(&wider).contains("s3: wider: https://pr-*.example.org: a dot fits the `*`, too"));
}

#[test]
fn what_cannot_be_left_out_is_refused() {
    let policy = r#"allow_origins = ["https://app.example.com"]"#;
    let refused =
        cors().args(["export", "-", "--to", "azure-blob"]).write_stdin(policy).assert().code(1).stdout("");
    assert!(stderr(&refused).contains("azure-blob: wider: no credentials: Azure Storage sends"));
    cors().args(["export", "-", "--to", "azure-blob", "--allow-wider"]).write_stdin(policy).assert().code(0);

    let nothing = cors()
        .args(["export", "-", "--to", "lambda-url"])
        .write_stdin(r#"allow_origins = ["https://*.example.com"]"#)
        .assert()
        .code(1)
        .stdout("");
    assert!(stderr(&nothing).contains("nothing is left of the policy for Lambda function URL"));
}

#[test]
fn formats_have_names() {
    let list = stdout(&cors().args(["export", "--list"]).assert().code(0));
    assert!(list.lines().any(|line| line.starts_with("envoy ")) && list.contains("npm cors (only read)"));
    let unknown = cors().args(["export", "-", "--to", "envoi"]).write_stdin(POLICY).assert().code(2);
    assert!(stderr(&unknown).contains("the format envoi: there is no such format; did you mean envoy?"));
    let unwritten = cors().args(["export", "-", "--to", "express"]).write_stdin(POLICY).assert().code(2);
    assert!(stderr(&unwritten).contains("npm cors is only read"));
}

#[test]
fn a_policy_comes_back() {
    let exported =
        stdout(&cors().args(["export", "-", "--to", "envoy"]).write_stdin(POLICY).assert().code(0));
    cors().args(["import", "-"]).write_stdin(exported).assert().code(0).stdout(
        "allow_origins = [\n    \"https://app.example.com\",\n    \"https://pr-*.example.org\",\n]\n\
         allow_methods = [\"PUT\"]\nallow_credentials = true\n",
    );
}

#[test]
fn what_only_looks_like_a_configuration_is_not_read() {
    for (name, text) in [
        ("flights.json", r#"[{"origin": "LHR", "destination": "JFK", "method": "air"}]"#),
        ("a.py", "print(A().cors())"),
        ("koa2.cjs", "const cors = require('koa2-cors');\napp.use(cors({ allowMethods: ['PUT'] }));"),
        // Programs with our adapters refuse a mistake when they start, and have other options.
        (
            "ours.mjs",
            "import cors from 'cors-engine';\napp.use(cors({ origin: ['https://*.example.com'] }));",
        ),
        ("ours.py", "from cors_py.flask import CORS\nCORS(app, policies={'/': None})"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        let told = stderr(&cors().arg("import").arg(&file).assert().code(2).stdout(""));
        assert!(told.contains("no CORS configuration that is known is in it"), "{name}: {told}");
    }
}

#[test]
fn each_package_has_options_of_its_own() {
    for (name, text, origin) in [
        (
            "hono.mjs",
            "import { cors } from 'hono/cors';\napp.use('*', cors({ origin: 'https://a.example.com', allowMethods: ['PUT'] }));",
            "https://a.example.com",
        ),
        ("koa.cjs", "const cors = require('@koa/cors');\napp.use(cors({ allowMethods: 'PUT' }));", "*"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        let policy = format!("allow_origins = [\"{origin}\"]\nallow_methods = [\"PUT\"]\n");
        cors().arg("import").arg(&file).assert().code(0).stdout(policy);
    }
}

#[test]
fn a_field_that_is_not_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.js");
    fs::write(&file, "const cors = require('cors');\napp.use(cors({\n  origin: 'https://a.example.com',\n  allowMethods: ['PUT'],\n}));\n").unwrap();
    let told = stderr(&cors().arg("import").arg(&file).assert().code(0));
    assert!(told.contains("app.js: line 4: left out: cors has no field `allowMethods`\n"), "{told}");
}

#[test]
fn rules_that_do_not_fold_are_never_one_policy() {
    let rules = r#"[{"AllowedOrigins": ["https://a.example.com"], "AllowedMethods": ["GET"], "AllowedHeaders": ["x-a"]},
 {"AllowedOrigins": ["https://b.example.com"], "AllowedMethods": ["PUT"]},
 {"AllowedOrigins": ["https://c.example.com"], "AllowedMethods": ["GET"], "AllowedHeaders": ["x-a"]}]"#;
    let several = cors().args(["import", "-"]).write_stdin(rules).assert().code(1).stdout("");
    let told = stderr(&several);
    assert!(told.contains("--rule 1: line 1: https://a.example.com, https://c.example.com\n"), "{told}");
    assert!(told.contains("--rule 2: line 2: https://b.example.com\n"), "{told}");
    let second = stdout(&cors().args(["import", "-", "--rule", "2"]).write_stdin(rules).assert().code(0));
    assert!(second.contains("https://b.example.com") && !second.contains("https://a.example.com"));
    cors().args(["import", "-", "--rule", "3"]).write_stdin(rules).assert().code(2).stdout("");
}

#[test]
fn one_label_is_not_any_number_of_them() {
    let ingress = "metadata:\n  annotations:\n    nginx.ingress.kubernetes.io/enable-cors: \"true\"\n    \
                   nginx.ingress.kubernetes.io/cors-allow-origin: https://*.example.com, https://app.example.org\n";
    let import = || {
        let mut command = cors();
        command.args(["import", "-"]).write_stdin(ingress);
        command
    };
    let narrower = import().assert().code(0);
    assert!(!stdout(&narrower).contains("*.example.com"));
    assert!(
        stderr(&narrower)
            .contains("line 4: https://*.example.com: left out, because a policy would be wider")
    );
    let wider = import().arg("--allow-wider").assert().code(0);
    assert!(stdout(&wider).contains("https://*.example.com"));
}

#[test]
fn findings_are_printed_in_four_ways() {
    let files = folder(&[("cors.json", BUCKET.as_bytes())]);
    let check = |arguments: &[&str]| {
        cors().current_dir(&files).arg("check").args(arguments).arg("cors.json").assert().code(1)
    };
    let text = stderr(&check(&[]));
    assert!(text.contains("error[malformed-origin]: not in the form that a browser sends"), "{text}");
    assert!(
        text.contains("--> cors.json:1:22") && text.contains("help: write https://app.example.com"),
        "{text}"
    );

    let object: Value = serde_json::from_str(&stdout(&check(&["--json"]))).unwrap();
    assert_eq!(object["formats"], serde_json::json!(["s3"]));
    let found =
        object["findings"].as_array().unwrap().iter().find(|finding| finding["kind"] == "malformed-origin");
    let found = found.unwrap();
    assert_eq!((&found["line"], &found["column"], &found["length"]), (&1.into(), &22.into(), &26.into()));

    let lines = stdout(&check(&["--format", "github"]));
    let line = lines.lines().find(|line| line.starts_with("::error ")).unwrap();
    assert!(
        line.starts_with("::error file=cors.json,line=1,col=22,endColumn=48,title=malformed-origin::"),
        "{line}"
    );

    let log: Value = serde_json::from_str(&stdout(&check(&["--format", "sarif"]))).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["ruleId"] == "malformed-origin").unwrap();
    assert_eq!(result["level"], "error");
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "cors.json");
}

#[test]
fn policies_are_findings_too() {
    let policy = r#"allow_origins = ["https://Example.com"]"#;
    let line =
        stdout(&cors().args(["check", "--format", "github", "-"]).write_stdin(policy).assert().code(1));
    assert!(line.starts_with("::error file=standard input,line=1,col=18,"), "{line}");
}

#[test]
fn a_folder_is_searched_for_what_is_known() {
    let files = folder(&[
        ("cors.json", BUCKET.as_bytes()),
        ("shop.toml", POLICY.as_bytes()),
        ("Cargo.toml", b"[package]\nname = \"shop\"\n"),
        ("notes.yaml", b"a: [b, c]\n"),
        ("broken.json", b"{"),
    ]);
    let checked = cors().arg("check").arg(files.path()).assert().code(1);
    assert!(stdout(&checked).contains("shop.toml: ok: allows"));
    assert!(stderr(&checked).contains("cors.json: 1 problem (Amazon S3, 1 rule)"), "{}", stderr(&checked));
    assert!(!stderr(&checked).contains("broken") && !stderr(&checked).contains("notes"));
}

#[test]
fn what_is_of_no_known_kind_is_told() {
    let files = folder(&[("values.yaml", b"replicas: 2\n"), ("broken.yaml", b"a: [b\n")]);
    let unknown = cors().current_dir(&files).args(["check", "values.yaml"]).assert().code(2).stdout("");
    assert_eq!(
        stderr(&unknown),
        "error: values.yaml: this looks like YAML, and no CORS configuration that is known is in it; a policy is TOML or JSON\n"
    );
    let broken = cors().current_dir(&files).args(["check", "broken.yaml"]).assert().code(2).stdout("");
    assert!(stderr(&broken).starts_with("error: broken.yaml: line "), "{}", stderr(&broken));
}

#[test]
fn a_branch_is_a_policy_of_its_own() {
    let settings = "CORS_ALLOWED_ORIGINS = [\"https://a.example.com\"]\nif DEBUG:\n    CORS_ALLOWED_ORIGINS = [\"https://c.example.com\"]\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.py");
    fs::write(&file, settings).unwrap();
    let told = stderr(&cors().arg("import").arg(&file).assert().code(1).stdout(""));
    assert!(told.contains("--rule 1: line 1: https://a.example.com\n"), "{told}");
    assert!(told.contains("--rule 2: line 1: https://c.example.com\n"), "{told}");
}

#[test]
fn what_is_computed_is_never_ok() {
    let program =
        "const cors = require('cors');\napp.use(cors({ origin: process.env.CLIENT_URL, maxAge: 600 }));\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.js");
    fs::write(&file, program).unwrap();
    let told = cors().arg("check").arg(&file).assert().code(0);
    assert!(
        stdout(&told).ends_with("app.js: not judged in 1 place: npm cors, 1 rule\n"),
        "{}",
        stdout(&told)
    );
    assert!(stderr(&told).contains("not-judged"), "{}", stderr(&told));
}

#[test]
fn a_file_of_a_folder_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), BUCKET).unwrap();
    fs::write(folder.path().join("b.conf"), b"# caf\xe9\nadd_header Access-Control-Allow-Origin *;\n")
        .unwrap();
    fs::write(folder.path().join("c.yaml"), "cors:\n  - [\n").unwrap();
    fs::write(folder.path().join("d.yaml"), "other:\n  - [\n").unwrap();
    let told = stderr(&cors().arg("check").arg(folder.path()).assert().code(1));
    assert!(told.contains("b.conf: not searched: line 1: not UTF-8\n"), "{told}");
    assert!(told.contains("c.yaml: not searched: line "), "{told}");
    assert!(!told.contains("d.yaml"), "{told}");
}

#[test]
fn names_that_a_recipe_cannot_write_are_left_out() {
    let policy = "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"x-a\", \"x-$b\"]\n";
    let exported = cors().args(["export", "-", "--to", "nginx"]).write_stdin(policy).assert().code(0);
    let written = stdout(&exported);
    let lines: Vec<&str> = written.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.iter().any(|line| line.contains("x-a")), "{written}");
    assert!(lines.iter().all(|line| !line.contains("x-$b")), "{written}");
    assert!(stderr(&exported).contains("nginx: narrower: x-$b is left out"), "{}", stderr(&exported));
}
