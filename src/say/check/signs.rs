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
    // A bit a sign: so each is counted once, and they come in order.
    let mut seen = [0_u64; SIGNS / 64];
    let mut see = |hash: &Hash| {
        let sign = usize::from(hash.sign());
        if let Some(bits) = seen.get_mut(sign / 64) {
            *bits |= 1 << (sign % 64);
        }
    };
    for start in 0..words.len() {
        let mut hash = Hash::new();
        for word in words.iter().skip(start).take(WORDS) {
            hash.add_all(word.as_bytes());
            hash.add(b' ');
            see(&hash);
        }
    }
    let mut letters = Vec::new();
    for word in words {
        letters.clear();
        letters.push(b' ');
        letters.extend_from_slice(word.as_bytes());
        letters.push(b' ');
        for start in 0..letters.len() {
            let mut hash = Hash::new();
            // What are letters of one word are no words side by side.
            hash.add(b'#');
            for (letter, count) in letters.iter().skip(start).take(LETTERS.1).zip(1..) {
                hash.add(*letter);
                if count >= LETTERS.0 {
                    see(&hash);
                }
            }
        }
    }
    let mut signs = Vec::with_capacity(256);
    for (bits, first) in seen.iter().zip((0..).step_by(64)) {
        let mut bits = *bits;
        while bits != 0 {
            signs.push(first + u16::try_from(bits.trailing_zeros()).unwrap_or_default());
            bits &= bits - 1;
        }
    }
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

    fn add_all(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.add(*byte);
        }
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
