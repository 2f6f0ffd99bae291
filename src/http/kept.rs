//! What takes a while to make of a book, made once and kept for as long as that book is in service: otherwise a client
//! who asks for it often, within any rate limit, would keep the others waiting.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use crate::say::book::Phrasebook;

/// Something made of a book, and the fingerprint of the book.
pub struct Kept<T>(ArcSwapOption<(u64, T)>);

impl<T> Kept<T> {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self(ArcSwapOption::empty())
    }

    /// What is made of this book; it is made where it is not there.
    pub fn of(&self, book: &Phrasebook, make: impl FnOnce(&Phrasebook) -> T) -> Arc<(u64, T)> {
        if let Some(kept) = self.0.load_full().filter(|kept| kept.0 == book.hash) {
            return kept;
        }
        let made = Arc::new((book.hash, make(book)));
        self.0.store(Some(made.clone()));
        made
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self::new()
    }
}
