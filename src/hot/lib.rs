//! What a command spends most of its time on: looking at bytes, and writing JSON.
//!
//! The image is made for size but for this, which is made for speed. A generic function is made by whoever calls it, so
//! what is called often has no parameters of type here.

pub mod bytes;
pub mod json;
