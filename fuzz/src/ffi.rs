//! [`ffi`]: the C interface through its pointers. It answers as the engine does, whatever the pointers are.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use cors::{
    CORS_ERROR_BUFFER, CORS_ERROR_CONFIG, CORS_ERROR_IMAGE, CORS_ERROR_LENGTH, CORS_ERROR_NULL,
    CORS_ERROR_SIZE, CORS_MESSAGE_SIZE, CORS_OK, cors_config, cors_config_check, cors_decision, cors_error,
    cors_evaluate, cors_explain, cors_policy, cors_policy_allows_origin, cors_policy_compile,
    cors_policy_load, cors_policy_size, cors_request,
};
use cors_core::{Decision, Denial, Policy};
use cors_testing::{Message, OwnedConfigExt};

use crate::config_text::{config, valid_config};
use crate::fetch_text::fetch;
use crate::ffi_config::{Headers, Texts, string, with_config, with_fetch};
use crate::instances;
use crate::lines::paragraphs;
use crate::request_text;

/// Reads a config, a fetch, and requests. The whole input is an image and an origin, too.
pub fn ffi(input: &[u8]) {
    let paragraphs = paragraphs(input);
    let (first, rest) = paragraphs.split_first().expect("there is one");
    for has_list in [false, true] {
        with_config(&config(first), has_list, check_reports);
    }

    let valid = valid_config(first);
    let image: Box<[u8]> = valid.compile().into();
    with_config(&valid, false, |config| check_compiled(config, &image));

    let policy = load(&image).expect("an image");
    let mut messages = request_text::messages(rest.get(1..).unwrap_or_default());
    messages.extend(instances::messages(&valid).into_iter().take(4));
    messages.iter().for_each(|message| check_evaluate(&policy, &image, message));
    check_hostile_pointers(&policy);

    if let Some(lines) = rest.first() {
        with_fetch(&fetch(lines), |fetch| {
            for engine in 0..=4 {
                check_explain(&policy, fetch, engine);
            }
        });
    }

    let bytes: Box<[u8]> = input.into();
    if let Ok(forged) = load(&bytes) {
        messages.iter().for_each(|message| check_evaluate(&forged, &bytes, message));
    }
    // SAFETY: the string points to its bytes.
    let allows = unsafe { cors_policy_allows_origin(&policy, string(&bytes)) };
    let core = Policy::from_bytes(&image).expect("an image");
    assert_eq!(allows, core.allows_origin_value(&bytes));
}

fn load(bytes: &[u8]) -> Result<cors_policy, i32> {
    let mut policy = MaybeUninit::uninit();
    let mut error = MaybeUninit::uninit();
    // SAFETY: pointer and length are those of a slice, and there is room for the policy and the error.
    let code = unsafe {
        cors_policy_load(bytes.as_ptr().cast(), bytes.len(), policy.as_mut_ptr(), error.as_mut_ptr())
    };
    assert_eq!(code == CORS_OK, Policy::from_bytes(bytes).is_ok());
    if code == CORS_OK {
        // SAFETY: it was written.
        return Ok(unsafe { policy.assume_init() });
    }
    assert_eq!(code, CORS_ERROR_IMAGE);
    // SAFETY: it was written.
    check_error(unsafe { error.assume_init_ref() }, code);
    Err(code)
}

/// Checks an error: the message is a C string of UTF-8, cut only if there is no room for more.
fn check_error(error: &cors_error, code: i32) {
    assert_eq!(error.code, code);
    let end = error.message.iter().position(|&byte| byte == 0).expect("a NUL");
    let message: Vec<u8> = error.message[..end].iter().map(|&byte| byte as u8).collect();
    assert!(str::from_utf8(&message).is_ok_and(|message| !message.is_empty()));
    // A NUL in the operator's text ends C's string early.
    assert!(end <= error.message_len);
    assert!(error.message_len >= CORS_MESSAGE_SIZE || error.message[error.message_len] == 0);
}

