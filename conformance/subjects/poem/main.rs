//! poem with its Cors middleware.

use std::error::Error;
use std::io;

use poem::error::InternalServerError;
use poem::http::{Method, StatusCode, header};
use poem::listener::TcpListener;
use poem::middleware::Cors;
use poem::{Body, EndpointExt, Request, Response, RouteMethod, Server, endpoint};
use routes::{Answer, Route};

const LISTED: [&str; 2] = ["https://app.example.com", "https://admin.example.com:8443"];

fn cors() -> Cors {
    match routes::policy().as_str() {
        "credentials" => Cors::new()
            .allow_origins(LISTED)
            .allow_origins_fn(routes::is_preview)
            .allow_methods([
                Method::GET,
                Method::HEAD,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ])
            .allow_headers(["content-type", "authorization", "x-requested-with"])
            .expose_header("x-request-id")
            .allow_credentials(true)
            .max_age(600),
        // Every origin is the default, and there is no `*` to be had.
        "public" => Cors::new()
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
            .allow_header("content-type")
            .expose_header("x-request-id")
            .max_age(600),
        "thousand" => Cors::new()
            .allow_origins(routes::tenants())
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE])
            .allow_header("content-type")
            .allow_credentials(true)
            .max_age(600),
        _ => Cors::new()
            .allow_origin("https://app.example.com")
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
            .allow_header("content-type")
            .max_age(0),
    }
}

fn answer(route: &Route, request: &Request) -> poem::Result<Response> {
    Ok(match route.answer(request.header(header::ACCEPT_ENCODING)).map_err(InternalServerError)? {
        Answer::Stream => {
            let pieces =
                futures_util::StreamExt::map(routes::pieces(), |piece| piece.map_err(io::Error::other));
            Response::builder().content_type("text/plain").body(Body::from_bytes_stream(pieces))
        }
        Answer::Whole { status, fields, body } => {
            let response =
                Response::builder().status(StatusCode::from_u16(status).map_err(InternalServerError)?);
            let response =
                fields.iter().fold(response, |response, (name, value)| response.header(name, value));
            response.body(body.to_owned())
        }
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut app = poem::Route::new();
    for row in routes::routes()? {
        let mut methods = RouteMethod::new();
        for method in &row.methods {
            let route = row.clone();
            methods =
                methods.method(method.parse()?, endpoint::make_sync(move |request| answer(&route, &request)));
        }
        app = app.at(&row.path, methods);
    }
    Server::new(TcpListener::bind(("127.0.0.1", routes::port()?))).run(app.with(cors())).await?;
    Ok(())
}
