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
pub(super) struct FollowingWord<'w> {
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

/// A list of words, looked up as a whole.
fn list(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

/// Words that stand before a name, greetings and goodbyes of many places among them: *for Ana*, *hola Ana*.
static BEFORE: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    list(
        "for to with from tell ask hi hello hey heya hiya howdy dear hola hallo hej bonjour bonsoir salut ciao buongiorno \
         namaste salaam shalom aloha merhaba ola olá gday morning afternoon evening goodnight bye goodbye adios adiós \
         thanks thx ty tysm gracias merci danke grazie obrigado obrigada cheers sorry congrats congratulations welcome",
    )
});

/// Two words of which the same is true: *good morning Ana*.
const TWO_BEFORE: [(&str, &str); 20] = [
    ("hi", "there"),
    ("hello", "there"),
    ("hey", "there"),
    ("good", "morning"),
    ("good", "afternoon"),
    ("good", "evening"),
    ("good", "day"),
    ("good", "night"),
    ("good", "bye"),
    ("good", "luck"),
    ("happy", "birthday"),
    ("happy", "anniversary"),
    ("welcome", "back"),
    ("thank", "you"),
    ("see", "you"),
    ("buenos", "dias"),
    ("buenos", "días"),
    ("buenas", "tardes"),
    ("guten", "tag"),
    ("bom", "dia"),
];

/// What one does, before these: *a note for Ana*.
const DONE: [&str; 11] = ["a", "my", "thank", "message", "note", "letter", "card", "reply", "call", "email", "write"];

/// What is said after a name and is no part of it.
const AFTER: [&str; 12] =
    ["please", "pls", "plz", "thanks", "thx", "ty", "cheers", "asap", "today", "tonight", "tomorrow", "now"];

/// Who may come along: *Nora and family*.
const COMPANY: [&str; 10] =
    ["family", "household", "wife", "husband", "kids", "children", "team", "sons", "partner", "co"];

/// Kin, callings and the like: part of a name where one follows, words of their own elsewhere: *coach Carter*.
static CALLED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    list(
        "big lil the team coach judge pastor deacon elder bishop father mother brother sister chef captain sergeant major \
         colonel general admiral lieutenant corporal private officer constable inspector detective sheriff marshal nurse \
         principal headmaster teacher instructor governor mayor senator congressman councillor ambassador president \
         chairman king queen prince princess lord lady baron baroness count countess uncle aunt auntie aunty granny \
         grandma grandpa gran grandad nana nan papa mama mamma cousin baby tita tito ate kuya lola lolo baba didi bhai \
         bibi oma opa guru imam swami padre rabbi don doc boss",
    )
});

/// With these a name may begin: *de Souza*, *van der Berg*.
const PARTICLES: [&str; 15] =
    ["de", "da", "dos", "del", "dela", "della", "di", "du", "la", "le", "el", "al", "von", "bin", "ibn"];

/// Small words within a name: *Ana de la Cruz*, *Joe and Ana*.
const WITHIN: [&str; 30] = [
    "de", "da", "do", "dos", "del", "dela", "delos", "della", "degli", "der", "den", "di", "du", "la", "le", "al",
    "el", "bin", "bint", "ibn", "van", "von", "zu", "and", "y", "e", "et", "und", "og", "och",
];

/// What stands between the names of two people.
const JOINERS: [&str; 2] = ["&", "+"];

/// Words about somebody that nobody is called by: *little Mateo* is *Mateo*.
const ABOUT: [&str; 4] = ["little", "old", "young", "poor"];

/// Titles that are words as well.
const TITLES_AND_WORDS: [&str; 6] = ["miss", "doctor", "sir", "professor", "madam", "reverend"];

/// Titles of many languages, short and long, and what kin are called that no word of English is.
static TITLES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    list(
        "mr mrs ms mx dr drs dra prof rev revd hon capt sgt lt cpl messrs mstr esq señor señora señorita senor senora \
         senorita srta sra doña monsieur madame mademoiselle mme mlle signor signora signorina sig dottore dottoressa \
         herr frau fräulein fru mevrouw meneer dhr shri smt kumari ustad sheikh sheik haji hajji encik puan \
         bapak ibu sensei monsignor msgr nonna nonno abuela abuelo tía tia tío tio tante ouma oupa \
         babushka dedushka yiayia papou halmoni manang manong bhaiya sahib mzee",
    )
});

/// Given names, of many places; some are words as well.
static GIVEN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| list(include_str!("english/given-names.txt")));

/// Family names of many places; some are words as well.
static SURNAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| list(include_str!("english/surnames.txt")));

