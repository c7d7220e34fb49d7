//! Stacks: what is written for each, what is refused, and how responses tell them.

use cors_diagnosis::Wanted;
use cors_diagnosis::stack::Confidence::{self, Likely, Possible, Sure};
use cors_diagnosis::stack::{Stack, proxy};

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn wanted() -> Wanted {
    Wanted {
        origins: texts(&["https://app.example.com", "http://localhost:3000"]),
        methods: texts(&["PUT"]),
        headers: texts(&["content-type", "authorization"]),
        credentials: false,
        exposed: texts(&["x-total"]),
        max_age: Some(1200),
        path: None,
    }
}

fn text(stack: Stack, wanted: &Wanted) -> String {
    let parts = stack.snippet(wanted).map(|snippet| snippet.parts).unwrap_or_default();
    parts.iter().map(|part| part.text.as_str()).collect()
}

#[test]
fn every_stack_writes_all_that_is_wanted() {
    for stack in Stack::all() {
        let text = text(stack, &wanted());
        for name in ["app", "localhost:3000", "content-type", "authorization", "x-total", "1200"] {
            assert!(text.contains(name), "{stack:?}: no {name} in\n{text}");
        }
        assert!(text.contains("PUT") || text.contains(":put"), "{stack:?}: {text}");
        assert!(!text.contains("{{") || stack.name() == "go", "{stack:?}: a placeholder is left in\n{text}");
        let is_template = |line: &str| {
            ["@headers", "@!", "@exposed", "@credentials", "@each"].iter().any(|mark| line.starts_with(mark))
        };
        assert!(!text.lines().any(is_template), "{stack:?}: {text}");
    }
}

#[test]
fn no_stack_writes_what_is_not_wanted() {
    let wanted = Wanted { origins: texts(&["https://app.example.com"]), ..Wanted::default() };
    for stack in Stack::all() {
        let text = text(stack, &wanted).to_lowercase().replace(".headers.delete(", "");
        // Two of them name the paths.
        let paths = ["resource '*',", "app.use('*', "];
        let text = paths.iter().fold(text, |text, path| text.replace(path, ""));
        assert!(!text.contains("'*'") && !text.contains("\"*\""), "{stack:?}: {text}");
        for grant in [
            "credentials: true",
            "credentials = true",
            "credentials=true",
            "credentials true",
            "credentials\": true",
            "credentials', 'true",
        ] {
            assert!(!text.contains(grant), "{stack:?}: {text}");
        }
        for name in ["put", "delete", "patch", "authorization", "content-type"] {
            assert!(!text.contains(name), "{stack:?}: {name} in\n{text}");
        }
    }
}

#[test]
fn credentials_are_written_where_they_are_wanted() {
    let wanted = Wanted { credentials: true, ..wanted() };
    for stack in Stack::all() {
        let Ok(snippet) = stack.snippet(&wanted) else {
            assert_eq!(stack.name(), "gcs", "the one that cannot");
            continue;
        };
        let text: String = snippet.parts.iter().map(|part| part.text.to_lowercase()).collect();
        // A bucket of S3 sends them always.
        assert!(text.contains("credentials") || stack.name() == "s3", "{stack:?}: {text}");
    }
}

