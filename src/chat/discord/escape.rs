//! Discord's markup.

use std::borrow::Cow;

use crate::chat::markup::{Markdown, written};

/// Escapes for Discord, at most so long: a backslash before everything that marks, quotes, links or mentions. What marks
/// only where a line begins, or (a colon) only with something right after it, is left alone elsewhere, because people
/// copy what they see here and some clients copy the backslashes too.
///
/// Discord shows a mention in a message that allows none, but notifies nobody; so `allowed_mentions` goes with it.
#[must_use]
pub(super) fn discord(text: &str, most: usize) -> Markdown<'_> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b" ,.;?!'\"/&%=+".contains(&b);
    if text.len() <= most && text.bytes().all(is_plain) && !text.starts_with('+') {
        return Markdown::escaped(Cow::Borrowed(text));
    }
    let text = written(text, most, |out, c, after| {
        let marks = match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '(' | ')' | '<' | '>' | '@' => true,
            '#' | '-' | '+' => out.rsplit('\n').next().unwrap_or_default().trim().is_empty(),
            ':' => after.starts_with(|next: char| !next.is_whitespace()),
            _ => false,
        };
        if marks {
            out.push('\\');
        }
        out.push(c);
    });
    Markdown::escaped(Cow::Owned(text))
}

/// A mention of a person, if this can be the id of one. It is for the
/// message to say whether it notifies.
#[must_use]
pub(super) fn mention(user: &str) -> Option<Markdown<'static>> {
    let is_id = (1..=20).contains(&user.len()) && user.bytes().all(|b| b.is_ascii_digit());
    is_id.then(|| Markdown::escaped(Cow::Owned(format!("<@{user}>"))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn discord_escapes_what_marks_links_and_mentions() {
        for (text, expected) in [
            ("plain, well-meant: yes.", "plain, well-meant: yes."),
            ("@everyone", r"\@everyone"),
            ("<@123>", r"\<\@123\>"),
            ("<@&1> <#2> </a:3>", r"\<\@&1\> \<#2\> \</a\:3\>"),
            ("**x** _y_ ~~z~~ ||s|| `c`", r"\*\*x\*\* \_y\_ \~\~z\~\~ \|\|s\|\| \`c\`"),
            ("[a](https://x)", r"\[a\]\(https\://x\)"),
            ("# h", r"\# h"),
            ("-# small", r"\-# small"),
            ("a\n - b\n> c", "a\n \\- b\n\\> c"),
            ("\u{200b}# h", r"\# h"),
            ("+ b", r"\+ b"),
            ("https:\u{c}//x", r"https\://x"),
            (":smile: at 10:30", r"\:smile: at 10\:30"),
            (r"\*", r"\\\*"),
            ("<\u{202e}@1>", r"\<\@1\>"),
            ("Zoë 👩‍👩‍👧 שלום – ok", "Zoë 👩‍👩‍👧 שלום – ok"),
        ] {
            assert_eq!(discord(text, 2_000).as_str(), expected, "{text}");
        }
        assert_eq!(discord("ab@cd", 5).as_str(), r"ab\@…");
        assert_eq!(discord("ab@cd", 4).as_str(), "ab…");
        assert_eq!(mention("123").unwrap().as_str(), "<@123>");
        assert!(["", "12a", "1>", "&1", "١", "123456789012345678901"].iter().all(|id| mention(id).is_none()));
    }

    proptest! {
        #[test]
        fn text_for_discord_is_inert_short_enough_and_gives_the_text_back(
            text in "[-\\\\*_~`|>#+()<@:a-z/\\[\\]é💙 ]{0,80}", most in 1usize..200,
        ) {
            prop_assert!(discord(&text, most).length() <= most);
            let escaped = discord(&text, 4_000);
            let mut shown = String::new();
            let mut chars = escaped.as_str().chars().peekable();
            while let Some(c) = chars.next() {
                if c == '\\' {
                    shown.extend(chars.next());
                } else {
                    prop_assert!(!"*_~`|><@[]()".contains(c), "{}", escaped.as_str());
                    prop_assert!(c != ':' || chars.peek().is_none_or(|next| *next == ' '));
                    shown.push(c);
                }
            }
            prop_assert_eq!(shown, text);
        }
    }
}
