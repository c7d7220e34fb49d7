//! Where the page listens, what it begins with, and how it ends.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use cors_testing::program::program;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::Served;

#[test]
fn what_is_no_place() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let cases: [(&[&str], &str); 11] = [
        (&["--serve", "--listen", "0.0.0.0:0"], "other machines could use the page; write 127.0.0.1"),
        (&["--serve", "--listen", "[::]:0"], "other machines could use the page"),
        (&["--serve", "--listen", "192.0.2.1:0"], "other machines could use the page"),
        (&["--serve", "--listen", "localhost:8788"], "not an address with a port"),
        (&["--serve", "--listen", &taken], "something listens there already"),
        (&["--serve", "missing.toml"], "there is no such file"),
        (&["--serve", "--json"], "cannot be used with"),
        (&["--serve", "--message", "x"], "cannot be used with"),
        (&["--serve", "--element", "font", "--method", "PUT"], "cannot be used with"),
        (&["--serve", "--element", "video"], "possible values: script, image, font"),
        (&["x.toml", "--origin", "null", "--listen", "127.0.0.1:0"], "--serve"),
    ];
    for (arguments, expected) in cases {
        let output = Command::new(program(env!("CARGO_BIN_EXE_cors")))
            .arg("explain")
            .args(arguments)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(expected), "{arguments:?}: {said}");
    }
}

fn first_case(page: &Served) -> Value {
    serde_json::from_str(&page.get("/case").body).unwrap()
}

#[test]
fn the_sample_is_nearly_allowed() {
    let page = Served::sample();
    let mut case = first_case(&page);
    let answer = page.explain(&case);
    assert_eq!((&answer["problems"], &answer["explanation"]["verdict"]), (&json!([]), &json!("blocked")));
    let obstacles = answer["explanation"]["obstacles"].as_array().unwrap();
    assert_eq!(obstacles.len(), 1);
    assert_eq!(obstacles[0]["fixes"][0]["text"], "add PATCH to allow_methods");
    let policy = case["policy"].as_str().unwrap().replace("\"DELETE\"", "\"DELETE\", \"PATCH\"");
    case["policy"] = policy.into();
    assert_eq!(page.explain(&case)["explanation"]["verdict"], "allowed");
}

#[test]
fn the_command_line_is_the_first_case() {
    let folder = TempDir::new().unwrap();
    let policy = "# é\nallow_origins = ['https://app.example.com']\n";
    fs::write(folder.path().join("shop.toml"), policy).unwrap();
    let compiled = Command::new(program(env!("CARGO_BIN_EXE_cors")))
        .args(["compile", "shop.toml", "-o", "shop.cors"])
        .current_dir(&folder)
        .status()
        .unwrap();
    assert!(compiled.success());
    let arguments = [
        "--origin",
        "null",
        "--header",
        "x-a: 1",
        "--header",
        "x-b: 2",
        "--upload-listener",
        "--engine",
        "webkit",
    ];
    let page = Served::start(folder.path(), &[&["shop.toml"], &arguments[..]].concat());
    let case = first_case(&page);
    assert_eq!(case["policy"], policy);
    assert_eq!(
        case["fetch"],
        json!({
            "origin": "null", "url": null, "method": null, "headers": ["x-a: 1", "x-b: 2"], "credentials": false,
            "api": "XMLHttpRequest", "upload_listener": true, "stream": false, "engine": "webkit",
        })
    );
    // It can be asked as it is.
    assert_eq!(page.explain(&case)["explanation"]["engine"], "webkit");

    let page = Served::start(folder.path(), &["shop.cors", "--origin", "https://app.example.com"]);
    let case = first_case(&page);
    assert!(case["policy"].as_str().unwrap().starts_with("# shop.cors: an image of "), "{case}");
    assert_eq!(page.explain(&case)["explanation"]["verdict"], "allowed");
}

#[cfg(unix)]
#[test]
fn it_ends_well() {
    for signal in ["-TERM", "-INT"] {
        let mut page = Served::sample();
        stop(&page, signal);
        assert_eq!(page.ended(), Some(0), "{signal}");
    }
}

/// As many of the longest cases as can be asked at once: some are being explained when the signal comes, others wait.
#[cfg(unix)]
#[test]
fn it_ends_while_it_explains() {
    let origins: Vec<String> = (0..8_000).map(|index| format!("https://s{index}.example.com")).collect();
    let headers: Vec<String> = (0..256).map(|index| format!("x-{index}: {index}")).collect();
    let case = json!({
        "policy": json!({ "allow_origins": origins }).to_string(),
        "fetch": { "origin": "https://app.example.com", "headers": headers },
    })
    .to_string();
    assert!(case.len() <= 256 * 1024, "{}", case.len());
    for signal in ["-TERM", "-INT"] {
        let mut page = Served::sample();
        let own = format!("http://127.0.0.1:{}", page.port);
        let head = format!(
            "POST /explain HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: {own}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            page.port,
            case.len()
        );
        let clients: Vec<TcpStream> = (0..16)
            .map(|_| {
                let mut client = TcpStream::connect(("127.0.0.1", page.port)).unwrap();
                client.write_all(head.as_bytes()).unwrap();
                client.write_all(case.as_bytes()).unwrap();
                client
            })
            .collect();
        // The page itself is answered meanwhile.
        assert_eq!(page.get("/").status, 200);
        stop(&page, signal);
        assert_eq!(page.ended(), Some(0), "{signal}");
        drop(clients);
    }
}

#[cfg(unix)]
fn stop(page: &Served, signal: &str) {
    assert!(Command::new("kill").args([signal, &page.id().to_string()]).status().unwrap().success());
}
