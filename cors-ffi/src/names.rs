//! The functions that return names and sentences for numbers.

use core::str;

use cors_core::{ConfigField, Denial, Risk};

use crate::code::Code;
use crate::raw;
use crate::text::Place;
use crate::types::{cors_code, cors_denial, cors_field_id, cors_string, risk_bit};

/// Returns the version of the library, such as `0.1.0`. Like all strings of the functions below it is static.
#[unsafe(no_mangle)]
pub extern "C" fn cors_version() -> cors_string {
    raw::string(env!("CARGO_PKG_VERSION").as_bytes())
}

/// Returns the name of a denial, for counters and logs: `OriginNotAllowed`. Empty for `CORS_DENIAL_NONE` and unknown numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_denial_name(denial: cors_denial) -> cors_string {
    raw::string(Denial::from_number(denial).map_or("", Denial::name).as_bytes())
}

/// Returns a denial in a sentence. Empty for `CORS_DENIAL_NONE` and unknown numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_denial_message(denial: cors_denial) -> cors_string {
    raw::string(Denial::from_number(denial).map_or("", Denial::message).as_bytes())
}

/// Returns a code in a sentence. Empty for unknown numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_code_message(code: cors_code) -> cors_string {
    raw::string(Code::from_number(code).map_or("", Code::message).as_bytes())
}

/// Returns the name of a config's member: `allow_origins`. Empty for `CORS_FIELD_NONE` and unknown numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_field_name(field: cors_field_id) -> cors_string {
    raw::string(ConfigField::from_number(field).map_or("", ConfigField::name).as_bytes())
}

/// Returns the name of a `CORS_RISK_…`, as policy files spell it: `NullOrigin`. Empty for other numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_risk_name(risk: u32) -> cors_string {
    let named = Risk::ALL.into_iter().find(|&other| risk_bit(other) == risk);
    raw::string(named.map_or("", Risk::name).as_bytes())
}

/// Returns the `CORS_RISK_…` that has this name, or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_risk_from_name(name: cors_string) -> u32 {
    // SAFETY: the pointer is as the header requires.
    let name = unsafe { raw::bytes(name, Place::of("name")) }.ok().and_then(|name| str::from_utf8(name).ok());
    name.and_then(Risk::from_name).map_or(0, risk_bit)
}
