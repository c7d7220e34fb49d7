//! The test application on axum, with cors-tower around it. Prints its address, and ends with its standard input.
//!
//! `E2E_POLICIES` is a folder of images, NAME.cors for the paths below /NAME; `E2E_ANSWERS` one of answers, KIND.http for
//! /NAME/KIND/…; `E2E_LOG` a file that gets a line for each request that reaches the application.

use std::collections::HashMap;
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use cors_e2e::files;
use cors_tower::{CompiledPolicy, CorsLayer, Policies};
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut policies = Policies::new();
    for (name, image) in files(variable("E2E_POLICIES")?, ".cors")? {
        policies = policies.at(&format!("/{name}"), CompiledPolicy::from_image(image)?)?;
    }
    let application = Application {
        answers: files(variable("E2E_ANSWERS")?, ".http")?
            .into_iter()
            .map(|(kind, file)| Some((kind, Answer::parse(&file)?)))
            .collect::<Option<_>>()
            .ok_or("an answer is malformed")?,
        log: Mutex::new(OpenOptions::new().append(true).create(true).open(variable("E2E_LOG")?)?),
    };
    let router = Router::new().fallback(answer).with_state(Arc::new(application));
    let layers = ServiceBuilder::new().layer(CorsLayer::new(policies)).layer(CatchPanicLayer::new());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    axum::serve(listener, router.layer(layers)).await?;
    Ok(())
}

struct Application {
    answers: HashMap<String, Answer>,
    log: Mutex<File>,
}

/// A file of a status line, header fields, an empty line and a body.
struct Answer {
    status: u16,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn parse(file: &[u8]) -> Option<Self> {
        let end = file.windows(2).position(|bytes| bytes == b"\n\n")?;
        let mut lines = str::from_utf8(file.get(..end)?).ok()?.lines();
        Some(Answer {
            status: lines.next()?.parse().ok()?,
            fields: lines
                .map(|line| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())))
                .collect::<Option<_>>()?,
            body: file.get(end.saturating_add(2)..)?.to_vec(),
        })
    }
}

#[expect(clippy::panic, reason = "an application that crashes")]
async fn answer(State(application): State<Arc<Application>>, request: Request) -> Response {
    let target = request.uri().to_string();
    let line = format!("{} {target}\n", request.method());
    // Written before the answer, so that whoever has that finds the line.
    let _ = application.log.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
    let kind = target.split('/').nth(2).unwrap_or_default();
    let Some(answer) = application.answers.get(kind) else { panic!("a crash is wanted") };
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.fields {
        response = response.header(name, value);
    }
    if let Some((_, to)) = target.split_once("?to=") {
        response = response.header("location", to);
    }
    response.body(Body::from(answer.body.clone())).unwrap_or_default()
}

fn variable(name: &str) -> Result<PathBuf, String> {
    std::env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("{name} is not set"))
}
