//! The words that a person gives for a slot, made fit to stand in a sentence.

use super::{
    clean::{clean, cut_graphemes},
    sentence::ends_in_abbreviation,
};

/// The words for a slot, as a person gave them, made fit to stand in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Value {
    /// The words; empty when nothing that can be shown was given.
    pub words: String,
    /// Whether something was cut off at the end.
    pub cut: bool,
}

impl Value {
    /// The longest value, in characters.
    pub const LONGEST: usize = 200;

    /// Takes what was typed: white space of every kind becomes single spaces; control characters, bidirectional
    /// overrides and other invisible formatting are dropped (joiners stay, names need them); what would clash with
    /// the sentence's own punctuation is taken off both ends, but for the full stop of `.NET`; emoji codes go whole, since
    /// half of one is no word and not every platform shows them; the rest is cut between graphemes at [`Self::LONGEST`]
    /// characters. A value that has been read stays the same when it is read again.
    #[must_use]
    pub fn read(typed: &str) -> Self {
        let mut words = clean(typed);
        if words.contains(':') {
            words = without_codes(&words);
        }
        let start = words.find(|c| !is_edge(c) && !is_joiner(c) && c != '.').unwrap_or(words.len());
        words.drain(..start - usize::from(is_dotted_name(&words, start)));
        let mut cut = false;
        if words.chars().nth(Self::LONGEST).is_some() {
            cut_graphemes(&mut words, Self::LONGEST);
            cut = true;
        }
        while words.ends_with(is_edge) || words.ends_with('.') && !ends_in_abbreviation(&words) {
            words.pop();
        }
        Self { words, cut }
    }
}

/// Whether a single full stop belongs to the word that begins here: `.NET`, `.env`.
fn is_dotted_name(words: &str, start: usize) -> bool {
    let (before, after) = words.split_at_checked(start).unwrap_or_default();
    before.ends_with('.') && !before.ends_with("..") && after.starts_with(char::is_alphanumeric)
}

/// Takes out what chat platforms show as a picture: `:heart:`, Discord's `<:heart:123>`.
#[must_use]
pub fn without_codes(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(c) = rest.chars().next() {
        let is_glued = out.ends_with(char::is_alphanumeric);
        if let Some(length) = emoji_code(rest, is_glued) {
            rest = rest.get(length..).unwrap_or_default();
            if out.ends_with(' ') && rest.starts_with(is_edge) {
                out.pop();
            }
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    clean(&out)
}

/// The length of the emoji code with which a text begins. One that hangs on a word has a letter in it, as no time has.
pub(in crate::say) fn emoji_code(text: &str, is_glued: bool) -> Option<usize> {
    let inner = text.strip_prefix("<a:").or_else(|| text.strip_prefix("<:"));
    let after = inner.or_else(|| text.strip_prefix(':'))?;
    let (name, after) = after.split_once(':')?;
    let is_code = |c: char| c.is_alphanumeric() || matches!(c, '_' | '+' | '-' | '\'' | '&');
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_code) {
        return None;
    }
    let after = match inner {
        Some(_) => after.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix('>')?,
        None => after,
    };
    let stands_alone = !after.starts_with(char::is_alphanumeric) && !is_glued;
    let is_word = name.chars().any(char::is_alphabetic) && !after.starts_with(char::is_alphanumeric);
    (inner.is_some() || stands_alone || is_word).then_some(text.len() - after.len())
}

/// What stands between a value and its sentence, in any script.
fn is_edge(c: char) -> bool {
    matches!(c, ' ' | ',' | ';' | ':' | '!' | '?' | '…' | '–' | '—' | '،' | '؛' | '؟' | '۔' | '।')
        || matches!(c, '。' | '、' | '，' | '：' | '；' | '！' | '？')
}

/// What joins or dresses the character before it, and shows nothing alone.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}
