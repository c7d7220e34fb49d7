//! CORS configuration of other programs: read to one model of rules, judged, and written from a policy (rules X).
//!
//! In: a text of any of the formats, or a policy. Out: [findings](Finding), each with its place and its fix; policies; or the
//! configuration that says what a policy says, and how it differs. Each format is a row in `format/`: how its text is read,
//! what its matching means, how its program behaves, and how it says each [`Feature`].
//!
//! ```
//! use cors_formats::{Format, read};
//!
//! let bucket = r#"[{"AllowedOrigins": ["https://app.example.com/"], "AllowedMethods": ["GET"]}]"#;
//! let reading = read("cors.json", bucket, None).unwrap();
//! let findings = reading.findings();
//! let finding = findings.iter().find(|finding| finding.kind == "malformed-origin").unwrap();
//! assert_eq!(finding.fix.as_deref(), Some("write https://app.example.com"));
//! assert_eq!(&bucket[finding.span.clone()], r#""https://app.example.com/""#);
//! ```

#![forbid(unsafe_code)]

mod embedded;
mod export;
mod finding;
mod format;
mod import;
mod judge;
mod matcher;
mod node;
mod reader;
mod rule;
mod source;
mod tree;
mod unread;

pub use export::{Exported, Feature, NotExported, Saying};
pub use finding::{DUPLICATE_FIELD, Finding, NOT_JUDGED, Severity, UNKNOWN_FIELD};
pub use format::Format;
pub use import::Imported;
pub use source::{Unread, looks_like};

use cors_policy_file::OwnedConfig;

use crate::embedded::Embedded;
use crate::reader::Read;
use crate::source::{Notation, Source};

/// A configuration, read.
#[derive(Debug)]
pub struct Reading {
    formats: Vec<Format>,
    read: Read,
}

/// Reads a configuration: in the format `from`, or in whatever formats its content tells.
///
/// `name` is the name of the file, whose extension tells the notation.
pub fn read(name: &str, text: &str, from: Option<Format>) -> Result<Reading, Unread> {
    let source = Source::of(name, text)?;
    let mut reading = Reading { formats: Vec::new(), read: Read::default() };
    if source.is_checked_at_start() {
        return Err(Unread::NotKnown(source.notation()));
    }
    reading.add(&source, from);
    for embedded in embedded::texts(&source) {
        reading.add_embedded(&embedded, from);
    }
    let unread = unread::findings(&source, &reading.read);
    reading.read.findings.extend(unread);
    if reading.formats.is_empty() { Err(Unread::NotKnown(source.notation())) } else { Ok(reading) }
}

impl Reading {
    /// Adds what each format finds in a text.
    fn add(&mut self, source: &Source<'_>, from: Option<Format>) {
        for format in Format::all().filter(|format| from.map_or(!format.is_variant(), |from| from == *format))
        {
            if let Some(read) = format.read(source) {
                self.formats.push(format);
                self.read.extend(read);
            }
        }
    }

    /// Adds what is found in a text within the file.
    fn add_embedded(&mut self, embedded: &Embedded<'_>, from: Option<Format>) {
        let is_for_a_program = embedded.is_for_a_program();
        let mut inner = Reading { formats: Vec::new(), read: Read::default() };
        let unread = match Source::of(embedded.name, embedded.text) {
            Ok(source) if source.is_checked_at_start() => return,
            Ok(source) if !is_for_a_program && source.notation != Notation::Lines => return,
            Ok(source) => {
                inner.add(&source, from);
                if is_for_a_program && inner.formats.is_empty() {
                    unread::places(&source, &inner.read)
                } else {
                    unread::findings(&source, &inner.read)
                }
            }
            Err(_) if is_for_a_program && unread::has_field(embedded.text) => {
                vec![judge::not_judged(&(0..embedded.text.len()), "what this text sends")]
            }
            Err(_) => return,
        };
        if inner.formats.is_empty() && !unread.is_empty() && from.is_none() {
            inner.formats.push(Format::SENT_AS_WRITTEN);
        }
        if inner.formats.is_empty() {
            return;
        }
        inner.read.findings.extend(unread);
        inner.read.relocate(|span| embedded.place(span));
        inner.read.places.push(embedded.span().clone());
        inner.formats.retain(|format| !self.formats.contains(format));
        self.formats.extend(inner.formats);
        self.read.extend(inner.read);
    }

    /// Returns the formats that are in the text.
    pub fn formats(&self) -> &[Format] {
        &self.formats
    }

    /// Returns how many rules there are.
    pub fn rule_count(&self) -> usize {
        self.read.rules.len()
    }

    /// Returns what is wrong, in the order of the text.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = self.read.findings.clone();
        for rule in &self.read.rules {
            findings.extend(judge::judge(rule));
        }
        findings.sort_by(|a, b| (a.span.start, a.severity, a.kind).cmp(&(b.span.start, b.severity, b.kind)));
        findings.dedup();
        findings
    }

    /// Returns the policies that say what the rules say: one, or several where one would let in more than they do.
    ///
    /// Texts that a policy cannot say without letting in more are left out, unless `allow_wider`.
    pub fn policies(&self, allow_wider: bool) -> Vec<Imported> {
        import::import(&self.read.rules, allow_wider)
    }

    /// Returns whether an origin is let in by a rule, as the program compares it.
    pub fn allows_origin(&self, origin: &str) -> bool {
        let is_match =
            |entry: &rule::OriginEntry| entry.matcher.regex().is_some_and(|regex| regex.is_match(origin));
        self.read.rules.iter().any(|rule| rule.origins.iter().any(is_match))
    }
}

/// Writes a policy in a format. What the format does not say is left out and told; what would let in more is refused unless
/// `allow_wider`.
pub fn export(policy: &OwnedConfig, format: Format, allow_wider: bool) -> Result<Exported, NotExported> {
    let mut problem = None;
    policy.config().check(|error| {
        problem.get_or_insert_with(|| error.to_string());
    });
    if let Some(problem) = problem {
        return Err(NotExported::Policy(problem));
    }
    format.write(policy, allow_wider)
}
