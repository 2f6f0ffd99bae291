//! Looking at every byte of a text, many at once.

use std::ops::RangeInclusive;

/// Whether all bytes lie in a range and none is one of these signs: whether there is nothing to escape.
///
/// There is nothing in most texts. To find the first such byte a processor must take one after the other; whether there
/// is any it can tell for sixteen at once.
#[expect(clippy::inline_always, reason = "it is only so many at once where range and signs are known")]
#[inline(always)]
#[must_use]
pub fn plain<const N: usize>(bytes: &[u8], range: RangeInclusive<u8>, but: [u8; N]) -> bool {
    // Faults are added up, for `all` and `any` give up at the first, and so take one byte after the other.
    let fault =
        |byte: u8| but.iter().fold(u8::from(!range.contains(&byte)), |fault, sign| fault | u8::from(byte == *sign));
    let all = |chunk: &[u8]| chunk.iter().fold(0, |faults, byte| faults | fault(*byte)) == 0;
    // What is left over at the end is looked at together with some of what stands before it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_byte_is_left_out_whatever_the_length() {
        for length in 0..70 {
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
