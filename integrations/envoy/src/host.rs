//! What the host does for the filter: the functions of proxy-wasm that it imports, and the memory in which the host answers.
//!
//! `proxy-wasm`, the crate, panics where a host answers with a status that it does not expect, such as for the fields of a request
//! that is gone, and takes an empty value for none. Here a call that fails returns `None`, or does nothing.
#![allow(unsafe_code)]

use std::mem;
use std::ptr;

/// Which fields a call is about.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub(crate) enum Map {
    Request = 0,
    Response = 2,
}

/// Logs an error.
pub(crate) fn log_error(message: &str) {
    const ERROR: u32 = 4;
    // SAFETY: the host reads the text, which lives on.
    unsafe { proxy_log(ERROR, message.as_ptr(), message.len()) };
}

/// Returns the filter's configuration.
pub(crate) fn configuration() -> Option<Vec<u8>> {
    const PLUGIN_CONFIGURATION: u32 = 7;
    // SAFETY: the pointers are those of `answer`.
    answer(|data, size| unsafe {
        proxy_get_buffer_bytes(PLUGIN_CONFIGURATION, 0, usize::MAX >> 1, data, size)
    })
}

/// Returns the value of a field.
pub(crate) fn field(map: Map, name: &str) -> Option<Vec<u8>> {
    // SAFETY: the host reads the name, which lives on; the pointers are those of `answer`.
    answer(|data, size| unsafe {
        proxy_get_header_map_value(map as u32, name.as_ptr(), name.len(), data, size)
    })
}

/// Returns every field, as `lines::read` reads them.
pub(crate) fn fields(map: Map) -> Option<Vec<u8>> {
    // SAFETY: the pointers are those of `answer`.
    answer(|data, size| unsafe { proxy_get_header_map_pairs(map as u32, data, size) })
}

/// Adds a line to the response.
pub(crate) fn add(name: &str, value: &[u8]) {
    // SAFETY: the host reads the name and the value, which live on.
    unsafe {
        proxy_add_header_map_value(
            Map::Response as u32,
            name.as_ptr(),
            name.len(),
            value.as_ptr(),
            value.len(),
        )
    };
}

/// Replaces the one line of this name in the response.
pub(crate) fn replace(name: &str, value: &[u8]) {
    // SAFETY: the host reads the name and the value, which live on.
    unsafe {
        proxy_replace_header_map_value(
            Map::Response as u32,
            name.as_ptr(),
            name.len(),
            value.as_ptr(),
            value.len(),
        )
    };
}

/// Removes every line of this name from the response.
pub(crate) fn remove(name: &str) {
    // SAFETY: the host reads the name, which lives on.
    unsafe { proxy_remove_header_map_value(Map::Response as u32, name.as_ptr(), name.len()) };
}

/// Answers in the upstream's place, with `lines` as `lines::write` writes them and without a body. Returns false if the host does not.
pub(crate) fn respond(status: u16, details: &str, lines: &[u8]) -> bool {
    const NO_GRPC_STATUS: i32 = -1;
    // SAFETY: the host reads the texts, which live on.
    let result = unsafe {
        proxy_send_local_response(
            status.into(),
            details.as_ptr(),
            details.len(),
            ptr::null(),
            0,
            lines.as_ptr(),
            lines.len(),
            NO_GRPC_STATUS,
        )
    };
    result == OK
}

/// Sets a property of the request. Envoy keeps it as filter state of the name `wasm.` and `name`.
pub(crate) fn set_property(name: &str, value: &str) {
    // SAFETY: the host reads the texts, which live on.
    unsafe { proxy_set_property(name.as_ptr(), name.len(), value.as_ptr(), value.len()) };
}

/// A counter of the host's statistics.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counter(Option<u32>);

impl Counter {
    /// Defines the counter, or finds the one of this name.
    pub(crate) fn define(name: &str) -> Self {
        const COUNTER: u32 = 0;
        let mut id = 0;
        // SAFETY: the host reads the name, which lives on, and writes the number.
        let result = unsafe { proxy_define_metric(COUNTER, name.as_ptr(), name.len(), &raw mut id) };
        Counter((result == OK).then_some(id))
    }

    /// Adds one.
    pub(crate) fn increment(self) {
        if let Some(id) = self.0 {
            // SAFETY: the call takes numbers.
            unsafe { proxy_increment_metric(id, 1) };
        }
    }
}

/// Calls the host, which leaves its answer in memory that it gets from [`proxy_on_memory_allocate`]; `None` if it has none.
fn answer(call: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Option<Vec<u8>> {
    let mut data: *mut u8 = ptr::null_mut();
    let mut size = 0;
    if call(&raw mut data, &raw mut size) != OK {
        return None;
    }
    if data.is_null() {
        // An empty answer.
        return Some(Vec::new());
    }
    // SAFETY: `data` is what `proxy_on_memory_allocate` returned for this size, nobody else has it, and the host has written all
    // of it.
    Some(unsafe { Vec::from_raw_parts(data, size, size) })
}

const OK: u32 = 0;

/// Gives the host memory for an answer, which [`answer`] then owns.
#[unsafe(no_mangle)]
extern "C" fn proxy_on_memory_allocate(size: usize) -> *mut u8 {
    let mut memory = mem::ManuallyDrop::new(Vec::with_capacity(size));
    memory.as_mut_ptr()
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_log(level: u32, message: *const u8, message_size: usize) -> u32;
    fn proxy_get_buffer_bytes(
        buffer: u32,
        start: usize,
        max_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_get_header_map_pairs(map: u32, data: *mut *mut u8, size: *mut usize) -> u32;
    fn proxy_get_header_map_value(
        map: u32,
        name: *const u8,
        name_size: usize,
        data: *mut *mut u8,
        size: *mut usize,
    ) -> u32;
    fn proxy_add_header_map_value(
        map: u32,
        name: *const u8,
        name_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
    fn proxy_replace_header_map_value(
        map: u32,
        name: *const u8,
        name_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
    fn proxy_remove_header_map_value(map: u32, name: *const u8, name_size: usize) -> u32;
    fn proxy_send_local_response(
        status: u32,
        details: *const u8,
        details_size: usize,
        body: *const u8,
        body_size: usize,
        lines: *const u8,
        lines_size: usize,
        grpc_status: i32,
    ) -> u32;
    fn proxy_set_property(path: *const u8, path_size: usize, value: *const u8, value_size: usize) -> u32;
    fn proxy_define_metric(kind: u32, name: *const u8, name_size: usize, id: *mut u32) -> u32;
    fn proxy_increment_metric(id: u32, by: i64) -> u32;
}
