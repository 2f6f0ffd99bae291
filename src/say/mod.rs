//! The core: questions, phrases, answers.
//!
//! It knows no HTTP, no platform, no files, no clock and no dice: text comes in as values, a seed is passed in, and
//! `answer` always answers.

pub mod answer;
pub mod ask;
pub mod book;
pub mod careful;
pub mod check;
mod english;
pub mod find;
mod names;
pub(crate) mod pattern;
pub mod phrase;
pub(crate) mod words;
