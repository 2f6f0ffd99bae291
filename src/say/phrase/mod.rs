//! The language of phrases: three marks, read once when the book is loaded, filled in one pass.
//!
//! | mark | meaning |
//! |---|---|
//! | `{{customer}}` | a slot; a visible blank `____` until it is filled |
//! | `{{item\|bill}}` | a slot with words to fall back on |
//! | `[ about {{item}}]` | a clause that is there only when every slot in it is filled; clauses do not nest |
//!
//! A backslash before `[`, `]`, `{`, `}`, `|` or `\` makes that character stand for itself.
//! There are no loops, no conditions and no calls, so a phrase can neither run away nor fail once it has been read.
//!
//! `template` is a phrase once it has been read, `read` reads it, `fill` fills it, `sentence` keeps what comes out
//! tidy; `value` is what a person gives for a slot, `clean` text from outside made harmless.

mod clean;
mod fill;
mod read;
mod sentence;
mod template;
mod value;

pub use clean::{acts, clean, cut_graphemes, is_clean};
pub use fill::BLANK;
pub use read::Mistake;
pub(super) use read::is_slot_name;
pub(super) use sentence::untidy;
pub use template::{Piece, Template};
pub(super) use value::emoji_code;
pub use value::{Value, without_codes};

#[cfg(test)]
mod tests;
