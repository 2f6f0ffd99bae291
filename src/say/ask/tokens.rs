//! A text as words, words in quotes, and `name=value`.

use std::borrow::Cow;

use super::{
    super::{
        model::fold,
        phrase::{emoji_code, without_codes},
    },
    choice::Choice,
};

/// A word, words in quotes, or a `name=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What stands before `=` or `:`.
    pub(super) name: Option<&'a str>,
    pub(super) value: Cow<'a, str>,
    pub(super) quoted: bool,
    /// Somebody was mentioned by it: `@ana`.
    pub(super) mention: bool,
}

impl<'a> Token<'a> {
    pub(super) fn word(word: &'a str) -> Self {
        Self { name: None, value: Cow::Borrowed(word), quoted: false, mention: false }
    }

    pub(super) fn is_word(&self) -> bool {
        self.name.is_none() && !self.quoted
    }

    /// The word as a mark or a name is read: no dashes before it, no punctuation around it, no capitals.
    pub(super) fn mark(&self) -> Cow<'_, str> {
        if self.is_word() { fold(&self.value) } else { Cow::Borrowed("") }
    }

    /// Whether it says which phrase of a topic is wanted, where it stands at the end of a description. What is only
    /// described is not shared by a word that may be part of it: *his market share*.
    pub(super) fn is_closing_mark(&self) -> bool {
        let mut choice = Choice::default();
        self.is_word() && (self.number().is_some() || choice.mark(&self.mark()) && !choice.share)
    }

    /// What a flag is called, `n` in `--n`; some clients make one long dash of the two.
    pub(super) fn flag(&self) -> Option<&'a str> {
        let Cow::Borrowed(word) = self.value else { return None };
        let name = word.strip_prefix("--").or_else(|| word.strip_prefix('—'))?;
        Some(name).filter(|name| self.is_word() && is_name(name))
    }

    pub(super) fn number(&self) -> Option<usize> {
        let digits = self.is_word().then(|| self.value.trim_matches(['-', '–', '—', '#', '.', ',', '!', '?', ')']))?;
        (digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
    }
}

/// Cuts a text into words, quoted words and `name=value`.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut unclosed = [false; KINDS.len()];
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        if let (Some(Token { name: name @ None, value: Cow::Borrowed(word), quoted: false, .. }), Some(after)) =
            (tokens.last_mut(), after_sign(rest))
            && is_name(word)
        {
            *name = Some(word);
            *word = "";
            rest = after.trim_start_matches(is_space);
            continue;
        }
        let (token, after) = token(rest, &mut unclosed);
        let says_nothing = matches!(&*token.value, "" | "=" | ":") || token.value.chars().all(is_dash);
        if !(says_nothing && token.name.is_none()) {
            tokens.push(token);
        }
        rest = after.trim_start_matches(is_space);
    }
    tokens
}

/// The signs between a name and its value, as keyboards for English and for Chinese or Japanese write them.
const SIGNS: [char; 4] = ['=', ':', '＝', '：'];

/// What follows the sign of "customer = Ana", "customer =Ana", "customer : Ana" or "customer := Ana"; ":smile:" is a word.
fn after_sign(text: &str) -> Option<&str> {
    let after = text.strip_prefix(SIGNS)?;
    let is_colon = text.starts_with([':', '：']) && !after.starts_with('=');
    (!is_colon || after.is_empty() || after.starts_with(is_space)).then(|| after_arrow(after))
}

/// A value without what programmers write besides: `customer == Ana`, `customer := Ana`, `customer => Ana`.
fn after_arrow(value: &str) -> &str {
    value.strip_prefix(['=', '>']).unwrap_or(value)
}

