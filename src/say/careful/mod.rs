//! Grave matters: a death, a threat, a court. Whoever speaks of one is told first who should answer, and is offered
//! nothing else.
//!
//! Which words tell them is data (`phrasebook/en/careful.toml`); this is the engine, and `pattern` is the language in
//! which the words are written.

mod pattern;

use std::collections::HashMap;

pub(in crate::say) use pattern::Pattern;
use pattern::SHORTEST_BEGINNING;

/// The grave matters of a book, gravest first.
#[derive(Debug, Default)]
pub struct Careful {
    matters: Vec<Matter>,
    telling: Patterns,
    /// Words that only sound grave: “dying to see it”.
    harmless: Patterns,
}

/// A grave matter: what is to be known before anything is said.
#[derive(Debug, PartialEq, Eq)]
pub struct Matter {
    /// Unique, kebab-case.
    pub id: Box<str>,
    /// A few words for a heading.
    pub title: Box<str>,
    /// Who should answer, and how.
    pub who: Box<str>,
    /// The few lines that are fit to be said.
    pub lines: Vec<Box<str>>,
    /// The topics that are fit, `command.topic`; known to exist.
    pub topics: Vec<Box<str>>,
}

impl Careful {
    pub(in crate::say) fn new(matters: Vec<(Matter, Vec<Pattern>)>, harmless: Vec<Pattern>) -> Self {
        let mut careful = Self { harmless: Patterns::new(vec![harmless]), ..Self::default() };
        let (matters, telling) = matters.into_iter().unzip();
        careful.matters = matters;
        careful.telling = Patterns::new(telling);
        careful
    }

    /// The gravest matter of which a text speaks.
    #[must_use]
    pub fn matter(&self, text: &str) -> Option<&Matter> {
        if self.matters.is_empty() {
            return None;
        }
        let lower = lower(text);
        let words = words(&lower);
        // Most texts speak of none, which is found out with nothing masked yet.
        self.telling.first(&words, &[])?;
        let mut masked = vec![false; words.len()];
        self.harmless.mask(&words, &mut masked);
        self.matters.get(self.telling.first(&words, &masked)?)
    }
}

/// Patterns of several lists, found by their first word, or by its beginning where it may go on.
#[derive(Debug, Default)]
struct Patterns {
    /// The pattern, and the list that it is of.
    all: Vec<(usize, Pattern)>,
    by_word: HashMap<Box<str>, Vec<u32>, foldhash::fast::FixedState>,
    by_beginning: HashMap<Box<str>, Vec<u32>, foldhash::fast::FixedState>,
}

