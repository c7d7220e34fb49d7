//! [`SortedNames`]: header names in their order, without a place that holds all of them.

use heapless::Vec;

use crate::browser::header::{CombinedValue, HeaderName, elements};

/// How many names are held at a time: one pass over all names gives so many of them in their order. The time of a whole
/// list is that of a pass for each 256 names.
const MAX_HELD: usize = 256;

/// Fetch, "convert header names to a sorted-lowercase set": each name once, sorted by its bytes in lower case, with what
/// else there is to know of it.
#[derive(Clone, Debug)]
pub(crate) struct SortedNames<'a, I> {
    names: I,
    /// A list of names, against which each is held.
    list: Option<CombinedValue<'a>>,
    /// The next names, sorted.
    held: Vec<SortedName<'a>, MAX_HELD>,
    /// How many of those were taken.
    taken: usize,
    /// No other names follow those that are held.
    is_last: bool,
}

/// One of [`SortedNames`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SortedName<'a> {
    pub(crate) name: HeaderName<'a>,
    /// How often the name occurs.
    pub(crate) count: usize,
    /// Whether the list has the name.
    pub(crate) is_listed: bool,
}

impl<'a, I: Iterator<Item = HeaderName<'a>> + Clone> SortedNames<'a, I> {
    pub(crate) fn new(names: I) -> Self {
        SortedNames { names, list: None, held: Vec::new(), taken: 0, is_last: false }
    }

    /// Also looks for each name in this list.
    pub(crate) fn in_list(self, list: Option<CombinedValue<'a>>) -> Self {
        SortedNames { list, ..self }
    }

    /// The names alone.
    pub(crate) fn names(self) -> impl Iterator<Item = HeaderName<'a>> + Clone {
        self.map(|each| each.name)
    }

    /// Holds the least names above those that it held before.
    fn hold_next(&mut self) {
        let before = self.held.last().map(|last| last.name);
        self.held.clear();
        self.taken = 0;
        self.is_last = true;
        for name in self.names.clone() {
            if before.is_none_or(|before| name > before) {
                self.hold(name);
            }
        }
        for element in elements(self.list) {
            let place = self.held.binary_search_by(|held| held.name.compare(element));
            if let Some(held) = place.ok().and_then(|index| self.held.get_mut(index)) {
                held.is_listed = true;
            }
        }
    }

    /// Adds a name to those that are held. If they are too many, the greatest has to wait: whatever comes again of it
    /// will be greater than all that are held, so that the counts are right.
    fn hold(&mut self, name: HeaderName<'a>) {
        let is_full = self.held.is_full();
        if is_full && self.held.last().is_some_and(|last| name > last.name) {
            self.is_last = false;
            return;
        }
        match self.held.binary_search_by(|held| held.name.cmp(&name)) {
            Ok(index) => {
                if let Some(held) = self.held.get_mut(index) {
                    held.count = held.count.saturating_add(1);
                }
            }
            Err(index) => {
                if is_full {
                    self.is_last = false;
                    let _ = self.held.pop();
                }
                // There is room, and the index is at most the length.
                let _ = self.held.insert(index, SortedName { name, count: 1, is_listed: false });
            }
        }
    }
}

impl<'a, I: Iterator<Item = HeaderName<'a>> + Clone> Iterator for SortedNames<'a, I> {
    type Item = SortedName<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.taken >= self.held.len() && !self.is_last {
            self.hold_next();
        }
        let next = self.held.get(self.taken).copied();
        self.taken = self.taken.saturating_add(1);
        next
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::format;
    use std::string::{String, ToString};
    use std::vec::Vec;

    use super::*;
    use crate::browser::header::Header;

    #[test]
    fn names_are_sorted_once_each_in_lower_case() {
        let names = ["x-b", "X-A", "x_a", "X-B", "a"].map(HeaderName::new);
        let sorted: Vec<_> = SortedNames::new(names.iter().copied())
            .map(|each| (each.name.to_string(), each.count, each.is_listed))
            .collect();
        let expected = [("a", 1), ("x-a", 1), ("x-b", 2), ("x_a", 1)];
        assert_eq!(sorted, expected.map(|(name, count)| (name.to_string(), count, false)));
    }

    /// Numbers in an order that jumps, some of them several times.
    fn texts(count: usize, distinct: usize) -> Vec<String> {
        (0..count).map(|index| index * 7_919 % distinct).map(|number| format!("X-{number:05}")).collect()
    }

    #[test]
    fn any_number_of_names() {
        for (count, distinct) in
            [(0, 1), (1, 1), (255, 255), (256, 256), (257, 257), (600, 300), (2_000, 777), (3_000, 3_000)]
        {
            for step in [1, 2] {
                let mut texts = texts(count, distinct);
                if step == 2 {
                    texts.sort();
                    texts.reverse();
                }
                let mut expected = BTreeMap::new();
                for text in &texts {
                    *expected.entry(text.to_lowercase()).or_insert(0) += 1;
                }
                let list: Vec<_> = texts.iter().step_by(3).map(|text| text.to_lowercase()).collect();
                let list = list.join(" ,, ");
                let headers = [Header::new("list", &list)];
                let is_listed = |name: &str| list.contains(name);
                let names = texts.iter().map(|text| HeaderName::new(text));
                let sorted = SortedNames::new(names).in_list(CombinedValue::get(&headers, "list"));
                let sorted: Vec<_> =
                    sorted.map(|each| (each.name.to_string(), each.count, each.is_listed)).collect();
                let expected: Vec<_> = expected
                    .into_iter()
                    .map(|(name, count)| (name.clone(), count, is_listed(&name)))
                    .collect();
                assert_eq!(sorted, expected, "{count} {distinct}");
            }
        }
    }

    /// A pass over the names for each [`MAX_HELD`] of them, and none for what nobody asks for.
    #[test]
    fn passes() {
        for (count, asked, passes) in
            [(256, 256, 1), (256, 257, 1), (257, 256, 1), (257, 257, 2), (4_000, 4_001, 16)]
        {
            let texts = texts(count, count);
            let seen = Cell::new(0);
            let names = texts.iter().map(|text| HeaderName::new(text)).inspect(|_| seen.set(seen.get() + 1));
            SortedNames::new(names).take(asked).for_each(drop);
            assert_eq!(seen.get(), passes * count, "{count}");
        }
    }
}
