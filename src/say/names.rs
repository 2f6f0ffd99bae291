//! Whether words that follow a topic are somebody's name or go on describing what happened.
//!
//! `/recover billing Dr Matt` names a person, `/recover lost package` describes a thing. Words are a name only if they
//! look like one: in quotes, after *for*, with a title, with capitals, or no words of the language at all. A single given
//! name right after a topic's own id is one even where it is a word too: `/recover billing rose`.

use std::{ops::Range, sync::LazyLock};

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

/// Words that stand before a name: *for Ana*, *hi Ana*.
const BEFORE: [&str; 10] = ["for", "to", "with", "from", "hi", "hello", "hey", "dear", "tell", "ask"];

/// What one does, before these: *congrats to Ana*, *a note for Ana*.
const DONE: [&str; 16] = [
    "a",
    "my",
    "congrats",
    "congratulations",
    "thanks",
    "thank",
    "sorry",
    "message",
    "note",
    "letter",
    "card",
    "reply",
    "call",
    "email",
    "write",
    "speak",
];

/// What is said after a name and is no part of it.
const AFTER: [&str; 8] = ["please", "pls", "plz", "thanks", "thx", "asap", "today", "now"];

/// Who may come along: *Nora and family*.
const COMPANY: [&str; 8] = ["family", "wife", "husband", "kids", "children", "team", "sons", "partner"];

/// Words that are part of a name where one follows, and words of their own elsewhere: *coach Carter*, *big Mike*.
const CALLED: [&str; 19] = [
    "big",
    "coach",
    "tita",
    "tito",
    "judge",
    "rabbi",
    "pastor",
    "father",
    "chef",
    "captain",
    "uncle",
    "aunt",
    "auntie",
    "officer",
    "nurse",
    "principal",
    "senator",
    "colonel",
    "the",
];

/// With these a name may begin: *de Souza*, *van der Berg*.
const PARTICLES: [&str; 12] = ["de", "da", "dos", "del", "di", "du", "la", "le", "el", "al", "von", "bin"];

/// Small words within a name: *Ana de la Cruz*, *Joe and Ana*.
const WITHIN: [&str; 18] =
    ["de", "da", "do", "dos", "del", "der", "den", "di", "du", "la", "le", "al", "el", "bin", "van", "von", "and", "y"];

/// Words about somebody that nobody is called by: *little Mateo* is *Mateo*.
const ABOUT: [&str; 4] = ["little", "old", "young", "poor"];

/// Titles that are words as well.
const TITLES_AND_WORDS: [&str; 5] = ["miss", "doctor", "sir", "professor", "madam"];

const TITLES: [&str; 14] =
    ["dr", "mr", "mrs", "ms", "mx", "prof", "rev", "herr", "frau", "señor", "señora", "mme", "monsieur", "madame"];

/// Given names, of many places; some are words as well.
static GIVEN: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("english/given-names.txt").split_whitespace().collect());

/// Family names of many places that are no words.
static SURNAMES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("english/surnames.txt").split_whitespace().collect());

/// Whether the words are a name. `is_known` tells whether the book or its search knows a word.
pub(super) fn is_name(words: &[Word<'_>], context: Context, is_known: impl Fn(&str) -> bool) -> bool {
    let plain: Vec<&str> = words.iter().map(|word| word.word).collect();
    let (at, led) = named(&plain);
    let is_quoted = words.get(at.start).is_some_and(|word| word.quoted);
    let words = without_company(plain.get(at).unwrap_or_default());
    if words.is_empty() || words.len() > LONGEST {
        return false;
    }
    if is_quoted {
        return true;
    }
    // A word that only some question of the book holds may be somebody's name in it; after a given name it is one.
    let follows_given = words.first().is_some_and(|first| is_given(&lower(first)));
    let is_word = |word: &str| is_common_word(word) || !follows_given && !is_surname(word) && is_known(word);
    let kinds: Vec<Kind> = words.iter().map(|word| Kind::of(word, context, is_word)).collect();
    match kinds.as_slice() {
        [Kind::Title, .., last] => *last != Kind::Small,
        [Kind::TitleOrWord, rest @ ..] if !rest.is_empty() => rest.iter().all(|kind| kind.may_be_capital()),
        [Kind::Given, Kind::Small] | [Kind::Given | Kind::Stranger { .. }] => true,
        [_, _, ..] if begins_a_name(words, &kinds) => true,
        [Kind::GivenWord] => context.called || led,
        [Kind::Word { capital }] => *capital && !is_known(words.first().copied().unwrap_or_default()),
        [first, .., last] => {
            let spoilt = kinds.iter().any(|kind| matches!(kind, Kind::Word { capital: false } | Kind::TitleOrWord));
            let capitals = kinds.iter().all(|kind| kind.may_be_capital());
            *first != Kind::Small && *last != Kind::Small && !spoilt && tells_a_name(words, &kinds)
                || first.is_given() && last.may_be_surname(words.len())
                || capitals && !words.iter().any(|word| is_known(word) && !is_given(&lower(word)))
        }
        _ => false,
    }
}

/// Whether one of several words is surely part of a name, so that its neighbours are as well.
fn tells_a_name(words: &[&str], kinds: &[Kind]) -> bool {
    words.iter().zip(kinds).any(|(word, kind)| match kind {
        Kind::Title | Kind::Given => true,
        Kind::Stranger { capital } => *capital || is_surname(&lower(word)),
        _ => false,
    })
}

/// *Nora & family* without the family.
fn without_company<'w, 'a>(words: &'w [&'a str]) -> &'w [&'a str] {
    match words {
        [who @ .., "and" | "&" | "+", last] if !who.is_empty() && COMPANY.contains(&&*lower(last)) => who,
        _ => words,
    }
}

