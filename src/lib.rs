//! Saywell answers slash commands in team chat with the right words for a hard customer moment.
//!
//! ```text
//! main → cli → config ──→ chat → say         say    the core: questions, phrases, answers
//!          └→ server → http → chat → say     chat   one file a platform: prove, read, write
//!                      http ───────→ say     http   the web: routes, REST, pages, errors, limits
//! ```
//!
//! Invariants, each of which keeps a whole class of faults out:
//!
//! * `say` knows no HTTP, no platform, no files, no clock and no dice. Text comes in as values, a seed is passed in, so
//!   [`say::answer::answer`] always answers.
//! * `chat` imports `say`; of the web framework it names the header map, nothing else. No platform imports another.
//! * `http` imports both. Only `http` has status codes. Only `config` reads settings, only `server` reads the book's files.
//! * Between requests the service keeps nothing that may not be lost: rate-limit counters, what was shown last.

pub mod bytes;
pub mod chat;
pub mod cli;
pub mod config;
pub mod http;
pub mod json;
pub mod say;
pub mod server;
