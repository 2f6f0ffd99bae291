//! The signs of a sentence: the words in it, those that stand side by side, and the letters within them.
//!
//! `build.rs` learns from them which sentences people object to, and the review looks for the same ones: so this file
//! stands on nothing else.

/// How many signs are told apart; those that share a number share a weight.
pub(super) const SIGNS: usize = 1 << 15;

/// The most words that are one sign.
const WORDS: usize = 3;
/// The fewest and the most letters that are one sign.
const LETTERS: (usize, usize) = (3, 5);

/// The signs of a sentence, each once. Capitals and curly apostrophes are others than plain ones.
#[must_use]
pub(super) fn signs(sentence: &str) -> Vec<u16> {
    let words = words(sentence);
    let mut signs = Vec::with_capacity(words.len() * 16);
    for start in 0..words.len() {
        let mut hash = Hash::new();
        for word in words.iter().skip(start).take(WORDS) {
            word.bytes().chain([b' ']).for_each(|byte| hash.add(byte));
            signs.push(hash.sign());
        }
    }
    for word in words {
        let letters = || [b' '].into_iter().chain(word.bytes()).chain([b' ']);
        for start in 0..word.len() + 2 {
            let mut hash = Hash::new();
            // What are letters of one word are no words side by side.
            hash.add(b'#');
            for (before, letter) in letters().skip(start).take(LETTERS.1).enumerate() {
                hash.add(letter);
                if before + 1 >= LETTERS.0 {
                    signs.push(hash.sign());
                }
            }
        }
    }
    signs.sort_unstable();
    signs.dedup();
    signs
}

/// What a sentence's signs weigh together, where each sign has its weight. Long sentences weigh no more for their length.
#[must_use]
pub(super) fn weigh(signs: &[u16], weight: impl Fn(u16) -> f32) -> f32 {
    let sum: f32 = signs.iter().map(|sign| weight(*sign)).sum();
    sum * share(signs)
}

/// What one of a sentence's signs counts.
#[must_use]
pub(super) fn share(signs: &[u16]) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "a sentence has fewer than 2^24 signs")]
    let count = signs.len().max(1) as f32;
    count.sqrt().recip()
}

/// Words, numbers and the marks that say how a sentence is built, between a mark of its start and one of its end. "Didn't"
/// is two words, every number is the same one.
fn words(sentence: &str) -> Vec<&str> {
    let mut words = vec!["^"];
    for part in sentence.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '\'')) {
        let mark = part.char_indices().next_back().map_or(0, |(at, _)| at);
        let (word, mark) = match part.get(mark..) {
            Some(last) if !last.starts_with(|c: char| c.is_alphanumeric() || c == '\'') => part.split_at(mark),
            _ => (part, ""),
        };
        let word = word.trim_matches('\'');
        if word.contains(|c: char| c.is_ascii_digit()) {
            words.push("0");
        } else if let Some(verb) = word.strip_suffix("n't") {
            words.extend([verb, "not"]);
        } else if let Some(apostrophe) = word.find('\'') {
            let (word, clipped) = word.split_at(apostrophe);
            words.extend([word, clipped]);
        } else if !word.is_empty() {
            words.push(word);
        }
        if matches!(mark, "?" | "!" | "," | ";" | ":") {
            words.push(mark);
        }
    }
    words.push("$");
    words
}

/// FNV-1a, the same on every machine.
struct Hash(u32);

impl Hash {
    fn new() -> Self {
        Self(2_166_136_261)
    }

    fn add(&mut self, byte: u8) {
        self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(16_777_619);
    }

    fn sign(&self) -> u16 {
        #[allow(clippy::cast_possible_truncation, reason = "it is below SIGNS")]
        let sign = ((self.0 ^ (self.0 >> 15)) as usize % SIGNS) as u16;
        sign
    }
}
