//! Loads whatever bytes come as a scenario: it must answer, and what it says must be drawable.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run scenario -- -max_total_time=120 -dict=scenario.dict`, from the
//! folder `fuzz`. The first line may hold flags, as in the cases of `tests/bad-input`.

#![no_main]

use dsys::problems::SHIPPED;
use dsys::scenario::{Request, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let flags = text.lines().next().and_then(|line| line.strip_prefix("# flags:")).unwrap_or_default();
    let of = |word: &str| -> Vec<String> {
        flags.split(" --").filter_map(|flag| flag.strip_prefix(word)).map(|flag| flag.trim().to_owned()).collect()
    };
    let (set, force) = (of("set "), of("force "));
    let request = Request { name: "fuzz", origin: "fuzz.toml", text, set: &set, force: &force, seed: None };
    if let Err(invalid) = SHIPPED.load(&request) {
        assert!(invalid.count() > 0 && invalid.to_string().starts_with("error: "));
        assert!(!invalid.styled().is_empty());
    }
});
