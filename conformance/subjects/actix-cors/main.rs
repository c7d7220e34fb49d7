//! actix-web with actix-cors.

use std::error::Error;

use actix_cors::Cors;
use actix_web::error::ErrorInternalServerError;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use routes::{Answer, Route};

fn cors() -> Cors {
    match routes::policy().as_str() {
        "credentials" => Cors::default()
            .allowed_origin("https://app.example.com")
            .allowed_origin("https://admin.example.com:8443")
            .allowed_origin_fn(|origin, _| origin.to_str().is_ok_and(routes::is_preview))
            .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
            .allowed_headers(["content-type", "authorization", "x-requested-with"])
            .expose_headers(["x-request-id"])
            .supports_credentials()
            .max_age(600),
        "public" => Cors::default()
            .allow_any_origin()
            .send_wildcard()
            .allowed_methods(["GET", "HEAD", "POST", "PUT"])
            .allowed_headers(["content-type"])
            .expose_headers(["x-request-id"])
            .max_age(600),
        "thousand" => routes::tenants()
            .iter()
            .fold(Cors::default(), |cors, tenant| cors.allowed_origin(tenant))
            .allowed_methods(["GET", "HEAD", "POST", "PUT", "DELETE"])
            .allowed_headers(["content-type"])
            .supports_credentials()
            .max_age(600),
        _ => Cors::default()
            .allowed_origin("https://app.example.com")
            .allowed_methods(["GET", "HEAD", "POST", "PUT"])
            .allowed_headers(["content-type"]),
    }
}

fn answer(route: &Route, request: &HttpRequest) -> actix_web::Result<HttpResponse> {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    Ok(match route.answer(accepted).map_err(ErrorInternalServerError)? {
        Answer::Stream => {
            let pieces = futures_util::StreamExt::map(routes::pieces(), |piece| piece.map(web::Bytes::from));
            HttpResponse::Ok().content_type("text/plain").streaming(pieces)
        }
        Answer::Whole { status, fields, body } => {
            let mut response =
                HttpResponse::build(StatusCode::from_u16(status).map_err(ErrorInternalServerError)?);
            for (name, value) in fields {
                response.append_header((name.as_str(), value.as_str()));
            }
            response.body(body.to_owned())
        }
    })
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let table = routes::routes()?;
    let server = HttpServer::new(move || {
        let mut app = App::new().wrap(cors());
        for row in &table {
            let mut resource = web::resource(&row.path);
            for method in row.methods_with_head() {
                let method: Method = method.parse().unwrap_or_default();
                let route = row.clone();
                resource = resource.route(web::method(method).to(move |request: HttpRequest| {
                    let answered = answer(&route, &request);
                    async move { answered }
                }));
            }
            app = app.service(resource);
        }
        app
    });
    server.workers(2).bind(("127.0.0.1", routes::port()?))?.run().await?;
    Ok(())
}
