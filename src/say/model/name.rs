//! Names as they are looked up.

use std::borrow::Cow;

use super::super::phrase::clean;

/// A name as it is looked up: lower case, apostrophes dropped, everything else that is no letter or digit a single dash.
/// `Not our fault!`, `not_our_fault` and `not–our–fault` are all `not-our-fault`.
#[must_use]
pub fn fold(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    fold_into(name, &mut out);
    Cow::Owned(out)
}

/// [`fold`] into a text that is there already, in the place of what it held.
pub(in crate::say) fn fold_into(name: &str, out: &mut String) {
    out.clear();
    if name.bytes().all(|b| matches!(b, b' '..=b'~')) {
        fold_letters(name.bytes().map(|b| char::from(b.to_ascii_lowercase())), out);
    } else {
        fold_letters(clean(name).chars().flat_map(char::to_lowercase), out);
    }
}

fn fold_letters(letters: impl Iterator<Item = char>, out: &mut String) {
    let mut gap = false;
    for c in letters {
        if c.is_alphanumeric() {
            if gap {
                out.push('-');
            }
            gap = false;
            out.push(c);
        } else if !matches!(c, '\'' | '’' | '‘' | '\u{300}'..='\u{36f}') {
            gap = !out.is_empty();
        }
    }
}
