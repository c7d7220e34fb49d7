//! [`Part`]: an expression as sets of ASCII characters in sequence, in choice and repeated, each with its place in the text.
//!
//! An origin is ASCII. A part matches every origin that the expression matches, and perhaps more: anchors and word
//! boundaries are left out, and case counts nowhere if it does not count somewhere.

use std::ops::Range;

use regex_syntax::ast::{Ast, Flag, FlagsItemKind, GroupKind, RepetitionKind, RepetitionRange, Span};
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Class, HirKind};

/// A part of an expression.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) node: Node,
    pub(crate) span: Range<usize>,
}

/// What a part consists of.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// One character of the set, a bit for each of ASCII.
    Set(u128),
    Sequence(Vec<Part>),
    Choice(Vec<Part>),
    Repeated {
        part: Box<Part>,
        least: u32,
        most: Option<u32>,
    },
}

impl Part {
    /// Makes the part of a parsed text.
    pub(crate) fn of(text: &str, ast: &Ast) -> Part {
        Reader { text, ignores_case: has_flag(ast, Flag::CaseInsensitive) }.part(ast)
    }
}

/// Returns true if the flag is named anywhere.
pub(crate) fn has_flag(ast: &Ast, flag: Flag) -> bool {
    let names = |items: &[regex_syntax::ast::FlagsItem]| {
        items.iter().any(|item| item.kind == FlagsItemKind::Flag(flag))
    };
    match ast {
        Ast::Flags(set) => names(&set.flags.items),
        Ast::Group(group) => {
            matches!(&group.kind, GroupKind::NonCapturing(flags) if names(&flags.items))
                || has_flag(&group.ast, flag)
        }
        Ast::Repetition(repetition) => has_flag(&repetition.ast, flag),
        Ast::Alternation(alternation) => alternation.asts.iter().any(|ast| has_flag(ast, flag)),
        Ast::Concat(concat) => concat.asts.iter().any(|ast| has_flag(ast, flag)),
        _ => false,
    }
}

struct Reader<'t> {
    text: &'t str,
    ignores_case: bool,
}

impl Reader<'_> {
    fn part(&self, ast: &Ast) -> Part {
        let node = match ast {
            Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => Node::Sequence(Vec::new()),
            Ast::Dot(_) => Node::Set(u128::MAX),
            Ast::Literal(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) | Ast::ClassBracketed(_) => {
                Node::Set(self.set(ast))
            }
            Ast::Group(group) => return self.part(&group.ast),
            Ast::Alternation(alternation) => Node::Choice(self.parts(&alternation.asts)),
            Ast::Concat(concat) => Node::Sequence(self.parts(&concat.asts)),
            Ast::Repetition(repetition) => {
                let mut part = self.part(&repetition.ast);
                // What is at fault in `.*` is all of it.
                if matches!(part.node, Node::Set(_)) {
                    part.span = range(&repetition.span);
                }
                let (least, most) = match &repetition.op.kind {
                    RepetitionKind::ZeroOrOne => (0, Some(1)),
                    RepetitionKind::ZeroOrMore => (0, None),
                    RepetitionKind::OneOrMore => (1, None),
                    RepetitionKind::Range(RepetitionRange::Exactly(times)) => (*times, Some(*times)),
                    RepetitionKind::Range(RepetitionRange::AtLeast(least)) => (*least, None),
                    RepetitionKind::Range(RepetitionRange::Bounded(least, most)) => (*least, Some(*most)),
                };
                Node::Repeated { part: Box::new(part), least, most }
            }
        };
        Part { node, span: range(ast.span()) }
    }

    fn parts(&self, asts: &[Ast]) -> Vec<Part> {
        asts.iter().map(|ast| self.part(ast)).collect()
    }

    /// Returns the characters that a leaf matches, in either case if case is ignored somewhere: `[^A]` then has `a`, too.
    fn set(&self, leaf: &Ast) -> u128 {
        let sensitive = self.translated(leaf, false);
        if self.ignores_case { sensitive | self.translated(leaf, true) } else { sensitive }
    }

    fn translated(&self, leaf: &Ast, ignores_case: bool) -> u128 {
        let mut builder = TranslatorBuilder::new();
        let translator = builder.utf8(false).case_insensitive(ignores_case);
        let Ok(hir) = translator.build().translate(self.text, leaf) else { return u128::MAX };
        match hir.kind() {
            HirKind::Literal(literal) => match *literal.0 {
                [byte] => bits(byte.into(), byte.into()),
                // A character beyond ASCII.
                _ => 0,
            },
            HirKind::Class(Class::Unicode(class)) => {
                class.iter().fold(0, |set, range| set | bits(range.start().into(), range.end().into()))
            }
            HirKind::Class(Class::Bytes(class)) => {
                class.iter().fold(0, |set, range| set | bits(range.start().into(), range.end().into()))
            }
            _ => u128::MAX,
        }
    }
}

/// Returns the set of the characters from the one to the other that are ASCII.
pub(crate) const fn bits(from: u32, to: u32) -> u128 {
    if from > 127 {
        return 0;
    }
    let to = if to > 127 { 127 } else { to };
    (u128::MAX >> (127 - to)) & (u128::MAX << from)
}

pub(crate) const fn bit(from: u8, to: u8) -> u128 {
    bits(from as u32, to as u32)
}

fn range(span: &Span) -> Range<usize> {
    span.start.offset..span.end.offset
}
