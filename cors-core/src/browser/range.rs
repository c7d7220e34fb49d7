//! `Range` values that need no preflight (Fetch, "parse a single range header value").

use core::cmp::Ordering;

use crate::browser::engine::{Engine, Rule};

/// A range of bytes with a start; the numbers are digits, of any length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SimpleRange<'a> {
    start: &'a [u8],
    end: Option<&'a [u8]>,
}

impl<'a> SimpleRange<'a> {
    /// Parses `bytes=` digits `-` [digits], without white space. A range without a start is not one here: Fetch does not
    /// safelist it.
    pub(crate) fn parse(engine: Engine, value: &'a [u8]) -> Option<Self> {
        let (unit, range) = value.split_at_checked(b"bytes=".len())?;
        let is_bytes = unit.eq_ignore_ascii_case(b"bytes=")
            && (unit == b"bytes=" || engine.departs(Rule::RangeUnitInAnyCase));
        if !is_bytes {
            return None;
        }
        let number = |digits: &'a [u8]| match digits {
            [b'+', digits @ ..] if engine.departs(Rule::RangeNumbersMayHavePlus) => number(digits),
            digits => number(digits),
        };
        let dash = range.iter().position(|&byte| byte == b'-')?;
        let start = number(range.get(..dash)?)?;
        let end = match range.get(dash.checked_add(1)?..)? {
            [] => None,
            digits => Some(number(digits)?),
        };
        let in_order = end.is_none_or(|end| compare(start, end) != Ordering::Greater);
        in_order.then_some(SimpleRange { start, end })
    }

    /// True if neither number is greater than `limit`.
    pub(crate) fn is_within(&self, limit: u64) -> bool {
        [Some(self.start), self.end].into_iter().flatten().all(|digits| {
            digits
                .iter()
                .try_fold(0_u64, |sum, digit| {
                    sum.checked_mul(10)?.checked_add(u64::from(digit.wrapping_sub(b'0')))
                })
                .is_some_and(|number| number <= limit)
        })
    }
}

/// Returns the digits of a number without its leading zeros.
fn number(digits: &[u8]) -> Option<&[u8]> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    digits.get(zeros..)
}

fn compare(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_ranges() {
        for (value, expected) in [
            ("bytes=0-", true),
            ("bytes=0-0", true),
            ("bytes=100-200", true),
            ("bytes=007-10", true),
            ("bytes=10-007", false),
            ("bytes=200-100", false),
            ("bytes=9-10", true),
            ("bytes=99999999999999999999-100000000000000000000", true),
            ("bytes=100000000000000000000-99999999999999999999", false),
            ("bytes=-500", false),
            ("bytes=-", false),
            ("bytes=", false),
            ("bytes", false),
            ("bytes=5", false),
            ("bytes=0-,5-6", false),
            ("bytes=0-5-", false),
            ("bytes=0--5", false),
            ("bytes= 0-", false),
            ("bytes =0-", false),
            ("bytes=0- ", false),
            ("bytes=+0-", false),
            ("bytes=0x0-", false),
            ("bytes=a-b", false),
            ("byte=0-", false),
            ("items=0-", false),
            ("BYTES=0-", false),
            ("", false),
        ] {
            assert_eq!(
                SimpleRange::parse(Engine::Standard, value.as_bytes()).is_some(),
                expected,
                "{value:?}"
            );
        }
        for value in ["ByTeS=0-", "bytes=+0-", "bytes=1-+2"] {
            assert!(SimpleRange::parse(Engine::WebKit, value.as_bytes()).is_some(), "{value}");
        }
        for value in ["bytes=+-", "bytes=++0-", "bytes=2-+1"] {
            assert!(SimpleRange::parse(Engine::WebKit, value.as_bytes()).is_none(), "{value}");
        }
    }

    #[test]
    fn limits() {
        for (value, limit, expected) in [
            ("bytes=0-255", 255, true),
            ("bytes=0-256", 255, false),
            ("bytes=256-", 255, false),
            ("bytes=000000000000000000000000255-", 255, true),
            ("bytes=0-18446744073709551615", u64::MAX, true),
            ("bytes=0-18446744073709551616", u64::MAX, false),
        ] {
            assert_eq!(
                SimpleRange::parse(Engine::Standard, value.as_bytes()).unwrap().is_within(limit),
                expected,
                "{value:?}"
            );
        }
    }
}
