//! Which preflights the server allows: by their origin, and by the method and headers that they ask for.

use super::Audit;
use super::classes::Class;
use super::finding::{Finding, allows_credentials, is_public, trust};
use crate::commands::probe::exchange::{Answer, Exchange};
use crate::commands::probe::requests;

/// A method and a header that servers do not have, and the same with a character that they may not contain.
const UNKNOWN: (&str, &str) = ("CORS-PROBE", "x-cors-probe");
const MALFORMED: (&str, &str) = ("CORS<PROBE>", "x-cors<probe>");

impl Audit<'_> {
    pub(super) fn check_preflights(&mut self, trusted: &str, unrelated: &str) {
        let is_any = self.findings.iter().any(|finding| finding.class == Class::ANY_ORIGIN);
        let asked = if is_any { None } else { self.ask_preflight(unrelated, "PUT", None) };
        if let Some((exchange, answer)) = asked
            && let Some(with_credentials) = trust(unrelated, &answer)
        {
            self.find(Class::PREFLIGHT_ANY_ORIGIN, with_credentials, &exchange);
        }
        for (class, asked) in
            [(Class::PREFLIGHT_UNVALIDATED, MALFORMED), (Class::PREFLIGHT_REFLECTED, UNKNOWN)]
        {
            let (method, header) = asked;
            let Some((exchange, answer)) = self.ask_preflight(trusted, method, Some(header)) else {
                continue;
            };
            let is_allowed = trust(trusted, &answer).is_some() || is_public(&answer);
            if is_allowed && echoes(&answer, method, header) {
                self.find(class, allows_credentials(&answer), &exchange);
                return;
            }
        }
    }

    fn ask_preflight(
        &mut self,
        origin: &str,
        method: &str,
        header: Option<&str>,
    ) -> Option<(Exchange, Answer)> {
        let exchange = self.send(requests::options(origin, method, header))?;
        let answer = exchange.answer.clone().ok()?;
        Some((exchange, answer))
    }

    fn find(&mut self, class: Class, with_credentials: bool, exchange: &Exchange) {
        self.findings.push(Finding::new(class, with_credentials, Some(exchange)));
    }
}

/// Returns true if the method or the header was sent back, which `*` does not do.
fn echoes(answer: &Answer, method: &str, header: &str) -> bool {
    let has = |name: &str, asked: &str| {
        answer.fields.elements(name).iter().any(|element| element.eq_ignore_ascii_case(asked))
    };
    has("access-control-allow-methods", method) || has("access-control-allow-headers", header)
}
