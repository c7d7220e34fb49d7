//! Starts the software of each stack with its snippet, and judges the responses as browsers do.
//!
//! `stacks SITES OUT [STACK…]`: the folder of the sites, one to write into, and the stacks, or else all that are run.
//! A stack that is said to be run and is not, or the other way round, is a failure; so is software that is missing.

#![expect(clippy::expect_used, reason = "a program of tests")]

mod cases;
mod fetches;
mod http;
mod software;

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use cors_diagnosis::stack::{Snippet, Stack};

use crate::fetches::{CASES, Case};
use crate::software::{SOFTWARE, Software};

/// How long software may take to listen.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let folder = |path: Option<String>| PathBuf::from(path.expect("stacks SITES OUT [STACK…]"));
    let application = http::application().expect("a port is free");
    let run = Run { sites: folder(arguments.next()), out: folder(arguments.next()), application };
    let chosen: Vec<String> = arguments.collect();
    let (mut passed, mut failed) = (0, 0);
    for name in &chosen {
        assert!(SOFTWARE.iter().any(|software| software.stack == name), "no software for {name}");
    }
    for stack in Stack::all() {
        let is_here = SOFTWARE.iter().any(|software| software.stack == stack.name());
        assert_eq!(stack.is_run(), is_here, "{}: is_run", stack.name());
    }
    for software in SOFTWARE
        .iter()
        .filter(|software| chosen.is_empty() || chosen.iter().any(|name| name == software.stack))
    {
        for (number, case) in CASES.iter().enumerate() {
            let began = Instant::now();
            let faults = run.faults(software, number, case);
            let seconds = began.elapsed().as_secs_f64();
            if faults.is_empty() {
                passed += 1;
                println!("ok      {:<19} {:<38} {seconds:>5.1} s", software.stack, case.name);
            } else {
                failed += 1;
                println!("FAILED  {:<19} {}", software.stack, case.name);
                for fault in faults {
                    println!("    {fault}");
                }
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Run {
    sites: PathBuf,
    out: PathBuf,
    application: u16,
}

impl Run {
    fn faults(&self, software: &Software, number: usize, case: &Case) -> Vec<String> {
        let stack = Stack::named(software.stack).expect("each has a stack");
        let case = &case.without(software.cannot_list);
        let snippet = match stack.snippet(&case.wanted()) {
            Ok(snippet) => snippet,
            Err(refused) => return vec![refused.to_string()],
        };
        let folder = self.out.join(software.stack);
        let [port, down] = free_ports();
        fs::create_dir_all(&folder).expect("the folder can be made");
        let place = |text: &str| {
            text.replace("<<port>>", &port.to_string())
                .replace("<<application>>", &self.application.to_string())
                .replace("<<down>>", &down.to_string())
                .replace("<<out>>", &self.out.to_string_lossy())
                .replace("<<case>>", &number.to_string())
                .replace("<<folder>>", &folder.to_string_lossy())
        };
        for file in software.files {
            let text = fs::read_to_string(self.sites.join(file)).expect("the site is there");
            let name = Path::new(file).file_name().expect("a file has a name");
            fs::write(folder.join(name), place(&with_parts(&text, &snippet)))
                .expect("the site can be written");
        }
        let log = folder.join("log");
        if let Some(build) = software.build
            && let Err(fault) =
                start(&place(build), &folder, &log).and_then(|mut child| match child.0.wait() {
                    Ok(status) if status.success() => Ok(()),
                    other => Err(format!("{other:?}")),
                })
        {
            return vec![format!("{build}: {fault}\n{}", end_of(&log))];
        }
        let mut server = match start(&place(software.command), &folder, &log) {
            Ok(server) => server,
            Err(fault) => return vec![fault],
        };
        if let Err(fault) = server.wait_for(port) {
            return vec![format!("{fault}\n{}", end_of(&log))];
        }
        case.faults(port)
    }
}

/// Puts the snippet's parts in their places, indented as the places are.
fn with_parts(site: &str, snippet: &Snippet) -> String {
    let mut text = String::new();
    for line in site.lines() {
        let indent = line.strip_suffix(line.trim_start()).unwrap_or_default();
        let number = line.trim().strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>"));
        match number.and_then(|number| number.parse::<usize>().ok()) {
            None => text.extend([line, "\n"]),
            Some(number) => {
                let part = snippet.parts.get(number.wrapping_sub(1)).expect("the snippet has the part");
                part.text.lines().for_each(|line| text.extend([indent, line, "\n"]));
            }
        }
    }
    text
}

/// A process that ends with this value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    fn wait_for(&mut self, port: u16) -> Result<(), String> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Ok(Some(status)) = self.0.try_wait() {
                return Err(format!("ended with {status}"));
            }
            // Some listen before they know their routes.
            if TcpStream::connect(("127.0.0.1", port)).is_ok()
                && http::ask(port, "GET", "/item", &[]).is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err("does not listen".to_owned())
    }
}

fn start(command: &str, folder: &Path, log: &Path) -> Result<Server, String> {
    let mut words = command.split_whitespace();
    let program = words.next().expect("a command has a program");
    let output = fs::File::create(log).expect("the log can be written");
    let error = output.try_clone().expect("the log can be written");
    Command::new(program)
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(error)
        .spawn()
        .map(Server)
        .map_err(|error| format!("{program}: {error}; tests/stacks/run installs it"))
}

fn end_of(log: &Path) -> String {
    let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let mut lines: Vec<&str> = text.lines().rev().take(20).collect();
    lines.reverse();
    lines.join("\n")
}

/// Returns ports that nobody listens on, and that no connection is given: they lie below the system's range for those.
fn free_ports() -> [u16; 2] {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let first = u16::try_from(process::id() % 100).expect("it is small") * 100;
    let mut ports =
        std::iter::repeat_with(|| 20_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000)
            .filter(is_free);
    [(); 2].map(|()| ports.next().expect("there are thousands"))
}
