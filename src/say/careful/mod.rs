//! Grave matters: a death, a threat, a court. Whoever surely speaks of one is told first who should answer, and is offered
//! nothing else. Whoever may speak of one is asked: the matter is one of a few choices, and nothing else is taken as meant.
//!
//! Which words tell them is data (`phrasebook/en/careful.toml`); this is the engine, and `pattern` is the language in
//! which the words are written.

mod pattern;

use std::{collections::HashMap, ops::Range};

use pattern::SHORTEST_BEGINNING;
pub(in crate::say) use pattern::{PartResult, Pattern, part};

/// The grave matters of a book, gravest first.
#[derive(Debug, Default)]
pub struct Careful {
    matters: Vec<Matter>,
    /// A list a matter that tells it, and after those of all matters, a list a matter that hints at it.
    speaking: PatternIndex,
    /// Words that only sound grave: “dying to see it”.
    harmless: PatternIndex,
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
    pub(in crate::say) fn new(matters: Vec<(Matter, MatterPatterns)>, harmless: Vec<Pattern>) -> Self {
        let (matters, words): (Vec<_>, Vec<_>) = matters.into_iter().unzip();
        let (telling, hinting): (Vec<_>, Vec<_>) =
            words.into_iter().map(|words| (words.telling, words.hinting)).unzip();
        let speaking = PatternIndex::new(telling.into_iter().chain(hinting).collect());
        Self { matters, speaking, harmless: PatternIndex::new(vec![harmless]) }
    }

    /// The gravest matter of which a text surely speaks.
    #[must_use]
    pub fn matter(&self, text: &str) -> Option<&Matter> {
        // Told matters come before those that are only hinted at, which need not be looked for.
        self.first(text, self.matters.len())?.told()
    }

    /// The gravest matter of which a text speaks; where it surely speaks of none, the gravest of which it may.
    #[must_use]
    pub fn look(&self, text: &str) -> Option<Grave<'_>> {
        self.first(text, usize::MAX)
    }

    /// The first of so many lists that is found: every matter has a list of what tells it, then one of what hints at it.
    fn first(&self, text: &str, lists: usize) -> Option<Grave<'_>> {
        if self.matters.is_empty() {
            return None;
        }
        let lower = lower(text);
        let words = words(&lower);
        // Most texts speak of none, which is found out with nothing masked yet.
        self.speaking.found(&words, &[], lists).next()?;
        let mut masked = vec![false; words.len()];
        self.harmless.mask(&words, &mut masked);
        let first = self.speaking.first(&words, &masked, lists)?;
        match first.checked_sub(self.matters.len()) {
            None => self.matters.get(first).map(Grave::Told),
            Some(hinted) => self.matters.get(hinted).map(Grave::Hinted),
        }
    }

    /// Every matter, gravest first.
    pub fn matters(&self) -> impl Iterator<Item = &Matter> {
        self.matters.iter()
    }

    /// The matter of this id.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<&Matter> {
        self.matters.iter().find(|matter| *matter.id == *id)
    }
}

impl Matter {
    /// Whether this topic, `command.topic`, is fit for it.
    #[must_use]
    pub fn fits(&self, topic: &str) -> bool {
        self.topics.iter().any(|fit| **fit == *topic)
    }
}

/// The patterns of a matter.
#[derive(Debug, Default)]
pub(in crate::say) struct MatterPatterns {
    pub(in crate::say) telling: Vec<Pattern>,
    pub(in crate::say) hinting: Vec<Pattern>,
}

/// What a text says of a grave matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grave<'c> {
    /// It surely speaks of it.
    Told(&'c Matter),
    /// It may: “she is not with us any more” is a death, or a new job.
    Hinted(&'c Matter),
}

impl<'c> Grave<'c> {
    /// The matter, told or hinted at.
    #[must_use]
    pub fn matter(self) -> &'c Matter {
        match self {
            Self::Told(matter) | Self::Hinted(matter) => matter,
        }
    }

    /// The matter, if it is told.
    #[must_use]
    pub fn told(self) -> Option<&'c Matter> {
        match self {
            Self::Told(matter) => Some(matter),
            Self::Hinted(_) => None,
        }
    }

    /// The matter, if it is only hinted at.
    #[must_use]
    pub fn hinted(self) -> Option<&'c Matter> {
        match self {
            Self::Told(_) => None,
            Self::Hinted(matter) => Some(matter),
        }
    }
}

