//! Mattermost's markup.

use std::borrow::Cow;

use crate::chat::markup::{JOINER, Markdown, written};

/// Escapes for Mattermost's Markdown, at most so long. A backslash is enough for what only clients read; its server looks
/// for mentions and for Slack's `<…>` before that and knows no backslash, so an invisible joiner follows `@` and `<`, and
/// `~` and `#` before a name. It also cuts `://`, since clients make links of bare addresses, and entities.
///
/// Signs that mean something only at the start of a line are escaped there alone: people copy these texts, and what is
/// copied is the source.
#[must_use]
pub(super) fn mattermost(text: &str, most: usize) -> Markdown<'_> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b" .,;!?'\"()/-".contains(&b);
    let starts_plain = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if text.len() <= most && (text.is_empty() || starts_plain) && text.bytes().all(is_plain) {
        return Markdown::escaped(Cow::Borrowed(text));
    }
    // What the line holds so far: nothing, only digits, or more.
    let (mut at_start, mut in_number) = (true, false);
    Markdown::escaped(Cow::Owned(written(text, most, |out, c, rest| {
        let named = rest.starts_with(char::is_alphanumeric);
        match c {
            // Four of them would begin a block of code.
            c if at_start && c.is_whitespace() && c != '\n' => return,
            '<' => out.extend(['\\', c, JOINER]),
            '~' if named => out.extend(['\\', c, JOINER]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '>' | '~' => out.extend(['\\', c]),
            '@' => out.extend([c, JOINER]),
            '#' if at_start || rest.starts_with(char::is_alphabetic) => out.extend(['\\', c, JOINER]),
            '-' | '+' if at_start => out.extend(['\\', c]),
            '=' if at_start => out.extend([JOINER, c]),
            '.' | ')' if in_number => out.extend(['\\', c]),
            ':' if rest.starts_with("//") => out.extend([c, JOINER]),
            '&' if is_entity(rest) => out.extend([c, JOINER]),
            c => out.push(c),
        }
        in_number = (at_start || in_number) && c.is_ascii_digit();
        at_start = c == '\n';
    })))
}

/// Whether `&` and this are an entity, such as `&lt;` or `&#64;`.
fn is_entity(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#');
    end.is_some_and(|end| end > 0 && rest.get(end..).is_some_and(|rest| rest.starts_with(';')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markdown_is_made_harmless_where_it_would_act_and_nowhere_else() {
        for (text, expected) in [
            ("Thank you - truly (again), #1. It's 5-10%!", "Thank you - truly (again), #1. It's 5-10%!"),
            ("@channel", "@·channel"),
            ("@HERE", "@·HERE"),
            ("a@b.c", "a@·b.c"),
            ("now: 10:30 &; _", "now: 10:30 &; \\_"),
            ("@@all", "@·@·all"),
            ("@\u{200d}all @\u{2060}all", "@·\u{200d}all @·all"),
            ("<!channel>", "\\<·!channel\\>"),
            ("<@u1>", "\\<·@·u1\\>"),
            ("<https://x|Pay>", "\\<·https:·//x\\|Pay\\>"),
            ("[a](https://x)", "\\[a\\](https:·//x)"),
            ("![a](mmaction://x)", "!\\[a\\](mmaction:·//x)"),
            ("~support ~~no~~", "\\~·support \\~\\~·no\\~\\~"),
            ("#tag # x", "\\#·tag # x"),
            ("# head", "\\#· head"),
            ("- item\n+ item\n1. item\n2) x\n> q\n===", "\\- item\n\\+ item\n1\\. item\n2\\) x\n\\> q\n·==="),
            ("    code", "code"),
            ("**b** _i_ `c`", "\\*\\*b\\*\\* \\_i\\_ \\`c\\`"),
            ("____", "\\_\\_\\_\\_"),
            ("\\@channel", "\\\\@·channel"),
            ("&lt;!channel&gt; &#64;all AT&T R&D;", "&·lt;!channel&·gt; &·#64;all AT&T R&·D;"),
            ("＠channel", "＠channel"),
            ("\u{202e}x\u{1b}[31m", "x\\[31m"),
            ("Zoë 👩‍👩‍👧 שלום", "Zoë 👩‍👩‍👧 שלום"),
        ] {
            assert_eq!(mattermost(text, 3_000).as_str(), expected.replace('·', "\u{200b}"), "{text}");
        }
        assert_eq!(mattermost("abc_", 4).as_str(), "abc…");
        assert_eq!(Markdown::code("a`b @x\n<y", 20).as_str(), "`a'b @\u{200b}x <\u{200b}y`");
    }

    /// What would act in Mattermost: at its server, which knows no backslash, or in its clients, which do.
    fn live(markdown: &str) -> Option<String> {
        let words = markdown.split(|c: char| !(c.is_alphanumeric() || ":.-_@".contains(c)));
        if let Some(word) = words.into_iter().find(|word| word.contains('@') && word.len() > 1 && !word.ends_with('@'))
        {
            return Some(word.into());
        }
        let signs = ["<!", "<@", "<h", "<m", "~a", "#a", "://", "\n#", "\n-", "\n+", "\n1.", "\n1)", "\n="];
        if markdown.match_indices('&').any(|(at, _)| is_entity(&markdown[at + 1..])) {
            return Some("&".into());
        }
        let lines = format!("\n{markdown}");
        if let Some(sign) = signs.iter().find(|sign| lines.contains(**sign)) {
            return Some((*sign).into());
        }
        let mut rest = markdown.chars();
        while let Some(c) = rest.next() {
            match c {
                '\\' => drop(rest.next()),
                '*' | '_' | '`' | '[' | ']' | '<' | '>' | '|' | '~' => return Some(c.into()),
                _ => {}
            }
        }
        None
    }

    proptest! {
        #[test]
        fn escaped_markdown_is_dead_short_enough_and_gives_the_text_back(
            text in "(@here|@all|<!channel>|<https://x\\|y>|[&<>@#~*_`\\[\\]()|!+=.:/;\\\\ah1lt \\n-]|é|💙){0,60}",
            most in 2usize..160,
        ) {
            let whole = mattermost(&text, 4_000);
            prop_assert_eq!(live(whole.as_str()), None, "{}", whole.as_str());
            let cut = mattermost(&text, most);
            prop_assert!(cut.length() <= most);
            prop_assert_eq!(live(cut.as_str()), None, "{}", cut.as_str());
            let bare = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && *c != JOINER && *c != '\\').collect() };
            prop_assert_eq!(bare(whole.as_str()), bare(&text));
        }
    }
}
