//! A running `cors proxy`, which ends with its test.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use cors_testing::program::program;
use tempfile::TempDir;

/// An allowed page.
pub(crate) const PAGE: &str = "https://app.example.com";

/// A policy for it.
pub(crate) const POLICY: &str = r#"
allow_origins = ["https://app.example.com"]
allow_methods = ["PUT"]
allow_headers = ["content-type"]
expose_headers = ["etag"]
"#;

pub(crate) struct Proxy {
    child: Child,
    pub(crate) port: u16,
    pub(crate) stdout: Lines,
    pub(crate) stderr: Lines,
    folder: TempDir,
}

/// What is written, line by line.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<(Mutex<Vec<String>>, Condvar)>);

impl Proxy {
    pub(crate) fn start(target: &str, policy: &str, arguments: &[&str]) -> Self {
        Proxy::with(target, policy, arguments, |command| command)
    }

    pub(crate) fn with(
        target: &str,
        policy: &str,
        arguments: &[&str],
        prepare: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("shop.toml"), policy).unwrap();
        let mut command = Command::new(program(env!("CARGO_BIN_EXE_cors")));
        command.args(["proxy", "--target", target, "--policy", "shop.toml", "--listen", "127.0.0.1:0"]);
        command.args(arguments).current_dir(folder.path()).stdin(Stdio::null());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        // Nobody listens there: whoever takes a proxy from the environment fails.
        for variable in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env(variable, "http://127.0.0.1:1");
        }
        let mut child = prepare(&mut command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stdout, stderr) = (Lines::default(), Lines::default());
        stdout.collect(child.stdout.take().unwrap());
        stderr.collect(child.stderr.take().unwrap());
        let line = stderr.wait(" answers for ");
        let (_, port) = line.split_once(" answers").unwrap().0.rsplit_once(':').unwrap();
        Proxy { port: port.parse().unwrap(), child, stdout, stderr, folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The exit status, once it ends.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Lines {
    fn collect(&self, from: impl Read + Send + 'static) {
        let lines = self.clone();
        thread::spawn(move || {
            for line in BufReader::new(from).lines() {
                lines.0.0.lock().unwrap().push(line.unwrap());
                lines.0.1.notify_all();
            }
        });
    }

    /// The first line with this text, once it is there.
    pub(crate) fn wait(&self, text: &str) -> String {
        let (lines, changed) = &*self.0;
        let found = |lines: &Vec<String>| lines.iter().position(|line| line.contains(text));
        let waited =
            changed.wait_timeout_while(lines.lock().unwrap(), PATIENCE, |lines| found(lines).is_none());
        let (lines, _) = waited.unwrap();
        match found(&lines) {
            Some(place) => lines[place].clone(),
            None => panic!("no line with {text:?} in {lines:#?}"),
        }
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.0.lock().unwrap().clone()
    }
}

/// Long enough for any machine: it is over only where a test fails.
const PATIENCE: Duration = Duration::from_secs(60);
