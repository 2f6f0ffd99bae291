//! Whether words that follow a topic are somebody's name or go on describing what happened.
//!
//! `/recover billing Dr Matt` names a person, `/recover lost package` describes a thing. Words are a name only if they
//! look like one: in quotes, after *for*, with a title, with capitals, or no words of the language at all. A single given
//! name right after a topic's own id is one even where it is a word too: `/recover billing rose`.

use std::sync::LazyLock;

use foldhash::HashSet;

use super::english::{is_common_word, is_function_word};

/// A word that follows a topic.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'w> {
    /// As it was typed.
    pub(super) word: &'w str,
    /// Whether it stood in quotes, or mentions somebody.
    pub(super) quoted: bool,
}

/// What stands before the words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// Everything is in capitals, which then tell nothing.
    pub(super) shouted: bool,
    /// The topic was called by its own id.
    pub(super) called: bool,
}

/// The words of the longest name.
const LONGEST: usize = 5;

/// Words that stand before a name: *for Ana*.
const BEFORE: [&str; 4] = ["for", "to", "with", "from"];

/// Small words within a name: *Ana de la Cruz*, *Joe and Ana*.
const WITHIN: [&str; 18] =
    ["de", "da", "do", "dos", "del", "der", "den", "di", "du", "la", "le", "al", "el", "bin", "van", "von", "and", "y"];

const TITLES: [&str; 19] = [
    "dr",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "prof",
    "professor",
    "doctor",
    "sir",
    "madam",
    "rev",
    "herr",
    "frau",
    "señor",
    "señora",
    "mme",
    "monsieur",
    "madame",
];

/// Given names, of many places; some are words as well.
static GIVEN: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("english/given-names.txt").split_whitespace().collect());

/// Whether the words are a name. `is_known` tells whether the book or its search knows a word.
pub(super) fn is_name(words: &[Word<'_>], context: Context, is_known: impl Fn(&str) -> bool) -> bool {
    let (after_for, words) = match words.split_first() {
        Some((first, rest)) if !first.quoted && !rest.is_empty() && BEFORE.contains(&&*lower(first.word)) => {
            (true, rest)
        }
        _ => (false, words),
    };
    if words.is_empty() || words.len() > LONGEST {
        return false;
    }
    if words.first().is_some_and(|word| word.quoted) {
        return true;
    }
    // A word that only some question of the book holds may be somebody's name in it; after a given name it is one.
    let follows_given = words.first().is_some_and(|first| is_given(&lower(first.word)));
    let is_word = |word: &str| is_common_word(word) || !follows_given && is_known(word);
    let kinds: Vec<Kind> = words.iter().map(|word| Kind::of(word.word, context, is_word)).collect();
    match kinds.as_slice() {
        [Kind::Title, .., last] => *last != Kind::Small,
        [Kind::GivenWord] => context.called || after_for,
        [Kind::Word { capital }] => *capital && !is_known(words.first().map_or("", |word| word.word)),
        [Kind::Given | Kind::Stranger { .. }] => true,
        [first, .., last] => {
            let named = kinds.iter().filter(|kind| kind.tells()).count();
            let spoilt = kinds.iter().any(|kind| matches!(kind, Kind::Word { capital: false }));
            let capitals = kinds.iter().all(|kind| kind.may_be_capital());
            *first != Kind::Small && *last != Kind::Small && named > 0 && !spoilt
                || first.is_given() && last.may_be_surname(words.len())
                || capitals && !words.iter().any(|word| is_known(word.word) && !is_given(&lower(word.word)))
        }
        _ => false,
    }
}

/// The words without the *for* that led to the name.
pub(super) fn without_for(words: &str) -> &str {
    match words.split_once(' ') {
        Some((first, rest)) if BEFORE.contains(&&*lower(first)) => rest,
        _ => words,
    }
}

/// A name as it is written: one that was typed without any capital gets them.
pub(super) fn written(name: &str) -> String {
    if name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if !WITHIN.contains(&word) && !word.contains(['@', ':', '/', '.']) => {
                first.to_uppercase().chain(letters).collect()
            }
            _ => word.to_owned(),
        }
    };
    name.split(' ').map(capital).collect::<Vec<String>>().join(" ")
}

/// What a word may be in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Title,
    /// A given name and nothing else.
    Given,
    /// A given name that is a word too: *rose*, *will*.
    GivenWord,
    /// No word of the language.
    Stranger {
        capital: bool,
    },
    /// A word of the language.
    Word {
        capital: bool,
    },
    /// A small word within a name, or an initial.
    Small,
}

impl Kind {
    fn of(word: &str, context: Context, is_word: impl Fn(&str) -> bool) -> Self {
        let lower = lower(word);
        let capital = !context.shouted && word.starts_with(char::is_uppercase);
        let letters = lower.chars().filter(|c| c.is_alphabetic()).count();
        if TITLES.contains(&&*lower) {
            Self::Title
        } else if WITHIN.contains(&&*lower) || letters == 1 && capital {
            Self::Small
        } else if is_given(&lower) {
            if is_word(&lower) || is_function_word(&lower) { Self::GivenWord } else { Self::Given }
        } else if letters == 0 || letters == 1 || is_word(&lower) || is_function_word(&lower) || looks_english(&lower) {
            Self::Word { capital }
        } else {
            Self::Stranger { capital }
        }
    }

    fn is_given(self) -> bool {
        matches!(self, Self::Given | Self::GivenWord)
    }

    /// Whether it makes its neighbours a name.
    fn tells(self) -> bool {
        matches!(self, Self::Given | Self::Stranger { .. } | Self::Title)
    }

    fn may_be_capital(self) -> bool {
        matches!(self, Self::Word { capital: true } | Self::Stranger { capital: true } | Self::Small) || self.is_given()
    }

    /// *Ana Black* is a name, *Ana is angry* is none.
    fn may_be_surname(self, words: usize) -> bool {
        matches!(self, Self::Word { capital: true } | Self::Stranger { .. }) && words <= 3
    }
}

fn is_given(lower: &str) -> bool {
    GIVEN.contains(lower)
}

/// A word as it is looked up: in lower case, without the points and the possessive at its end.
fn lower(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    word.strip_suffix("'s").or(word.strip_suffix("’s")).map_or(word.clone(), str::to_owned)
}

/// Endings that make a word of the language, whatever stands before them.
fn looks_english(lower: &str) -> bool {
    const ENDINGS: [&str; 22] = [
        "ing", "tion", "sion", "ness", "ment", "able", "ible", "ful", "less", "ously", "ally", "ity", "ance", "ence",
        "ized", "ised", "ated", "ship", "ward", "n't", "'re", "'ll",
    ];
    lower.len() > 5 && ENDINGS.iter().any(|ending| lower.ends_with(ending)) || lower.chars().any(|c| c.is_ascii_digit())
}
