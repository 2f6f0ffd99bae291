//! What escapers have in common; each stands in the folder of its platform. What they give back is a type of its own where
//! the platform reads markup, so that forgetting to escape does not compile.
//!
//! All of them drop what acts instead of being seen (controls, bidirectional overrides), count in UTF-16 units, which
//! is the strictest that any platform may count in, and cut between graphemes, with an ellipsis.

use std::borrow::Cow;

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::{bytes, say::phrase::acts};

/// Text that is inert where Markdown is read, or markup of our own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(transparent)]
pub struct Markdown<'a>(Cow<'a, str>);

/// Breaks what would be a mention, a link or an entity, and is not seen.
pub(super) const JOINER: char = '\u{200b}';

/// Without what acts instead of being seen.
fn seen(text: &str) -> Cow<'_, str> {
    if text.contains(hidden) { Cow::Owned(text.replace(hidden, "")) } else { Cow::Borrowed(text) }
}

impl Markdown<'_> {
    /// The same, kept longer than what it was made from.
    #[must_use]
    pub fn into_owned(self) -> Markdown<'static> {
        Markdown(Cow::Owned(self.0.into_owned()))
    }

    /// What an escaper has made.
    pub(super) const fn escaped(text: Cow<'_, str>) -> Markdown<'_> {
        Markdown(text)
    }

    /// Markup of our own.
    #[must_use]
    pub const fn ours(markup: &'static str) -> Self {
        Self(Cow::Borrowed(markup))
    }

    /// A text as typed, at most so long. No backslash is read inside, so what would end it is replaced.
    #[must_use]
    pub fn code(text: &str, most: usize) -> Markdown<'static> {
        let code = written(text, most.saturating_sub(2), |out, c, _| match c {
            '`' => out.push('\''),
            '\n' => out.push(' '),
            '@' | '<' => out.extend([c, JOINER]),
            c => out.push(c),
        });
        Markdown(Cow::Owned(format!("`{code}`")))
    }

    /// The same, in bold.
    #[must_use]
    pub fn bold(self) -> Markdown<'static> {
        const MARK: Markdown<'_> = Markdown::ours("**");
        [MARK, self, MARK].into_iter().collect()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its length, in UTF-16 units.
    #[must_use]
    pub fn length(&self) -> usize {
        self.0.encode_utf16().count()
    }

    /// As it goes out.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'a> Extend<Markdown<'a>> for Markdown<'static> {
    fn extend<I: IntoIterator<Item = Markdown<'a>>>(&mut self, parts: I) {
        let whole = self.0.to_mut();
        parts.into_iter().for_each(|part| whole.push_str(&part.0));
    }
}

/// One after the other.
impl<'a> FromIterator<Markdown<'a>> for Markdown<'static> {
    fn from_iter<I: IntoIterator<Item = Markdown<'a>>>(parts: I) -> Self {
        let mut whole = Self(Cow::Owned(String::with_capacity(256)));
        whole.extend(parts);
        whole
    }
}

/// For places where no markup is read (labels, buttons, options): at most so long.
#[must_use]
pub fn plain(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most && bytes::printable(text) { Cow::Borrowed(text) } else { escaped(text, most, |_| None) }
}

/// Turns `&`, `<` and `>` into entities, drops what acts, and cuts.
pub(super) fn escape(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most && bytes::printable_without_markup(text) {
        return Cow::Borrowed(text);
    }
    escaped(text, most, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    })
}

fn escaped(text: &str, most: usize, entity: fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    if text.len() <= most && !text.contains(|c| entity(c).is_some() || hidden(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(written(text, most, |out, c, _| match entity(c) {
        Some(entity) => out.push_str(entity),
        None => out.push(c),
    }))
}

/// What acts instead of being seen; a new line does no harm.
fn hidden(c: char) -> bool {
    acts(c) && c != '\n'
}

/// Writes a text character by character, each with what will be seen after it, and cuts what is longer than allowed.
pub(super) fn written(text: &str, most: usize, mut write: impl FnMut(&mut String, char, &str)) -> String {
    let text = seen(text);
    let mut out = String::with_capacity(text.len().min(most) + 32);
    let mut length = 0;
    // Where to cut so that the ellipsis still fits.
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let from = out.len();
        for (within, c) in grapheme.char_indices() {
            write(&mut out, c, text.get(at + within + c.len_utf8()..).unwrap_or_default());
        }
        length += out.get(from..).unwrap_or_default().encode_utf16().count();
        if length > most {
            out.truncate(end);
            out.truncate(out.trim_end().len());
            out.extend((most > 0).then_some('…'));
            break;
        }
        if length < most {
            end = out.len();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_markup_is_read_signs_stay_and_what_acts_goes() {
        assert_eq!(plain("a & <b> @c *d*\u{202e}", 40), "a & <b> @c *d*");
    }

    #[test]
    fn plain_words_are_cut_and_parts_make_a_whole() {
        assert_eq!(plain("abcdefg", 3), "ab…");
        let mut whole: Markdown<'_> = [Markdown::ours("a").bold(), Markdown::ours("b")].into_iter().collect();
        whole.extend([Markdown::ours("💙")]);
        assert_eq!((whole.as_str(), whole.length(), whole.is_empty()), ("**a**b💙", 8, false));
        assert!(Markdown::default().is_empty());
    }
}
