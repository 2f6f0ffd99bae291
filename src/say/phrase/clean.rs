//! Text from outside, made harmless.

/// Text from outside with everything taken out that acts instead of being seen: C0 and C1 controls, bidirectional
/// overrides and isolates, line separators, invisible formatting. White space becomes single spaces.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !acts(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether [`clean`] would leave the text as it is.
#[must_use]
pub fn is_clean(text: &str) -> bool {
    let plain = text.bytes().all(|b| matches!(b, b' '..=b'~'));
    if plain { text.trim().len() == text.len() && !text.contains("  ") } else { text == clean(text) }
}

/// Characters that act on a terminal or on the direction of text, and are never part of a name.
#[must_use]
pub fn acts(c: char) -> bool {
    // Most are plain, and every text from outside is looked at.
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Cuts a text to at most so many characters without splitting what a person sees as one.
pub fn cut_graphemes(text: &mut String, most: usize) {
    use unicode_segmentation::UnicodeSegmentation as _;
    let mut characters = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        characters += grapheme.chars().count();
        if characters > most {
            break;
        }
        end = at + grapheme.len();
    }
    text.truncate(end);
    text.truncate(text.trim_end().len());
}
