//! warp with `warp::cors()`, around the filter that answers rejections.

use std::convert::Infallible;
use std::error::Error;

use routes::{Answer, Route};
use warp::filters::BoxedFilter;
use warp::filters::cors::Builder;
use warp::http::StatusCode;
use warp::reject::{MethodNotAllowed, Reject};
use warp::reply::Response;
use warp::{Filter, Rejection, Reply};

fn cors() -> Builder {
    match routes::policy().as_str() {
        "public" => warp::cors()
            .allow_any_origin()
            .allow_methods(["GET", "HEAD", "POST", "PUT"])
            .allow_header("content-type")
            .expose_header("x-request-id")
            .max_age(600),
        "thousand" => warp::cors()
            .allow_origins(routes::tenants().iter().map(String::as_str))
            .allow_methods(["GET", "HEAD", "POST", "PUT", "DELETE"])
            .allow_header("content-type")
            .allow_credentials(true)
            .max_age(600),
        _ => warp::cors()
            .allow_origin("https://app.example.com")
            .allow_methods(["GET", "HEAD", "POST", "PUT"])
            .allow_header("content-type"),
    }
}

#[derive(Debug)]
struct Broken;

impl Reject for Broken {}

fn answer(route: &Route, accepted: Option<&str>) -> Result<Response, Rejection> {
    Ok(match route.answer(accepted).map_err(|_| warp::reject::custom(Broken))? {
        Answer::Stream => warp::reply::stream(routes::pieces()).into_response(),
        Answer::Whole { status, fields, body } => {
            let response = warp::http::Response::builder().status(status);
            let response =
                fields.iter().fold(response, |response, (name, value)| response.header(name, value));
            response.body(body.to_owned()).into_response()
        }
    })
}

/// Answers what no route has answered, as warp's example of rejections does.
async fn handle_rejection(rejection: Rejection) -> Result<impl Reply, Infallible> {
    let status = if rejection.is_not_found() {
        StatusCode::NOT_FOUND
    } else if rejection.find::<Broken>().is_some() {
        StatusCode::INTERNAL_SERVER_ERROR
    } else if rejection.find::<MethodNotAllowed>().is_some() {
        StatusCode::METHOD_NOT_ALLOWED
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    };
    Ok(warp::reply::with_status("no\n", status))
}

fn of_method(method: &str) -> BoxedFilter<()> {
    match method {
        "HEAD" => warp::head().boxed(),
        "POST" => warp::post().boxed(),
        "PUT" => warp::put().boxed(),
        "PATCH" => warp::patch().boxed(),
        "DELETE" => warp::delete().boxed(),
        "OPTIONS" => warp::options().boxed(),
        _ => warp::get().boxed(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut app = warp::any().and_then(async || Err::<Response, _>(warp::reject::not_found())).boxed();
    for row in routes::routes()? {
        for method in row.methods_with_head() {
            let own = row.clone();
            let route = warp::path(row.path.trim_start_matches('/').to_owned())
                .and(warp::path::end())
                .and(of_method(method))
                .and(warp::header::optional::<String>("accept-encoding"))
                .and_then(move |accepted: Option<String>| {
                    let answered = answer(&own, accepted.as_deref());
                    async move { answered }
                });
            app = app.or(route).unify().boxed();
        }
    }
    warp::serve(app.recover(handle_rejection).with(cors())).run(([127, 0, 0, 1], routes::port()?)).await;
    Ok(())
}
