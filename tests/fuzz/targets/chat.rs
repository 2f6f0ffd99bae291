#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| saywell_fuzz::chat(bytes));
