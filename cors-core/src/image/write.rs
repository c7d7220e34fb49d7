//! Compiles a config to an image, in the caller's buffer and no other memory (I3).

use core::cmp::Ordering;

use super::checksum::fletcher64;
use super::fields;
use super::hash::{hash, hash_name};
use super::kinds::WildcardKinds;
use super::layout::{
    CHECKSUM_LEN, HEADER_LEN, MAGIC, SECTION_ENTRY_LEN, SEPARATOR, SLOT_LEN, Section, TEXT_LEN_LEN, VERSION,
    at, flag, padded, slot_count,
};
use super::lookup::first_name;
use super::read::{Image, first_text};
use super::set::Slot;
use super::set_writer::SetWriter;
use super::wildcards::wildcard_hash;
use crate::config::{CompileError, ConfigOf};
use crate::field;
use crate::pattern::{OriginPattern, Shape, Wildcard};

impl<S: AsRef<str>> ConfigOf<'_, S> {
    /// Returns the image's exact length in bytes, which [`compile_into`](Self::compile_into) needs.
    ///
    /// The length follows from the config alone, in one pass over its lists. For a config with problems it has no meaning.
    pub fn image_len(&self) -> usize {
        let sections = lengths(self, &wildcard_kinds(self))
            .into_iter()
            .fold(0, |sum: usize, len| sum.saturating_add(padded(len)));
        HEADER_LEN.saturating_add(sections).saturating_add(CHECKSUM_LEN)
    }
}

impl<'b> Image<'b> {
    /// Checks a config and writes its image into the front of `buffer`.
    pub(crate) fn compile<'a>(
        config: &ConfigOf<'a, impl AsRef<str>>,
        buffer: &'b mut [u8],
    ) -> Result<Self, CompileError<'a>> {
        if let Some(problem) = config.first_problem() {
            return Err(CompileError::Config(problem));
        }
        let needed = config.image_len();
        if u32::try_from(needed).is_err() {
            return Err(CompileError::TooLarge);
        }
        let Some(image) = buffer.get_mut(..needed) else {
            return Err(CompileError::BufferTooSmall { needed });
        };
        write(config, image);
        Ok(Image::new(image))
    }
}

/// Returns the sections' lengths, in their order.
fn lengths(config: &ConfigOf<'_, impl AsRef<str>>, kinds: &WildcardKinds) -> [usize; Section::ALL.len()] {
    let count = |list, kept: fn(&str) -> bool| texts(list).filter(|text| kept(text)).count();
    let slots = |count| slot_count(count).saturating_mul(SLOT_LEN);
    let origins = texts(config.allow_origins)
        .fold(0, |sum: usize, text| sum.saturating_add(TEXT_LEN_LEN).saturating_add(text.len()));
    [
        slots(count(config.allow_origins, |text| !text.contains('*'))),
        slots(count(config.allow_origins, |text| text.contains('*') && text != "*")),
        slots(count(config.allow_headers, |name| name != "*")),
        kinds.star_lengths().count().saturating_mul(size_of::<u64>()),
        origins,
        joined_len(texts(config.allow_methods)),
        joined_len(texts(config.allow_headers)),
        joined_len(exposed(config)),
        config.max_age.map_or(0, |seconds| seconds.checked_ilog10().map_or(1, |log| log as usize + 1)),
    ]
}

fn texts(list: &[impl AsRef<str>]) -> impl Iterator<Item = &str> {
    list.iter().map(AsRef::as_ref)
}

/// Returns the exposed names, without those that a page may read anyway (C4).
fn exposed<'c>(config: &'c ConfigOf<'_, impl AsRef<str>>) -> impl Iterator<Item = &'c str> {
    texts(config.expose_headers).filter(|name| !field::is_safelisted_response_header(name))
}

fn joined_len<'c>(names: impl Iterator<Item = &'c str>) -> usize {
    names
        .fold(0_usize, |sum, name| sum.saturating_add(SEPARATOR.len()).saturating_add(name.len()))
        .saturating_sub(SEPARATOR.len())
}

