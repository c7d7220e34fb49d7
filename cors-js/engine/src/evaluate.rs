//! Images are checked, and requests decided.

use alloc::vec::Vec;
use core::fmt::Write;

use cors_core::{Decision, Denial, Policy, Request};

use crate::memory::{self, Shared, bytes};

/// The names of the fields that a request is asked for, by their numbers in a request's words.
const READ: [&[u8]; 4] = [
    b"origin",
    b"access-control-request-method",
    b"access-control-request-headers",
    b"access-control-request-private-network",
];

/// The names of a decision's fields, by their numbers in its words.
const SENT: [&str; 8] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-max-age",
    "access-control-allow-private-network",
    "access-control-expose-headers",
    "vary",
];

/// A head of three words, and three for each field: a name's number and what becomes of the application's, and the value's
/// place. A decision has at most eight fields and the lines that it echoes.
const WORDS: usize = 3 + 3 * (SENT.len() + Request::MAX_HEADER_LINES);

static DECISION: Shared<[u32; WORDS]> = Shared::new([0; WORDS]);

/// Returns 0 if the bytes are an image, else the number of the error, and its sentence is the output.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn check_image(image: *const u8, length: usize) -> u32 {
    // SAFETY: the host's, see `bytes`.
    match Policy::from_bytes(unsafe { bytes(image, length) }) {
        Ok(_) => 0,
        Err(error) => {
            memory::write(|output| {
                // Writing to a vector does not fail.
                let _ = write!(Text(output), "{error}");
            });
            match error {
                cors_core::ImageError::NotAnImage => 1,
                cors_core::ImageError::UnsupportedVersion(_) => 2,
                _ => 3,
            }
        }
    }
}

struct Text<'v>(&'v mut Vec<u8>);

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Decides a request by the image, which [`check_image`] has accepted or `compile` has made; without an image, as one whose path is
/// ambiguous (A9).
///
/// `request` has a word for the method's length and one for the number of fields, then for each field the number of its name
/// in `READ` and its value's length; after them the bytes of the method and of the values.
///
/// `answer` is the caller's about an origin that no pattern allows (E12).
///
/// Returns the address of the decision's words: the kind, from bit 8 the denial's number, at bit 16 whether `answer` was
/// asked for; the status, or 0; the number of fields; and for each field the number of its name in `SENT`, at bit 8
/// whether it is appended, then the address and the length of its value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evaluate(
    image: *const u8,
    length: usize,
    request: *const u32,
    answer: bool,
) -> *const u32 {
    // SAFETY: the host has written these words and bytes, see above.
    let request = unsafe { request_at(request) };
    let mut asked = false;
    let decision = if image.is_null() {
        Decision::ambiguous_path(&request)
    } else {
        // SAFETY: the host's, see `bytes`.
        Policy::from_trusted_bytes(unsafe { bytes(image, length) }).evaluate_with(&request, |_| {
            asked = true;
            answer
        })
    };
    DECISION.with(|words| {
        write_decision(words, &decision, asked);
        words.as_ptr()
    })
}

unsafe fn request_at<'a>(words: *const u32) -> Request<'a> {
    // SAFETY: as many words as the first two say.
    let word = |index: usize| unsafe { words.add(index).read() } as usize;
    let count = word(1);
    let mut place = words.wrapping_add(2_usize.saturating_add(count.saturating_mul(2))).cast::<u8>();
    let mut next = |length: usize| {
        // SAFETY: the values lie one after the other.
        let value = unsafe { bytes(place, length) };
        place = place.wrapping_add(length);
        value
    };
    let mut request = Request::new(next(word(0)));
    for index in 0..count {
        let at = 2_usize.saturating_add(index.saturating_mul(2));
        let value = next(word(at.saturating_add(1)));
        if let Some(name) = READ.get(word(at)) {
            request.add_header(name, value);
        }
    }
    request
}

fn write_decision(words: &mut [u32; WORDS], decision: &Decision<'_>, asked: bool) {
    let [head, status, count, fields @ ..] = words;
    let denial = decision.denial().map_or(0, |denial| u32::from(denial.number()));
    *head = decision.kind() as u32 | denial << 8 | u32::from(asked) << 16;
    *status = decision.status().map_or(0, u32::from);
    *count = 0;
    let (chunks, _) = fields.as_chunks_mut::<3>();
    for (chunk, field) in chunks.iter_mut().zip(decision.fields()) {
        let name = SENT.iter().position(|name| *name == field.name).unwrap_or(SENT.len());
        #[expect(clippy::cast_possible_truncation, reason = "addresses of wasm32 have 32 bits")]
        {
            *chunk = [
                name as u32 | (field.op as u32) << 8,
                field.value.as_ptr().addr() as u32,
                field.value.len() as u32,
            ];
        }
        *count = count.saturating_add(1);
    }
}

/// Returns true if some pattern of the image allows the origin, as for a WebSocket handshake.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allows_origin(
    image: *const u8,
    length: usize,
    origin: *const u8,
    origin_length: usize,
) -> bool {
    // SAFETY: the host's, see `bytes`.
    let (image, origin) = unsafe { (bytes(image, length), bytes(origin, origin_length)) };
    Policy::from_trusted_bytes(image).allows_origin_value(origin)
}

/// Makes the name of a decision's field the output, by its number, and returns false past the last.
#[unsafe(no_mangle)]
pub extern "C" fn field_name(number: usize) -> bool {
    put_text(SENT.get(number).copied())
}

/// Makes the name of a denial the output, by its number, and returns false past the last.
#[unsafe(no_mangle)]
pub extern "C" fn denial_name(number: u8) -> bool {
    put_text(Denial::from_number(number).map(Denial::name))
}

/// Makes a denial's sentence the output, by its number, and returns false past the last.
#[unsafe(no_mangle)]
pub extern "C" fn denial_message(number: u8) -> bool {
    put_text(Denial::from_number(number).map(Denial::message))
}

fn put_text(text: Option<&str>) -> bool {
    memory::write(|output| output.extend_from_slice(text.unwrap_or_default().as_bytes()));
    text.is_some()
}
