//! The interface of the module: see the crate's documentation.

#![allow(unsafe_code, reason = "texts come and go by their place in memory")]

use std::collections::BTreeMap;
use std::panic;
use std::sync::OnceLock;
use std::time::Duration;

use dsys::library::Library;
use dsys::problems::SHIPPED;
use dsys::stage::door::{self, Listener};
use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    safe fn hear(text: *const u8, length: usize);
    safe fn now() -> f64;
    safe fn fail(text: *const u8, length: usize);
}

/// The memory that all is taken from; the module has one thread.
#[global_allocator]
static MEMORY: WasmDynamicTalc = new_wasm_dynamic_allocator();

static LIBRARY: OnceLock<Library> = OnceLock::new();

/// The page around the module.
struct Host;

impl Listener for Host {
    fn waits(&self) -> bool {
        // Who waits no longer ends the worker.
        true
    }

    fn clock(&self) -> Duration {
        // A clock that is none shows zero.
        Duration::try_from_secs_f64(now() / 1_000.0).unwrap_or_default()
    }

    fn hear(&self, line: Vec<u8>) {
        hear(line.as_ptr(), line.len());
    }
}

/// Gives room for a text of this length.
#[unsafe(no_mangle)]
extern "C" fn reserve(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Takes back a text that was written into the room that [`reserve`] gave.
///
/// # Safety
///
/// `reserve(length)` returned `place`, and nobody has taken it back.
unsafe fn taken(place: *mut u8, length: usize) -> Vec<u8> {
    // SAFETY: it is a box of this length, and it is ours again.
    unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(place, length)) }.into_vec()
}

/// Takes the library's files. Returns 1 if they are none.
///
/// # Safety
///
/// `reserve(length)` returned `files`, and nobody has taken it back.
#[unsafe(no_mangle)]
unsafe extern "C" fn open(files: *mut u8, length: usize) -> u32 {
    panic::set_hook(Box::new(|panicked| {
        let words = panicked.to_string();
        fail(words.as_ptr(), words.len());
    }));
    // SAFETY: as asked of the caller.
    let files = unsafe { taken(files, length) };
    let Ok(files) = serde_json::from_slice::<BTreeMap<String, String>>(&files) else { return 1 };
    let with = |library: Library, (path, text): (&String, &String)| library.with_file(path, text);
    LIBRARY.get_or_init(|| files.iter().fold(Library::empty(SHIPPED), with));
    0
}

/// Does what a request asks for. The host hears the answer.
///
/// # Safety
///
/// `reserve` returned both places for these lengths, and nobody has taken them back.
#[unsafe(no_mangle)]
unsafe extern "C" fn ask(route: *mut u8, route_length: usize, body: *mut u8, body_length: usize) {
    // SAFETY: as asked of the caller.
    let (route, body) = unsafe { (taken(route, route_length), taken(body, body_length)) };
    let library = LIBRARY.get_or_init(|| Library::empty(SHIPPED));
    door::answer(&String::from_utf8_lossy(&route), &body, library, &Host);
}
