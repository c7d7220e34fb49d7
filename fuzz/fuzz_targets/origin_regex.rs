#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| cors_fuzz::origin_regex(input));