/// Fills `image`, which is as long as the image of `config`, a config without a problem.
fn write(config: &ConfigOf<'_, impl AsRef<str>>, image: &mut [u8]) {
    let mut rest = Rest(image);
    let mut header = Header(rest.take(HEADER_LEN));
    header.put(0, &MAGIC);
    header.put(at::VERSION, &VERSION.to_le_bytes());
    header.put(at::PREFLIGHT_STATUS, &config.preflight_status.to_le_bytes());
    let risks = config.accept_risks.iter().fold(0, |bits, risk| bits | risk.bit());
    header.put(at::RISKS, &[risks]);

    let mut offset = HEADER_LEN;
    let mut entry = at::SECTIONS;
    let kinds = wildcard_kinds(config);
    let lengths = lengths(config, &kinds);
    let sections = lengths.map(|len| {
        header.put_length(entry, offset);
        header.put_length(entry.saturating_add(4), len);
        entry = entry.saturating_add(SECTION_ENTRY_LEN);
        offset = offset.saturating_add(padded(len));
        let section = rest.take(len);
        rest.take(padded(len).saturating_sub(len)).fill(0);
        section
    });
    let sent = fields::sent(flags(config), |section| lengths.get(section as usize) == Some(&0));
    header.put(at::FIELDS, &[sent.bits()]);
    header.put_length(at::LENGTH, offset.saturating_add(CHECKSUM_LEN));

    let [
        exact_slots,
        wildcard_slots,
        header_slots,
        star_lengths,
        origins,
        methods,
        headers,
        exposed_headers,
        max_age,
    ] = sections;
    write_origins(origins, config.allow_origins);
    write_joined(methods, texts(config.allow_methods).map(field::normalize_method));
    write_joined(headers, texts(config.allow_headers));
    headers.make_ascii_lowercase();
    write_joined(exposed_headers, exposed(config));
    exposed_headers.make_ascii_lowercase();
    write_decimal(max_age, config.max_age.unwrap_or_default());

    header.put(at::LENGTHS_AFTER, &kinds.lengths_after(false).to_le_bytes());
    header.put(at::LENGTHS_AFTER_ANY_PORT, &kinds.lengths_after(true).to_le_bytes());
    header.put(at::DOMAIN_LENGTHS, &kinds.domain_lengths.to_le_bytes());
    let mut star_lengths = Rest(star_lengths);
    kinds.star_lengths().for_each(|lengths_before| star_lengths.write(&lengths_before.to_le_bytes()));

    let crowded = write_origin_sets(config.allow_origins, exact_slots, wildcard_slots, origins)
        | write_header_set(config.allow_headers, header_slots, headers);
    header.put(at::FLAGS, &(flags(config) | kinds.flags | crowded).to_le_bytes());

    let checksum = fletcher64(image.get(..offset).unwrap_or_default());
    if let Some(end) = image.last_chunk_mut() {
        *end = checksum.to_le_bytes();
    }
}

/// The rest of the image, still to be written.
struct Rest<'b>(&'b mut [u8]);

impl<'b> Rest<'b> {
    /// Returns the next `len` bytes: [`lengths`] has counted them.
    fn take(&mut self, len: usize) -> &'b mut [u8] {
        self.0.split_off_mut(..len).unwrap_or_default()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.take(bytes.len()).copy_from_slice(bytes);
    }
}

/// The image's header, while it is written.
struct Header<'b>(&'b mut [u8]);

impl Header<'_> {
    fn put(&mut self, offset: usize, bytes: &[u8]) {
        let field = self.0.get_mut(offset..).unwrap_or_default();
        field.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    }

    /// Writes a length, which is at most that of the image, and so below 2³².
    fn put_length(&mut self, offset: usize, length: usize) {
        self.put(offset, &u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    }
}

fn flags(config: &ConfigOf<'_, impl AsRef<str>>) -> u16 {
    let any = |list| texts(list).any(|text| text == "*");
    [
        (config.allow_credentials, flag::CREDENTIALS),
        (any(config.allow_origins), flag::ANY_ORIGIN),
        (any(config.allow_methods), flag::ANY_METHOD),
        (any(config.allow_headers), flag::ANY_HEADER),
        (config.allow_private_network, flag::PRIVATE_NETWORK),
    ]
    .into_iter()
    .fold(0, |flags, (on, flag)| flags | flag_if(on, flag))
}

