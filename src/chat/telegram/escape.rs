//! Telegram's HTML.

use serde::Serialize;

use crate::chat::markup::{JOINER, escape, written};

/// Text that is inert in Telegram's HTML, or markup of our own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Html(String);

impl Html {
    /// A text, at most so long. Telegram finds names, tags, commands and addresses in it without any markup, so what
    /// would make one is parted.
    pub(super) fn text(text: &str, most: usize) -> Self {
        Self(written(text, most, |out, c, after| {
            if parts(out, c, after) {
                out.push(JOINER);
            }
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '@' | '#' => out.extend([c, JOINER]),
                c => out.push(c),
            }
        }))
    }

    /// A text as typed, at most so long: nothing is found in it, and a tap copies it.
    pub(super) fn code(text: &str, most: usize) -> Self {
        Self(format!("<code>{}</code>", verbatim(text, most.saturating_sub("<code></code>".len()))))
    }

    /// The same for several lines.
    pub(super) fn block(text: &str, most: usize) -> Self {
        Self(format!("<pre>{}</pre>", verbatim(text, most.saturating_sub("<pre></pre>".len()))))
    }

    /// Markup of our own.
    pub(super) fn ours(markup: &str) -> Self {
        Self(markup.to_owned())
    }

    /// The same, in bold.
    pub(super) fn bold(self) -> Self {
        Self(format!("<b>{}</b>", self.0))
    }

    /// The same, as something that is said.
    pub(super) fn quoted(self) -> Self {
        Self(format!("<blockquote>{}</blockquote>", self.0))
    }

    /// Adds another.
    pub(super) fn push(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its length in UTF-16 units, with all markup, so that what is read of it is never longer.
    pub(super) fn length(&self) -> usize {
        self.0.encode_utf16().count()
    }

    /// As it goes out.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromIterator<Self> for Html {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        parts.into_iter().fold(Self::default(), |mut whole, part| {
            whole.push(&part);
            whole
        })
    }
}

fn verbatim(text: &str, most: usize) -> std::borrow::Cow<'_, str> {
    escape(text, most)
}

/// Whether something would be found here that is more than words: a command at a word's start, a cashtag, an address.
fn parts(out: &str, c: char, after: &str) -> bool {
    let next = || after.chars().next();
    match c {
        '/' if out.ends_with(':') => true,
        '/' => {
            !out.ends_with(char::is_alphanumeric) && next().is_some_and(|next| next.is_alphanumeric() || next == '_')
        }
        '$' => next().is_some_and(|next| next.is_ascii_alphabetic()),
        // Names of hosts end in two letters or more.
        c if c.is_alphabetic() => {
            let mut before = out.chars().rev();
            before.next() == Some('.')
                && before.next().is_some_and(char::is_alphanumeric)
                && next().is_some_and(|next| next.is_alphanumeric() || next == '-')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::stand::live, *};

    #[test]
    fn text_is_neither_markup_nor_a_mention_a_tag_a_command_or_an_address() {
        for (text, expected) in [
            ("plain, well-meant: yes. And/or 1/2.", "plain, well-meant: yes. And/or 1/2."),
            ("<b>x</b> & \"y\"", "&lt;b&gt;x&lt;\u{200b}/b&gt; &amp; \"y\""),
            ("&lt;", "&amp;lt;"),
            ("@pat #no $ACME $10", "@\u{200b}pat #\u{200b}no \u{200b}$ACME $10"),
            ("/start and /", "\u{200b}/start and /"),
            ("https://evil.example", "https:\u{200b}/\u{200b}/evil.\u{200b}example"),
            ("a@b.co, e.g. at 10.30 p.m.", "a@\u{200b}b.\u{200b}co, e.g. at 10.30 p.m."),
            ("пример.рф", "пример.\u{200b}рф"),
            ("\u{202e}channel\u{7}", "channel"),
            ("Zoë 👩‍👩‍👧 שלום – ok", "Zoë 👩‍👩‍👧 שלום – ok"),
        ] {
            assert_eq!(Html::text(text, 4_096).as_str(), expected, "{text}");
        }
        assert_eq!(Html::text("ab<cd", 6).as_str(), "ab…");
        assert_eq!(Html::code("a <b> @c", 40).as_str(), "<code>a &lt;b&gt; @c</code>");
    }

    proptest! {
        #[test]
        fn text_for_telegram_is_inert_short_enough_and_gives_the_text_back(
            text in "[-\\\\*_@#$/:.<>&a-z;\\[\\]é💙 ]{0,80}", most in 1usize..200,
        ) {
            prop_assert!(Html::text(&text, most).length() <= most);
            let html = Html::text(&text, 8_000);
            prop_assert_eq!(live(html.as_str()), None);
            let shown = html.as_str().replace(JOINER, "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            prop_assert_eq!(shown, text);
        }
    }
}
