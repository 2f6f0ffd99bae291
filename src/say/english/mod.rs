//! What the program knows of English: which words tell nothing, and which forms belong to one word.

use std::{borrow::Cow, sync::LazyLock};

use foldhash::HashSet;

use rust_stemmers::{Algorithm, Stemmer};

/// What the forms of a word have in common: `refunded` and `refunds` are `refund`, `sent` and `sending` are `send`.
pub(super) struct Stems(Stemmer);

impl Default for Stems {
    fn default() -> Self {
        Self(Stemmer::create(Algorithm::English))
    }
}

impl Stems {
    /// The stem of a folded word.
    pub(super) fn of<'w>(&self, word: &'w str) -> Cow<'w, str> {
        self.0.stem(base(word))
    }
}

/// The base of the irregular forms that people use of customers; every other word is its own.
fn base(word: &str) -> &str {
    match word {
        "1" | "1st" => "one",
        "2" | "2nd" => "two",
        "3" => "three",
        "3rd" => "third",
        "4" => "four",
        "5" => "five",
        "10" => "ten",
        "appt" => "appointment",
        "mgr" => "manager",
        "thx" => "thank",
        "yr" | "yrs" => "year",
        "broke" | "broken" => "break",
        "brought" => "bring",
        "built" => "build",
        "bought" => "buy",
        "came" => "come",
        "children" => "child",
        "chose" | "chosen" => "choose",
        "fell" | "fallen" => "fall",
        "felt" => "feel",
        "forgave" | "forgiven" => "forgive",
        "forgot" | "forgotten" => "forget",
        "fought" => "fight",
        "gave" | "given" => "give",
        "gone" | "went" => "go",
        "heard" => "hear",
        "held" => "hold",
        "kept" => "keep",
        "knew" | "known" => "know",
        "left" => "leave",
        "lost" => "lose",
        "made" => "make",
        "meant" => "mean",
        "met" => "meet",
        "paid" => "pay",
        "ran" => "run",
        "said" => "say",
        "saw" | "seen" => "see",
        "sent" => "send",
        "shook" | "shaken" => "shake",
        "sold" => "sell",
        "spoke" | "spoken" => "speak",
        "taught" => "teach",
        "thought" => "think",
        "threw" | "thrown" => "throw",
        "told" => "tell",
        "took" | "taken" => "take",
        "won" => "win",
        "wrote" | "written" => "write",
        _ => word,
    }
}

/// Everyday words, and those of trade and of trouble, in lower case.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common-words.txt").split_whitespace().collect());

/// Whether a word in lower case, or what it is a plural or a past of, is an everyday one.
pub(super) fn is_common_word(word: &str) -> bool {
    let without = |ending| word.strip_suffix(ending).is_some_and(|stem| COMMON.contains(stem));
    COMMON.contains(word) || without("s") || without("es") || without("ed") || without("d") || without("ly")
}

/// Words that hold a sentence together and tell nothing of what it is about.
#[expect(clippy::match_like_matches_macro, reason = "a match is laid out many words to a line, a macro one")]
pub(super) fn is_function_word(word: &str) -> bool {
    match word {
        "a" | "about" | "after" | "again" | "all" | "also" | "am" | "an" | "and" | "any" | "are" | "as" | "at"
        | "be" | "because" | "been" | "but" | "by" | "can" | "could" | "client" | "clients" | "cust" | "customer"
        | "customers" | "did" | "do" | "does" | "dont" | "for" | "from" | "get" | "gets" | "getting" | "got"
        | "had" | "has" | "have" | "having" | "he" | "her" | "hes" | "him" | "his" | "how" | "hows" | "i" | "if"
        | "im" | "in" | "into" | "is" | "isnt" | "it" | "its" | "ive" | "just" | "let" | "me" | "my" | "need"
        | "of" | "on" | "or" | "our" | "out" | "over" | "please" | "s" | "say" | "she" | "shes" | "should" | "so"
        | "some" | "somebody" | "someone" | "something" | "still" | "than" | "that" | "thats" | "the" | "their"
        | "them" | "then" | "there" | "theres" | "they" | "theyre" | "theyve" | "this" | "to" | "too" | "u" | "up"
        | "us" | "very" | "want" | "wants" | "was" | "we" | "were" | "weve" | "what" | "whats" | "when" | "where"
        | "which" | "who" | "will" | "with" | "would" | "you" | "your" | "youre" | "yours" => true,
        _ => false,
    }
}