fn token<'a>(text: &'a str, unclosed: &mut [bool; KINDS.len()]) -> (Token<'a>, &'a str) {
    if let Some((value, rest)) = quoted(text, unclosed) {
        return (Token { name: None, value: Cow::Owned(value), quoted: true, mention: false }, rest);
    }
    if let Some((value, rest)) = mention(text) {
        return (Token { name: None, value, quoted: false, mention: text.starts_with("<@") }, rest);
    }
    let end = text.find(is_space).unwrap_or(text.len());
    let sign = text.get(..end).and_then(|word| word.char_indices().find(|(_, c)| SIGNS.contains(c)));
    if let Some((sign, c)) = sign
        && let (Some(name), Some(value)) =
            (text.get(..sign).map(without_dashes), text.get(sign + c.len_utf8()..).map(after_arrow))
        && is_name(name)
        && !value.starts_with("//")
        && text.get(sign..end).is_none_or(|rest| emoji_code(rest, true).is_none())
    {
        let (value, quoted, rest) = match (quoted(value, unclosed), mention(value)) {
            (Some((value, rest)), _) => (Cow::Owned(value), true, rest),
            // A mention that shows nothing leaves the slot empty; the next word is not its value.
            (None, Some((value, rest))) => (value.clone(), value.is_empty(), rest),
            (None, None) => {
                let end = value.find(is_space).unwrap_or(value.len());
                let (value, rest) = value.split_at(end);
                (Cow::Borrowed(without_at(value)), false, rest)
            }
        };
        return (Token { name: Some(name), value, quoted, mention: false }, rest);
    }
    let (word, rest) = text.split_at(end);
    let name = without_at(word);
    let value = if name.contains(':') { without_codes(name).into() } else { name.into() };
    (Token { value, mention: name.len() < word.len(), ..Token::word(name) }, rest)
}

fn without_at(word: &str) -> &str {
    word.strip_prefix('@').filter(|name| !name.is_empty()).unwrap_or(word)
}

/// The quotes that people and clients take for one another.
pub(super) const DOUBLE_QUOTES: &[char] = &['"', '“', '”', '„', '‟', '＂'];
/// Quotes by kinds: one is closed by any of its own kind, and those of another may stand between.
const KINDS: [&[char]; 5] =
    [DOUBLE_QUOTES, &['\'', '‘', '’', '‚', '`'], &['«', '»', '‹', '›'], &['「', '」'], &['『', '』']];

/// Words in quotes, and what follows. A quote that is never closed is a character like any other; `unclosed` remembers
/// for each kind that no later one is either, so that a text full of them is not read to its end for each.
fn quoted<'a>(text: &'a str, unclosed: &mut [bool; KINDS.len()]) -> Option<(String, &'a str)> {
    let points = ['.', ',', ';', '!', '?'];
    let open = text.chars().next()?;
    let mut kinds = KINDS.into_iter().zip(unclosed);
    let (quotes, unclosed) = kinds.find(|(quotes, unclosed)| !**unclosed && quotes.contains(&open))?;
    let mut value = String::new();
    let mut rest = text.get(open.len_utf8()..)?;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..)?;
        let escaped = rest
            .chars()
            .next()
            .filter(|next| c == '\\' && (*next == '\\' || KINDS.iter().any(|kind| kind.contains(next))));
        if let Some(next) = escaped {
            value.push(next);
            rest = rest.get(next.len_utf8()..)?;
        } else if quotes.contains(&c) && (rest.is_empty() || rest.starts_with(|c| is_space(c) || points.contains(&c))) {
            return Some((value, rest.trim_start_matches(points)));
        } else {
            value.push(c);
        }
    }
    *unclosed = true;
    None
}

/// Chat markup for a person, a channel or a link, as the words that it shows: `<@U1|pat>` is `pat`. One that shows none
/// is left out, since an id is nobody's name.
fn mention(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inner = text.strip_prefix('<')?;
    let first = inner.chars().next()?;
    let end = inner.find('>')?;
    let (inner, rest) = (inner.get(..end)?, inner.get(end + 1..)?);
    let is_link = inner.starts_with("https://") || inner.starts_with("http://") || inner.starts_with("mailto:");
    if !matches!(first, '@' | '#' | '!') && !is_link {
        return None;
    }
    let shown = match inner.split_once('|') {
        Some((_, label)) => label,
        None if is_link => inner,
        None => "",
    };
    Some((Cow::Borrowed(shown.trim_start_matches(['@', '#', '!'])), rest))
}

fn is_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// A name without the dashes of a flag: `--customer`.
fn without_dashes(name: &str) -> &str {
    name.trim_start_matches(is_dash)
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}')
}

/// White space, and the invisible characters that chat clients put in its place.
#[inline]
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}
