//! A shop's API on axum. `PORT` is where it listens: 8000 if it is not given, 0 for any that is free.

use std::env;
use std::error::Error;
use std::time::Duration;

use axum::extract::Path;
use axum::routing::{get, put};
use axum::{Json, Router};
use cors_tower::CorsLayer;
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // A mistake in the policy ends the program here, with what to write instead.
    let cors = CorsLayer::builder()
        .allow_origins(["https://app.example.com"])
        .allow_methods(["PUT"])
        .allow_headers(["content-type"])
        .allow_credentials(true)
        .max_age(Duration::from_secs(7200))
        .build()?
        .on_denial(|denied| eprintln!("{denied}"));

    // The layer is the last that is added, and so the first that a request meets.
    let app = Router::new().route("/orders", get(orders)).route("/orders/{id}", put(change)).layer(cors);

    let port = env::var("PORT").map_or(Ok(8000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn orders() -> Json<Value> {
    Json(json!(["tea", "coffee"]))
}

async fn change(Path(id): Path<u64>) -> Json<Value> {
    Json(json!({ "changed": id }))
}
