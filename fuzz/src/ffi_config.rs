//! C structs with pointers into buffers of exactly their length, so that a sanitizer sees every byte read beyond.

use std::ffi::{c_char, c_void};
use std::ptr;

use cors::{CORS_MAX_AGE_NONE, cors_bool, cors_config, cors_fetch, cors_header, cors_string};
use cors_core::Risk;
use cors_core::browser::{Api, CredentialsMode};
use cors_testing::{OwnedConfig, OwnedFetch};

/// Bytes, each text in an allocation of its own.
pub(crate) struct Texts {
    texts: Vec<Box<[u8]>>,
}

impl Texts {
    pub(crate) fn new<T: AsRef<[u8]>>(texts: impl IntoIterator<Item = T>) -> Self {
        Texts { texts: texts.into_iter().map(|text| text.as_ref().into()).collect() }
    }

    /// Returns the strings, which point into `self`.
    pub(crate) fn strings(&self) -> Box<[cors_string]> {
        self.texts.iter().map(|text| string(text)).collect()
    }
}

/// Returns the text as C's string: NULL if it is empty, which C's strings may be.
pub(crate) fn string(text: &[u8]) -> cors_string {
    let data = if text.is_empty() { ptr::null() } else { text.as_ptr().cast::<c_char>() };
    cors_string { data, len: text.len() }
}

/// Header lines: their texts and the array.
pub(crate) struct Headers {
    names: Texts,
    values: Texts,
}

impl Headers {
    pub(crate) fn new<N: AsRef<[u8]>>(headers: &[(N, Vec<u8>)]) -> Self {
        Headers {
            names: Texts::new(headers.iter().map(|(name, _)| name)),
            values: Texts::new(headers.iter().map(|(_, value)| value)),
        }
    }

    pub(crate) fn lines(&self) -> Box<[cors_header]> {
        let (names, values) = (self.names.strings(), self.values.strings());
        names.iter().zip(&values).map(|(&name, &value)| cors_header { name, value }).collect()
    }
}

/// Calls `f` with the config as C has it, with the tests' public suffix list or with that of the library.
pub(crate) fn with_config<R>(config: &OwnedConfig, has_list: bool, f: impl FnOnce(&cors_config) -> R) -> R {
    let lists = [&config.allow_origins, &config.allow_methods, &config.allow_headers, &config.expose_headers]
        .map(Texts::new);
    let [origins, methods, headers, exposed] = [0, 1, 2, 3].map(|index| lists[index].strings());
    f(&cors_config {
        size: size_of::<cors_config>(),
        allow_origins: origins.as_ptr(),
        allow_origin_count: origins.len(),
        allow_methods: methods.as_ptr(),
        allow_method_count: methods.len(),
        allow_headers: headers.as_ptr(),
        allow_header_count: headers.len(),
        expose_headers: exposed.as_ptr(),
        expose_header_count: exposed.len(),
        max_age: config.max_age.map_or(CORS_MAX_AGE_NONE, i64::from),
        accept_risks: config.accept_risks.iter().fold(0, |bits, &risk| bits | risk_bit(risk)),
        preflight_status: config.preflight_status,
        allow_credentials: config.allow_credentials.into(),
        allow_private_network: config.allow_private_network.into(),
        is_public_suffix: has_list.then_some(is_public_suffix as _),
        context: ptr::null_mut(),
    })
}

fn risk_bit(risk: Risk) -> u32 {
    1 << (risk as u32 - 1)
}

unsafe extern "C" fn is_public_suffix(_: *mut c_void, domain: *const c_char, len: usize) -> cors_bool {
    // SAFETY: the library points to `len` bytes.
    let domain = unsafe { std::slice::from_raw_parts(domain.cast::<u8>(), len) };
    str::from_utf8(domain).is_ok_and(cors_testing::is_public_suffix).into()
}

/// Calls `f` with the fetch as C has it.
pub(crate) fn with_fetch<R>(fetch: &OwnedFetch, f: impl FnOnce(&cors_fetch) -> R) -> R {
    let texts = Texts::new([&fetch.origin, &fetch.url, &fetch.method]);
    let strings = texts.strings();
    let headers = Headers::new(&fetch.headers);
    let lines = headers.lines();
    f(&cors_fetch {
        size: size_of::<cors_fetch>(),
        origin: strings[0],
        url: strings[1],
        method: strings[2],
        headers: lines.as_ptr(),
        header_count: lines.len(),
        credentials: (fetch.credentials == CredentialsMode::Include).into(),
        xml_http_request: (fetch.api == Api::XmlHttpRequest).into(),
        has_body: fetch.has_body.into(),
        stream_body: fetch.stream_body.into(),
        upload_listener: fetch.upload_listener.into(),
    })
}