fn wildcard_kinds(config: &ConfigOf<'_, impl AsRef<str>>) -> WildcardKinds {
    let mut kinds = WildcardKinds::new();
    for wildcard in texts(config.allow_origins).filter_map(wildcard) {
        // A config without a problem obeys C9.
        let _ = kinds.add(&wildcard);
    }
    kinds
}

fn wildcard(text: &str) -> Option<Wildcard<'_>> {
    if !text.contains('*') {
        return None;
    }
    match OriginPattern::parse(text).ok()?.shape() {
        Shape::Wildcard(wildcard) => Some(wildcard),
        Shape::Any | Shape::Exact => None,
    }
}

fn write_origins(section: &mut [u8], origins: &[impl AsRef<str>]) {
    let mut section = Rest(section);
    for text in texts(origins) {
        section.write(&u16::try_from(text.len()).unwrap_or(u16::MAX).to_le_bytes());
        section.write(text.as_bytes());
    }
}

fn write_joined<'c>(section: &mut [u8], names: impl Iterator<Item = &'c str>) {
    let mut section = Rest(section);
    for (index, name) in names.enumerate() {
        if index > 0 {
            section.write(SEPARATOR.as_bytes());
        }
        section.write(name.as_bytes());
    }
}

fn write_decimal(section: &mut [u8], mut number: u32) {
    for digit in section.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// Writes both sets of patterns, and returns the flags of the crowded ones. `written` is [`Section::Origins`].
fn write_origin_sets(
    origins: &[impl AsRef<str>],
    exact_slots: &mut [u8],
    wildcard_slots: &mut [u8],
    written: &[u8],
) -> u16 {
    let mut exact = SetWriter::new(exact_slots);
    let mut wildcards = SetWriter::new(wildcard_slots);
    let mut offset = 0_u32;
    for text in texts(origins) {
        if !text.contains('*') {
            exact.add(Slot { hash: hash(text.as_bytes()), offset });
        } else if let Some(wildcard) = wildcard(text) {
            wildcards.add(Slot { hash: wildcard_hash(&wildcard), offset });
        }
        offset = after(offset, TEXT_LEN_LEN, text);
    }
    let compare = |one, other| compare_at(written, one, other, |texts| first_text(texts).unwrap_or_default());
    flag_if(exact.finish(compare), flag::CROWDED_EXACT)
        | flag_if(wildcards.finish(compare), flag::CROWDED_WILDCARDS)
}

/// Writes the set of header names, and returns the flag of a crowded one. `written` is [`Section::AllowHeaders`].
fn write_header_set(names: &[impl AsRef<str>], slots: &mut [u8], written: &[u8]) -> u16 {
    let mut set = SetWriter::new(slots);
    let mut offset = 0;
    for name in texts(names) {
        if name != "*" {
            set.add(Slot { hash: hash_name(name.as_bytes()), offset });
        }
        offset = after(offset, SEPARATOR.len(), name);
    }
    flag_if(set.finish(|one, other| compare_at(written, one, other, first_name)), flag::CROWDED_HEADERS)
}

/// Compares the texts at two offsets; `first` returns a text from the bytes that begin at its offset.
pub(super) fn compare_at(texts: &[u8], one: u32, other: u32, first: impl Fn(&[u8]) -> &[u8]) -> Ordering {
    let [one, other] = [one, other].map(|offset| first(texts.get(offset as usize..).unwrap_or_default()));
    one.cmp(other)
}

fn flag_if(on: bool, flag: u16) -> u16 {
    if on { flag } else { 0 }
}

/// Returns the offset after a text at `offset`; the image is shorter than 2³² bytes.
fn after(offset: u32, extra: usize, text: &str) -> u32 {
    u32::try_from(extra.saturating_add(text.len())).map_or(u32::MAX, |len| offset.saturating_add(len))
}
