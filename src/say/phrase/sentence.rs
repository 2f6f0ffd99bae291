//! Where a sentence begins and ends, and whether a line is one.

/// Whether the next letter is the first of a sentence.
pub(super) fn starts_sentence(before: &str) -> bool {
    let trimmed = before.trim_end_matches(' ');
    trimmed.trim_start_matches(['“', '"', '‘', '(']).is_empty()
        || trimmed.len() < before.len() && ends_sentence(trimmed)
}

fn ends_sentence(text: &str) -> bool {
    // Mostly a word has just ended, and no sentence.
    if text.bytes().next_back().is_some_and(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let text = text.trim_end_matches(['"', '”', '’', '\'', ')']);
    text.ends_with(['?', '!']) || text.ends_with('.') && !ends_in_abbreviation(text)
}

/// "Dr.", "a.m.", "J.": a full stop that ends a word, not a sentence.
pub(super) fn ends_in_abbreviation(text: &str) -> bool {
    const ABBREVIATIONS: [&str; 14] =
        ["Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Inc", "Co", "Corp", "Ltd", "Jr", "Sr", "vs", "etc"];
    let Some(text) = text.strip_suffix('.') else { return false };
    let word = text.rsplit([' ', '(', '“', '"']).next().unwrap_or_default();
    word.contains('.')
        || word.chars().count() == 1 && word != "I" && word.chars().all(char::is_alphabetic)
        || ABBREVIATIONS.contains(&word)
}

pub(super) fn push_capitalized(out: &mut String, words: &str) {
    let opening = words.find(|c| !matches!(c, '“' | '"' | '‘' | '(')).unwrap_or(0);
    let (quotes, rest) = words.split_at(opening);
    out.push_str(quotes);
    push_capital(out, rest);
}

pub(super) fn push_capital(out: &mut String, words: &str) {
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if !has_inner_capital(words) && first.to_uppercase().count() == 1 => {
            out.extend(first.to_uppercase());
            out.push_str(chars.as_str());
        }
        _ => out.push_str(words),
    }
}

/// “iPhone” and “eBay” are written so wherever they stand.
fn has_inner_capital(words: &str) -> bool {
    words.chars().skip(1).take_while(|c| c.is_alphanumeric()).any(char::is_uppercase)
}

/// What is untidy about a filled line, if anything: the words for a fault.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without a branch many bytes are compared at a time, and every phrase comes here in every way to fill it"
)]
pub(in crate::say) fn untidy(line: &str) -> Option<&'static str> {
    let is_point = |b: u8| (b == b'.') | (b == b',') | (b == b';') | (b == b':') | (b == b'?') | (b == b'!');
    let bytes = line.as_bytes();
    let clash = bytes.iter().zip(bytes.get(1..).unwrap_or_default()).fold(false, |clash, (a, b)| {
        clash | ((*a == b' ') & ((*b == b' ') | is_point(*b))) | (is_point(*a) & is_point(*b))
    });
    let is_name = |at: usize| bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
    if line.is_empty() {
        Some("nothing is left of it")
    } else if line.starts_with(' ') || line.ends_with(' ') {
        Some("there is a space at its edge")
    } else if clash {
        bytes.windows(2).zip(1..).find_map(|(pair, at)| match *pair {
            [b' ', b' '] => Some("there are two spaces in a row"),
            [b' ', b] if is_point(b) && !is_name(at) => Some("there is a space before a punctuation mark"),
            [a, b] if is_point(a) && is_point(b) => Some("there are two punctuation marks in a row"),
            _ => None,
        })
    } else if line.bytes().next().is_some_and(is_point) && !is_name(0) {
        Some("it begins with a punctuation mark")
    } else if !line.trim_end_matches(['"', '”', '’', ')']).ends_with(['.', '?', '!', '…']) {
        Some("it does not end with a full stop, a question mark or an exclamation mark")
    } else {
        None
    }
}
