//! Learns from labelled letters what a sentence's signs weigh: used by `build.rs`, never by the service.
//!
//! `letters.txt` has a sentence a line and an empty line between letters; a sentence that a person objects to begins with
//! the kinds of what is wrong in brackets, `[blame] You should have read it.` What the phrasebook offers for saying is
//! harmless too. What is learned is a logistic regression by stochastic gradient descent: the same weights from the same
//! letters, on every machine.

use super::signs::{SIGNS, share, signs, weigh};

/// How often each sentence is looked at. More would learn these letters by heart.
const ROUNDS: u16 = 8;
/// How far a weight moves for a sentence judged wrongly, in the first round.
const STEP: f32 = 2.0;

struct Sentence {
    signs: Vec<u16>,
    /// 1 where a person objects to it, else 0.
    is_bad: f32,
    /// How much it counts.
    counts: f32,
}

/// How much what a rule must flag counts beside a sentence of a letter: nothing around it is to spare it.
const MUST_FLAG: f32 = 3.0;

/// What signs weigh, a byte each, after the weight of every sentence and the weight that one unit of a byte stands for,
/// both as little-endian `f32`. Learned from labelled letters, from the phrases of a phrasebook as they stand there, and from
/// the examples of the rules, each with whether it is to be flagged.
///
/// # Errors
/// A line of letters that is not what the file should have.
pub(super) fn weights(letters: &str, phrases: &[String], examples: &[(String, bool)]) -> Result<Vec<u8>, String> {
    let mut sentences = Vec::new();
    for (at, line) in letters.lines().enumerate() {
        if !line.is_empty() && !line.starts_with('#') {
            sentences.push(sentence(line).ok_or_else(|| format!("line {}: a bracket is not closed", at + 1))?);
        }
    }
    for said in phrases {
        sentences.extend(filled(said).split_inclusive(['.', '?', '!']).filter_map(|said| sentence(said.trim())));
    }
    for (text, is_bad) in examples {
        let (is_bad, counts) = if *is_bad { (1.0, MUST_FLAG) } else { (0.0, 1.0) };
        sentences.push(Sentence { signs: lower_signs(text), is_bad, counts });
    }
    let (weights, base) = learned(&sentences);
    let largest = weights.iter().fold(0.0, |largest: f32, weight| largest.max(weight.abs()));
    let unit = largest.max(f32::MIN_POSITIVE) / f32::from(i8::MAX);
    let mut bytes = [base.to_le_bytes(), unit.to_le_bytes()].concat();
    #[allow(clippy::cast_possible_truncation, reason = "no weight is larger than the largest")]
    bytes.extend(weights.iter().map(|weight| ((weight / unit).round() as i8).to_le_bytes()[0]));
    Ok(bytes)
}

/// A phrase with what may be left out, and with something in every blank: `[, {{customer}}]`, `your {{item|order}}`.
fn filled(phrase: &str) -> String {
    let mut pieces = phrase.split("{{");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (slot, rest) = piece.split_once("}}").unwrap_or((piece, ""));
        filled.push_str(slot.split_once('|').map_or("it", |(_, otherwise)| otherwise));
        filled.push_str(rest);
    }
    filled.replace(['[', ']'], "")
}

fn sentence(line: &str) -> Option<Sentence> {
    let (is_bad, text) = match line.strip_prefix('[') {
        Some(marked) => (1.0, marked.split_once("] ")?.1),
        None => (0.0, line),
    };
    Some(Sentence { signs: lower_signs(text), is_bad, counts: 1.0 })
}

fn lower_signs(text: &str) -> Vec<u16> {
    signs(&text.to_lowercase().replace('’', "'"))
}

/// What each sign weighs, and what every sentence does before its signs are looked at.
fn learned(sentences: &[Sentence]) -> (Vec<f32>, f32) {
    let mut weights = vec![0.0; SIGNS];
    let mut base = 0.0;
    let mut order: Vec<&Sentence> = sentences.iter().collect();
    let mut chance = Chance(1);
    for round in 0..ROUNDS {
        let step = STEP / (1.0 + 0.5 * f32::from(round));
        chance.shuffle(&mut order);
        for Sentence { signs, is_bad, counts } in &order {
            let sum = base + weigh(signs, |sign| weights.get(usize::from(sign)).copied().unwrap_or_default());
            let error = counts * (is_bad - 1.0 / (1.0 + (-sum).exp()));
            for sign in signs {
                if let Some(weight) = weights.get_mut(usize::from(*sign)) {
                    *weight += step * error * share(signs);
                }
            }
            base += 0.1 * step * error;
        }
    }
    (weights, base)
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        #[allow(clippy::cast_possible_truncation, reason = "33 bits are enough to choose from")]
        let chosen = (self.0 >> 33) as usize;
        chosen % end
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let chosen = self.below(last + 1);
            list.swap(chosen, last);
        }
    }
}
