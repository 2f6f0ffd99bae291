//! Which words a form may belong to.

use std::sync::LazyLock;

use foldhash::HashMap;

/// The very word.
pub(super) const EXACT: u8 = 1;
/// The word as a dictionary has it.
pub(super) const BASE: u8 = 2;
/// With an `s`.
pub(super) const S: u8 = 4;
/// Past, and what stands after `have`.
pub(super) const PAST: u8 = 8;
/// With `ing`.
pub(super) const ING: u8 = 16;

/// Tells every word that `form` may be a form of, and of which kind.
pub(super) fn words(form: &str, mut tell: impl FnMut(&str, u8)) {
    if let Some((word, kind)) = irregular(form) {
        tell(word, kind);
        if matches!(form, "read" | "put" | "cut" | "let" | "set" | "hurt" | "cost" | "come" | "run" | "shut") {
            tell(form, BASE);
        }
    }
    // "us" is no form of "u", nor "wed" of "we".
    let stem = |cut: usize| form.len().checked_sub(cut).filter(|left| *left >= 3).and_then(|left| form.get(..left));
    let doubled = |stem: &str| stem.as_bytes().last_chunk::<2>().is_some_and(|[a, b]| a == b);
    let mut made = |cut: usize, kind: u8| {
        let Some(stem) = stem(cut) else { return };
        tell(stem, kind);
        if kind != S {
            with_e(stem, |word| tell(word, kind));
        }
        if doubled(stem) {
            tell(stem.get(..stem.len() - 1).unwrap_or_default(), kind);
        }
    };
    if form.ends_with('s') && !form.ends_with("ss") {
        made(1, S);
        if form.ends_with("es") {
            made(2, S);
        }
    } else if form.ends_with("ed") {
        made(2, PAST);
    } else if form.ends_with("ing") {
        made(3, ING);
    }
    let y = |end: &str| form.strip_suffix(end).filter(|stem| stem.len() >= 2);
    if let Some((stem, kind)) = y("ied").map(|stem| (stem, PAST)).or_else(|| y("ies").map(|stem| (stem, S))) {
        with(stem, b'y', |word| tell(word, kind));
    }
}

fn with_e(stem: &str, tell: impl FnMut(&str)) {
    with(stem, b'e', tell);
}

/// Tells the stem with a letter after it, without asking for memory.
fn with(stem: &str, letter: u8, mut tell: impl FnMut(&str)) {
    let mut room = [0_u8; 32];
    let Some(place) = room.get_mut(..stem.len()) else { return };
    place.copy_from_slice(stem.as_bytes());
    if let Some(last) = room.get_mut(stem.len()) {
        *last = letter;
        tell(std::str::from_utf8(room.get(..=stem.len()).unwrap_or_default()).unwrap_or_default());
    }
}

/// Whether a word has no other forms: “noted” is none of “not”.
pub(super) fn is_fixed(word: &str) -> bool {
    (word.len() <= 2 && !matches!(word, "be" | "do" | "go"))
        || matches!(
            word,
            "not"
                | "the"
                | "and"
                | "but"
                | "for"
                | "you"
                | "your"
                | "our"
                | "his"
                | "her"
                | "him"
                | "its"
                | "she"
                | "they"
                | "them"
                | "their"
                | "this"
                | "that"
                | "these"
                | "those"
                | "with"
                | "from"
                | "into"
                | "who"
                | "any"
                | "all"
                | "one"
                | "two"
                | "ten"
                | "now"
                | "then"
                | "than"
                | "can"
                | "will"
                | "was"
                | "are"
                | "has"
                | "had"
                | "did"
                | "were"
                | "very"
                | "too"
                | "how"
                | "why"
                | "what"
                | "when"
                | "never"
                | "war"
        )
}

/// Whether a form that is not made with `ed` is one of the past.
pub(super) fn is_past(form: &str) -> bool {
    irregular(form).is_some_and(|(_, kind)| kind == PAST)
}

/// Which word a form is of that is not made by the rules, and of which kind.
fn irregular(form: &str) -> Option<(&'static str, u8)> {
    IRREGULAR.get(form).copied()
}

static IRREGULAR: LazyLock<HashMap<&str, (&str, u8)>> = LazyLock::new(|| {
    FORMS.iter().flat_map(|(word, kind, forms)| forms.split(' ').map(move |form| (form, (*word, *kind)))).collect()
});