/// Whether the words are a name. `is_known` tells whether the book or its search knows a word.
pub(super) fn is_name(words: &[FollowingWord<'_>], context: Context, is_known: impl Fn(&str) -> bool) -> bool {
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
    let kinds: Vec<NamePart> = words.iter().map(|word| NamePart::of(word, context, is_word)).collect();
    match kinds.as_slice() {
        _ if words.len() > 1 && words.iter().all(|word| is_initial(word)) => true,
        [NamePart::Title, .., last]
            if *last != NamePart::Small || words.last().is_some_and(|last| is_initial(last)) =>
        {
            // *Mrs black* is somebody, *Mr Ruiz is angry* goes on.
            let named = kinds.iter().skip_while(|kind| matches!(kind, NamePart::Title | NamePart::Small)).count();
            named <= 1 || !kinds.contains(&NamePart::Word { capital: false })
        }
        [NamePart::Given, NamePart::Word { capital: false }]
            if words.last().is_some_and(|last| last.chars().count() == 1) =>
        {
            true
        }
        [NamePart::TitleOrWord, rest @ ..] if !rest.is_empty() => rest.iter().all(|kind| kind.may_be_capital()),
        [NamePart::Given, NamePart::Small] | [NamePart::Given | NamePart::Stranger { .. }] => true,
        [_, _, ..] if begins_a_name(words, &kinds) => true,
        [NamePart::GivenWord] => context.called || led,
        [NamePart::Word { capital }] => *capital && !is_known(words.first().copied().unwrap_or_default()),
        [first, .., last] => {
            let spoilt =
                kinds.iter().any(|kind| matches!(kind, NamePart::Word { capital: false } | NamePart::TitleOrWord));
            let capitals = kinds.iter().all(|kind| kind.may_be_capital());
            *first != NamePart::Small && *last != NamePart::Small && !spoilt && tells_a_name(words, &kinds)
                || first.is_given() && last.may_be_surname(words.len())
                || capitals && !words.iter().any(|word| is_known(word) && !is_given(&lower(word)))
        }
        _ => false,
    }
}

/// Whether one of several words is surely part of a name, so that its neighbours are as well.
fn tells_a_name(words: &[&str], kinds: &[NamePart]) -> bool {
    words.iter().zip(kinds).any(|(word, kind)| match kind {
        NamePart::Title | NamePart::Given => true,
        NamePart::Stranger { capital } => *capital || is_surname(&lower(word)),
        _ => false,
    })
}

/// *Nora & family* without the family.
fn without_company<'w, 'a>(words: &'w [&'a str]) -> &'w [&'a str] {
    match words {
        [who @ .., "and" | "&" | "+" | "y" | "und" | "et", last]
            if !who.is_empty() && COMPANY.contains(&&*lower(last)) =>
        {
            who
        }
        _ => words,
    }
}

/// Whether the first word is one that a name may begin with, and nothing but a name follows, or the last one says that it
/// is a family: *big Mike*, *de Souza*, *van der Berg*, *the Okonkwo family*.
fn begins_a_name(words: &[&str], kinds: &[NamePart]) -> bool {
    let at = |place: usize| words.get(place).map(|word| lower(word)).unwrap_or_default();
    let is_family = matches!(&*at(words.len() - 1), "family" | "household");
    let kinds = kinds.get(..kinds.len() - usize::from(is_family)).unwrap_or_default();
    let (first, last) = (at(0), at(kinds.len() - 1));
    let is_capital = |kind: &NamePart| matches!(kind, NamePart::Stranger { capital: true }) || kind.is_given();
    let is_surname = is_surname(&last) || last.strip_suffix('s').is_some_and(is_surname);
    if let [NamePart::Word { capital } | NamePart::Stranger { capital }] = kinds {
        return is_family && (*capital || is_surname);
    }
    let rest = kinds.get(1..).unwrap_or_default();
    let is_name = rest.last().is_some_and(|last| match first.as_str() {
        "the" | "team" => is_family || is_surname || is_capital(last),
        "van" => is_surname || is_capital(last) || matches!(at(1).as_str(), "der" | "den" | "de"),
        _ => true,
    });
    let begins = CALLED.contains(&*first)
        || PARTICLES.contains(&&*first)
        || TITLES_AND_WORDS.contains(&&*first)
        || words.first().is_some_and(|first| is_initial(first))
        || first == "van";
    let is_part = |kind: &NamePart| matches!(kind, NamePart::Small | NamePart::Stranger { .. }) || kind.is_given();
    let is_word_and_name = |kind: &NamePart| is_surname && *kind == NamePart::Word { capital: true };
    let follows = rest
        .split_last()
        .is_some_and(|(last, rest)| rest.iter().all(is_part) && (is_part(last) || is_word_and_name(last)));
    begins && is_name && follows && rest.last() != Some(&NamePart::Small)
}

