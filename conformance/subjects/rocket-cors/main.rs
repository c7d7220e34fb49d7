//! Rocket with the fairing of rocket_cors.

use std::error::Error;

use rocket::http::{ContentType, Method, Status};
use rocket::response::Responder;
use rocket::response::stream::ByteStream;
use rocket::route::{Handler, Outcome};
use rocket::{Config, Data, Request, Route};
use rocket_cors::{AllowedHeaders, AllowedMethods, AllowedOrigins, CorsOptions};
use routes::Answer;

const SIMPLE: [Method; 4] = [Method::Get, Method::Head, Method::Post, Method::Put];

fn cors() -> CorsOptions {
    match routes::policy().as_str() {
        "credentials" => CorsOptions::default()
            .allowed_origins(AllowedOrigins::some(
                &["https://app.example.com", "https://admin.example.com:8443"],
                &[routes::PREVIEW],
            ))
            .allowed_methods(methods(&[&SIMPLE[..], &[Method::Patch, Method::Delete]].concat()))
            .allowed_headers(AllowedHeaders::some(&["Content-Type", "Authorization", "X-Requested-With"]))
            .expose_headers(["X-Request-Id".to_owned()].into())
            .allow_credentials(true)
            .max_age(Some(600)),
        "public" => CorsOptions::default()
            .allowed_origins(AllowedOrigins::all())
            .send_wildcard(true)
            .allowed_methods(methods(&SIMPLE))
            .allowed_headers(AllowedHeaders::some(&["Content-Type"]))
            .expose_headers(["X-Request-Id".to_owned()].into())
            .max_age(Some(600)),
        "thousand" => CorsOptions::default()
            .allowed_origins(AllowedOrigins::some_exact(&routes::tenants()))
            .allowed_methods(methods(&[&SIMPLE[..], &[Method::Delete]].concat()))
            .allowed_headers(AllowedHeaders::some(&["Content-Type"]))
            .allow_credentials(true)
            .max_age(Some(600)),
        _ => CorsOptions::default()
            .allowed_origins(AllowedOrigins::some_exact(&["https://app.example.com"]))
            .allowed_methods(methods(&SIMPLE))
            .allowed_headers(AllowedHeaders::some(&["Content-Type"])),
    }
}

fn methods(listed: &[Method]) -> AllowedMethods {
    listed.iter().copied().map(From::from).collect()
}

#[derive(Clone)]
struct Application(routes::Route);

#[rocket::async_trait]
impl Handler for Application {
    async fn handle<'r>(&self, request: &'r Request<'_>, _: Data<'r>) -> Outcome<'r> {
        match self.0.answer(request.headers().get_one("Accept-Encoding")) {
            Err(_) => Outcome::Error(Status::InternalServerError),
            Ok(Answer::Stream) => {
                let pieces =
                    futures_util::StreamExt::map(routes::pieces(), |piece| piece.unwrap_or_default());
                Outcome::from(request, (ContentType::Plain, ByteStream(pieces)))
            }
            Ok(Answer::Whole { status, fields, body }) => {
                let Ok(mut response) = body.to_owned().respond_to(request) else {
                    return Outcome::Error(Status::InternalServerError);
                };
                response.set_status(Status::new(status));
                for (name, value) in fields {
                    response.adjoin_raw_header(name.clone(), value.clone());
                }
                Outcome::Success(response)
            }
        }
    }
}

#[rocket::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config {
        port: routes::port()?,
        workers: 4,
        log_level: rocket::config::LogLevel::Off,
        ..Config::default()
    };
    let mut app = Vec::new();
    for row in routes::routes()? {
        for method in &row.methods {
            let method: Method = method.parse().map_err(|_| format!("{method} is no method of Rocket"))?;
            app.push(Route::new(method, &row.path, Application(row.clone())));
        }
    }
    rocket::custom(config).mount("/", app).attach(cors().to_cors()?).launch().await?;
    Ok(())
}
