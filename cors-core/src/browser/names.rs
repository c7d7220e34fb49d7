//! [`SortedNames`]: header names in their order, without a place that holds all of them.

use heapless::Vec;

use crate::browser::header::{CombinedValue, Header, HeaderName, elements};

/// How many names are held at a time. Sorting without memory for all names takes a pass over them for each so many: 16
/// passes for 4,000 names.
const MAX_HELD: usize = 256;

/// Fetch, "convert header names to a sorted-lowercase set": each name once, sorted by its bytes in lower case. A name comes
/// with its count, and with whether a list has it.
#[derive(Clone, Debug)]
pub(crate) struct SortedNames<'a, I, F> {
    headers: I,
    /// Whether a header counts. Comparing names is cheaper, and comes first.
    counts: F,
    /// A list of names, in which each is looked for.
    list: Option<CombinedValue<'a>>,
    /// The next names, sorted.
    held: Vec<SortedName<'a>, MAX_HELD>,
    /// How many of the held names were taken.
    taken: usize,
    /// True if no other names follow those that are held.
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

impl<'a, I, F> SortedNames<'a, I, F>
where
    I: Iterator<Item = &'a Header<'a>> + Clone,
    F: Fn(&'a Header<'a>) -> bool + Clone,
{
    /// The names of those headers that count.
    pub(crate) fn new(headers: I, counts: F) -> Self {
        SortedNames { headers, counts, list: None, held: Vec::new(), taken: 0, is_last: false }
    }

    /// Also looks for each name in this list.
    pub(crate) fn in_list(self, list: Option<CombinedValue<'a>>) -> Self {
        SortedNames { list, ..self }
    }

    /// Holds the least names above those that it held before.
    fn hold_next(&mut self) {
        let before = self.held.last().map(|last| last.name);
        self.held.clear();
        self.taken = 0;
        self.is_last = true;
        for header in self.headers.clone() {
            let name = HeaderName::new(header.name());
            let is_next = before.is_none_or(|before| name > before);
            if is_next && !self.has_to_wait(name) && (self.counts)(header) {
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

    /// True for a name that is greater than all that are held, if there is no room for more. Whatever waits once is
    /// greater than all that are held in the end, so that their counts are right.
    fn has_to_wait(&mut self, name: HeaderName<'a>) -> bool {
        let waits = self.held.is_full() && self.held.last().is_some_and(|last| name > last.name);
        self.is_last &= !waits;
        waits
    }

    /// Adds a name to those that are held, in the place of the greatest if there is no room.
    fn hold(&mut self, name: HeaderName<'a>) {
        match self.held.binary_search_by(|held| held.name.cmp(&name)) {
            Ok(index) => {
                if let Some(held) = self.held.get_mut(index) {
                    held.count = held.count.saturating_add(1);
                }
            }
            Err(index) => {
                if self.held.is_full() {
                    self.is_last = false;
                    let _ = self.held.pop();
                }
                // There is room, and the index is at most the length.
                let _ = self.held.insert(index, SortedName { name, count: 1, is_listed: false });
            }
        }
    }
}

impl<'a, I, F> Iterator for SortedNames<'a, I, F>
where
    I: Iterator<Item = &'a Header<'a>> + Clone,
    F: Fn(&'a Header<'a>) -> bool + Clone,
{
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

    #[test]
    fn names_are_sorted_once_each_in_lower_case() {
        let headers = ["x-b", "X-A", "b", "x_a", "X-B", "a"].map(|name| Header::new(name, "1"));
        let sorted: Vec<_> = SortedNames::new(headers.iter(), |header| !header.is("b"))
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
                let lists = [Header::new("list", &list)];
                let is_listed = |name: &str| list.contains(name);
                let headers: Vec<_> = texts.iter().map(|text| Header::new(text, "1")).collect();
                let sorted = SortedNames::new(headers.iter(), |_| true);
                let sorted = sorted.in_list(CombinedValue::get(&lists, "list"));
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
            let headers: Vec<_> = texts.iter().map(|text| Header::new(text, "1")).collect();
            let counted = headers.iter().inspect(|_| seen.set(seen.get() + 1));
            SortedNames::new(counted, |_| true).take(asked).for_each(drop);
            assert_eq!(seen.get(), passes * count, "{count}");
        }
    }
}
