//! Kinds of words: `patient`, `guest` and `tenant` are somebody whom one serves, `parcel` and `van` are of a delivery.
//!
//! A kind stands beside the word, never in its place: what is learned from `the parcel never came` is of use for `the
//! sofa never came`, and `parcel` goes on counting for itself.

use super::{super::english::Stems, run::Run};

/// A kind's number.
pub(super) type Number = u16;

/// The kinds of words and of expressions, by their runs' short keys: sorted.
#[derive(Debug, Default)]
pub(super) struct Kinds(Box<[u64]>);

/// What stands for the first word of an expression, instead of a kind.
const BEGINS: Number = Number::MAX;
/// The kind of numbers, which have no word of their own.
const NUMBERS: Number = 0;

impl Kinds {
    /// How many kinds a word may be of.
    pub(super) const MOST: usize = 4;

    /// Reads the words of each kind; words that belong together are joined by dashes.
    pub(super) fn of<'k>(stems: &Stems, kinds: impl Iterator<Item = &'k str>) -> Self {
        let mut entries = Vec::new();
        for (words, kind) in kinds.zip(NUMBERS + 1..BEGINS) {
            for expression in words.split_whitespace() {
                let mut parts = expression.split('-').map(|word| Run::of(&stems.of(word)));
                let Some(first) = parts.next() else { continue };
                let run = parts.fold(first, Run::then);
                entries.push(entry(run, kind));
                if expression.contains('-') {
                    entries.push(entry(first, BEGINS));
                }
            }
        }
        entries.sort_unstable();
        entries.dedup();
        Self(entries.into())
    }

    /// The kinds of a run of words.
    pub(super) fn of_run(&self, run: Run) -> impl Iterator<Item = Number> {
        let short = u64::from(run.short());
        let from = self.0.partition_point(|entry| entry >> 32 < short);
        let same = self.0.iter().skip(from).take_while(move |entry| *entry >> 32 == short);
        same.map(|entry| (*entry & 0xffff) as Number).filter(|kind| *kind != BEGINS)
    }

    /// The kinds of one word.
    pub(super) fn of_word(&self, run: Run, is_number: bool) -> [Option<Number>; Self::MOST] {
        let mut all = self.of_run(run).chain(is_number.then_some(NUMBERS));
        std::array::from_fn(|_| all.next())
    }

    /// Whether some expression begins with this word.
    pub(super) fn begins(&self, run: Run) -> bool {
        self.0.binary_search(&entry(run, BEGINS)).is_ok()
    }
}

fn entry(run: Run, kind: Number) -> u64 {
    u64::from(run.short()) << 32 | u64::from(kind)
}
