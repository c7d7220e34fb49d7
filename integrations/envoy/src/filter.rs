//! The filter as the host calls it, by the interface of proxy-wasm.
//!
//! It exports no function for bodies, trailers and the end of a request: each would be a call for each of them.
#![allow(unsafe_code)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

use cors_core::Denial;

use crate::configuration::Configuration;
use crate::edits::{Edit, edit_response};
use crate::host::{self, Counter, Map};
use crate::lines;
use crate::plan::{Addition, Outcome, Plan, RequestHead, plan};

/// What the requests of a filter share: a filter is one configuration in one worker of the host.
#[derive(Default)]
struct Shared {
    configuration: Configuration,
    counters: Counters,
}

/// A request and its response. It sees one configuration throughout (A4).
struct Exchange {
    shared: Rc<Shared>,
    /// What the response gets; `None` until the request is decided about.
    addition: Option<Addition>,
}

#[derive(Default)]
struct Contexts {
    filters: HashMap<u32, Rc<Shared>>,
    exchanges: HashMap<u32, Exchange, BuildHasherDefault<Numbered>>,
}

/// The hash of a context's number, which the host counts up and no request chooses.
#[derive(Default)]
struct Numbered(u64);

impl Hasher for Numbered {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32((*byte).into()));
    }

    fn write_u32(&mut self, number: u32) {
        // The table takes its places from the low bits, and its tags from the high ones.
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

thread_local! {
    static CONTEXTS: RefCell<Contexts> = RefCell::default();
}

/// Looks into the contexts, or changes them. `look` calls no function of the host, which might call back.
fn contexts<T>(look: impl FnOnce(&mut Contexts) -> T) -> T {
    CONTEXTS.with_borrow_mut(look)
}

#[unsafe(no_mangle)]
extern "C" fn proxy_abi_version_0_2_1() {}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_context_create(id: u32, filter: u32) {
    contexts(|contexts| {
        if filter == 0 {
            contexts.filters.insert(id, Rc::default());
        } else if let Some(shared) = contexts.filters.get(&filter) {
            let exchange = Exchange { shared: Rc::clone(shared), addition: None };
            contexts.exchanges.insert(id, exchange);
        }
    });
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_delete(id: u32) {
    // Dropped when nothing looks into the contexts.
    let exchange = contexts(|contexts| contexts.exchanges.remove(&id));
    if exchange.is_none() {
        let _filter = contexts(|contexts| contexts.filters.remove(&id));
    }
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_configure(id: u32, _: usize) -> bool {
    // To the host, a configuration of no bytes is none.
    match Configuration::read(&host::configuration().unwrap_or_default()) {
        Ok(configuration) => {
            let shared = Rc::new(Shared { configuration, counters: Counters::define() });
            contexts(|contexts| contexts.filters.insert(id, shared));
            true
        }
        Err(problems) => {
            for line in problems.lines() {
                host::log_error(&format!("cors: {line}"));
            }
            false
        }
    }
}

const CONTINUE: u32 = 0;
const PAUSE: u32 = 1;

#[unsafe(no_mangle)]
extern "C" fn proxy_on_request_headers(id: u32, _: usize, _: bool) -> u32 {
    let shared = contexts(|contexts| contexts.exchanges.get(&id).map(|exchange| Rc::clone(&exchange.shared)));
    let Some(shared) = shared else { return CONTINUE };
    let (addition, action) = match shared.decide(&RequestFields) {
        Plan::Forward(addition) => (addition, CONTINUE),
        Plan::Answer(status, lines) => {
            let is_answered = host::respond(status, "cors", &lines);
            // If it is not, the request has ended.
            (Addition::Nothing, if is_answered { PAUSE } else { CONTINUE })
        }
    };
    contexts(|contexts| {
        if let Some(exchange) = contexts.exchanges.get_mut(&id) {
            exchange.addition = Some(addition);
        }
    });
    action
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_headers(id: u32, _: usize, _: bool) -> u32 {
    // Without a decision there is no policy: the host asks about a request before it asks about the response.
    let addition = contexts(|contexts| contexts.exchanges.get_mut(&id)?.addition.take());
    let Some(addition) = addition else { return CONTINUE };
    let (fields, origin) = match &addition {
        Addition::Nothing => return CONTINUE,
        Addition::Of(policy, kind, verdict, origin) => (policy.fields(*kind, *verdict), &**origin),
        Addition::Own(fields) => (fields, ""),
    };
    let Some(bytes) = host::fields(Map::Response) else { return CONTINUE };
    edit_response(&lines::read(&bytes), fields, origin, |edit| match edit {
        Edit::Remove(name) => host::remove(name),
        Edit::Replace(name, value) => host::replace(name, value),
        Edit::Add(name, value) => host::add(name, value),
    });
    CONTINUE
}

impl Shared {
    /// Decides about a request, counts a denial, and leaves the verdict to the access log.
    fn decide(&self, head: &impl RequestHead) -> Plan {
        let Outcome { plan, verdict, denial, shadow } = plan(&self.configuration, head);
        if let Some(verdict) = verdict {
            host::set_property("cors_verdict", verdict);
        }
        if let Some(denial) = denial {
            self.counters.count(denial);
        }
        if let Some(shadow) = shadow {
            host::set_property("cors_shadow_verdict", shadow);
            self.counters.differences.increment();
        }
        plan
    }
}

/// The request, while the host hands it to the filter.
struct RequestFields;

impl RequestHead for RequestFields {
    fn field(&self, name: &str) -> Option<Vec<u8>> {
        host::field(Map::Request, name)
    }

    fn lines(&self) -> Vec<u8> {
        host::fields(Map::Request).unwrap_or_default()
    }
}

/// The filter's statistics (A5, A8): `cors_denied.reason.OriginNotAllowed` and its kin, and `cors_shadow_differences`.
#[derive(Default)]
struct Counters {
    denied: Vec<(Denial, Counter)>,
    differences: Counter,
}

impl Counters {
    fn define() -> Self {
        let counter = |denial: &Denial| Counter::define(&format!("cors_denied.reason.{}", denial.name()));
        Counters {
            denied: Denial::ALL.iter().map(|denial| (*denial, counter(denial))).collect(),
            differences: Counter::define("cors_shadow_differences"),
        }
    }

    fn count(&self, denial: Denial) {
        if let Some((_, counter)) = self.denied.iter().find(|(counted, _)| *counted == denial) {
            counter.increment();
        }
    }
}
