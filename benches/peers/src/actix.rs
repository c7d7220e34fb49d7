//! actix-cors, around a service that answers at once.

use actix_cors::Cors;
use actix_web::HttpResponse;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, fn_service};
use actix_web::test::TestRequest;
use cors_benches::CONFIG;
use cors_benches::requests::Sample;

use crate::ready;

/// Returns the application, which answers with an empty response.
pub fn application() -> impl Service<ServiceRequest, Response = ServiceResponse, Error = actix_web::Error> {
    fn_service(|request: ServiceRequest| async { Ok(request.into_response(HttpResponse::Ok().finish())) })
}

/// Returns the application behind actix-cors, with the same policy.
pub fn actix_cors(origins: &[String]) -> impl Service<ServiceRequest, Error = actix_web::Error> {
    let cors = Cors::default()
        .allowed_methods(CONFIG.allow_methods.iter().copied())
        .allowed_headers(CONFIG.allow_headers.iter().copied())
        .expose_headers(CONFIG.expose_headers.iter().copied())
        .supports_credentials()
        .max_age(7200);
    let cors = origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin));
    ready(cors.new_transform(application())).expect("the sample config")
}

/// Returns a sample as actix-web holds it.
#[must_use]
pub fn request(sample: &Sample) -> ServiceRequest {
    let request = TestRequest::default().method(sample.method.parse().expect("a method"));
    sample.headers().fold(request, |request, header| request.insert_header(header)).to_srv_request()
}
