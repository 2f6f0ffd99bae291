//! Patterns of words: `{family} ... died|dies`.
//!
//! ```text
//! pattern = place { " " place }
//! place   = "..." | word { "|" word } [ "?" ]     ... stands for up to four words, ? for what may be missing
//! word    = letters [ "*" ] | "{" part "}"        * for any ending; a part is a list of words by name
//! ```

use std::{ops::RangeInclusive, sync::Arc};

/// As many words may stand where a pattern has `...`.
const GAP: usize = 4;

/// No pattern has more places, so that looking for it always ends soon.
const LONGEST: usize = 10;

/// No pattern has more places that may be of several lengths.
const MOST_LOOSE: usize = 3;

/// No beginning of a word is shorter: shorter ones would begin half the language.
pub(super) const SHORTEST_BEGINNING: usize = 3;

/// Words in an order.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::say) struct Pattern {
    places: Box<[Place]>,
    /// The place of the rarest words that must be there, and how many words may stand before them.
    rarest: usize,
    before: RangeInclusive<usize>,
}

#[derive(Debug, PartialEq, Eq)]
enum Place {
    Gap,
    /// The words of a part are the same list in every pattern.
    Words {
        any: Box<[List]>,
        optional: bool,
    },
}

/// Words of which any will do, or what is wrong with one of them.
pub(in crate::say) type PartResult = Result<List, (String, String)>;

/// Words of which any will do.
pub(in crate::say) type List = Arc<[Word]>;

/// A word, or how it begins.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::say) struct Word {
    pub(super) text: Box<str>,
    /// Whether it may go on.
    pub(super) begins: bool,
}

/// Reads the words of a part.
///
/// # Errors
/// What is wrong with the first that is none.
pub(in crate::say) fn part(words: &[String]) -> PartResult {
    words.iter().map(|word| Word::read(word)).collect()
}

impl Word {
    fn fits(&self, word: &str) -> bool {
        if self.begins { word.starts_with(&*self.text) } else { *self.text == *word }
    }
}

impl Pattern {
    /// Reads a pattern; `part` gives the words of a part.
    ///
    /// # Errors
    /// What is wrong, and what would be right.
    pub(in crate::say) fn read<'p>(
        text: &str,
        part: impl Fn(&str) -> Option<&'p PartResult>,
    ) -> Result<Self, (String, String)> {
        let places = text.split(' ').map(|place| Place::read(place, &part)).collect::<Result<Box<[_]>, _>>()?;
        let is_fixed = |place: Option<&Place>| matches!(place, Some(Place::Words { optional: false, .. }));
        let loose = places.iter().filter(|place| !is_fixed(Some(place))).count();
        let fault = |what: &str, hint: &str| Err((what.to_owned(), hint.to_owned()));
        if !is_fixed(places.first()) || !is_fixed(places.last()) {
            return fault("the pattern has an open end", "begin and end it with a word that must be there");
        }
        if places.len() > LONGEST || loose > MOST_LOOSE {
            let hint = format!("at most {LONGEST} places, of which {MOST_LOOSE} have a ? or are ...: make two of it");
            return fault("the pattern is too long", &hint);
        }
        let must = places.iter().enumerate().filter(|(_, place)| is_fixed(Some(place)));
        let rarest = must.min_by_key(|(_, place)| place.breadth()).map_or(0, |(at, _)| at);
        let before = places.get(..rarest).unwrap_or_default();
        let before = before.iter().filter(|place| is_fixed(Some(place))).count()..=before.iter().map(Place::most).sum();
        Ok(Self { places, rarest, before })
    }

    /// Where the pattern ends if it begins at this word and none of its words is masked; those beyond the marks are not.
    pub(super) fn find(&self, words: &[&str], masked: &[bool], at: usize) -> Option<usize> {
        find(&self.places, words, masked, at)
    }

    /// The words, or beginnings of words, of which it has one that is rarer than its others.
    pub(super) fn rarest_words(&self) -> impl Iterator<Item = &Word> {
        let words = self.places.get(self.rarest).map(|place| match place {
            Place::Words { any, .. } => &**any,
            Place::Gap => &[],
        });
        words.into_iter().flatten().flat_map(|words| words.iter())
    }

    /// Where it may begin if one of those words stands at a place.
    pub(super) fn starts(&self, at: usize) -> RangeInclusive<usize> {
        match at.checked_sub(*self.before.start()) {
            Some(last) => at.saturating_sub(*self.before.end())..=last,
            #[expect(clippy::reversed_empty_ranges, reason = "it begins nowhere")]
            None => 1..=0,
        }
    }
}

