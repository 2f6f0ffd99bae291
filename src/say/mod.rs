//! The core: questions, phrases, answers.
//!
//! It knows no HTTP, no platform, no files, no clock and no dice: text comes in as values, a seed is passed in, and
//! `answer` always answers.
//!
//! ```text
//! answer  → ask book words check careful model phrase
//! ask     → book careful names english model phrase
//! book    → check careful find pattern model phrase
//! words   → check careful model phrase
//! check   → careful pattern model
//! careful → —
//! pattern → find
//! find    → english model
//! names   → english
//! english → —
//! model   → phrase
//! phrase  → —
//! ```
//!
//! A line says what a part uses; arrows lead down, never up, and a test holds the picture against the source.

pub mod answer;
pub mod ask;
pub mod book;
pub mod careful;
pub mod check;
mod english;
pub mod find;
mod model;
mod names;
mod pattern;
pub mod phrase;
pub(crate) mod words;