#[test]
fn names_are_found_and_are_of_one_stack() {
    let mut names: Vec<&str> = Stack::all().map(Stack::name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    for name in names {
        assert_eq!(Stack::named(name).unwrap().name(), name);
    }
    for (name, stack) in
        [("Starlette", "fastapi"), ("NEXT", "nextjs"), ("axum", "tower"), ("httpd", "apache")]
    {
        assert_eq!(Stack::named(name).unwrap().name(), stack);
    }
    assert_eq!(Stack::named("cobol"), None);
}

#[test]
fn what_check_refuses_is_not_written() {
    let of = |origin: &str| Wanted { origins: texts(&[origin]), credentials: true, ..Wanted::default() };
    for (wanted, sentence) in [
        (Wanted::default(), "origin is not known"),
        (of("null"), "serve the page over http or https"),
        (of("https://*.example.com"), "is not an origin"),
        (of("*"), "is not an origin"),
        (of("https://App.example.com/"), "is not an origin"),
        (of("https://a.example';alert(1)//"), "is not an origin"),
        (of("http://app.example.com"), "InsecureOrigin"),
        (Wanted { methods: texts(&["TRACE"]), ..wanted() }, "TRACE"),
        (Wanted { headers: texts(&["cookie"]), ..wanted() }, "cookie"),
        (Wanted { headers: texts(&["x'y"]), ..wanted() }, "x'y"),
        (Wanted { headers: texts(&["$x"]), ..wanted() }, "$x"),
        (Wanted { exposed: texts(&["x`y"]), ..wanted() }, "x`y"),
        (Wanted { headers: texts(&["a\"b"]), ..wanted() }, "a\"b"),
        (Wanted { methods: texts(&["A{{origins}}"]), ..wanted() }, "A{{origins}}"),
    ] {
        for stack in Stack::all() {
            let refused = stack.snippet(&wanted).unwrap_err().to_string();
            assert!(refused.replace('\\', "").contains(sentence), "{stack:?}: {refused}, not {sentence}");
        }
        assert!(proxy(&wanted, "https://api.example.com/").is_err());
    }
    let patch = Wanted { methods: texts(&["PATCH"]), ..wanted() };
    assert_eq!(
        Stack::named("s3").unwrap().snippet(&patch).unwrap_err().to_string(),
        "Amazon S3 cannot allow the method PATCH"
    );
}

#[test]
fn an_address_in_brackets_is_written_where_it_is_no_regular_expression() {
    let wanted = Wanted { origins: texts(&["http://[::1]:3000"]), ..Wanted::default() };
    let mut refused = Vec::new();
    for stack in Stack::all() {
        match stack.snippet(&wanted) {
            Ok(_) => assert!(text(stack, &wanted).contains("::1"), "{stack:?}"),
            Err(error) => refused.push(error.to_string()),
        }
    }
    assert_eq!(
        refused,
        ["Flask cannot list http://[::1]:3000: open the page under a name, such as localhost"]
    );
}

#[test]
fn responses_tell_the_application_before_what_stands_before_it() {
    let told = |fields: &[(&str, &str)]| -> Vec<(&str, Confidence)> {
        let fields = fields.iter().map(|&(name, value)| (name, value.as_bytes()));
        Stack::of_response(fields).into_iter().map(|(stack, confidence)| (stack.name(), confidence)).collect()
    };
    assert_eq!(
        told(&[("X-Powered-By", "Express"), ("Server", "nginx/1.22.1")]),
        [("express", Sure), ("nginx", Sure)]
    );
    assert_eq!(told(&[("server", "uvicorn")]), [("fastapi", Likely)]);
    assert_eq!(told(&[("server", "nginx"), ("server", "uvicorn")]), [("fastapi", Likely), ("nginx", Sure)]);
    assert_eq!(told(&[("Server", "AmazonS3"), ("x-amz-request-id", "1")]), [("s3", Sure)]);
    assert_eq!(told(&[("X-Goog-Hash", "crc32c=…")]), [("gcs", Sure)]);
    assert_eq!(told(&[("Server", "Werkzeug/3.1 Python/3.13")]), [("flask", Likely)]);
    assert_eq!(told(&[("server", "Kestrel")]), [("aspnet", Sure)]);
    assert_eq!(
        told(&[("CF-RAY", "8"), ("Server", "cloudflare")]),
        [("cloudflare-workers", Possible), ("cloudflare-rules", Possible)]
    );
    assert_eq!(
        told(&[("set-cookie", "laravel_session=x"), ("x-powered-by", "PHP/8.2")]),
        [("laravel", Sure)]
    );
    assert_eq!(told(&[("server", "secret-nginx-like"), ("date", "today")]), [("nginx", Sure)]);
    assert_eq!(told(&[("content-type", "text/html")]), []);
    assert_eq!(told(&[]), []);
}

#[test]
fn a_proxy_s_line_is_safe_to_paste() {
    let lines = proxy(&wanted(), "https://api.example.com/orders?x=1").unwrap();
    assert_eq!(
        lines,
        "# policy.toml\n\
         allow_origins = [\"https://app.example.com\", \"http://localhost:3000\"]\n\
         allow_methods = [\"PUT\"]\n\
         allow_headers = [\"content-type\", \"authorization\"]\n\
         expose_headers = [\"x-total\"]\n\
         \n\
         cors proxy --policy policy.toml \\\n    --target 'https://api.example.com'\n"
    );
    let lines = proxy(&wanted(), "https://x'; rm -rf ~ #/").unwrap();
    assert!(lines.ends_with("--target 'https://api.example.com'\n"), "{lines}");
}

/// The lines of stacks that choose by path have the address's own.
#[test]
fn the_path_that_is_asked() {
    for (path, laravel, next) in [
        (Some("/orders/1"), "'paths' => ['orders', 'orders/*'],", "matcher: '/orders/:path*'"),
        (None, "'paths' => ['api', 'api/*'],", "matcher: '/api/:path*'"),
        (Some("/a'b/1"), "'paths' => ['api', 'api/*'],", "matcher: '/api/:path*'"),
    ] {
        let wanted = Wanted { path: path.map(str::to_owned), ..wanted() };
        let of = |name: &str| text(Stack::named(name).unwrap(), &wanted);
        assert!(of("laravel").contains(laravel), "{}", of("laravel"));
        assert!(of("nextjs").contains(next), "{}", of("nextjs"));
    }
}

#[test]
fn a_method_that_is_no_symbol_of_ruby_by_itself() {
    let wanted = Wanted { methods: texts(&["M-SEARCH", "PUT"]), ..wanted() };
    let rails = text(Stack::named("rails").unwrap(), &wanted);
    assert!(rails.contains("methods: [:get, :head, :post, :'m-search', :put],"), "{rails}");
}
