//! A second look at what no rule found: sentences like those that people sent back.
//!
//! It knows no reason, only how much a sentence and those around it are like others that readers objected to
//! (`letters.txt`, learned from in `build.rs`). So it says nothing but “read this again”.

use std::ops::Range;

use super::signs::{SIGNS, signs, weigh};

/// What `build.rs` learned: two numbers of four bytes, then a weight a sign.
const LEARNED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/second_look.weights"));
const HEAD: usize = 8;
const _: () = assert!(LEARNED.len() == HEAD + SIGNS);

/// How much what stands around a sentence counts beside it: who writes one unkind sentence writes others.
const AROUND: f32 = 2.2;
/// Of a short draft little is known: as if so many sentences more stood in it, of this weight.
const MORE: (u16, f32) = (3, -1.6);
/// From this doubt on, and where its own words weigh no less than that, a sentence is one to read again.
const OBJECT: (f32, f32) = (-0.8, -0.2);
/// Below this doubt, and where its own words weigh less than that, a sentence is harmless, whatever is found in it.
const SPARE: (f32, f32) = (-4.0, 0.0);
/// A draft of fewer sentences is no letter: what stands around one tells too little.
const LETTER: usize = 3;
/// From this mean of its sentences on, a draft is unkind as a whole.
const UNKIND: f32 = -1.2;

/// How much each sentence of a draft is like those that people objected to.
pub(super) struct SecondLook {
    doubts: Vec<Doubt>,
    mean: f32,
}

/// What there is against a sentence.
struct Doubt {
    sentence: Range<usize>,
    /// By its own words.
    own: f32,
    /// With what stands around it.
    all: f32,
}

impl SecondLook {
    /// At the sentences of a plain text; greetings and what is signed are none.
    pub(super) fn at(text: &str, sentences: &[Range<usize>]) -> Self {
        let said = |place: &Range<usize>| text.get(place.clone()).filter(|sentence| !is_greeting(sentence));
        let own: Vec<(&Range<usize>, f32)> =
            sentences.iter().filter_map(|place| Some((place, weight(said(place)?)))).collect();
        let count = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
        let (more, weight) = (f32::from(MORE.0), MORE.1);
        let sum = own.iter().map(|(_, own)| own).sum::<f32>() + more * weight;
        let others = count(own.len().saturating_sub(1)) + more;
        let doubt = |(place, own): &(&Range<usize>, f32)| Doubt {
            sentence: (*place).clone(),
            own: *own,
            all: own + AROUND * (sum - own) / others,
        };
        Self { doubts: own.iter().map(doubt).collect(), mean: sum / (count(own.len()) + more) }
    }

    /// The sentences to read again.
    pub(super) fn again(&self) -> impl Iterator<Item = &Range<usize>> {
        let is_doubtful = |doubt: &&Doubt| doubt.all >= OBJECT.0 && doubt.own >= OBJECT.1;
        self.doubts.iter().filter(is_doubtful).map(|doubt| &doubt.sentence)
    }

    /// Whether a place stands in a sentence that is harmless by all its other words, in a draft that is.
    pub(super) fn spares(&self, place: &Range<usize>) -> bool {
        let at = self.doubts.partition_point(|doubt| doubt.sentence.end <= place.start);
        let doubt = self.doubts.get(at).filter(|doubt| doubt.sentence.start <= place.start);
        self.is_letter() && doubt.is_some_and(|doubt| doubt.all < SPARE.0 && doubt.own < SPARE.1)
    }

    /// Whether a draft is unkind as a whole: its *sorry* and its *please* are formulas.
    pub(super) fn is_unkind(&self) -> bool {
        self.mean >= UNKIND
    }

    /// Whether what stands around a sentence tells enough of it.
    pub(super) fn is_letter(&self) -> bool {
        self.doubts.len() >= LETTER
    }
}

/// What the signs of a sentence weigh together.
fn weight(sentence: &str) -> f32 {
    let number = |at: usize| {
        let bytes = LEARNED.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        f32::from_le_bytes(bytes.unwrap_or_default())
    };
    let (base, unit) = (number(0), number(4));
    let weigh_sign = |sign: u16| {
        let byte = LEARNED.get(HEAD + usize::from(sign)).copied().unwrap_or_default();
        f32::from(i8::from_le_bytes([byte]))
    };
    base + unit * weigh(&signs(sentence), weigh_sign)
}

/// Too few words to tell, or a line that ends in no mark of a sentence: “Dear Ms. Park,” and “Ana from the front desk”.
fn is_greeting(line: &str) -> bool {
    let words = line.split_whitespace().count();
    words < 4 || words < 6 && !line.ends_with(['.', '!', '?'])
}
