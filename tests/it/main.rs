//! The program from outside, one module a surface.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "what helps tests is no test function, and a test may fail loudly"
)]

mod answer;
mod api;
mod arrows;
mod ask;
mod book;
mod broken;
mod careful;
mod check;
mod cli;
mod connect;
mod contract;
mod discord;
mod fuzz;
mod google_chat;
mod harness;
mod install;
#[path = "../fuzz/laws.rs"]
mod laws;
mod mattermost;
mod mcp;
mod ops;
mod page;
mod privacy;
mod running;
mod search;
mod send;
mod slack;
mod strangers;
mod teams;
mod telegram;
