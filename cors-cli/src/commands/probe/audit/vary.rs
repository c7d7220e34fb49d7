//! Whether `Vary` lists the `Origin` that the response depends on.

use super::Audit;
use super::classes::Class;
use super::finding::{Evidence, Finding, allows_credentials, joined};
use crate::commands::probe::exchange::Answer;

impl Audit<'_> {
    /// Compares the answers so far, to several origins and to none.
    pub(super) fn check_vary(&mut self) {
        let answered: Vec<(&Answer, Evidence)> = self
            .exchanges
            .iter()
            .filter_map(|exchange| Some((exchange.answer.as_ref().ok()?, Evidence::of(exchange)?)))
            .collect();
        let differs =
            |answer: &Answer| answered.iter().any(|(other, _)| what_varies(other) != what_varies(answer));
        let carries = |answer: &Answer| joined(answer, "access-control-allow-origin").is_some();
        let silent =
            || answered.iter().filter(|(answer, _)| !lists_origin(answer) && !is_never_stored(answer));
        // The worst first: a response for one origin that a cache gives to another.
        let worst = silent().find(|(answer, _)| carries(answer)).or_else(|| silent().next());
        let Some((answer, evidence)) = worst.filter(|(answer, _)| differs(answer)) else { return };
        let other = answered.iter().find(|(other, _)| what_varies(other) != what_varies(answer));
        let evidence =
            [Some(evidence), other.map(|(_, evidence)| evidence)].into_iter().flatten().cloned().collect();
        self.findings.push(Finding {
            class: Class::MISSING_VARY,
            severity: Class::MISSING_VARY.severity(carries(answer)),
            with_credentials: allows_credentials(answer),
            evidence,
        });
    }
}

fn what_varies(answer: &Answer) -> [Option<Vec<u8>>; 2] {
    ["access-control-allow-origin", "access-control-allow-credentials"].map(|name| joined(answer, name))
}

fn lists_origin(answer: &Answer) -> bool {
    answer.fields.elements("vary").iter().any(|name| name == "origin" || name == "*")
}

fn is_never_stored(answer: &Answer) -> bool {
    answer.fields.elements("cache-control").iter().any(|directive| directive == "no-store")
}
