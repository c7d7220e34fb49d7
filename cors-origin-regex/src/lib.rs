//! Which origins a regular expression can let in, proved from its syntax and not tried (P9).
//!
//! An [`Expression`] is matched against whole origins that parse by O. [`Expression::confinement`] returns the schemes and
//! domains that every match has, or a [`Refusal`] with the part at fault.

mod advice;
mod confine;
mod ladder;
mod part;
mod reach;
mod syntax;

use std::ops::Range;

use regex_syntax::ast::Ast;
use regex_syntax::ast::parse::Parser;
use regex_syntax::hir::Hir;
use regex_syntax::hir::translate::Translator;

use part::Part;
use reach::Reach;
pub use syntax::SyntaxError;

/// The engine whose notation an expression is in, and which may match it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// The module `re`, which has the flags in the text: `(?i)`.
    Python,
    /// `RegExp` with the flag `u` or none; its flag `i` is written as `(?i)` in front of the text.
    JavaScript,
}

/// A regular expression for whole origins.
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    hir: Hir,
    part: Part,
    foreign: Option<(Range<usize>, &'static str)>,
    repeated_twice: Option<Range<usize>>,
}

/// What the origins that an expression matches are confined to. It has no entry if no origin matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confinement {
    /// In order, each once.
    pub places: Vec<Place>,
}

/// A scheme with a host, or with the domains under one, at any port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Without its colon.
    pub scheme: String,
    /// In an origin's form.
    pub host: String,
    /// Whether the domains under `host` are meant, and not `host` alone. `host` is then neither a public suffix nor above one.
    pub is_wildcard: bool,
}

/// Why an expression is not confined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The part at fault, in bytes of the text.
    pub span: Range<usize>,
    /// What is wrong with that part.
    pub reason: String,
    /// What to write instead.
    pub advice: String,
}

impl Expression {
    /// Parses an expression. Refuses what cannot be matched in linear time, look-around, references to groups and possessive
    /// quantifiers; what is a
    /// pattern of P and no expression; and what matches no origin.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Expression, SyntaxError> {
        if let Some(pattern) = advice::glob(text) {
            return Err(SyntaxError::pattern(&pattern));
        }
        let expression = Expression::read(text, dialect)?;
        // Another engine may read a foreign part as something that an origin has.
        if expression.foreign.is_none() && reach::of(&expression.hir) == Reach::None {
            return Err(SyntaxError::matches_nothing(text, dialect));
        }
        if let Some(span) = expression.repeated_twice {
            return Err(SyntaxError::repeated_twice(text, span, dialect));
        }
        Ok(expression)
    }

    /// Parses an expression that may match no origin, or have a quantifier after another.
    fn read(text: &str, dialect: Dialect) -> Result<Expression, SyntaxError> {
        let refused = |error: &regex_syntax::Error| SyntaxError::of(text, error);
        let ast: Ast = Parser::new().parse(text).map_err(|error| refused(&error.into()))?;
        let hir = Translator::new().translate(text, &ast).map_err(|error| refused(&error.into()))?;
        let part = Part::of(text, &ast);
        let foreign = syntax::foreign(text, &ast, dialect);
        let repeated_twice = syntax::repeated_twice(&ast);
        Ok(Expression { text: text.to_owned(), hir, part, foreign, repeated_twice })
    }

    /// Returns true for an expression that is taken, and is shown to match an origin.
    fn is_one(text: &str, dialect: Dialect) -> bool {
        let is_shown = |expression: Expression| {
            expression.repeated_twice.is_none() && reach::of(&expression.hir) == Reach::Some
        };
        Expression::read(text, dialect).is_ok_and(is_shown)
    }

    /// Returns the text that was parsed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the tree to match by: from the first byte of an origin to its last.
    pub fn hir(&self) -> &Hir {
        &self.hir
    }

    /// Returns what each origin that the expression matches is confined to, or why there is no proof (P9).
    pub fn confinement(&self) -> Result<Confinement, Refusal> {
        if let Some((span, reason)) = &self.foreign {
            let found = self.text.get(span.clone()).unwrap_or_default();
            let (span, reason) = (span.clone(), format!("{found} {reason}"));
            return Err(Refusal { span, reason, advice: advice::LIST.to_owned() });
        }
        confine::places(&self.part).map(|places| Confinement { places }).map_err(|fault| {
            let reason = fault.reason(&self.text);
            Refusal { reason, advice: self.advice(&fault), span: fault.span }
        })
    }

    /// Returns true unless each match is shown to be an origin of https, of this machine or of an application's scheme (C6,
    /// `InsecureOrigin`).
    pub fn may_be_insecure(&self) -> bool {
        match self.confinement() {
            Ok(confinement) => confinement.places.iter().any(Place::is_insecure),
            Err(_) if self.foreign.is_some() => true,
            Err(_) => confine::schemes(&self.part)
                .map_or(true, |schemes| schemes.iter().any(|scheme| travels_openly(scheme))),
        }
    }

    /// Returns true for an expression that spells the scheme `file` out, on some way through it (C6, `LocalFileOrigin`): one that
    /// any scheme matches is not meant for files.
    pub fn names_local_files(&self) -> bool {
        confine::schemes(&self.part).is_ok_and(|schemes| schemes.contains("file"))
    }

    /// Returns the nearest thing to write that is confined.
    fn advice(&self, fault: &confine::Fault) -> String {
        let escaped = syntax::escape_dots(&self.text);
        let is_confined = |text: &str| {
            let parsed = Expression::read(text, Dialect::Python);
            parsed.is_ok_and(|parsed| {
                confine::places(&parsed.part).is_ok() && reach::of(&parsed.hir) == Reach::Some
            })
        };
        if escaped != self.text && is_confined(&escaped) {
            return format!("write {escaped}");
        }
        let list = if fault.is_of_applications(&self.part) { advice::LIST_EACH } else { advice::LIST };
        let before = self.text.get(..fault.span.start).unwrap_or_default();
        // The label at fault has a beginning: `*.shop.com` is not meant by `my.*shop\.com`.
        let begins = before.contains("://") && before.ends_with(|last: char| last.is_ascii_alphanumeric());
        let mut patterns = fault.patterns(&self.part);
        patterns.retain(|pattern| !begins || !pattern.contains("://*."));
        let replaced = advice::alternative(&self.part, fault.span.start)
            .and_then(|part| self.text.get(part.span.clone()))
            .unwrap_or("the expression");
        let listed = patterns.iter().find_map(|pattern| advice::listed(&self.hir, pattern, replaced));
        listed.unwrap_or_else(|| list.to_owned())
    }
}

impl Place {
    fn is_insecure(&self) -> bool {
        travels_openly(&self.scheme) && !confine::is_local(&self.host)
    }
}

/// Returns true for a scheme whose pages come over a network that can change them. Other schemes are those of applications.
fn travels_openly(scheme: &str) -> bool {
    ["http", "ws", "wss", "ftp"].contains(&scheme)
}
