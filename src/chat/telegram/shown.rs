//! What Telegram makes of a text in its HTML, as far as we write it: for who stands for Telegram.

/// A text without its tags, and what they said, in UTF-16 units.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// What is read.
    pub(super) text: String,
    /// Kind, offset and length.
    pub(super) entities: Vec<(&'static str, usize, usize)>,
}

const TAGS: [(&str, &str); 4] = [("b", "bold"), ("code", "code"), ("pre", "pre"), ("blockquote", "blockquote")];
const SIGNS: [(&str, char); 4] = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')];

/// Reads it; none where Telegram would not take it, or where a tag is none of ours.
pub(super) fn read(html: &str) -> Option<Shown> {
    let mut shown = Shown::default();
    let mut open: Vec<(&str, &'static str, usize)> = Vec::new();
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        let at = shown.text.encode_utf16().count();
        if c == '<' {
            let (tag, after) = rest.get(1..)?.split_once('>')?;
            rest = after;
            if let Some(name) = tag.strip_prefix('/') {
                let (_, kind, from) = open.pop().filter(|(opened, ..)| *opened == name)?;
                shown.entities.push((kind, from, at - from));
            } else {
                let (_, kind) = TAGS.iter().find(|(name, _)| *name == tag)?;
                open.push((tag, kind, at));
            }
            continue;
        }
        let (sign, c) = if c == '&' { *SIGNS.iter().find(|(sign, _)| rest.starts_with(sign))? } else { ("", c) };
        shown.text.push(c);
        rest = rest.get(if sign.is_empty() { c.len_utf8() } else { sign.len() }..)?;
    }
    shown.entities.sort_by_key(|(_, offset, _)| *offset);
    open.is_empty().then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_strictly_and_their_places_counted_in_utf16_units() {
        let shown = read("<b>💙 a</b>\n&lt;<blockquote>x<code>y</code></blockquote>").unwrap();
        assert_eq!(shown.text, "💙 a\n<xy");
        assert_eq!(shown.entities, [("bold", 0, 4), ("blockquote", 6, 2), ("code", 7, 1)]);
        for broken in
            ["<b>x", "x</b>", "<b>x</i>", "<b><code>x</b></code>", "a < b", "&nbsp;", "& b", "<a href=\"x\">x</a>"]
        {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
