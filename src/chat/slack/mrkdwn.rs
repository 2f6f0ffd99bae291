//! Slack's markup, and what people type as Slack sends it.

use std::borrow::Cow;

use serde::Serialize;

use crate::chat::markup::escape;

/// Text that is inert where Slack reads *mrkdwn*, or markup of our own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(transparent)]
pub(super) struct Mrkdwn<'a>(Cow<'a, str>);

/// Escapes for Slack's mrkdwn, at most so long: `&`, `<` and `>` become entities, and nothing else, as Slack's formatting
/// guide asks. Nobody can be mentioned and no link disguised in it.
///
/// Bare `@here` and `https://…` stay as they are, so it belongs into an object with `verbatim: true`.
pub(super) fn mrkdwn(text: &str, most: usize) -> Mrkdwn<'_> {
    Mrkdwn(escape(text, most))
}

impl Mrkdwn<'_> {
    /// Markup of our own.
    pub(super) const fn ours(markup: &'static str) -> Self {
        Self(Cow::Borrowed(markup))
    }

    /// A mention of a person, if this can be the id of one.
    pub(super) fn mention(user: &str) -> Option<Self> {
        let id = user.strip_prefix(['U', 'W']).filter(|id| !id.is_empty() && user.len() <= 32)?;
        let fits = id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        fits.then(|| Self(Cow::Owned(format!("<@{user}>"))))
    }

    /// The same, in bold.
    /// A star that somebody typed would end it, so such a text stays as it is.
    pub(super) fn bold(self) -> Mrkdwn<'static> {
        const MARK: Mrkdwn<'_> = Mrkdwn::ours("*");
        if self.0.contains('*') {
            return self.into_owned();
        }
        [MARK, self, MARK].into_iter().collect()
    }

    /// The same, as typed.
    pub(super) fn code(self) -> Mrkdwn<'static> {
        const MARK: Mrkdwn<'_> = Mrkdwn::ours("`");
        [MARK, self, MARK].into_iter().collect()
    }

    /// The same, kept longer than what it was made from.
    pub(super) fn into_owned(self) -> Mrkdwn<'static> {
        Mrkdwn(Cow::Owned(self.0.into_owned()))
    }

    /// As it goes out.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// One after the other.
impl<'a> FromIterator<Mrkdwn<'a>> for Mrkdwn<'static> {
    fn from_iter<I: IntoIterator<Item = Mrkdwn<'a>>>(parts: I) -> Self {
        let mut whole = String::with_capacity(256);
        parts.into_iter().for_each(|part| whole.push_str(&part.0));
        Self(Cow::Owned(whole))
    }
}

/// What a person typed into Slack, which sends `&`, `<` and `>` as entities in some places and as themselves in others:
/// the three are decoded once.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if text.contains('&') {
        // The ampersand last, so that `&amp;lt;` becomes `&lt;` and no further.
        Cow::Owned(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mrkdwn_escapes_three_characters_and_no_other() {
        for (text, expected) in [
            ("plain", "plain"),
            ("<!channel>", "&lt;!channel&gt;"),
            ("<!here|here>", "&lt;!here|here&gt;"),
            ("<!subteam^S1>", "&lt;!subteam^S1&gt;"),
            ("<!date^1^{date}|x>", "&lt;!date^1^{date}|x&gt;"),
            ("<@U1>", "&lt;@U1&gt;"),
            ("a & b", "a &amp; b"),
            ("&lt;", "&amp;lt;"),
            ("<>", "&lt;&gt;"),
            ("&amp;lt;!channel&amp;gt;", "&amp;amp;lt;!channel&amp;amp;gt;"),
            ("<https://x|Pay>", "&lt;https://x|Pay&gt;"),
            ("@here", "@here"),
            ("<\u{202e}!channel>", "&lt;!channel&gt;"),
            ("a\u{1b}[31m", "a[31m"),
            ("two\nlines", "two\nlines"),
            ("Zoë 👩‍👩‍👧 שלום", "Zoë 👩‍👩‍👧 שלום"),
            ("＜!channel＞ ﹫here", "＜!channel＞ ﹫here"),
        ] {
            assert_eq!(mrkdwn(text, 3_000).as_str(), expected, "{text}");
        }
    }

    #[test]
    fn a_star_in_a_text_does_not_end_what_is_bold() {
        assert_eq!(mrkdwn("plain", 99).bold().as_str(), "*plain*");
        assert_eq!(mrkdwn("a *x* b", 99).bold().as_str(), "a *x* b");
    }

    #[test]
    fn what_is_too_long_is_cut_between_graphemes_and_never_inside_an_entity() {
        for (text, most, expected) in [
            ("abcdef", 6, "abcdef"),
            ("abcdefg", 6, "abcde…"),
            ("ab cdefg", 4, "ab…"),
            ("a&b", 6, "a…"),
            ("a&", 6, "a&amp;"),
            ("👩‍👩‍👧👩‍👩‍👧", 9, "👩‍👩‍👧…"),
            ("💙💙💙", 6, "💙💙💙"),
            ("💙💙💙", 5, "💙💙…"),
            ("a", 0, ""),
        ] {
            assert_eq!(mrkdwn(text, most).as_str(), expected, "{text} in {most}");
        }
    }

    #[test]
    fn entities_are_decoded_once() {
        for (text, expected) in
            [("a &amp; b", "a & b"), ("&amp;lt;", "&lt;"), ("&lt;@U1&gt;", "<@U1>"), ("&copy;", "&copy;")]
        {
            assert_eq!(unescape(text), expected, "{text}");
        }
    }

    #[test]
    fn only_ids_of_people_are_mentioned() {
        assert_eq!(Mrkdwn::mention("U0USER001").unwrap().as_str(), "<@U0USER001>");
        for user in ["", "U", "u1", "U1>", "!channel", "S123", "U1|x", "Ué"] {
            assert_eq!(Mrkdwn::mention(user), None, "{user}");
        }
    }

    #[test]
    fn parts_make_a_whole() {
        let whole: Mrkdwn<'_> = [mrkdwn("a<", 9).bold(), mrkdwn("b", 9).code().into_owned()].into_iter().collect();
        assert_eq!(whole.as_str(), "*a&lt;*`b`");
    }

    proptest! {
        #[test]
        fn escaped_text_is_inert_short_enough_and_gives_the_text_back(text in "[&<>a-z;!@#|é💙 ]{0,80}", most in 1usize..120) {
            let escaped = mrkdwn(&text, most);
            prop_assert!(!escaped.as_str().contains(['<', '>']));
            prop_assert!(escaped.as_str().encode_utf16().count() <= most);
            let whole = mrkdwn(&text, 4_000);
            prop_assert_eq!(&*unescape(whole.as_str()), &*text);
        }
    }
}
