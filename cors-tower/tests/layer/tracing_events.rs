//! Denials and differences as events (A5, A8).

use std::io;
use std::sync::{Arc, Mutex};

use cors_tower::{Config, CorsLayer, Policies};

use crate::support::{CONFIG, PAGE, ask, compile, get, preflight};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a5_a8_events() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().without_time().with_ansi(false).with_writer({
        let log = log.clone();
        move || log.clone()
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    tracing::subscriber::with_default(subscriber.finish(), || {
        runtime.block_on(async {
            let shadow = compile(&Config { allow_origins: &["https://new.example"], ..CONFIG });
            let layer = CorsLayer::new(Policies::from(compile(&CONFIG)).shadow(shadow)).enforce(true);
            ask(&layer, preflight("/", PAGE, "DELETE")).await;
            ask(&layer, get("/", "https://new.example")).await;
        });
    });
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        [
            r#" INFO cors_tower: CORS shadow: preflight OPTIONS / from "https://app.example.com": denied: the policy does not allow this method; in the shadow: denied: the policy does not allow this origin verdict="MethodNotAllowed" shadow="OriginNotAllowed" kind="preflight""#,
            r#" INFO cors_tower: CORS: the policy does not allow this method: preflight OPTIONS / from "https://app.example.com" denial="MethodNotAllowed" kind="preflight" refused=false"#,
            r#" INFO cors_tower: CORS shadow: actual GET / from "https://new.example": denied: the policy does not allow this origin; in the shadow: allowed verdict="OriginNotAllowed" shadow="allowed" kind="actual""#,
            r#" INFO cors_tower: CORS: the policy does not allow this origin: actual GET / from "https://new.example" denial="OriginNotAllowed" kind="actual" refused=true"#,
        ]
    );
}