fn find(places: &[Place], words: &[&str], masked: &[bool], at: usize) -> Option<usize> {
    let Some((first, rest)) = places.split_first() else { return Some(at) };
    match first {
        Place::Gap => (0..=GAP)
            .take_while(|skipped| words.get(at..at + skipped).is_some_and(|words| !words.contains(&"")))
            .find_map(|skipped| find(rest, words, masked, at + skipped)),
        Place::Words { any, optional } => {
            let free = !masked.get(at).is_some_and(|masked| *masked);
            let fits = free
                && words.get(at).is_some_and(|word| any.iter().any(|words| words.iter().any(|one| one.fits(word))));
            let taken = if fits { find(rest, words, masked, at + 1) } else { None };
            taken.or_else(|| if *optional { find(rest, words, masked, at) } else { None })
        }
    }
}

impl Place {
    /// As many words as it may take.
    fn most(&self) -> usize {
        match self {
            Self::Gap => GAP,
            Self::Words { .. } => 1,
        }
    }

    /// About how often its words are met: short words most.
    fn breadth(&self) -> usize {
        let often = |word: &Word| match word.text.len() {
            _ if word.begins => 5,
            0..=2 => 200,
            3 => 60,
            4 => 20,
            _ => 3,
        };
        match self {
            Self::Gap => usize::MAX,
            Self::Words { any, .. } => any.iter().flat_map(|words| words.iter()).map(often).sum(),
        }
    }

    fn read<'p>(text: &str, part: impl Fn(&str) -> Option<&'p PartResult>) -> Result<Self, (String, String)> {
        if text == "..." {
            return Ok(Self::Gap);
        }
        let (words, optional) = text.strip_suffix('?').map_or((text, false), |words| (words, true));
        let mut any: Vec<List> = Vec::new();
        let mut own = Vec::new();
        for word in words.split('|') {
            match word.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => {
                    let listed = part(name).ok_or_else(|| {
                        (format!("there is no part `{name}`"), "add it under [part], or correct its name".to_owned())
                    })?;
                    any.push(listed.clone()?);
                }
                None => own.push(Word::read(word)?),
            }
        }
        if !own.is_empty() {
            any.push(own.into());
        }
        Ok(Self::Words { any: any.into(), optional })
    }
}

impl Word {
    fn read(text: &str) -> Result<Self, (String, String)> {
        let (word, begins) = text.strip_suffix('*').map_or((text, false), |word| (word, true));
        let plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase());
        if !plain {
            let hint = "lower-case letters and digits, no apostrophes, single spaces: `hes dead`, `lawyer*`, `a|the`";
            return Err((format!("`{text}` is not a word"), hint.to_owned()));
        }
        if begins && word.chars().count() < SHORTEST_BEGINNING {
            let hint = format!("{SHORTEST_BEGINNING} letters at least before a *");
            return Err((format!("`{text}` begins too many words"), hint));
        }
        Ok(Self { text: word.into(), begins })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: bool) {
        let family = ["wife".to_owned(), "son".to_owned()];
        let family = part(&family);
        let part = |name: &str| (name == "family").then_some(&family);
        let pattern = Pattern::read(pattern, part).unwrap();
        let words: Vec<&str> = text.split(' ').collect();
        let found = pattern.find(&words, &vec![false; words.len()], 0).is_some();
        assert_eq!(found, expected, "{pattern:?} {text}");
    }

    #[test]
    fn a_pattern_is_words_with_choices_endings_gaps_and_parts() {
        for (pattern, text, expected) in [
            ("passed away", "passed away", true),
            ("passed away", "passed", false),
            ("lawyer*", "lawyers", true),
            ("lawyer", "lawyers", false),
            ("he|she died", "she died", true),
            ("{family} died", "son died", true),
            ("{family}|friend died", "friend died", true),
            ("{family} died", "friend died", false),
            ("wife ... died", "wife died", true),
            ("wife ... died", "wife of many long years died", true),
            ("wife ... died", "wife of so many long years died", false),
            ("hurt his|her? back", "hurt back", true),
            ("hurt his|her? back", "hurt her back", true),
        ] {
            check(pattern, text, expected);
        }
    }

    #[test]
    fn a_pattern_that_cannot_be_read_says_what_would_be_right() {
        for (pattern, expected) in [
            ("", "`` is not a word"),
            ("Died", "`Died` is not a word"),
            ("he's dead", "`he's` is not a word"),
            ("di*", "`di*` begins too many words"),
            ("... died", "the pattern has an open end"),
            ("died the?", "the pattern has an open end"),
            ("{nobody} died", "there is no part `nobody`"),
            ("a b c d e f g h i j k", "the pattern is too long"),
            ("a b? c? d? ... e", "the pattern is too long"),
        ] {
            let (what, hint) = Pattern::read(pattern, |_| None).unwrap_err();
            assert_eq!(what, expected);
            assert!(!hint.is_empty());
        }
    }
}
