//! [`Ladder`]: what of an expression is still to be read, from the one end or from the other.

use std::rc::Rc;

use crate::part::{Node, Part};

/// The parts between what was read and the far end, the next one on top.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ladder<'e>(Option<Rc<Rung<'e>>>);

#[derive(Debug)]
struct Rung<'e> {
    parts: Parts<'e>,
    /// The repetition without an end that the parts are in.
    endless: Option<&'e Part>,
    below: Ladder<'e>,
}

#[derive(Clone, Copy, Debug)]
enum Parts<'e> {
    One(&'e Part),
    Sequence(&'e [Part]),
    /// `whole`: with its operator. `entered`: how much was read when the part was last begun though it need not be.
    Repeated {
        whole: &'e Part,
        part: &'e Part,
        least: u32,
        most: Option<u32>,
        entered: Option<usize>,
    },
}

/// From which end an expression is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

/// What stands next.
#[derive(Debug)]
pub(crate) enum Next<'e> {
    End,
    /// A character. `endless`: the repetition without an end that it is in.
    Set {
        set: u128,
        part: &'e Part,
        endless: Option<&'e Part>,
        below: Ladder<'e>,
    },
    /// One of these.
    Ways(Vec<Ladder<'e>>),
}

impl<'e> Ladder<'e> {
    pub(crate) fn new(part: &'e Part) -> Self {
        Ladder::default().push(Parts::One(part), None)
    }

    /// Returns what is next, after `read` characters.
    pub(crate) fn next(&self, direction: Direction, read: usize) -> Next<'e> {
        let Some(rung) = &self.0 else { return Next::End };
        let (below, endless) = (&rung.below, rung.endless);
        match rung.parts {
            Parts::One(whole) => match &whole.node {
                Node::Set(set) => Next::Set { set: *set, part: whole, endless, below: below.clone() },
                Node::Sequence(parts) => Next::Ways(vec![below.push(Parts::Sequence(parts), endless)]),
                Node::Choice(parts) => {
                    Next::Ways(parts.iter().map(|part| below.push(Parts::One(part), endless)).collect())
                }
                Node::Repeated { part, least, most } => {
                    let repeated = Parts::Repeated { whole, part, least: *least, most: *most, entered: None };
                    Next::Ways(vec![below.push(repeated, endless)])
                }
            },
            Parts::Sequence(parts) => {
                let split = match direction {
                    Direction::Forward => parts.split_first(),
                    Direction::Backward => parts.split_last(),
                };
                Next::Ways(vec![split.map_or_else(
                    || below.clone(),
                    |(next, rest)| below.push(Parts::Sequence(rest), endless).push(Parts::One(next), endless),
                )])
            }
            Parts::Repeated { whole, part, least, most, entered } => {
                let mut ways = Vec::new();
                if least == 0 {
                    ways.push(below.clone());
                }
                // Another round that reads nothing would change nothing.
                if most != Some(0) && (least > 0 || entered != Some(read)) {
                    let rest = Parts::Repeated {
                        whole,
                        part,
                        least: least.saturating_sub(1),
                        most: most.map(|most| most.saturating_sub(1)),
                        entered: (least == 0).then_some(read),
                    };
                    let inside = endless.or((least == 0 && most.is_none()).then_some(whole));
                    ways.push(below.push(rest, endless).push(Parts::One(part), inside));
                }
                Next::Ways(ways)
            }
        }
    }

    /// Returns the same parts, to be read from the far end.
    pub(crate) fn turned(&self) -> Self {
        let mut turned = Ladder::default();
        let mut rest = self;
        while let Some(rung) = &rest.0 {
            let parts = match rung.parts {
                // How much was read from the other end means nothing here.
                Parts::Repeated { whole, part, least, most, .. } => {
                    Parts::Repeated { whole, part, least, most, entered: None }
                }
                parts => parts,
            };
            turned = turned.push(parts, rung.endless);
            rest = &rung.below;
        }
        turned
    }

    fn push(&self, parts: Parts<'e>, endless: Option<&'e Part>) -> Self {
        Ladder(Some(Rc::new(Rung { parts, endless, below: self.clone() })))
    }
}
