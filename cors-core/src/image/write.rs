//! Compiles a config to an image, in the caller's buffer and no other memory (I3).

use core::cmp::Ordering;

use super::checksum::fletcher64;
use super::fields;
use super::hash::Seed;
use super::kinds::WildcardKinds;
use super::layout::{
    CHECKSUM_LEN, HEADER_LEN, MAGIC, SEPARATOR, Section, TEXT_LEN_LEN, VERSION, at, flag, padded, set_len,
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
fn lengths(config: &ConfigOf<'_, impl AsRef<str>>, kinds: &WildcardKinds) -> Lengths {
    let count = |list, kept: fn(&str) -> bool| texts(list).filter(|text| kept(text)).count();
    let origins = texts(config.allow_origins)
        .fold(0, |sum: usize, text| sum.saturating_add(TEXT_LEN_LEN).saturating_add(text.len()));
    [
        set_len(count(config.allow_origins, |text| !text.contains('*'))),
        set_len(count(config.allow_origins, |text| text.contains('*') && text != "*")),
        set_len(count(config.allow_headers, |name| name != "*")),
        kinds.star_lengths().count().saturating_mul(size_of::<u64>()),
        origins,
        joined_len(texts(config.allow_headers)),
        joined_len(texts(config.allow_methods)),
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
    let kinds = wildcard_kinds(config);
    let lengths = lengths(config, &kinds);
    write_header(config, &kinds, &lengths, image);
    write_texts(config, &kinds, sections(image, lengths));
    // The hashes depend on the texts.
    let seed = Image::new(image).expected_seed();
    Header(image).put(at::SEED, &seed.to_bytes());
    write_sets(config, seed, sections(image, lengths));
    if let Some((contents, end)) = image.split_last_chunk_mut() {
        *end = fletcher64(contents).to_le_bytes();
    }
}

fn write_header(
    config: &ConfigOf<'_, impl AsRef<str>>,
    kinds: &WildcardKinds,
    lengths: &Lengths,
    image: &mut [u8],
) {
    let image_len = image.len();
    let mut header = Header(image);
    header.put(0, &MAGIC);
    header.put(at::VERSION, &VERSION.to_le_bytes());
    header.put(at::FLAGS, &(flags(config) | kinds.flags).to_le_bytes());
    header.put_length(at::LENGTH, image_len);
    header.put(at::PREFLIGHT_STATUS, &config.preflight_status.to_le_bytes());
    let risks = config.accept_risks.iter().fold(0, |bits, risk| bits | risk.bit());
    header.put(at::RISKS, &[risks]);
    let sent = fields::sent(flags(config), |section| lengths.get(section as usize) == Some(&0));
    header.put(at::FIELDS, &[sent.bits()]);
    header.put(at::LENGTHS_AFTER, &kinds.lengths_after(false).to_le_bytes());
    header.put(at::LENGTHS_AFTER_ANY_PORT, &kinds.lengths_after(true).to_le_bytes());
    header.put(at::DOMAIN_LENGTHS, &kinds.domain_lengths.to_le_bytes());
    let mut offset = HEADER_LEN;
    for (section, len) in Section::ALL.into_iter().zip(lengths) {
        header.put_length(section.entry(), offset);
        header.put_length(section.entry().saturating_add(4), *len);
        offset = offset.saturating_add(padded(*len));
    }
}

/// Writes the sections that do not depend on a hash.
fn write_texts(
    config: &ConfigOf<'_, impl AsRef<str>>,
    kinds: &WildcardKinds,
    [_, _, _, star_lengths, origins, headers, methods, exposed_headers, max_age]: Sections<'_>,
) {
    let mut star_lengths = Rest(star_lengths);
    kinds.star_lengths().for_each(|lengths_before| star_lengths.write(&lengths_before.to_le_bytes()));
    write_origins(origins, config.allow_origins);
    write_joined(headers, texts(config.allow_headers));
    headers.make_ascii_lowercase();
    write_joined(methods, texts(config.allow_methods).map(field::normalize_method));
    write_joined(exposed_headers, exposed(config));
    exposed_headers.make_ascii_lowercase();
    write_decimal(max_age, config.max_age.unwrap_or_default());
}

fn write_sets(
    config: &ConfigOf<'_, impl AsRef<str>>,
    seed: Seed,
    [exact_slots, wildcard_slots, header_slots, _, origins, headers, ..]: Sections<'_>,
) {
    write_origin_sets(config.allow_origins, exact_slots, wildcard_slots, origins, seed);
    write_header_set(config.allow_headers, header_slots, headers, seed);
}

/// The sections' lengths, in their order.
type Lengths = [usize; Section::ALL.len()];

/// The sections, in their order.
type Sections<'b> = [&'b mut [u8]; Section::ALL.len()];

/// Returns the sections of an image, and fills the padding after them.
fn sections(image: &mut [u8], lengths: Lengths) -> Sections<'_> {
    let mut rest = Rest(image);
    rest.take(HEADER_LEN);
    lengths.map(|len| {
        let section = rest.take(len);
        rest.take(padded(len).saturating_sub(len)).fill(0);
        section
    })
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
    .fold(0, |flags, (on, flag)| if on { flags | flag } else { flags })
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

/// Writes both sets of patterns. `written` is [`Section::Origins`].
fn write_origin_sets(
    origins: &[impl AsRef<str>],
    exact_slots: &mut [u8],
    wildcard_slots: &mut [u8],
    written: &[u8],
    seed: Seed,
) {
    let mut exact = SetWriter::new(exact_slots);
    let mut wildcards = SetWriter::new(wildcard_slots);
    let mut offset = 0_u32;
    for text in texts(origins) {
        if !text.contains('*') {
            exact.add(Slot { hash: seed.hash(text.as_bytes()), offset });
        } else if let Some(wildcard) = wildcard(text) {
            wildcards.add(Slot { hash: wildcard_hash(seed, &wildcard), offset });
        }
        offset = after(offset, TEXT_LEN_LEN, text);
    }
    let compare = |one, other| compare_at(written, one, other, |texts| first_text(texts).unwrap_or_default());
    exact.finish(compare);
    wildcards.finish(compare);
}

/// Writes the set of header names. `written` is [`Section::AllowHeaders`].
fn write_header_set(names: &[impl AsRef<str>], slots: &mut [u8], written: &[u8], seed: Seed) {
    let mut set = SetWriter::new(slots);
    let mut offset = 0;
    for name in texts(names) {
        if name != "*" {
            set.add(Slot { hash: seed.hash_name(name.as_bytes()), offset });
        }
        offset = after(offset, SEPARATOR.len(), name);
    }
    set.finish(|one, other| compare_at(written, one, other, first_name));
}

/// Compares the texts at two offsets; `first` returns a text from the bytes that begin at its offset.
pub(super) fn compare_at(texts: &[u8], one: u32, other: u32, first: impl Fn(&[u8]) -> &[u8]) -> Ordering {
    let [one, other] = [one, other].map(|offset| first(texts.get(offset as usize..).unwrap_or_default()));
    one.cmp(other)
}

/// Returns the offset after a text at `offset`; the image is shorter than 2³² bytes.
fn after(offset: u32, extra: usize, text: &str) -> u32 {
    u32::try_from(extra.saturating_add(text.len())).map_or(u32::MAX, |len| offset.saturating_add(len))
}
