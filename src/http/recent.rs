//! What each person was shown last, so that the next time brings something else. Losing it costs nothing.

use std::{
    hash::{BuildHasher, RandomState},
    time::{Duration, Instant},
};

use dashmap::DashMap;

/// A bounded note of the phrase that each person saw last for each topic.
pub struct Recent {
    seen: DashMap<u64, Seen, foldhash::fast::FixedState>,
    /// Seeded by chance, against hash flooding.
    hasher: RandomState,
}

#[derive(Clone, Copy)]
struct Seen {
    place: usize,
    at: Instant,
}

impl Recent {
    /// The most notes that are kept, a few megabytes; further ones are dropped until old ones have gone.
    pub const MOST: usize = 65_536;
    /// How long a note is worth keeping: a phrase from an hour ago may come again.
    const AGE: Duration = Duration::from_hours(1);

    /// No notes.
    #[must_use]
    pub fn new() -> Self {
        Self { seen: DashMap::with_hasher(foldhash::fast::FixedState::default()), hasher: RandomState::new() }
    }

    /// The key of a person at a topic.
    pub fn key(&self, person: impl std::hash::Hash, command: &str, topic: &str) -> u64 {
        self.hasher.hash_one((person, command, topic))
    }

    /// Notes what is to be shown, and tells whether it is what was shown last.
    pub fn again(&self, key: u64, place: usize, now: Instant) -> bool {
        let seen = Seen { place, at: now };
        if let Some(mut known) = self.seen.get_mut(&key) {
            let last = std::mem::replace(&mut *known, seen);
            return last.place == place && now.duration_since(last.at) < Self::AGE;
        }
        if self.seen.len() < Self::MOST {
            self.seen.insert(key, seen);
        }
        false
    }

    /// Forgets what is too old.
    pub fn clean(&self, now: Instant) {
        self.seen.retain(|_, seen| now.duration_since(seen.at) < Self::AGE);
        self.seen.shrink_to_fit();
    }
}

impl Default for Recent {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_phrase_is_known_until_it_is_old() {
        let (recent, now) = (Recent::new(), Instant::now());
        let key = recent.key("pat", "recover", "billing");
        assert!(!recent.again(key, 3, now));
        assert!(recent.again(key, 3, now));
        assert!(!recent.again(recent.key("pat", "recover", "delay"), 3, now));
        assert!(!recent.again(key, 4, now));
        assert!(!recent.again(key, 3, now));
        assert!(!recent.again(key, 3, now + Recent::AGE));
        recent.clean(now + 2 * Recent::AGE);
        assert_eq!(recent.seen.len(), 0);
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let (recent, now) = (Recent::new(), Instant::now());
        for person in 0..Recent::MOST + 1000 {
            recent.again(recent.key(person, "recover", "billing"), 0, now);
        }
        assert_eq!(recent.seen.len(), Recent::MOST);
    }
}