#[rustfmt::skip]
const FORMS: &[(&str, u8, &str)] = &[
    ("be", S, "am is are"), ("be", PAST, "was were been"), ("have", S, "has"), ("have", PAST, "had"),
    ("do", S, "does"), ("do", PAST, "did done"), ("go", S, "goes"), ("go", PAST, "went gone"), ("go", ING, "going"),
    ("do", ING, "doing"), ("break", PAST, "broke broken"), ("bring", PAST, "brought"), ("build", PAST, "built"),
    ("buy", PAST, "bought"), ("burn", PAST, "burnt"), ("catch", PAST, "caught"), ("come", PAST, "came come"),
    ("choose", PAST, "chose chosen"), ("cut", PAST, "cut"), ("cost", PAST, "cost"), ("deal", PAST, "dealt"),
    ("draw", PAST, "drew drawn"), ("drive", PAST, "drove driven"), ("eat", PAST, "ate eaten"),
    ("fall", PAST, "fell fallen"), ("feed", PAST, "fed"), ("feel", PAST, "felt"), ("fight", PAST, "fought"),
    ("find", PAST, "found"), ("forbid", PAST, "forbade forbidden"), ("forget", PAST, "forgot forgotten"),
    ("give", PAST, "gave given"), ("get", PAST, "got gotten"), ("grow", PAST, "grew grown"), ("hear", PAST, "heard"),
    ("hold", PAST, "held"), ("hide", PAST, "hid hidden"), ("hurt", PAST, "hurt"), ("keep", PAST, "kept"),
    ("know", PAST, "knew known"), ("lay", PAST, "laid"), ("lead", PAST, "led"), ("leave", PAST, "left"),
    ("lend", PAST, "lent"), ("let", PAST, "let"), ("lose", PAST, "lost"), ("make", PAST, "made"),
    ("mean", PAST, "meant"), ("meet", PAST, "met"), ("mistake", PAST, "mistook mistaken"),
    ("misread", PAST, "misread"), ("mishear", PAST, "misheard"), ("misunderstand", PAST, "misunderstood"),
    ("pay", PAST, "paid"), ("put", PAST, "put"), ("run", PAST, "ran run"), ("ring", PAST, "rang rung"),
    ("read", PAST, "read"), ("rise", PAST, "rose risen"), ("say", PAST, "said"), ("see", PAST, "saw seen"),
    ("send", PAST, "sent"), ("set", PAST, "set"), ("shake", PAST, "shook shaken"), ("shut", PAST, "shut"),
    ("show", PAST, "showed shown"), ("sleep", PAST, "slept"), ("sell", PAST, "sold"), ("seek", PAST, "sought"),
    ("speak", PAST, "spoke spoken"), ("spend", PAST, "spent"), ("spill", PAST, "spilt"), ("spoil", PAST, "spoilt"),
    ("stand", PAST, "stood"), ("steal", PAST, "stole stolen"), ("stick", PAST, "stuck"),
    ("swear", PAST, "swore sworn"), ("take", PAST, "took taken"), ("teach", PAST, "taught"),
    ("tear", PAST, "tore torn"), ("think", PAST, "thought"), ("throw", PAST, "threw thrown"), ("tell", PAST, "told"),
    ("understand", PAST, "understood"), ("undo", PAST, "undid undone"), ("wake", PAST, "woke woken"),
    ("win", PAST, "won"), ("wear", PAST, "wore worn"), ("withdraw", PAST, "withdrew withdrawn"),
    ("write", PAST, "wrote written"), ("mislay", PAST, "mislaid"), ("mislead", PAST, "misled"),
    ("freeze", PAST, "froze frozen"), ("hit", PAST, "hit"), ("hang", PAST, "hung"), ("sit", PAST, "sat"),
    ("shrink", PAST, "shrank shrunk"), ("strike", PAST, "struck"), ("blow", PAST, "blew blown"),
    ("fly", PAST, "flew flown"), ("dig", PAST, "dug"), ("split", PAST, "split"), ("die", ING, "dying"),
    ("lie", ING, "lying"), ("die", PAST, "died"), ("lie", PAST, "lied"), ("tie", ING, "tying"),
    ("child", S, "children"), ("person", S, "people"), ("man", S, "men"), ("woman", S, "women"),
];