fn check_reports(config: &cors_config) {
    unsafe extern "C" fn count(context: *mut c_void, problem: *const cors_error) {
        // SAFETY: both are the library's input or its output.
        unsafe {
            check_error(&*problem, CORS_ERROR_CONFIG);
            *context.cast::<usize>() += 1;
        }
    }
    let mut problems = 0_usize;
    let mut error = MaybeUninit::uninit();
    // SAFETY: all pointers are to what they should be.
    let code =
        unsafe { cors_config_check(config, Some(count), (&raw mut problems).cast(), error.as_mut_ptr()) };
    assert_eq!(code, if problems == 0 { CORS_OK } else { CORS_ERROR_CONFIG });
    if code != CORS_OK {
        // SAFETY: it was written.
        check_error(unsafe { error.assume_init_ref() }, code);
    }
    // SAFETY: as above; the caller does not want the error.
    let again = unsafe { cors_config_check(config, None, ptr::null_mut(), ptr::null_mut()) };
    assert_eq!(again, code);
}

/// Checks that the library compiles the engine's image, into exactly as many bytes and not into fewer.
fn check_compiled(config: &cors_config, image: &[u8]) {
    let mut size = 0;
    // SAFETY: there is room for a number.
    assert_eq!(unsafe { cors_policy_size(config, &raw mut size, ptr::null_mut()) }, CORS_OK);
    assert_eq!(size, image.len());
    let mut storage = vec![0xaa_u8; size].into_boxed_slice();
    let mut policy = cors_policy { data: ptr::null(), len: 0 };
    let mut compile = |len| {
        let error = ptr::null_mut();
        // SAFETY: there are `size` bytes of storage, and room for a policy.
        unsafe { cors_policy_compile(config, storage.as_mut_ptr().cast(), len, &raw mut policy, error) }
    };
    assert_eq!(compile(size - 1), CORS_ERROR_BUFFER);
    assert_eq!(compile(size), CORS_OK);
    assert_eq!((policy.data, policy.len), (storage.as_ptr(), size));
    assert_eq!(&*storage, image);
}

fn check_evaluate(policy: &cors_policy, image: &[u8], message: &Message) {
    let texts = Texts::new([&message.method]);
    let headers = Headers::new(&message.headers);
    let lines = headers.lines();
    let request = cors_request {
        size: size_of::<cors_request>(),
        method: texts.strings()[0],
        headers: lines.as_ptr(),
        header_count: lines.len(),
    };
    let mut decision = MaybeUninit::uninit();
    // SAFETY: all pointers are to what they should be.
    let code = unsafe { cors_evaluate(policy, &raw const request, decision.as_mut_ptr()) };
    assert_eq!(code, CORS_OK);
    let core_request = message.request();
    let expected = Policy::from_bytes(image).expect("an image").evaluate(&core_request);
    compare(&decision, &expected);
}

fn compare(got: &MaybeUninit<cors_decision>, expected: &Decision<'_>) {
    let got = got.as_ptr();
    // SAFETY: the head was written, and `count` fields; the others were not, so no reference is made to them.
    let (kind, denial, status, count) =
        unsafe { ((*got).kind, (*got).denial, (*got).status, (*got).field_count) };
    assert_eq!(kind, expected.kind() as u8);
    assert_eq!(denial, expected.denial().map_or(0, |denial: Denial| denial as u8));
    assert_eq!(status, expected.status().unwrap_or(0));
    assert_eq!(count as usize, expected.fields().count(), "CORS_MAX_FIELDS is enough");
    for (index, field) in expected.fields().enumerate() {
        // SAFETY: as above; the strings point to bytes that still exist.
        let (name, value, op) = unsafe {
            let got = (&raw const (*got).fields[index]).read();
            (bytes(got.name), bytes(got.value), got.op)
        };
        assert_eq!((name, value, op), (field.name.as_bytes(), field.value, field.op as u8));
    }
}

/// # Safety
///
/// The string points to its bytes.
unsafe fn bytes<'a>(string: cors::cors_string) -> &'a [u8] {
    if string.len == 0 {
        return &[];
    }
    // SAFETY: by the caller's promise.
    unsafe { std::slice::from_raw_parts(string.data.cast(), string.len) }
}

