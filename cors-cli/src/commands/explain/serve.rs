//! `cors explain --serve`: the explanation as a page, for this machine alone.

mod answer;
mod case;
mod page;
mod refusal;
mod response;
mod same_origin;
mod work;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;

use self::case::EditedCase;
use self::page::Page;
use crate::args::Explain;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::server::{self, Hosts, Limits, Stop, listen, serve};

const NAME: &str = "cors explain --serve";

/// Answers that are on their way reach the page in less; an explanation that is still being computed is given up.
const GRACE: Duration = Duration::from_millis(500);

pub(super) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    let address = listen::address(&arguments.listen)?;
    if !address.ip().is_loopback() {
        let what = "other machines could use the page; write 127.0.0.1, and open the page on this machine";
        return Err(listen::unusable(&arguments.listen, what));
    }
    let first_case = EditedCase::of(arguments)?;
    server::run(NAME, async {
        let (listener, address) = listen::bind(address).await?;
        let mut stop = Stop::new().map_err(|error| Failure::unusable(NAME, error))?;
        let page = Arc::new(Page::new(Hosts::new(address, Vec::new()), &first_case));
        output::diagnostic(format_args!("open http://{address}/ in a browser; Ctrl-C ends it"));
        let service = service_fn(move |request| {
            let page = Arc::clone(&page);
            async move { Ok::<_, Infallible>(page.respond(request).await) }
        });
        let limits = Limits { grace: GRACE, ..Limits::default() };
        serve(listener, limits, service, async || stop.asked().await).await;
        Ok(Exit::Ok)
    })
}