/// Whether the first word is one that a name may begin with, and nothing but a name follows: *big Mike*, *de Souza*,
/// *van der Berg*, *the Okonkwo family*.
fn begins_a_name(words: &[&str], kinds: &[Kind]) -> bool {
    let at = |place: usize| words.get(place).map(|word| lower(word)).unwrap_or_default();
    let (first, last) = (at(0), at(words.len() - 1));
    let is_family = first == "the" && last == "family" && words.len() == 3;
    let rest = kinds.get(1..kinds.len() - usize::from(is_family)).unwrap_or_default();
    let is_capital = |kind: &Kind| matches!(kind, Kind::Stranger { capital: true }) || kind.is_given();
    let is_surname = is_surname(&last) || last.strip_suffix('s').is_some_and(is_surname);
    let is_name = rest.last().is_some_and(|last| match first.as_str() {
        "the" => is_family || is_surname || is_capital(last),
        "van" => is_surname || is_capital(last) || matches!(at(1).as_str(), "der" | "den" | "de"),
        _ => true,
    });
    let begins = CALLED.contains(&&*first) || PARTICLES.contains(&&*first) || first == "van";
    let follows = rest.iter().all(|kind| matches!(kind, Kind::Small | Kind::Stranger { .. }) || kind.is_given());
    begins && is_name && follows && rest.last() != Some(&Kind::Small)
}

/// Where a name may stand in the words, and whether something led to it: *congrats to Becky*, *hi little Mateo please*.
fn named(words: &[&str]) -> (Range<usize>, bool) {
    let is = |at: usize, those: &[&str]| words.get(at).is_some_and(|word| those.contains(&&*lower(word)));
    let mut end = words.len();
    while end > 1 && is(end - 1, &AFTER) {
        end -= 1;
    }
    let done = (0..end).take_while(|at| is(*at, &DONE)).count();
    let start = done + (done..end).take(2).take_while(|at| is(*at, &BEFORE)).count();
    let start = if start > done && start < end { start } else { 0 };
    let about = usize::from(end > start + 1 && is(start, &ABOUT));
    (start + about..end, start > 0)
}

/// The words without what led to the name and what follows it.
pub(super) fn name_in(words: &str) -> String {
    let words: Vec<&str> = words.split(' ').collect();
    words.get(named(&words).0).unwrap_or_default().join(" ")
}

/// A name as it is written: one that was typed without any capital gets them.
pub(super) fn written(name: &str) -> String {
    if name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        match letters.next() {
            Some(first)
                if !WITHIN.contains(&word) && !COMPANY.contains(&word) && !word.contains(['@', ':', '/', '.']) =>
            {
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
    /// A title that is a word too: *miss*.
    TitleOrWord,
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
        } else if TITLES_AND_WORDS.contains(&&*lower) {
            Self::TitleOrWord
        } else if matches!(word, "&" | "+")
            || WITHIN.contains(&&*lower)
            || letters == 1 && (capital || word.ends_with('.'))
        {
            Self::Small
        } else if is_given(&lower) {
            if is_common_word(&lower) || is_function_word(&lower) { Self::GivenWord } else { Self::Given }
        } else if letters == 0 || letters == 1 || is_word(&lower) || is_function_word(&lower) || looks_english(&lower) {
            Self::Word { capital }
        } else {
            Self::Stranger { capital }
        }
    }

    fn is_given(self) -> bool {
        matches!(self, Self::Given | Self::GivenWord)
    }

    fn may_be_capital(self) -> bool {
        matches!(self, Self::Word { capital: true } | Self::Stranger { capital: true } | Self::Small) || self.is_given()
    }

    /// *Ana Black* is a name, *Ana is angry* is none.
    fn may_be_surname(self, words: usize) -> bool {
        matches!(self, Self::Word { capital: true } | Self::Stranger { .. }) && words <= 3
    }
}

fn is_surname(lower: &str) -> bool {
    SURNAMES.contains(lower)
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