impl Patterns {
    fn new(lists: Vec<Vec<Pattern>>) -> Self {
        let mut patterns = Self::default();
        for (list, pattern) in
            lists.into_iter().zip(0..).flat_map(|(list, at)| list.into_iter().map(move |one| (at, one)))
        {
            let place = u32::try_from(patterns.all.len()).unwrap_or(u32::MAX);
            for word in pattern.first_words() {
                let places = match beginning(&word.text) {
                    Some(beginning) if word.begins => patterns.by_beginning.entry(beginning.into()).or_default(),
                    _ => patterns.by_word.entry(word.text.clone()).or_default(),
                };
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
            patterns.all.push((list, pattern));
        }
        patterns
    }

    /// The first list of which a pattern is found among the words that are not masked.
    fn first(&self, words: &[&str], masked: &[bool]) -> Option<usize> {
        (0..words.len()).flat_map(|at| self.found(words, masked, at)).map(|(list, _)| list).min()
    }

    /// Masks the words of every pattern that is found.
    fn mask(&self, words: &[&str], masked: &mut [bool]) {
        for at in 0..words.len() {
            for (_, end) in self.found(words, &[], at) {
                masked.get_mut(at..end).unwrap_or_default().fill(true);
            }
        }
    }

    /// What begins at a word: the list of each pattern, and where it ends.
    fn found(&self, words: &[&str], masked: &[bool], at: usize) -> impl Iterator<Item = (usize, usize)> {
        let word = words.get(at).copied().unwrap_or_default();
        let begun = beginning(word).and_then(|beginning| self.by_beginning.get(beginning));
        let places = self.by_word.get(word).into_iter().chain(begun).flatten();
        places.filter_map(move |place| {
            let (list, pattern) = self.all.get(usize::try_from(*place).ok()?)?;
            Some((*list, pattern.find(words, masked, at)?))
        })
    }
}

/// The first letters of a word, as many as a pattern that may go on has at least.
fn beginning(word: &str) -> Option<&str> {
    let (last, letter) = word.char_indices().nth(SHORTEST_BEGINNING - 1)?;
    word.get(..last + letter.len_utf8())
}

/// Lower case, without apostrophes and what can be added after one: “Husband's” is “husband”, “can't” is “cant”.
fn lower(text: &str) -> String {
    let mut lower = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\'' | '’' | '‘' if is_s(rest.as_str()) => rest = rest.as_str().get(1..).unwrap_or_default().chars(),
            '\'' | '’' | '‘' | '\u{ad}' | '\u{200b}'..='\u{200d}' => {}
            _ if c.is_ascii() => lower.push(c.to_ascii_lowercase()),
            _ => lower.extend(c.to_lowercase()),
        }
    }
    lower
}

/// Whether what follows an apostrophe is an s alone.
fn is_s(rest: &str) -> bool {
    rest.strip_prefix(['s', 'S']).is_some_and(|after| !after.starts_with(char::is_alphanumeric))
}

/// The words of a text; an empty one stands where a sentence or a part of it ends, so that no pattern reaches across.
fn words(lower: &str) -> Vec<&str> {
    let mut words = Vec::with_capacity(lower.len() / 4 + 4);
    let mut start = 0;
    // The end of the text ends a sentence too.
    for (at, c) in lower.char_indices().chain([(lower.len(), '\n')]) {
        if c.is_alphanumeric() {
            continue;
        }
        words.extend(lower.get(start..at).filter(|word| !word.is_empty()));
        if matches!(c, '.' | ',' | '!' | '?' | ';' | ':' | '(' | ')' | '\n') {
            words.push("");
        }
        start = at + c.len_utf8();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn careful() -> Careful {
        let read = |texts: &[&str]| {
            texts.iter().filter_map(|text| Pattern::read(text, |_| Some(&[])).ok()).collect::<Vec<_>>()
        };
        let matter = |id: &str| Matter {
            id: id.into(),
            title: id.into(),
            who: id.into(),
            lines: Vec::new(),
            topics: Vec::new(),
        };
        let kinds = vec![
            (matter("threat"), read(&["kill him|her|you"])),
            (matter("death"), read(&["died", "dead", "passed away", "my mother|father ... gone"])),
        ];
        Careful::new(kinds, read(&["phone|battery ... died", "dead end|line|battery"]))
    }

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(careful().matter(text).map(|matter| &*matter.id), expected, "{text}");
    }

    #[test]
    fn a_grave_matter_is_told_by_its_words_in_whatever_dress() {
        for text in ["he died", "HE DIED!", "Passed   away", "my mother is sadly gone", "the customer's dead"] {
            check(text, Some("death"));
        }
    }

    #[test]
    fn words_that_only_sound_grave_are_passed_over_and_the_grave_ones_beside_them_are_not() {
        check("a dead end", None);
        check("my phone just died", None);
        check("my phone died. then my father died", Some("death"));
        check("dead battery, and the driver is dead", Some("death"));
    }

    #[test]
    fn the_gravest_of_several_matters_is_the_one() {
        check("my mother is dead and i will kill you", Some("threat"));
    }

    #[test]
    fn no_pattern_reaches_into_the_next_sentence() {
        check("this is about my mother. the parcel is gone", None);
        check("it passed. away with it", None);
    }
}
