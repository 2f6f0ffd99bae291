//! Form bodies (`a=1&b=two+words`), read field by field: a value is decoded only where it is wanted, and copied only where
//! it is encoded.

use std::{borrow::Cow, iter};

use super::Refusal;
use crate::bytes;

/// A field as it stands in the body.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    /// Its name, decoded.
    pub name: Cow<'a, str>,
    value: &'a str,
}

impl<'a> Field<'a> {
    /// Its value, decoded.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`] where it is not UTF-8.
    pub fn value(&self) -> Result<Cow<'a, str>, Refusal> {
        decode(self.value)
    }
}

/// The fields of a body, in order.
///
/// # Errors
/// [`Refusal::Unreadable`] where the body, or later a name, is not UTF-8.
pub fn fields(body: &[u8]) -> Result<impl Iterator<Item = Result<Field<'_>, Refusal>>, Refusal> {
    let mut rest = str::from_utf8(body).map_err(|_| Refusal::Unreadable)?;
    Ok(iter::from_fn(move || {
        let (name, value, after) = bytes::field(rest)?;
        rest = after;
        Some(decode(name).map(|name| Field { name, value }))
    }))
}

/// Keeps a field's value. A second one of the same name is refused: which of the two was meant is anybody's guess.
///
/// # Errors
/// [`Refusal::Unreadable`].
pub fn keep<'a>(place: &mut Option<Cow<'a, str>>, field: &Field<'a>) -> Result<(), Refusal> {
    match place.replace(field.value()?) {
        None => Ok(()),
        Some(_) => Err(Refusal::Unreadable),
    }
}

fn decode(text: &str) -> Result<Cow<'_, str>, Refusal> {
    if bytes::decoded(text) {
        return Ok(Cow::Borrowed(text));
    }
    String::from_utf8(bytes::decode(text)).map(Cow::Owned).map_err(|_| Refusal::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_as_browsers_encode_them() {
        for (raw, expected) in [
            ("", Ok("")),
            ("billing", Ok("billing")),
            ("sincere+caf%C3%A9+%F0%9F%92%99", Ok("sincere café 💙")),
            ("1%2B1%3d2", Ok("1+1=2")),
            ("100%", Ok("100%")),
            ("%zz", Ok("%zz")),
            ("%ff", Err(Refusal::Unreadable)),
        ] {
            assert_eq!(decode(raw).as_deref().map_err(|refusal| *refusal), expected, "{raw}");
        }
    }

    #[test]
    fn fields_come_in_order_and_with_any_encoding_of_their_names() {
        let read = |body: &str| -> Vec<(String, String)> {
            fields(body.as_bytes())
                .unwrap()
                .map(Result::unwrap)
                .map(|field| (field.name.to_string(), field.value().unwrap().into_owned()))
                .collect()
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read("a=1&&b=&c&%64=x=y"), [pair("a", "1"), pair("b", ""), pair("c", ""), pair("d", "x=y")]);
        assert!(fields(b"a=\xff").is_err());
    }
}
