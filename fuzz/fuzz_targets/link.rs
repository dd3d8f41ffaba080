//! Reads whatever text comes as a link: it must answer, and a link that is read is written so that
//! it is read the same.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run link -- -max_total_time=120`, from the folder `fuzz`.

#![no_main]

use dsys::stage::share::Link;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(link) = text.parse::<Link>() {
        let known = Link { unknown: Vec::new(), ..link };
        assert_eq!(known.to_string().parse(), Ok(known));
    }
});
