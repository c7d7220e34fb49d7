//! A running `cors explain --serve`, which ends with its test.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use cors_testing::program::program;
use cors_testing::sockets::client::{Answer, send};
use http::Version;
use serde_json::Value;

pub(crate) struct Served {
    child: Child,
    pub(crate) port: u16,
}

impl Served {
    /// On a free port, started in this folder.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(program(env!("CARGO_BIN_EXE_cors")));
        command
            .arg("explain")
            .args(arguments)
            .args(["--serve", "--listen", "127.0.0.1:0"])
            .current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.strip_prefix("open http://127.0.0.1:").unwrap_or_else(|| panic!("{line}"));
        let (port, _) = address.split_once("/ in a browser").unwrap();
        Served { port: port.parse().unwrap(), child }
    }

    pub(crate) fn sample() -> Self {
        Served::start(Path::new("."), &[])
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        send(self.port, Version::HTTP_11, "GET", path, &[], "")
    }

    /// What the page gets to a case.
    pub(crate) fn explain(&self, case: &Value) -> Value {
        let origin = format!("http://127.0.0.1:{}", self.port);
        let fields = [("origin", origin.as_str()), ("content-type", "application/json")];
        let answer = send(self.port, Version::HTTP_11, "POST", "/explain", &fields, &case.to_string());
        assert_eq!(answer.status, 200, "{case}: {}", answer.body);
        assert_eq!(answer.get("content-type"), ["application/json"]);
        serde_json::from_str(&answer.body).unwrap()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The exit status, once it ends.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