/// Checks pointers, sizes and lengths that no caller should pass: each is an error, and nothing is read.
fn check_hostile_pointers(policy: &cors_policy) {
    let evaluate = |policy: *const cors_policy, request: *const cors_request| {
        let mut decision = MaybeUninit::uninit();
        // SAFETY: that is what is tried.
        let code = unsafe { cors_evaluate(policy, request, decision.as_mut_ptr()) };
        // SAFETY: the head is always written.
        let count = unsafe { (*decision.as_ptr()).field_count };
        assert!(code == CORS_OK || count == 0, "no fields on an error");
        code
    };
    let request = cors_request {
        size: size_of::<cors_request>(),
        method: string(b"GET"),
        headers: ptr::null(),
        header_count: 0,
    };
    let with = |change: &dyn Fn(&mut cors_request)| {
        let mut request = cors_request { ..request };
        change(&mut request);
        evaluate(policy, &raw const request)
    };
    assert_eq!(evaluate(ptr::null(), &raw const request), CORS_ERROR_NULL);
    assert_eq!(evaluate(policy, ptr::null()), CORS_ERROR_NULL);
    assert_eq!(evaluate(ptr::without_provenance(1), &raw const request), CORS_ERROR_NULL);
    assert_eq!(with(&|request| request.size = 0), CORS_ERROR_SIZE);
    assert_eq!(with(&|request| request.header_count = 1), CORS_ERROR_NULL);
    assert_eq!(with(&|request| request.header_count = usize::MAX), CORS_ERROR_LENGTH);
    assert_eq!(with(&|request| request.headers = ptr::without_provenance(1)), CORS_OK, "nothing is there");
    assert_eq!(with(&|request| request.method.len = usize::MAX), CORS_ERROR_LENGTH);
    assert_eq!(with(&|request| request.method.data = ptr::null()), CORS_ERROR_NULL);
    let nowhere = cors_policy { data: ptr::null(), len: policy.len };
    assert_eq!(evaluate(&raw const nowhere, &raw const request), CORS_ERROR_NULL);
    let endless = cors_policy { data: policy.data, len: usize::MAX };
    assert_eq!(evaluate(&raw const endless, &raw const request), CORS_ERROR_LENGTH);
    let mut other = MaybeUninit::uninit();
    // SAFETY: that is what is tried.
    let code = unsafe { cors_policy_load(ptr::null(), 1, other.as_mut_ptr(), ptr::null_mut()) };
    assert_eq!(code, CORS_ERROR_NULL);
}

/// Checks that a smaller buffer gets the beginning of the same text, as much of it as fits.
fn check_explain(policy: &cors_policy, fetch: &cors::cors_fetch, engine: u8) {
    let mut needed = 0;
    let mut explain = |buffer: &mut [u8]| {
        let room = buffer.as_mut_ptr().cast::<c_char>();
        // SAFETY: all pointers are to what they should be.
        unsafe { cors_explain(policy, fetch, engine, room, buffer.len(), &raw mut needed, ptr::null_mut()) }
    };
    let mut some = vec![0xaa; 100].into_boxed_slice();
    let code = explain(&mut some);
    if code != CORS_OK && code != CORS_ERROR_BUFFER {
        return;
    }
    let mut whole = vec![0xaa; needed].into_boxed_slice();
    let explain = |buffer: &mut [u8]| {
        let room = buffer.as_mut_ptr().cast::<c_char>();
        // SAFETY: as above.
        unsafe { cors_explain(policy, fetch, engine, room, buffer.len(), ptr::null_mut(), ptr::null_mut()) }
    };
    assert_eq!(explain(&mut whole), CORS_OK);
    let (end, text) = whole.split_last().expect("a NUL at least");
    assert!(*end == 0 && str::from_utf8(text).is_ok());
    // Cut at a character, with room for the NUL. The text may have one of its own, from the page's method.
    let kept = some[..99].iter().zip(text).take_while(|(some, whole)| some == whole).count();
    assert!(some[kept] == 0 && (kept == text.len() || kept >= 96), "{kept}");
}
