//! Saywell answers slash commands in team chat with the right words for a hard customer moment.
//!
//! ```text
//! main    → cli
//! cli     → connect server shelf config chat checks mcp view say
//! connect → http chat say
//! server  → http shelf config chat
//! http    → shelf chat mcp view say rate json bytes
//! shelf   → config chat say
//! config  → chat checks rate
//! chat    → checks say json bytes
//! mcp     → view say
//! view    → say
//! say     → bytes
//! checks  → —
//! rate    → —
//! json    → bytes
//! bytes   → —
//! ```
//!
//! A line says what a part uses. Arrows lead down the picture, never up; a test holds it against the source.
//!
//! Invariants, each of which keeps a whole class of faults out:
//!
//! * `say` knows no HTTP, no platform, no files, no clock and no dice. Text comes in as values, a seed is passed in, so
//!   [`say::answer::answer`] always answers.
//! * `chat` imports `say`; of the web framework it names the header map, nothing else. No platform imports another.
//! * Only `http` has status codes. Only `config` reads settings, only `shelf` reads the book's files.
//! * Between requests the service keeps nothing that may not be lost: rate-limit counters, what was shown last.

pub mod chat;
pub mod checks;
pub mod cli;
pub mod config;
mod connect;
pub mod http;
pub mod mcp;
pub mod rate;
pub mod say;
mod server;
pub mod shelf;
mod view;

pub use saywell_hot::{bytes, json};
