//! Which response fields a policy sends (E3 to E5, E8): chosen once, when it is compiled.

use super::layout::{Section, flag};

/// A field of a response. Its number is its bit in an image, and its place in a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Field {
    AllowOrigin = 0,
    AllowCredentials = 1,
    AllowMethods = 2,
    AllowHeaders = 3,
    MaxAge = 4,
    AllowPrivateNetwork = 5,
    ExposeHeaders = 6,
    Vary = 7,
}

impl Field {
    #[inline]
    const fn numbered(number: u32) -> Option<Field> {
        Some(match number {
            0 => Field::AllowOrigin,
            1 => Field::AllowCredentials,
            2 => Field::AllowMethods,
            3 => Field::AllowHeaders,
            4 => Field::MaxAge,
            5 => Field::AllowPrivateNetwork,
            6 => Field::ExposeHeaders,
            7 => Field::Vary,
            _ => return None,
        })
    }
}

/// A set of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FieldSet(u32);

impl FieldSet {
    /// The fields of an actual request's response (E3).
    pub(crate) const ACTUAL: FieldSet =
        FieldSet::of(&[Field::AllowOrigin, Field::AllowCredentials, Field::ExposeHeaders, Field::Vary]);
    /// The fields of a preflight's answer (E5).
    pub(crate) const PREFLIGHT: FieldSet = FieldSet::of(&[
        Field::AllowOrigin,
        Field::AllowCredentials,
        Field::AllowMethods,
        Field::AllowHeaders,
        Field::MaxAge,
        Field::AllowPrivateNetwork,
        Field::Vary,
    ]);
    /// The fields of a denied request's response (E4).
    pub(crate) const DENIED: FieldSet = FieldSet::of(&[Field::Vary]);

    const fn of(mut fields: &[Field]) -> Self {
        let mut bits = 0;
        while let [first, rest @ ..] = fields {
            bits |= 1 << *first as u32;
            fields = rest;
        }
        FieldSet(bits)
    }

    pub(super) const fn from_bits(bits: u8) -> Self {
        FieldSet(bits as u32)
    }

    pub(super) const fn bits(self) -> u8 {
        self.0.to_le_bytes()[0]
    }

    #[inline]
    pub(crate) const fn contains(self, field: Field) -> bool {
        self.0 & 1 << field as u32 != 0
    }

    /// Returns the fields that are in both sets.
    #[inline]
    pub(crate) const fn and(self, other: FieldSet) -> FieldSet {
        FieldSet(self.0 & other.0)
    }

    #[inline]
    pub(crate) const fn with(self, field: Field, present: bool) -> FieldSet {
        let bit = 1 << field as u32;
        FieldSet(if present { self.0 | bit } else { self.0 & !bit })
    }

    /// Removes the first field and returns it.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Field> {
        // `numbered` returns `None` past the last bit.
        let field = Field::numbered(self.0.trailing_zeros())?;
        self.0 &= self.0.wrapping_sub(1);
        Some(field)
    }
}

/// Returns the fields of a policy with these flags and sections.
pub(super) fn sent(flags: u16, is_empty: impl Fn(Section) -> bool) -> FieldSet {
    let credentials = flags & flag::CREDENTIALS != 0;
    let echoes_headers = credentials && flags & flag::ANY_HEADER != 0;
    let is_public = !credentials && flags & flag::ANY_ORIGIN != 0;
    FieldSet::of(&[Field::AllowOrigin])
        .with(Field::AllowCredentials, credentials)
        .with(Field::AllowMethods, !is_empty(Section::AllowMethods))
        .with(Field::AllowHeaders, !is_empty(Section::AllowHeaders) && !echoes_headers)
        .with(Field::MaxAge, !is_empty(Section::MaxAge))
        .with(Field::AllowPrivateNetwork, flags & flag::PRIVATE_NETWORK != 0)
        .with(Field::ExposeHeaders, !is_empty(Section::ExposeHeaders))
        .with(Field::Vary, !is_public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_was_put_into_them() {
        let fields = [0, 1, 2, 3, 4, 5, 6, 7].map(|number| Field::numbered(number).unwrap());
        for field in fields {
            let one = FieldSet::of(&[field]);
            for other in fields {
                assert_eq!(one.contains(other), other == field, "{field:?} {other:?}");
                assert_eq!(one.with(other, true), FieldSet::of(&[field, other]));
            }
            assert_eq!(one.with(field, false), FieldSet::of(&[]));
            assert_eq!(FieldSet::of(&fields).and(one), one);
        }
        let mut all = FieldSet::of(&fields);
        for field in fields {
            assert_eq!(all.pop(), Some(field));
        }
        assert_eq!(all.pop(), None);
    }
}
