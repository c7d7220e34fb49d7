//! `cors explain --stack`: the lines for the server's software.

use serde_json::Value;

use crate::support::{cors, demo, stdout};

const PUT: [&str; 6] =
    ["--origin", "https://app.example.com", "--method", "PUT", "--header", "content-type: application/json"];

fn explain(arguments: &[&str], status: i32) -> String {
    stdout(&cors().current_dir(demo()).arg("explain").args(arguments).assert().code(status).stderr(""))
}

#[test]
fn lines_without_a_policy() {
    let text =
        explain(&[&["--stack", "Express", "--credentials", "--expose", "X-Total"], &PUT[..]].concat(), 0);
    let expected = "\
In Express
  $ npm install cors
  server.js, before authentication and the routes:

    const cors = require('cors');

    app.use(cors({
      origin: ['https://app.example.com'],
      methods: ['GET', 'HEAD', 'POST', 'PUT'],
      allowedHeaders: ['content-type'],
      exposedHeaders: ['x-total'],
      credentials: true,
      maxAge: 600,
    }));

  Our tests run these lines in that software.
";
    assert_eq!(text, expected);
}

/// B4: lines of a server do not help against what stops a request before it is sent.
#[test]
fn lines_for_a_request_that_no_browser_sends() {
    for (page, url, expected) in [
        ("https://app.example.com", "http://api.example.com/", "Serve the address over https"),
        ("http://app.example.com", "http://192.168.1.1/", "Serve the page over https"),
        ("https://app.example.com", "localhost:3000", "Write http://localhost:3000"),
    ] {
        let text = explain(&["--stack", "Express", "--origin", page, "--url", url], 1);
        let before = text.split("Before that: ").nth(1).unwrap_or_default();
        assert!(before.split_whitespace().collect::<Vec<_>>().join(" ").contains(expected), "{url}: {text}");
    }
}

#[test]
fn lines_beside_an_explanation() {
    let text = explain(&[&["shop.toml", "--brief", "--stack", "laravel"], &PUT[..]].concat(), 0);
    assert!(text.starts_with("Allowed: the page gets the response.\n\nIn Laravel\n"), "{text}");
    assert!(text.contains("\n        'allowed_methods' => ['GET', 'HEAD', 'POST', 'PUT'],\n"), "{text}");
    assert!(text.ends_with("  These lines have not been run by our tests.\n"), "{text}");

    let text =
        explain(&["shop.toml", "--brief", "--stack", "spring", "--origin", "https://other.example"], 1);
    assert!(text.contains("fix: add https://other.example to allow_origins"), "{text}");
    assert!(text.contains("cors.setAllowedOrigins(List.of(\"https://other.example\"));"), "{text}");
}

#[test]
fn lines_as_json() {
    let object: Value =
        serde_json::from_str(&explain(&[&["--stack", "nginx", "--json"], &PUT[..]].concat(), 0)).unwrap();
    assert_eq!(object["stack"], "nginx");
    assert_eq!(object["is_run"], true);
    assert_eq!(object["parts"].as_array().unwrap().len(), 2);
    assert_eq!(object["parts"][0]["language"], "nginx");
    assert!(object["parts"][1]["text"].as_str().unwrap().contains("\nadd_header Vary Origin always;\n"));

    let object: Value =
        serde_json::from_str(&explain(&[&["shop.toml", "--stack", "s3", "--json"], &PUT[..]].concat(), 0))
            .unwrap();
    assert_eq!(object["verdict"], "allowed");
    assert_eq!(object["snippet"]["stack"], "s3");
    let rules: Value = serde_json::from_str(object["snippet"]["parts"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(rules["CORSRules"][0]["AllowedMethods"], serde_json::json!(["GET", "HEAD", "POST", "PUT"]));
}

const MESSAGE: &str = "Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by \
                       CORS policy: Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.";

#[test]
fn lines_for_a_message() {
    let text = explain(&["--stack", "koa", "--expose", "ETag", MESSAGE], 0);
    assert!(text.contains("\nIn Koa\n  $ npm install @koa/cors\n"), "{text}");
    assert!(text.contains("\n      allowMethods: ['GET', 'HEAD', 'POST', 'DELETE'],\n"), "{text}");
    assert!(text.contains("\n      exposeHeaders: ['etag'],\n") && !text.contains("What next"), "{text}");

    let object: Value = serde_json::from_str(&explain(&["--stack", "koa", "--json", MESSAGE], 0)).unwrap();
    assert_eq!(object["error"], "MethodDisallowedByPreflightResponse");
    assert_eq!(object["snippet"]["stack"], "koa");

    // Without a name, the answer says that there are lines; a message that no server can help has none.
    let text = explain(&[MESSAGE], 0);
    assert!(
        text.contains("\nWhat next\n") && text.contains("`--stack`") && text.contains("cors proxy --policy"),
        "{text}"
    );
    let object: Value = serde_json::from_str(&explain(&["--json", MESSAGE], 0)).unwrap();
    assert!(object.get("snippet").is_none());
    let text = explain(&["--stack", "koa", "net::ERR_CONNECTION_REFUSED"], 0);
    assert!(!text.contains("In Koa") && !text.contains("What next"), "{text}");
}

#[test]
fn what_is_not_safe_is_not_written() {
    for (arguments, sentence) in [
        (&["--stack", "express", "--origin", "null"][..], "serve the page over http or https"),
        (&["--stack", "nginx", "--origin", "http://app.example.com", "--credentials"], "InsecureOrigin"),
        (
            &["--stack", "s3", "--origin", "https://app.example.com", "--method", "PATCH"],
            "cannot allow the method PATCH",
        ),
        (
            &["--stack", "gcs", "--origin", "https://app.example.com", "--credentials"],
            "cannot allow credentials",
        ),
        (
            &["--stack", "nginx", "--origin", "https://app.example.com", "--header", "$x: 1"],
            "the name $x has characters",
        ),
        (
            &["--stack", "caddy", "--origin", "https://app.example.com", "--expose", "set-cookie"],
            "set-cookie",
        ),
    ] {
        let text = explain(arguments, 1).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("nothing is written: ") && text.contains(sentence), "{arguments:?}: {text}");
        assert!(!text.contains("add_header") && !text.contains("origin: ["), "{text}");
    }
    // The terminal gets no control character of an argument.
    let text =
        explain(&["--stack", "express", "--origin", "https://a.example", "--expose", "x\u{1b}[31m"], 1);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn stacks_are_named_in_help() {
    for command in ["explain", "probe"] {
        let help = stdout(&cors().args([command, "--help"]).assert().success());
        for name in ["express", "fastapi", "spring", "nginx", "s3", "nginx-module"] {
            assert!(help.contains(name), "{command}: {name}");
        }
    }
    cors().args(["explain", "--stack", "cobol", "--origin", "https://a.example"]).assert().code(2);
    // Other names are taken, too.
    let arguments = ["--origin", "https://a.example"];
    for (name, title) in [("starlette", "In FastAPI"), ("next.js", "In Next.js"), ("httpd", "In Apache")] {
        assert!(explain(&[&["--stack", name], &arguments[..]].concat(), 0).starts_with(title), "{name}");
    }
}
