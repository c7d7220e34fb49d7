//! [`read`]: the messages in a text.

use std::ops::Range;
use std::sync::LazyLock;

use cors_core::browser::{ErrorKind, Stage};

use super::Message;
use super::cause::{Cause, TopicKind};
use super::languages;
use super::pattern::{CUT, Found, Hole, Pattern};
use super::row::{Place, Row, Source, Surroundings};
use super::rows::{SURROUNDINGS, rows};
use super::text::Text;
use super::topics as about;
use crate::input::secret;

/// The most bytes of a text that are read: more than any console shows.
const MAX_LEN: usize = 256 * 1024;

/// The fewest letters by which a text that was cut is told.
const LEAST: usize = 14;

static ROWS: LazyLock<Vec<(&'static Row, Pattern)>> =
    LazyLock::new(|| rows().map(|row| (row, Pattern::parse(row.pattern))).collect());

static AROUND: LazyLock<Vec<(&'static Surroundings, Pattern)>> =
    LazyLock::new(|| SURROUNDINGS.iter().map(|row| (row, Pattern::parse(row.pattern))).collect());

/// Returns the messages of a text as it was pasted, in their order, each once: whole or cut, among other lines, with its
/// quotation marks changed or lost, wrapped, quoted or escaped. A vague message is left out where another names the cause.
///
/// ```
/// use cors_core::browser::ErrorKind;
/// use cors_diagnosis::message::{self, Cause};
///
/// let text = "Access to fetch at https://api.example.com/ from origin https://app.example.com has been blocked by CORS \
///             policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response";
/// let messages = message::read(text);
/// assert_eq!(messages[0].cause, Cause::Error(ErrorKind::MethodDisallowedByPreflightResponse));
/// assert_eq!(messages[0].parameter.as_deref(), Some("PUT"));
/// assert_eq!(messages[0].origin.as_deref(), Some("https://app.example.com"));
/// assert_eq!(message::read("Hello"), []);
/// ```
pub fn read(pasted: &str) -> Vec<Message> {
    let len =
        (0..=pasted.len().min(MAX_LEN)).rev().find(|&len| pasted.is_char_boundary(len)).unwrap_or_default();
    let text = Text::new(pasted.get(..len).unwrap_or_default());
    let mut segments = segments(&text);
    complete_cut(&text, &mut segments);
    let mut messages: Vec<Message> = segments.into_iter().filter_map(Segment::message).collect();
    merge(&mut messages);
    messages.iter_mut().for_each(withhold);
    messages
}

/// Takes out of a message's addresses what may be secret. While messages are merged, addresses are whole, to be compared.
fn withhold(message: &mut Message) {
    for address in [&mut message.url, &mut message.redirected_from, &mut message.origin].into_iter().flatten()
    {
        *address = secret::url(address);
    }
    if let Some(parameter) = &mut message.parameter {
        *parameter = secret::text(parameter);
    }
}

/// One message's parts, as far as they were found.
#[derive(Debug, Default)]
struct Segment {
    row: Option<&'static Row>,
    language: Option<&'static str>,
    cause: Option<Cause>,
    stage: Option<Stage>,
    /// Whether a head says that CORS blocked the request itself, unless a preflight is named.
    is_chromium: bool,
    has_head: bool,
    start: usize,
    end: usize,
    parts: Vec<(Hole, String)>,
}

/// Something found in a text.
enum Event {
    Cause(&'static Row),
    Around(&'static Surroundings),
    Foreign(languages::Foreign),
}

/// Where an event is, in letters, and its parts.
type Placed = (Range<usize>, Vec<(Hole, String)>, Event);

fn segments(text: &Text) -> Vec<Segment> {
    let causes = strongest(
        ROWS.iter()
            .flat_map(|(row, pattern)| pattern.find_all(text).into_iter().map(move |found| (*row, found))),
    );
    let around = strongest(
        AROUND
            .iter()
            .flat_map(|(row, pattern)| pattern.find_all(text).into_iter().map(move |found| (*row, found))),
    );
    let (hints, around): (Vec<_>, Vec<_>) = around.into_iter().partition(|(row, _)| row.place == Place::Hint);
    let is_in_hint = |found: &Found| {
        hints.iter().any(|(_, hint)| found.range.start < hint.range.end && hint.range.start < found.range.end)
    };
    let causes: Vec<_> = causes.into_iter().filter(|(_, found)| !is_in_hint(found)).collect();
    let is_known = causes.iter().any(|(row, _)| row.cause.vagueness() < 3);
    let foreign = languages::read(text, is_known);
    let mut events: Vec<Placed> = Vec::new();
    events.extend(around.into_iter().map(|(row, found)| (found.range, found.parts, Event::Around(row))));
    events.extend(causes.into_iter().map(|(row, found)| (found.range, found.parts, Event::Cause(row))));
    events.extend(
        foreign
            .into_iter()
            .map(|foreign| (foreign.start..foreign.start, Vec::new(), Event::Foreign(foreign))),
    );
    events.sort_by_key(|(range, ..)| range.start);

    let mut segments: Vec<Segment> = Vec::new();
    for (range, parts, event) in events {
        let is_new = match &event {
            Event::Around(row) => row.place == Place::Head,
            Event::Foreign(_) => true,
            Event::Cause(row) => segments.last().is_none_or(|segment| !segment.takes(row)),
        };
        if is_new {
            segments.push(Segment { start: range.start, ..Segment::default() });
        }
        let Some(segment) = segments.last_mut() else { continue };
        segment.end = segment.end.max(range.end);
        segment.add(event, parts);
    }
    segments
}

/// Returns what was found, without what lies within something stronger.
fn strongest<R>(found: impl Iterator<Item = (R, Found)>) -> Vec<(R, Found)> {
    let mut found: Vec<(R, Found)> = found.collect();
    // Of two with the same letters the one with more parts.
    found.sort_by_key(|(_, found)| {
        (std::cmp::Reverse(found.weight), std::cmp::Reverse(found.parts.len()), found.range.start)
    });
    let mut kept: Vec<(R, Found)> = Vec::new();
    for (row, one) in found {
        let overlaps = |other: &Found| one.range.start < other.range.end && other.range.start < one.range.end;
        if !kept.iter().any(|(_, other)| overlaps(other)) {
            kept.push((row, one));
        }
    }
    kept
}

impl Segment {
    /// True if this segment may have that cause: it has none, or a vaguer one.
    fn takes(&self, row: &Row) -> bool {
        match self.cause {
            None => true,
            Some(cause) => {
                cause.vagueness() > row.cause.vagueness() || (cause == row.cause && !self.has_head)
            }
        }
    }

    fn add(&mut self, event: Event, parts: Vec<(Hole, String)>) {
        match event {
            Event::Around(row) => {
                self.has_head |= row.place == Place::Head;
                self.is_chromium |=
                    row.pattern.contains("from origin {origin} has been blocked by CORS policy");
                if row.place == Place::Preflight {
                    self.stage = Some(Stage::Preflight);
                }
            }
            Event::Cause(row) => {
                let is_first = self.cause.is_none();
                self.stage = self.stage.or(row.stage);
                // A status may be part of a pattern.
                let number = row.pattern.split(' ').find(|word| status(word).is_some());
                self.parts.extend(number.map(|number| (Hole::Status, number.to_owned())));
                self.cause = Some(row.cause);
                if is_first || self.row.is_none_or(|other| other.cause != row.cause) {
                    self.row = Some(row);
                }
            }
            Event::Foreign(foreign) => {
                self.language = Some(foreign.language);
                self.cause = Some(foreign.cause);
                self.stage = foreign.stage;
                self.has_head = true;
                let mut add = |hole, part: Option<String>| self.parts.extend(part.map(|part| (hole, part)));
                add(Hole::Url, foreign.url);
                add(Hole::Parameter, foreign.parameter);
                add(Hole::Status, foreign.status.map(|status| status.to_string()));
            }
        }
        self.parts.extend(parts);
    }

    fn part(&self, hole: Hole, is_good: impl Fn(&str) -> bool) -> Option<String> {
        self.parts.iter().find(|(other, part)| *other == hole && is_good(part)).map(|(_, part)| part.clone())
    }

    fn message(self) -> Option<Message> {
        let head_alone = self.has_head && self.part(Hole::Url, is_address).is_some();
        let cause = self.cause.or_else(|| head_alone.then_some(Cause::Topic(&about::NETWORK_ERROR)))?;
        // Firefox has one text where Chromium has three, and only the value tells which.
        let lacks_value =
            self.row.is_some_and(|row| row.source == Source::Firefox && row.pattern.contains("{parameter}"))
                && cause == Cause::Error(ErrorKind::AllowOriginMismatch)
                && self.part(Hole::Parameter, |_| true).is_none();
        let cause = if lacks_value { Cause::Topic(&about::ALLOW_ORIGIN) } else { cause };
        let own_stage = match cause {
            Cause::Error(kind) => kind.stage(),
            Cause::Topic(_) => None,
        };
        let by_head = (self.is_chromium && matches!(cause, Cause::Error(_))).then_some(Stage::Actual);
        let source = match (self.language, self.row) {
            (Some(_), _) => Source::Firefox,
            (None, Some(row)) => row.source,
            (None, None) => Source::Script,
        };
        let (asked, to) = (self.part(Hole::Url, is_address), self.part(Hole::RedirectedTo, is_address));
        let (url, from) = match to {
            Some(to) => (Some(to), asked),
            None => (asked, None),
        };
        let message = Message {
            source,
            versions: self.row.map_or("any", |row| row.versions),
            language: self.language.or(self.row.map(|row| row.language)).unwrap_or("en"),
            cause,
            stage: own_stage.or(self.stage).or(by_head),
            kind: self.part(Hole::Kind, is_kind).map(|kind| known_kind(&kind)),
            url,
            redirected_from: self.part(Hole::RedirectedFrom, is_address).or(from),
            origin: self.part(Hole::Origin, is_origin),
            parameter: self.part(Hole::Parameter, |_| true),
            status: self.part(Hole::Status, |part| status(part).is_some()).and_then(|part| status(&part)),
        };
        Some(judged(message))
    }
}

fn is_address(text: &str) -> bool {
    !text.contains(char::is_whitespace)
        && (text.contains("://")
            || text.starts_with('/')
            || text.starts_with("blob:")
            || text.starts_with("data:")
            || text.split([':', '/']).next().is_some_and(|host| {
                host.eq_ignore_ascii_case("localhost")
                    || (host.contains('.')
                        && !host.starts_with('.')
                        && !host.ends_with('.')
                        && host.len() > 3)
            }) && !text.starts_with('(')
                && !text.contains("Error"))
}

fn is_origin(text: &str) -> bool {
    text.eq_ignore_ascii_case("null") || (text.contains("://") && !text.contains(char::is_whitespace))
}

/// What a page uses, as Chromium names it, and as older versions do.
const KINDS: [&str; 16] = [
    "fetch",
    "XMLHttpRequest",
    "script",
    "CSS stylesheet",
    "image",
    "font",
    "video",
    "audio",
    "manifest",
    "text track",
    "link element resource",
    "resource",
    "internal resource",
    "XSLT",
    "SVG",
    "media",
];

fn is_kind(text: &str) -> bool {
    KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(text))
        || matches!(text, "Cross-origin script" | "Cross-origin image")
}

fn known_kind(text: &str) -> String {
    let kind = KINDS.iter().find(|kind| kind.eq_ignore_ascii_case(text));
    kind.map_or_else(|| text.trim_start_matches("Cross-origin ").to_owned(), |kind| (*kind).to_owned())
}

fn status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|status| (100..600).contains(status))
}

/// Returns a message whose cause its parts make more exact.
fn judged(message: Message) -> Message {
    let scheme = message
        .url
        .as_deref()
        .and_then(|url| url.split_once(':'))
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_file = scheme.as_deref() == Some("file");
    let cause = match message.cause {
        // Firefox has one text where Chromium has three.
        Cause::Error(ErrorKind::AllowOriginMismatch) if message.source == Source::Firefox => {
            Cause::Error(match message.parameter.as_deref() {
                Some(value) if value.contains(',') || value.trim().contains(' ') => {
                    ErrorKind::MultipleAllowOriginValues
                }
                Some(value) if value != "*" && !is_origin(value) => ErrorKind::InvalidAllowOriginValue,
                _ => ErrorKind::AllowOriginMismatch,
            })
        }
        Cause::Error(ErrorKind::CorsDisabledScheme) if scheme.as_deref() == Some("blob") => {
            Cause::Topic(&about::BLOB_ADDRESS)
        }
        Cause::Error(_) if is_file => Cause::Error(ErrorKind::CorsDisabledScheme),
        Cause::Topic(topic)
            if is_file && (topic.kind == TopicKind::Cors || topic.name == about::NETWORK_ERROR.name) =>
        {
            Cause::Error(ErrorKind::CorsDisabledScheme)
        }
        cause => cause,
    };
    let stage = match cause {
        Cause::Error(kind) => kind.stage().or(message.stage),
        // No request is sent.
        cause if cause == Cause::Topic(&about::BLOB_ADDRESS) => None,
        Cause::Topic(_) => message.stage,
    };
    let is_header = cause == Cause::Error(ErrorKind::HeaderDisallowedByPreflightResponse);
    let parameter =
        message.parameter.map(|parameter| if is_header { name_in(&parameter) } else { parameter });
    Message { cause, stage, parameter, ..message }
}

/// Returns the name of a header: what follows a colon is a value, which may be secret, and what follows a space is of another line.
fn name_in(parameter: &str) -> String {
    let is_open = parameter.ends_with(CUT);
    let name = parameter.split(|character: char| character == ':' || character.is_whitespace()).next();
    match name.unwrap_or_default() {
        name if is_open && name != parameter && !parameter.contains(':') => format!("{name}{CUT}"),
        name => name.to_owned(),
    }
}

/// Adds the cause of a message that the text cuts, at its end or at its beginning.
fn complete_cut(text: &Text, segments: &mut Vec<Segment>) {
    let is_open = |segment: &Segment| segment.cause.is_none_or(is_open_cause);
    if segments.last().is_none_or(is_open) {
        let after = segments.last().map(|segment| segment.end);
        let found = ROWS.iter().filter_map(|(row, pattern)| {
            Some((*row, pattern.find_cut(text, after.unwrap_or(0), LEAST)?, pattern.weight()))
        });
        if let Some((row, found, weight)) = only_cause(text, 0, found.collect()) {
            // Without the words before it, a text has to have most of a message.
            if after.is_some() || found.weight.saturating_mul(10) >= weight.saturating_mul(6) {
                if segments.is_empty() {
                    segments.push(Segment { start: found.range.start, ..Segment::default() });
                }
                if let Some(segment) = segments.last_mut() {
                    segment.add(Event::Cause(row), found.parts);
                }
            }
        }
    }
    let starts_later = segments.first().is_none_or(|first| first.start > 0);
    if starts_later && segments.iter().all(is_open) {
        let found = ROWS
            .iter()
            .filter_map(|(row, pattern)| Some((*row, pattern.find_beheaded(text, LEAST)?, pattern.weight())));
        // The first word may be the end of another.
        if let Some((row, found, _)) = only_cause(text, text.first_word_len(), found.collect()) {
            let mut segment = Segment::default();
            segment.add(Event::Cause(row), found.parts);
            segments.insert(0, segment);
        }
    }
}

/// True for a cause that stands before another in a message.
fn is_open_cause(cause: Cause) -> bool {
    matches!(cause, Cause::Topic(topic) if topic.name == about::BLOCKED.name || topic.name == about::PREFLIGHT_FAILED.name)
}

/// Returns the strongest of the rows, if all that are about as strong have one cause, and no other has its letters from `from`
/// on.
fn only_cause(
    text: &Text,
    from: usize,
    mut found: Vec<(&'static Row, Found, usize)>,
) -> Option<(&'static Row, Found, usize)> {
    found.sort_by_key(|(_, found, _)| std::cmp::Reverse(found.weight));
    let (row, first, _) = found.first()?;
    let is_same = |other: &Row| other.cause == row.cause && other.stage == row.stage;
    let is_alone = found
        .iter()
        .take_while(|(_, other, _)| other.weight.saturating_add(8) >= first.weight)
        .all(|(other, ..)| is_same(other));
    let letters = text.letters().get(first.range.start.max(from)..first.range.end).unwrap_or_default();
    let is_unique = ROWS.iter().all(|(other, pattern)| is_same(other) || !pattern.has(letters))
        && (is_open_cause(row.cause) || AROUND.iter().all(|(_, pattern)| !pattern.has(letters)));
    (is_alone && is_unique).then(|| found.swap_remove(0))
}

/// Takes messages together that are about one request, and leaves out vague ones where others name the cause.
fn merge(messages: &mut Vec<Message>) {
    let mut kept: Vec<Message> = Vec::new();
    for message in messages.drain(..) {
        match kept.iter_mut().find(|other| is_same(other, &message)) {
            Some(other) => complete(other, &message),
            None => kept.push(message),
        }
    }
    // The vaguest first, each into the nearest that is about the same request.
    for vagueness in (1..=6).rev() {
        let mut index = 0;
        while let Some(message) = kept.get(index) {
            let target = (message.cause.vagueness() == vagueness).then(|| target(&kept, index)).flatten();
            match target {
                None => index = index.saturating_add(1),
                Some(target) => {
                    let message = kept.remove(index);
                    let target = if target > index { target.saturating_sub(1) } else { target };
                    if let Some(other) = kept.get_mut(target) {
                        // Firefox writes this line after those of a failed preflight, and of a redirect that fails.
                        let is_redirect = other.status.is_some_and(|status| (300..400).contains(&status));
                        let follows = message.cause == Cause::Topic(&about::DID_NOT_SUCCEED)
                            && other.source == Source::Firefox
                            && !is_redirect;
                        if follows && other.stage.is_none() && matches!(other.cause, Cause::Error(_)) {
                            other.stage = Some(Stage::Preflight);
                        }
                        complete(other, &message);
                    }
                }
            }
        }
    }
    *messages = kept;
}

/// Returns the message that is less vague than the one at `index` and about the same request, or about one that the text
/// does not name: the nearest, those before it first.
fn target(messages: &[Message], index: usize) -> Option<usize> {
    let vague = messages.get(index)?;
    let fits = |other: &Message| {
        let is_same_address = match (&vague.url, &other.url) {
            (Some(url), Some(other)) => url == other || other.ends_with(url.as_str()),
            _ => true,
        };
        other.cause.vagueness() < vague.cause.vagueness() && (is_same_address || vague.cause.vagueness() >= 5)
    };
    let before = (0..index).rev();
    let after = index.saturating_add(1)..messages.len();
    before.chain(after).find(|&other| messages.get(other).is_some_and(fits))
}

fn is_same(message: &Message, other: &Message) -> bool {
    let agree =
        |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
    message.cause == other.cause
        && (message.stage == other.stage || message.stage.is_none() || other.stage.is_none())
        && agree(&message.parameter, &other.parameter)
        && agree(&message.url, &other.url)
        && agree(&message.origin, &other.origin)
}

fn complete(message: &mut Message, other: &Message) {
    let take = |part: &mut Option<String>, other: &Option<String>| {
        if part.is_none() {
            part.clone_from(other);
        }
    };
    take(&mut message.kind, &other.kind);
    take(&mut message.url, &other.url);
    take(&mut message.redirected_from, &other.redirected_from);
    take(&mut message.origin, &other.origin);
    take(&mut message.parameter, &other.parameter);
    message.status = message.status.or(other.status);
    message.stage = message.stage.or(if message.cause == other.cause { other.stage } else { None });
}
