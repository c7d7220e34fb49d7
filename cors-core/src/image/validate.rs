//! Checks bytes that come from elsewhere: bytes that pass are an image as the compiler writes it, bit for bit (I2).

use core::str;

use super::checksum::fletcher64;
use super::error::ImageError;
use super::fields;
use super::kinds::WildcardKinds;
use super::layout::{
    CHECKSUM_LEN, HEADER_LEN, MAGIC, SEPARATOR, Section, VERSION, at, flag, padded, set_len,
};
use super::lookup::{HeaderName, PatternText, first_name};
use super::read::{Image, Texts, first_text};
use super::set::Set;
use super::wildcards::wildcard_hash;
use super::write::compare_at;
use crate::config::rules;
use crate::config::{Config, Risk};
use crate::field;
use crate::pattern::{OriginPattern, Shape, TooManyPlaces};
use crate::text;

impl<'a> Image<'a> {
    /// Returns the image in `bytes`, or the reason why they are not an image. Takes time linear in the length.
    pub(crate) fn check(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let image = Image::new(bytes);
        if !bytes.starts_with(&MAGIC) {
            return Err(ImageError::NotAnImage);
        }
        let actual = bytes.len();
        let shortest = HEADER_LEN.saturating_add(CHECKSUM_LEN);
        if actual < shortest {
            // The rest of the header may still contain the length.
            let length = bytes.get(at::LENGTH..).and_then(|rest| rest.first_chunk());
            let expected = length.map_or(shortest, |length| u32::from_le_bytes(*length) as usize);
            return Err(ImageError::CutShort { expected: expected.max(shortest), actual });
        }
        if image.version() != VERSION {
            return Err(ImageError::UnsupportedVersion(image.version()));
        }
        let expected = image.length() as usize;
        if actual < expected {
            return Err(ImageError::CutShort { expected, actual });
        }
        if actual > expected {
            return Err(ImageError::TooLong { expected, actual });
        }
        if !has_checksum(bytes) {
            return Err(ImageError::Checksum);
        }
        image.check_contents().map_err(|Fault(part)| ImageError::Malformed(part))?;
        Ok(image)
    }

    fn check_contents(self) -> Result<(), Fault> {
        self.check_header()?;
        self.check_places()?;
        ensure(self.seed() == self.expected_seed(), "seed")?;
        self.check_origins()?;
        self.check_methods()?;
        self.check_headers()?;
        self.check_exposed_headers()?;
        self.check_max_age()
    }

    fn check_header(self) -> Result<(), Fault> {
        let risks = Risk::ALL.iter().fold(0, |bits, risk| bits | risk.bit());
        ensure(self.flags() & !flag::ALL == 0, "flags")?;
        ensure((200..=299).contains(&self.preflight_status()), "preflight status")?;
        ensure(self.risks() & !risks == 0, "accepted risks")?;
        let sent = fields::sent(self.flags(), |section| self.section(section).is_empty());
        ensure(self.fields() == sent, "response fields")
    }

    /// Checks that the sections lie in their order, with only padding between them.
    fn check_places(self) -> Result<(), Fault> {
        let mut end = HEADER_LEN;
        for section in Section::ALL {
            let (offset, len) = self.section_place(section);
            ensure(offset == end, "table of sections")?;
            let bytes = self.as_bytes().get(offset..).unwrap_or_default();
            let padding = bytes.get(len..padded(len)).ok_or(Fault("table of sections"))?;
            ensure(padding.iter().all(|&byte| byte == 0), "padding")?;
            end = offset.saturating_add(padded(len));
        }
        ensure(end.saturating_add(CHECKSUM_LEN) == self.as_bytes().len(), "table of sections")
    }

    /// Checks that each text is a pattern and is found, and that each slot lies where the writer puts it.
    fn check_origins(self) -> Result<(), Fault> {
        let texts = self.section(Section::Origins);
        let (exact, wildcards) = (self.exact_patterns(), self.wildcard_patterns());
        let (mut exact_count, mut wildcard_count) = (Count::default(), Count::default());
        let mut kinds = WildcardKinds::new();
        let mut any = false;
        let mut rest = Texts { rest: texts };
        while !rest.rest.is_empty() {
            let offset = texts.len().saturating_sub(rest.rest.len());
            let text = rest.next().ok_or(Fault("origins"))?;
            let pattern = str::from_utf8(text).ok().and_then(OriginPattern::parse_canonical);
            let pattern = pattern.ok_or(Fault("origins"))?;
            ensure(self.accepts_risks_of(&pattern), "accepted risks")?;
            let (set, count, hash) = match pattern.shape() {
                Shape::Any => {
                    any = true;
                    continue;
                }
                Shape::Exact => (exact, &mut exact_count, self.seed().hash(text)),
                Shape::Wildcard(wildcard) => {
                    kinds.add(&wildcard).map_err(|TooManyPlaces| Fault("kinds of wildcard"))?;
                    (wildcards, &mut wildcard_count, wildcard_hash(self.seed(), &wildcard))
                }
            };
            count.add(set.find_by_call(hash, &PatternText([text])), offset)?;
        }
        ensure(any == self.has(flag::ANY_ORIGIN), "flags")?;
        self.check_kinds(&kinds)?;
        exact_count.check(&exact, |texts| first_text(texts).unwrap_or_default())?;
        wildcard_count.check(&wildcards, |texts| first_text(texts).unwrap_or_default())
    }

