//! Everything that is proved through the front door, a module a surface.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are not test functions"
)]

mod ask;
mod book;
mod broken;
mod harness;