/// Where a name may stand in the words, and whether something led to it: *congrats to Becky*, *hi little Mateo please*.
/// Signs and pictures around it are no part of it.
fn named(words: &[&str]) -> (Range<usize>, bool) {
    let lower_at = |at: usize| words.get(at).map(|word| lower(word)).unwrap_or_default();
    let is_bare = |at: usize| words.get(at).is_some_and(|word| !word.contains(char::is_alphanumeric));
    let mut end = words.len();
    while end > 1 && (is_bare(end - 1) || AFTER.contains(&&*lower_at(end - 1))) {
        end -= 1;
    }
    let (mut at, mut start) = (0, 0);
    while at < end {
        let (first, second) = (lower_at(at), lower_at(at + 1));
        let taken = if TWO_BEFORE.contains(&(&first, &second)) {
            2
        } else if is_bare(at) || BEFORE.contains(&*first) {
            1
        } else if DONE.contains(&&*first) {
            at += 1;
            continue;
        } else {
            break;
        };
        at += taken;
        start = if at < end { at } else { start };
    }
    let about = usize::from(end > start + 1 && ABOUT.contains(&&*lower_at(start)));
    (start + about..end, start > 0)
}

/// The words without what led to the name and what follows it.
pub(super) fn name_in(words: &str) -> String {
    let words: Vec<&str> = words.split(' ').collect();
    words.get(named(&words).0).unwrap_or_default().join(" ")
}

/// A name as it is written. Capitals that were typed stay, but where all or none of it is in capitals they tell nothing; a
/// title gets one in any case.
pub(super) fn written(name: &str) -> String {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    let shouted = letters().all(char::is_uppercase) && (letters().count() > 3 || is_given(&lower(name)));
    let plain = shouted || !name.contains(char::is_uppercase);
    let words: Vec<&str> = name.split(' ').collect();
    let write = |(at, word): (usize, &&str)| {
        let lower = word.to_lowercase();
        let bare = lower.trim_end_matches('.');
        let is_title = TITLES.contains(bare)
            || words.len() > 1 && at == 0 && (CALLED.contains(bare) || TITLES_AND_WORDS.contains(&bare));
        let is_company = at > 0 && COMPANY.contains(&bare);
        if *word == "+" {
            "and".to_owned()
        } else if bare == "the" || plain && (WITHIN.contains(&bare) || is_company) {
            lower
        } else if plain && (!shouted || word.chars().count() > 2) || is_title && bare != "team" {
            with_capitals(&lower)
        } else {
            (*word).to_owned()
        }
    };
    words.iter().enumerate().map(write).collect::<Vec<String>>().join(" ")
}

/// A word of a name with its capitals: *O'Brien*, *Jean-Luc*, *McCall*, *J.P.*; not an address, nor what somebody signs in by.
fn with_capitals(lower: &str) -> String {
    let inner = lower.trim_end_matches('.');
    let is_handle = lower.contains(['@', ':', '/', '_'])
        || inner.contains('.') && inner.split('.').any(|part| part.chars().count() > 1);
    if is_handle {
        return lower.to_owned();
    }
    let begins = |at: usize| {
        let before = lower.get(..at).unwrap_or_default();
        let after_sign = before.ends_with(['-', '.']) || matches!(before, "o'" | "o’" | "d'" | "d’" | "l'" | "l’");
        let after_mc = before == "mc" && lower.len() > 4;
        before.is_empty() || after_sign || after_mc
    };
    let mut written = String::with_capacity(lower.len());
    for (at, c) in lower.char_indices() {
        if begins(at) {
            written.extend(c.to_uppercase());
        } else {
            written.push(c);
        }
    }
    written
}

/// What a word may be in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NamePart {
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

impl NamePart {
    fn of(word: &str, context: Context, is_word: impl Fn(&str) -> bool) -> Self {
        let lower = lower(word);
        // Hardly a word of the language has other letters.
        let is_foreign = lower.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) && !is_common_word(&lower);
        let capital = !context.shouted && word.starts_with(char::is_uppercase) || is_foreign;
        let letters = lower.chars().filter(|c| c.is_alphabetic()).count();
        if TITLES.contains(&*lower) {
            Self::Title
        } else if TITLES_AND_WORDS.contains(&&*lower) {
            Self::TitleOrWord
        } else if JOINERS.contains(&word)
            || WITHIN.contains(&&*lower)
            || letters == 1 && (capital || word.ends_with('.'))
        {
            Self::Small
        } else if is_given(&lower) {
            if is_common_word(&lower) || is_function_word(&lower) { Self::GivenWord } else { Self::Given }
        } else if is_foreign {
            Self::Stranger { capital }
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
    let is_gaelic = |begin: &str| lower.strip_prefix(begin).is_some_and(|rest| rest.len() > 2);
    SURNAMES.contains(lower) || is_gaelic("mc") || is_gaelic("o'") || is_gaelic("o’")
}

/// *J.*, *J*
fn is_initial(word: &str) -> bool {
    let letter = word.strip_suffix('.').unwrap_or(word);
    letter.chars().count() == 1 && letter.chars().all(|c| c.is_uppercase() || c.is_alphabetic() && letter != word)
}

fn is_given(lower: &str) -> bool {
    GIVEN.contains(lower) || lower.contains('-') && lower.split('-').all(|part| GIVEN.contains(part))
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
