//! Grave matters: death, serious illness, threats, lawyers, leaked data, discrimination, unsafe products. Words that tell
//! of one come before every other answer, in an ask, in a search and in a draft. The kinds are data
//! (`phrasebook/en/careful.toml`), laid over like everything else.
//!
//! ```text
//! pattern = part { part }
//! part    = word { "|" word } | "..."        any of these words | up to three words of any kind
//! ```
//!
//! Words are compared by their stems, so `die` is *died* and *dying* too. What `unless` names sounds like a grave matter
//! and is none: *dying to see you*. A text is read once, whatever it holds.

use std::ops::Range;

use foldhash::HashMap;

use super::{english::Stems, find::Run};

/// As many words may stand where a pattern has a gap.
const GAP: usize = 3;

/// The kinds of grave matters.
#[derive(Debug, Default)]
pub struct Careful {
    kinds: Vec<Kind>,
    /// Patterns by the stem of their first word: the kind, and the place among its patterns.
    first: HashMap<u64, Vec<(usize, usize)>>,
}

/// A kind of grave matter.
#[derive(Debug)]
pub struct Kind {
    /// Kebab-case.
    pub id: Box<str>,
    /// What it is, in a few words.
    pub title: Box<str>,
    /// Who should answer.
    pub who: Box<str>,
    /// How to answer, and how not to.
    pub note: Box<str>,
    /// The lines that are fit, by their full ids; known to exist.
    pub phrases: Vec<Box<str>>,
    pub(super) patterns: Vec<Pattern>,
}

/// Words that tell of a kind, or that set it aside.
#[derive(Debug)]
pub(super) struct Pattern {
    parts: Box<[Part]>,
    is_excuse: bool,
}

#[derive(Debug)]
enum Part {
    Gap,
    Words(Box<[u64]>),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(text: &str, is_excuse: bool) -> Result<Self, &'static str> {
        let stems = Stems::default();
        let parts = text.split(' ').map(|part| match part {
            "..." => Ok(Part::Gap),
            "" => Err("two spaces, or none at all"),
            words if words.contains("..") => Err("a gap is three dots between spaces"),
            words => Ok(Part::Words(words.split('|').map(|word| key(&stems, word)).collect())),
        });
        let parts: Box<[Part]> = parts.collect::<Result<_, _>>()?;
        if matches!(parts.first(), Some(Part::Gap)) || matches!(parts.last(), Some(Part::Gap)) {
            return Err("a pattern that begins or ends with a gap");
        }
        Ok(Self { parts, is_excuse })
    }

    fn firsts(&self) -> &[u64] {
        match self.parts.first() {
            Some(Part::Words(words)) => words,
            _ => &[],
        }
    }

    /// Where it ends, if it begins with the first of these words.
    fn end(&self, words: &[u64]) -> Option<usize> {
        fn fits(parts: &[Part], words: &[u64]) -> Option<usize> {
            match parts.split_first() {
                None => Some(0),
                Some((Part::Words(any), rest)) => {
                    let (word, after) = words.split_first()?;
                    any.contains(word).then(|| fits(rest, after))?.map(|end| end + 1)
                }
                Some((Part::Gap, rest)) => {
                    (0..=GAP.min(words.len())).find_map(|skipped| Some(fits(rest, words.get(skipped..)?)? + skipped))
                }
            }
        }
        fits(&self.parts, words)
    }
}

impl Careful {
    pub(super) fn of(kinds: Vec<Kind>) -> Self {
        let mut first: HashMap<u64, Vec<(usize, usize)>> = HashMap::default();
        for (kind, place) in kinds.iter().zip(0..) {
            for (pattern, at) in kind.patterns.iter().zip(0..) {
                for word in pattern.firsts() {
                    first.entry(*word).or_default().push((place, at));
                }
            }
        }
        Self { kinds, first }
    }

    /// All kinds, in the order of the file.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The kind of grave matter that a text tells of, the gravest first: the order of the file.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&Kind> {
        let words = words(text);
        let mut told: Vec<(usize, Range<usize>)> = Vec::new();
        let mut excused: Vec<(usize, Range<usize>)> = Vec::new();
        for (word, at) in words.iter().zip(0..) {
            for (kind, place) in self.first.get(word).into_iter().flatten() {
                let Some(pattern) = self.kinds.get(*kind).and_then(|kind| kind.patterns.get(*place)) else { continue };
                if let Some(length) = pattern.end(words.get(at..).unwrap_or_default()) {
                    let list = if pattern.is_excuse { &mut excused } else { &mut told };
                    list.push((*kind, at..at + length));
                }
            }
        }
        let stands = |(kind, place): &&(usize, Range<usize>)| {
            !excused.iter().any(|(other, range)| other == kind && range.start < place.end && place.start < range.end)
        };
        let kind = told.iter().filter(stands).map(|(kind, _)| *kind).min()?;
        self.kinds.get(kind)
    }
}

/// The words of a text, as keys of their stems. An apostrophe belongs to its word: *I'll* is not *ill*.
fn words(text: &str) -> Vec<u64> {
    let stems = Stems::default();
    let text = text.to_lowercase().replace('’', "'");
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    words.map(|word| word.trim_matches('\'')).filter(|word| !word.is_empty()).map(|word| key(&stems, word)).collect()
}

fn key(stems: &Stems, word: &str) -> u64 {
    Run::of(&stems.of(word)).key()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_stems_alternatives_and_gaps_and_are_set_aside_by_what_excuses_them() {
        let kind = Kind {
            id: "death".into(),
            title: "x".into(),
            who: "x".into(),
            note: "x".into(),
            phrases: Vec::new(),
            patterns: [("die", false), ("lost his|her ... mother", false), ("die to", true)]
                .map(|(text, is_excuse)| Pattern::read(text, is_excuse).unwrap())
                .into(),
        };
        let careful = Careful::of(vec![kind]);
        for (text, grave) in [
            ("he died", true),
            ("Dying.", true),
            ("lost her dear old mother", true),
            ("lost her one two three four mother", false),
            ("dying to see it", false),
            ("dying to see it, but she died", true),
            ("diet", false),
        ] {
            assert_eq!(careful.find(text).is_some(), grave, "{text}");
        }
        assert!(Pattern::read("... a", false).is_err() && Pattern::read("a  b", false).is_err());
    }
}
