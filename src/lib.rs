//! Saywell
pub mod chat;
pub mod say;
