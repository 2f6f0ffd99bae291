//! Which words a form may belong to.

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

#[rustfmt::skip]
fn irregular(form: &str) -> Option<(&'static str, u8)> {
    Some(match form {
        "am" | "is" | "are" => ("be", S), "was" | "were" | "been" => ("be", PAST),
        "has" => ("have", S), "had" => ("have", PAST), "does" => ("do", S), "did" | "done" => ("do", PAST),
        "goes" => ("go", S), "went" | "gone" => ("go", PAST), "going" => ("go", ING),
        "doing" => ("do", ING),
        "broke" | "broken" => ("break", PAST), "brought" => ("bring", PAST), "built" => ("build", PAST),
        "bought" => ("buy", PAST), "burnt" => ("burn", PAST), "caught" => ("catch", PAST), "came" | "come" => ("come", PAST),
        "chose" | "chosen" => ("choose", PAST), "cut" => ("cut", PAST), "cost" => ("cost", PAST), "dealt" => ("deal", PAST),
        "drew" | "drawn" => ("draw", PAST), "drove" | "driven" => ("drive", PAST), "ate" | "eaten" => ("eat", PAST),
        "fell" | "fallen" => ("fall", PAST), "fed" => ("feed", PAST), "felt" => ("feel", PAST), "fought" => ("fight", PAST),
        "found" => ("find", PAST), "forbade" | "forbidden" => ("forbid", PAST), "forgot" | "forgotten" => ("forget", PAST),
        "gave" | "given" => ("give", PAST), "got" | "gotten" => ("get", PAST), "grew" | "grown" => ("grow", PAST),
        "heard" => ("hear", PAST), "held" => ("hold", PAST), "hid" | "hidden" => ("hide", PAST), "hurt" => ("hurt", PAST),
        "kept" => ("keep", PAST), "knew" | "known" => ("know", PAST), "laid" => ("lay", PAST), "led" => ("lead", PAST),
        "left" => ("leave", PAST), "lent" => ("lend", PAST), "let" => ("let", PAST), "lost" => ("lose", PAST),
        "made" => ("make", PAST), "meant" => ("mean", PAST), "met" => ("meet", PAST), "mistook" | "mistaken" => ("mistake", PAST),
        "misread" => ("misread", PAST), "misheard" => ("mishear", PAST), "misunderstood" => ("misunderstand", PAST),
        "paid" => ("pay", PAST), "put" => ("put", PAST), "ran" | "run" => ("run", PAST),
        "rang" | "rung" => ("ring", PAST), "read" => ("read", PAST), "rose" | "risen" => ("rise", PAST), "said" => ("say", PAST),
        "saw" | "seen" => ("see", PAST), "sent" => ("send", PAST), "set" => ("set", PAST), "shook" | "shaken" => ("shake", PAST),
        "shut" => ("shut", PAST), "showed" | "shown" => ("show", PAST), "slept" => ("sleep", PAST), "sold" => ("sell", PAST),
        "sought" => ("seek", PAST), "spoke" | "spoken" => ("speak", PAST), "spent" => ("spend", PAST), "spilt" => ("spill", PAST),
        "spoilt" => ("spoil", PAST), "stood" => ("stand", PAST), "stole" | "stolen" => ("steal", PAST), "stuck" => ("stick", PAST),
        "swore" | "sworn" => ("swear", PAST), "took" | "taken" => ("take", PAST), "taught" => ("teach", PAST),
        "tore" | "torn" => ("tear", PAST), "thought" => ("think", PAST), "threw" | "thrown" => ("throw", PAST),
        "told" => ("tell", PAST), "understood" => ("understand", PAST), "undid" | "undone" => ("undo", PAST),
        "woke" | "woken" => ("wake", PAST), "won" => ("win", PAST), "wore" | "worn" => ("wear", PAST),
        "withdrew" | "withdrawn" => ("withdraw", PAST), "wrote" | "written" => ("write", PAST),
        "mislaid" => ("mislay", PAST), "misled" => ("mislead", PAST), "froze" | "frozen" => ("freeze", PAST), "hit" => ("hit", PAST),
        "hung" => ("hang", PAST), "sat" => ("sit", PAST), "shrank" | "shrunk" => ("shrink", PAST), "struck" => ("strike", PAST),
        "blew" | "blown" => ("blow", PAST), "flew" | "flown" => ("fly", PAST), "dug" => ("dig", PAST), "split" => ("split", PAST),
        "dying" => ("die", ING), "lying" => ("lie", ING), "died" => ("die", PAST), "lied" => ("lie", PAST), "tying" => ("tie", ING),
        "children" => ("child", S), "people" => ("person", S), "men" => ("man", S), "women" => ("woman", S),
        _ => return None,
    })
}
