//! What Teams may read as markup.

use crate::chat::markup::{JOINER, Markdown, written};

/// Makes text inert for Teams, at most so long. Text in cards is a `TextRun`, in which nothing is read; where a client reads
/// HTML, Markdown or its macros all the same, there are no tags, no links under other words and no macros. No sign is
/// lost: people copy what they see here, and a joiner is not seen.
#[must_use]
pub(super) fn teams(text: &str, most: usize) -> Markdown<'static> {
    let text = written(text, most, |out, c, _| {
        let acts = match c {
            '(' | '[' => out.ends_with(']'),
            '{' => out.ends_with('{'),
            _ => out.ends_with('<') && !c.is_whitespace(),
        };
        if acts {
            out.push(JOINER);
        }
        out.push(c);
    });
    Markdown::escaped(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_teams_might_read_is_broken_and_reads_as_before() {
        for (text, expected) in [
            ("plain, *well* meant: 1 < 2", "plain, *well* meant: 1 < 2"),
            ("<at>Ana</at>", "<\u{200b}at>Ana<\u{200b}/at>"),
            ("[Pay](https://evil.example)", "[Pay]\u{200b}(https://evil.example)"),
            ("[a][b]", "[a]\u{200b}[b]"),
            ("{{{DATE(2026)}}", "{\u{200b}{\u{200b}{DATE(2026)}}"),
            ("<\u{202e}at>", "<\u{200b}at>"),
        ] {
            assert_eq!(teams(text, 100).as_str(), expected, "{text}");
        }
        assert_eq!(teams("abc<d", 4).as_str(), "abc…");
    }
}
