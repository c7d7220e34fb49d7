//! salvo with its Cors, as a hoop of the service.

use std::error::Error;

use routes::Answer;
use salvo::cors::{AllowOrigin, Any, Cors};
use salvo::http::header::{self, HeaderName};
use salvo::http::{HeaderValue, Method, StatusCode};
use salvo::prelude::*;

const LISTED: [&str; 2] = ["https://app.example.com", "https://admin.example.com:8443"];

fn cors() -> Cors {
    match routes::policy().as_str() {
        "credentials" => Cors::new()
            .allow_origin(AllowOrigin::dynamic(|origin: Option<&HeaderValue>, _: &Request, _: &Depot| {
                let is_allowed = |origin| LISTED.contains(&origin) || routes::is_preview(origin);
                origin.filter(|origin| origin.to_str().is_ok_and(is_allowed)).cloned()
            }))
            .allow_methods([
                Method::GET,
                Method::HEAD,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ])
            .allow_headers(vec!["content-type", "authorization", "x-requested-with"])
            .expose_headers("x-request-id")
            .allow_credentials(true)
            .max_age(600),
        "public" => Cors::new()
            .allow_origin(Any)
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
            .allow_headers("content-type")
            .expose_headers("x-request-id")
            .max_age(600),
        "thousand" => Cors::new()
            .allow_origin(&routes::tenants())
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE])
            .allow_headers("content-type")
            .allow_credentials(true)
            .max_age(600),
        _ => Cors::new()
            .allow_origin("https://app.example.com")
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
            .allow_headers("content-type"),
    }
}

struct Application(routes::Route);

#[handler]
impl Application {
    async fn handle(&self, request: &mut Request, response: &mut Response) -> salvo::Result<()> {
        let accepted = request.header::<String>(header::ACCEPT_ENCODING);
        match self.0.answer(accepted.as_deref()).map_err(salvo::Error::other)? {
            Answer::Stream => {
                response.add_header(header::CONTENT_TYPE, "text/plain", true)?;
                response.stream(routes::pieces());
            }
            Answer::Whole { status, fields, body } => {
                response.status_code(StatusCode::from_u16(status).map_err(salvo::Error::other)?);
                for (name, value) in fields {
                    let name = HeaderName::try_from(name.as_str()).map_err(salvo::Error::other)?;
                    response.add_header(name, value.as_str(), false)?;
                }
                response.write_body(body.to_owned())?;
            }
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut router = Router::new();
    for row in routes::routes()? {
        for method in row.methods_with_head() {
            let method: Method = method.parse()?;
            let of_method = Router::with_path(row.path.trim_start_matches('/'))
                .filter_fn(move |request, _| request.method() == method)
                .goal(Application(row.clone()));
            router = router.push(of_method);
        }
    }
    let acceptor = TcpListener::new(("127.0.0.1", routes::port()?)).bind().await;
    Server::new(acceptor).serve(Service::new(router).hoop(cors().into_handler())).await;
    Ok(())
}
