//! `cors proxy`: a policy in front of somebody else's API, for development.

mod body;
mod fields;
mod forward;
mod log;
mod place;
mod reload;
mod trouble;
mod upstream;

use std::sync::Arc;
use std::time::Duration;

use cors_tower::CorsLayer;
use hyper_util::service::TowerToHyperService;
use tower_layer::Layer;

use self::forward::Forward;
use self::log::Log;
use self::place::Place;
use self::reload::PolicySource;
use self::upstream::Upstream;
use crate::args::Proxy;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::server::{self, Limits, Stop, listen, serve};

pub(crate) fn run(arguments: &Proxy) -> Result<Exit, Failure> {
    let place = Place::new(arguments)?;
    let (source, policy) = PolicySource::load(&arguments.policy)?;
    server::run("cors proxy", async {
        let (listener, address) = listen::bind(place.listen()).await?;
        let upstream = Upstream::new(place.target(), Duration::from_secs(arguments.timeout))?;
        let layer = CorsLayer::new(policy).record(true).enforce(arguments.enforce);
        let forward = Forward::new(Arc::new(upstream), place.hosts(address), layer.handle());
        let mut stop = Stop::new().map_err(|error| Failure::unusable("cors proxy", error))?;
        output::diagnostic(format_args!("http://{address} answers for {}", place.name()));
        tokio::spawn(source.watch(layer.handle()));
        let service = TowerToHyperService::new(Log::new(layer.layer(forward)));
        serve(listener, Limits::default(), service, async || stop.asked().await).await;
        Ok(Exit::Ok)
    })
}
