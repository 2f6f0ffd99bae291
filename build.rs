//! The phrasebook is compiled in: a phrase that changes makes a new program.

fn main() {
    println!("cargo::rerun-if-changed=phrasebook");
}