    fn check_kinds(self, kinds: &WildcardKinds) -> Result<(), Fault> {
        let star_lengths = self.section(Section::StarLengths).chunks(size_of::<u64>());
        let agree = kinds.flags == self.flags() & WildcardKinds::FLAGS
            && kinds.domain_lengths == self.domain_lengths()
            && [false, true].iter().all(|&any| kinds.lengths_after(any) == self.lengths_after(any))
            && kinds.star_lengths().map(u64::to_le_bytes).eq(star_lengths);
        ensure(agree, "kinds of wildcard")
    }

    /// Checks C6, except for public suffixes, which only the compiler can check.
    fn accepts_risks_of(self, pattern: &OriginPattern<'_>) -> bool {
        let credentials = self.has(flag::CREDENTIALS);
        let accepted = |risk: Risk| self.risks() & risk.bit() != 0;
        Risk::ALL.into_iter().all(|risk| accepted(risk) || !rules::has_risk(pattern, risk, credentials, None))
    }

    fn check_methods(self) -> Result<(), Fault> {
        let names = || self.names(Section::AllowMethods);
        let count = names().count();
        let alone = count == 1;
        ensure(count <= Config::MAX_METHODS, "methods")?;
        ensure(names().any(|name| name == "*") == self.has(flag::ANY_METHOD), "flags")?;
        self.check_names(Section::AllowMethods, "methods", |name| {
            rules::method_problem(name, alone).is_none() && field::normalize_method(name) == name
        })
    }

    fn check_headers(self) -> Result<(), Fault> {
        let names = || self.names(Section::AllowHeaders);
        let alone = rules::is_wildcard_alone(names());
        ensure(names().any(|name| name == "*") == self.has(flag::ANY_HEADER), "flags")?;
        self.check_names(Section::AllowHeaders, "headers", |name| {
            rules::header_problem(name, alone).is_none() && is_lowercase(name)
        })?;
        let set = self.header_names();
        let mut count = Count::default();
        let mut offset = 0_usize;
        for name in names() {
            let start = offset;
            offset = offset.saturating_add(name.len()).saturating_add(SEPARATOR.len());
            if name != "*" {
                let found =
                    set.find_by_call(self.seed().hash_name(name.as_bytes()), &HeaderName(name.as_bytes()));
                count.add(found, start)?;
            }
        }
        count.check(&set, first_name)
    }

    fn check_exposed_headers(self) -> Result<(), Fault> {
        let alone = self.names(Section::ExposeHeaders).count() == 1;
        self.check_names(Section::ExposeHeaders, "exposed headers", |name| {
            rules::exposed_problem(name, alone, self.has(flag::CREDENTIALS)).is_none()
                && is_lowercase(name)
                && !field::is_safelisted_response_header(name)
        })
    }

    /// Checks that the field value in `section` is empty, or has names as the writer joins them.
    fn check_names(
        self,
        section: Section,
        part: &'static str,
        is_written: impl Fn(&str) -> bool,
    ) -> Result<(), Fault> {
        let value = str::from_utf8(self.section(section)).map_err(|_| Fault(part))?;
        ensure(value.is_empty() || text::split(value, SEPARATOR).all(is_written), part)
    }

    fn check_max_age(self) -> Result<(), Fault> {
        let digits = str::from_utf8(self.section(Section::MaxAge)).unwrap_or_default();
        let canonical = digits == "0" || (!digits.starts_with(['0', '+']));
        let in_range = digits.parse::<u32>().is_ok_and(|seconds| seconds <= Config::MAX_MAX_AGE);
        ensure(self.section(Section::MaxAge).is_empty() || canonical && in_range, "max-age")
    }
}

/// Returns true for the bytes of an image, damaged or not; false for a text that could be a policy file.
pub(crate) fn is_image(bytes: &[u8]) -> bool {
    // A text could begin with the magic, but has no control characters after it.
    bytes.strip_prefix(&MAGIC).is_some_and(|rest| {
        let header = rest.get(..4).unwrap_or(rest);
        let is_text = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace();
        header.is_empty() || !header.iter().all(is_text)
    })
}

fn has_checksum(bytes: &[u8]) -> bool {
    bytes
        .split_last_chunk::<CHECKSUM_LEN>()
        .is_some_and(|(contents, checksum)| fletcher64(contents) == u64::from_le_bytes(*checksum))
}

/// The number of texts of a set.
#[derive(Default)]
struct Count {
    listed: usize,
    /// The number without repeated texts.
    different: usize,
}

impl Count {
    /// Adds the text at `offset`, where a search `found` it. Of equal texts, a search finds the first.
    fn add(&mut self, found: Option<u32>, offset: usize) -> Result<(), Fault> {
        let found = found.ok_or(Fault("slots"))? as usize;
        ensure(found <= offset, "slots")?;
        self.listed = self.listed.saturating_add(1);
        self.different = self.different.saturating_add((found == offset).into());
        Ok(())
    }

    /// Checks that the set has the slots of these texts, as the writer places them, and no others. `first` returns a text from
    /// the bytes that begin at its offset.
    fn check(&self, set: &Set<'_>, first: impl Fn(&[u8]) -> &[u8]) -> Result<(), Fault> {
        ensure(set.section.len() == set_len(self.listed), "slots")?;
        let count = set.count(|one, other| compare_at(set.texts, one, other, &first));
        ensure(count == Some(self.different), "slots")
    }
}

fn is_lowercase(name: &str) -> bool {
    !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// The part that is not as the compiler writes it.
struct Fault(&'static str);

fn ensure(holds: bool, part: &'static str) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault(part)) }
}
