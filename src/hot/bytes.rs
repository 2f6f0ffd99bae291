//! Looking at every byte of a text, many at once.

use std::ops::RangeInclusive;

use memchr::{memchr, memchr2};
use percent_encoding::percent_decode_str;

/// Whether a text is printable ASCII alone.
#[must_use]
pub fn printable(text: &str) -> bool {
    plain(text.as_bytes(), b' '..=b'~', [])
}

/// The same, and has none of the signs that begin or end markup, which become entities.
#[must_use]
pub fn printable_without_markup(text: &str) -> bool {
    plain(text.as_bytes(), b' '..=b'~', *b"&<>")
}

/// Whether a text has neither a sign that becomes an entity nor the one by which it is encoded instead.
#[must_use]
pub fn without_markup(text: &str) -> bool {
    plain(text.as_bytes(), 0..=u8::MAX, *b"&<>%")
}

/// Whether a text has none of the signs by which a terminal is steered.
pub(crate) fn without_controls(text: &str) -> bool {
    text.bytes().fold(u8::MAX, u8::min) >= b' '
}

/// Whether there is nothing to decode in a field of a form.
#[must_use]
pub fn decoded(text: &str) -> bool {
    plain(text.as_bytes(), 0..=u8::MAX, *b"%+")
}

/// Whether all bytes lie in a range and none is one of these signs: whether there is nothing to escape.
///
/// There is nothing in most texts. To find the first such byte a processor must take one after the other; whether there
/// is any it can tell for sixteen at once.
#[expect(clippy::inline_always, reason = "it is only so many at once where range and signs are known")]
#[inline(always)]
pub(crate) fn plain<const N: usize>(bytes: &[u8], range: RangeInclusive<u8>, but: [u8; N]) -> bool {
    // Faults are added up, for `all` and `any` give up at the first, and so take one byte after the other.
    let fault =
        |byte: u8| but.iter().fold(u8::from(!range.contains(&byte)), |fault, sign| fault | u8::from(byte == *sign));
    let all = |chunk: &[u8]| chunk.iter().fold(0, |faults, byte| faults | fault(*byte)) == 0;
    // What is left over at the end is looked at together with some of what stands before it. In a long text more is taken
    // at once, for each time it takes longer to add up faults than to find them.
    if let Some(last) = bytes.last_chunk::<64>() {
        return bytes.as_chunks::<64>().0.iter().all(|chunk| all(chunk)) && all(last);
    }
    if let Some(last) = bytes.last_chunk::<16>() {
        return bytes.as_chunks::<16>().0.iter().all(|chunk| all(chunk)) && all(last);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        return all(first) && all(last);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return all(first) && all(last);
    }
    all(bytes)
}

/// The same bytes with small letters in the place of capitals.
#[must_use]
#[inline(never)] // where it is called it would be made for size again
pub fn lower(bytes: &[u8]) -> Vec<u8> {
    bytes.to_ascii_lowercase()
}

/// The next field of a form as it stands there, `name=value`, and what follows it.
#[must_use]
pub fn field(form: &str) -> Option<(&str, &str, &str)> {
    let mut rest = form;
    while !rest.is_empty() {
        let end = memchr2(b'=', b'&', rest.as_bytes());
        let (name, after) = cut(rest, end);
        if end.is_some_and(|end| rest.as_bytes().get(end) == Some(&b'=')) {
            let (value, after) = cut(after, memchr(b'&', after.as_bytes()));
            return Some((name, value, after));
        }
        if !name.is_empty() {
            return Some((name, "", after));
        }
        rest = after;
    }
    None
}

/// A name or value of a form as it was before it was encoded.
#[must_use]
#[inline(never)] // as above
pub fn decode(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    for (number, part) in text.split('+').enumerate() {
        if number > 0 {
            decoded.push(b' ');
        }
        decoded.extend(percent_decode_str(part));
    }
    decoded
}

/// Adds one part after the other.
pub fn add(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}

/// What stands before this place, and what after it.
fn cut(text: &str, at: Option<usize>) -> (&str, &str) {
    at.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_byte_is_left_out_whatever_the_length() {
        for length in 0..140 {
            let mut bytes = vec![b'a'; length];
            assert!(plain(&bytes, b' '..=b'~', *b"&<"), "{length}");
            for place in 0..length {
                for (byte, expected) in
                    [(b' ', true), (b'~', true), (0x1f, false), (0x7f, false), (b'&', false), (b'<', false)]
                {
                    bytes[place] = byte;
                    assert_eq!(plain(&bytes, b' '..=b'~', *b"&<"), expected, "{byte} at {place} of {length}");
                }
                bytes[place] = b'a';
            }
        }
    }
}
