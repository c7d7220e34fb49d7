//! Preflights, and requests that look like one.

mod allowed;
mod form;
mod refused;
mod unusual;

use super::{row, source};
use crate::check::Check;
use crate::exchange::Answer;
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{Page, Run, Stop};

pub(super) const CHECKS: [&[Check]; 4] = [allowed::CHECKS, refused::CHECKS, form::CHECKS, unusual::CHECKS];

/// Judges the preflight of an origin that the policy allows. Returns for how long browsers keep the answer.
fn permitted(run: &mut Run<'_>, who: Who, method: &str, names: &[&str], route: Route) -> Result<u32, Stop> {
    let origin = run.allowed(who)?;
    let answer = run.preflight(route, &origin, method, names)?;
    run.permitted(&Page { origin: &origin, method, names, include: run.policy.allow_credentials() }, &answer)
}

fn private_network(run: &mut Run<'_>) -> Result<Answer, Stop> {
    let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
    let request = run.preflight_request(Route::Plain, &origin, method, &[])?;
    run.ask(request.with("Access-Control-Request-Private-Network", "true"))
}