/// Patterns of several lists, found by their rarest word, or by its beginning where it may go on.
#[derive(Debug, Default)]
struct PatternIndex {
    /// The pattern, and the list that it is of.
    all: Vec<(usize, Pattern)>,
    by_word: HashMap<Box<str>, Vec<u32>, foldhash::fast::FixedState>,
    by_beginning: HashMap<Box<str>, Vec<u32>, foldhash::fast::FixedState>,
}

impl PatternIndex {
    fn new(lists: Vec<Vec<Pattern>>) -> Self {
        let mut patterns = Self::default();
        for (list, pattern) in
            lists.into_iter().zip(0..).flat_map(|(list, at)| list.into_iter().map(move |one| (at, one)))
        {
            let place = u32::try_from(patterns.all.len()).unwrap_or(u32::MAX);
            for word in pattern.rarest_words() {
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

    /// The first of so many lists of which a pattern is found among the words that are not masked.
    fn first(&self, words: &[&str], masked: &[bool], lists: usize) -> Option<usize> {
        self.found(words, masked, lists).map(|(list, _)| list).min()
    }

    /// Masks the words of every pattern that is found.
    fn mask(&self, words: &[&str], masked: &mut [bool]) {
        for (_, place) in self.found(words, &[], usize::MAX) {
            masked.get_mut(place).unwrap_or_default().fill(true);
        }
    }

    /// What is found of so many lists: the list of each pattern, and its words.
    fn found(&self, words: &[&str], masked: &[bool], lists: usize) -> impl Iterator<Item = (usize, Range<usize>)> {
        words.iter().enumerate().flat_map(move |(at, word)| {
            let begun = beginning(word).and_then(|beginning| self.by_beginning.get(beginning));
            let patterns = self.by_word.get(*word).into_iter().chain(begun).flatten();
            let patterns = patterns.filter_map(|place| self.all.get(usize::try_from(*place).ok()?));
            patterns.filter(move |(list, _)| *list < lists).flat_map(move |(list, pattern)| {
                let fits = move |start| Some((*list, start..pattern.find(words, masked, start)?));
                pattern.starts(at).filter_map(fits)
            })
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
        let read =
            |texts: &[&str]| texts.iter().filter_map(|text| Pattern::read(text, |_| None).ok()).collect::<Vec<_>>();
        let matter = |id: &str| Matter {
            id: id.into(),
            title: id.into(),
            who: id.into(),
            lines: Vec::new(),
            topics: Vec::new(),
        };
        let words =
            |telling: &[&str], hinting: &[&str]| MatterPatterns { telling: read(telling), hinting: read(hinting) };
        let kinds = vec![
            (matter("threat"), words(&["kill him|her|you"], &["regret it"])),
            (matter("death"), words(&["died", "dead", "passed away", "my mother|father ... gone"], &["lost him|her"])),
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
    fn a_matter_that_may_be_meant_is_hinted_at_and_one_that_is_told_comes_before_it() {
        for (text, expected) in [
            ("we lost her", Some("death")),
            ("we lost her. you will regret it", Some("threat")),
            ("a dead line, and we lost her", Some("death")),
            ("we lost time", None),
        ] {
            let careful = careful();
            assert_eq!(careful.matter(text), None, "{text}");
            let hinted = careful.look(text).and_then(Grave::hinted);
            assert_eq!(hinted.map(|matter| &*matter.id), expected, "{text}");
        }
        check("he died, and you will regret it", Some("death"));
    }

    #[test]
    fn no_pattern_reaches_into_the_next_sentence() {
        check("this is about my mother. the parcel is gone", None);
        check("it passed. away with it", None);
    }
}
