//! `cors explain --serve`: a page to play with, on this machine alone.

mod answer;
mod case;
mod page;
mod refusal;
mod response;
mod same_origin;

use std::convert::Infallible;
use std::sync::Arc;

use hyper::service::service_fn;
use tokio::runtime::Runtime;

use self::case::Case;
use self::page::Page;
use crate::args::Explain;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::server::{Hosts, Stop, listen, serve};

pub(super) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    let address = listen::address(&arguments.listen)?;
    if !address.ip().is_loopback() {
        let what = "other machines could use the page; write 127.0.0.1, and open the page on this machine";
        return Err(listen::unusable(&arguments.listen, what));
    }
    let first_case = Case::of(arguments)?;
    let unusable = |error| Failure::unusable("cors explain --serve", error);
    let runtime = Runtime::new().map_err(unusable)?;
    runtime.block_on(async {
        let (listener, address) = listen::bind(address).await?;
        let stop = Stop::new().map_err(unusable)?;
        let page = Arc::new(Page::new(Hosts::new(address, Vec::new()), &first_case));
        output::diagnostic(format_args!("open http://{address}/ in a browser; Ctrl-C ends it"));
        let service = service_fn(move |request| {
            let page = Arc::clone(&page);
            async move { Ok::<_, Infallible>(page.respond(request).await) }
        });
        serve(listener, stop, service).await;
        Ok(Exit::Ok)
    })
}
