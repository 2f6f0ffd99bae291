//! Runs of words, known by a hash of their letters end to end.

/// The hash of some letters. Two runs make one without a look at their letters, so that all the runs of a text cost no
/// more than its words, and `follow-up` and `followup` are the same run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    hash: u64,
    /// What a hash is multiplied by when these letters come after it.
    shift: u64,
}

impl Run {
    pub(super) const EMPTY: Self = Self { hash: 0, shift: 1 };
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

    pub(super) fn of(letters: &str) -> Self {
        letters.chars().fold(Self::EMPTY, |run, letter| run.then(Self::of_letter(letter)))
    }

    pub(super) fn of_letter(letter: char) -> Self {
        Self { hash: u64::from(letter), shift: Self::BASE }
    }

    /// Something that no letters stand for.
    pub(super) const fn mark(number: u32) -> Self {
        Self { hash: (1 << 40) + number as u64, shift: Self::BASE }
    }

    #[must_use]
    pub(super) fn then(self, next: Self) -> Self {
        Self {
            hash: self.hash.wrapping_mul(next.shift).wrapping_add(next.hash),
            shift: self.shift.wrapping_mul(next.shift),
        }
    }

    pub(super) fn key(self) -> u64 {
        self.hash
    }

    /// The upper half, where every letter has left its mark.
    pub(super) fn half(self) -> u32 {
        (self.hash >> 32) as u32
    }

    /// Half a key, which is enough to tell words apart: of a single letter the lower half says all, of a long word both say
    /// the same.
    pub(super) fn short(self) -> u32 {
        ((self.hash ^ self.hash << 32) >> 32) as u32
    }
}
