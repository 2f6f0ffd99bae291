//! The two markups of Google Chat: the HTML of cards, and the text of messages.

use std::borrow::Cow;

use crate::chat::markup::{JOINER, escape, written};

/// Text that is inert in a card's paragraph, where only tags and entities act. At most so long.
pub(super) fn html(text: &str, most: usize) -> String {
    escape(text, most).replace('\n', "<br>")
}

/// Text that is inert in a message, at most so long. Which of two markups Chat reads there is a setting of the app, and
/// neither knows an escape, so an invisible joiner follows every sign that either of them reads.
pub(super) fn text(text: &str, most: usize) -> Cow<'_, str> {
    let acts = |b: u8| b"<>*_~`[]()#|\\&@-+=!:".contains(&b) || b.is_ascii_digit();
    if text.len() <= most && text.is_ascii() && !text.bytes().any(|b| acts(b) || b.is_ascii_control()) {
        return Cow::Borrowed(text);
    }
    let mut at_start = true;
    Cow::Owned(written(text, most, |out, c, rest| {
        match c {
            '<' | '*' | '_' | '~' | '`' | '[' | ']' | '|' | '\\' | '@' => out.extend([c, JOINER]),
            ':' if rest.starts_with("//") => out.extend([c, JOINER]),
            '#' | '-' | '+' | '=' | '>' if at_start => out.extend([JOINER, c]),
            '.' | ')' if rest.starts_with(' ') => out.extend([JOINER, c]),
            c => out.push(c),
        }
        at_start = c == '\n' || at_start && c.is_whitespace();
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_reads_no_tag_and_a_message_no_sign() {
        assert_eq!(html("<a href=\"x\">R&D</a>\n*x*", 200), "&lt;a href=\"x\"&gt;R&amp;D&lt;/a&gt;<br>*x*");
        assert_eq!(html("abcdef", 4), "abc…");
        for (words, expected) in [
            ("Thank you, Ana.", "Thank you, Ana."),
            ("<users/all>", "<·users/all>"),
            ("*b* _i_ ~s~ `c`", "*·b*· _·i_· ~·s~· `·c`·"),
            ("[a](https://x)", "[·a]·(https:·//x)"),
            ("- x\n# y\n> z", "·- x\n·# y\n·> z"),
            ("1. x", "1·. x"),
        ] {
            assert_eq!(text(words, 200), expected.replace('·', "\u{200b}"), "{words}");
        }
    }
}
