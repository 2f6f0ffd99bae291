//! JSON as `serde_json` writes it, byte for byte, in a third of the time.
//!
//! It looks at every byte of a text by itself to find what has to be escaped, and writing a reply is the largest part of
//! answering one. Here a whole text is looked at first, many bytes at once, and most need nothing done; `serde_json` gets
//! what is left, and numbers with fractions.

use memchr::memchr2_iter;
use serde::{
    Serialize, Serializer,
    ser::{
        Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant,
    },
};
use serde_json::Error;

use crate::bytes;

/// JSON of a value.
///
/// # Errors
/// Where a map has a key that is neither a text nor a number nor a Boolean, or the value itself gives up.
pub fn to_vec(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, Error> {
    let mut writer = Writer(Vec::with_capacity(2_048));
    value.serialize(&mut writer)?;
    Ok(writer.0)
}

struct Writer(Vec<u8>);

impl Writer {
    #[inline]
    fn raw(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    /// `"name":`, after a comma where it is not the first. The names of our own types have nothing to escape.
    #[expect(clippy::inline_always, reason = "a name that is known where it is written is copied at once")]
    #[inline(always)]
    fn name(&mut self, is_first: bool, name: &'static str) {
        debug_assert!(is_plain(name), "{name}");
        if is_first {
            self.0.push(b'"');
        } else {
            self.0.extend_from_slice(b",\"");
        }
        self.raw(name);
        self.0.extend_from_slice(b"\":");
    }

    /// `{"Name":`, before what a variant holds.
    fn variant(&mut self, name: &'static str) {
        self.0.push(b'{');
        self.name(true, name);
    }

    #[inline]
    fn open(&mut self, begin: u8, end: &'static [u8]) -> Compound<'_> {
        self.0.push(begin);
        Compound { writer: self, is_empty: true, end }
    }
}

/// An array or an object that is being written.
struct Compound<'w> {
    writer: &'w mut Writer,
    is_empty: bool,
    /// One sign, or two after a variant.
    end: &'static [u8],
}

impl Compound<'_> {
    fn next(&mut self) {
        if !self.is_empty {
            self.writer.0.push(b',');
        }
        self.is_empty = false;
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.next();
        value.serialize(&mut *self.writer)
    }

    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.name(name);
        value.serialize(&mut *self.writer)
    }

    /// The name of a field of one of our types.
    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn name(&mut self, name: &'static str) {
        self.writer.name(std::mem::replace(&mut self.is_empty, false), name);
    }

    fn close(self) {
        for sign in self.end {
            self.writer.0.push(*sign);
        }
    }
}

/// Whether a text stands in JSON as it is.
fn is_plain(text: &str) -> bool {
    bytes::plain(text.as_bytes(), b' '..=u8::MAX, *b"\"\\")
}

macro_rules! displayed {
    ($($method:ident: $type:ty),+) => {$(
        fn $method(self, value: $type) -> Result<(), Error> {
            use std::io::Write as _;
            write!(self.0, "{value}").map_err(Error::io)
        }
    )+};
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'w>;
    type SerializeTuple = Compound<'w>;
    type SerializeTupleStruct = Compound<'w>;
    type SerializeTupleVariant = Compound<'w>;
    type SerializeMap = Compound<'w>;
    type SerializeStruct = Compound<'w>;
    type SerializeStructVariant = Compound<'w>;

    displayed!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    );

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        // Each by itself, for a length that is known is written at once.
        if value {
            self.raw("true");
        } else {
            self.raw("false");
        }
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        serde_json::to_writer(&mut self.0, &value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        serde_json::to_writer(&mut self.0, &value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        if is_plain(text) {
            self.0.reserve(text.len() + 2);
            self.0.push(b'"');
            self.raw(text);
            self.0.push(b'"');
            return Ok(());
        }
        if !bytes::without_controls(text) {
            return serde_json::to_writer(&mut self.0, text);
        }
        // What a button carries has quotes in it, and nothing else to escape.
        self.0.reserve(text.len() + 16);
        self.0.push(b'"');
        let mut kept = 0;
        for at in memchr2_iter(b'"', b'\\', text.as_bytes()) {
            self.raw(text.get(kept..at).unwrap_or_default());
            self.0.push(b'\\');
            kept = at;
        }
        self.raw(text.get(kept..).unwrap_or_default());
        self.0.push(b'"');
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Error> {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.raw("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.variant(variant);
        value.serialize(&mut *self)?;
        self.0.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'w>, Error> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Compound<'w>, Error> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Compound<'w>, Error> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'w>, Error> {
        self.variant(variant);
        Ok(self.open(b'[', b"]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'w>, Error> {
        Ok(self.open(b'{', b"}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Compound<'w>, Error> {
        Ok(self.open(b'{', b"}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'w>, Error> {
        self.variant(variant);
        Ok(self.open(b'{', b"}}"))
    }
}

macro_rules! elements {
    ($($kind:ident: $method:ident),+) => {$(
        impl $kind for Compound<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        }
    )+};
}

elements!(
    SerializeSeq: serialize_element, SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field, SerializeTupleVariant: serialize_field
);

macro_rules! fields {
    ($($kind:ident),+) => {$(
        impl $kind for Compound<'_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        }
    )+};
}

fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.next();
        let from = self.writer.0.len();
        key.serialize(&mut *self.writer)?;
        match self.writer.0.get(from) {
            Some(b'"') => {}
            Some(b'-' | b'0'..=b'9' | b't' | b'f') => {
                self.writer.0.insert(from, b'"');
                self.writer.0.push(b'"');
            }
            _ => return Err(Error::custom("a key is neither a text nor a number nor a Boolean")),
        }
        self.writer.0.push(b':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn same(value: &(impl Serialize + ?Sized)) {
        assert_eq!(
            String::from_utf8(to_vec(value).unwrap()).unwrap(),
            serde_json::to_string(value).unwrap(),
            "not what serde_json writes"
        );
    }

    #[derive(Serialize)]
    struct Unit;
    #[derive(Serialize)]
    struct New(&'static str);
    #[derive(Serialize)]
    struct Pair(u8, char);
    #[derive(Serialize)]
    enum Variant {
        Unit,
        New(i64),
        Tuple(bool, Option<f32>),
        Struct { a: (), b: [u8; 2] },
    }
    #[derive(Serialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Tagged {
        Empty,
        New(BTreeMap<i8, Option<bool>>),
        #[serde(rename = "a \"name\"")]
        Struct {
            #[serde(skip_serializing_if = "Option::is_none")]
            none: Option<u128>,
            #[serde(flatten)]
            rest: BTreeMap<char, f64>,
        },
    }

    #[test]
    fn every_kind_of_value_is_written_as_serde_json_does() {
        same(&(Unit, New("a \"b\"\n\\\u{1}\u{7f}é💙"), Pair(7, '"'), ((), i128::MIN, u64::MAX, [0_u8; 0])));
        same(&[Variant::Unit, Variant::New(-3), Variant::Tuple(true, Some(f32::NAN))]);
        same(&Variant::Struct { a: (), b: [1, 2] });
        same(&[Tagged::Empty, Tagged::New([(-1, None), (2, Some(false))].into())]);
        same(&Tagged::Struct { none: None, rest: [('"', 1e300), ('é', -0.1)].into() });
        same(&BTreeMap::from([(true, ""), (false, "x")]));
        same("");
    }

    #[test]
    fn what_cannot_be_a_key_is_refused() {
        assert!(to_vec(&BTreeMap::from([(vec![1], 2)])).is_err());
        assert!(to_vec(&BTreeMap::from([(None::<u8>, 2)])).is_err());
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            ".*".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
                prop::collection::hash_map(".*", inner, 0..8)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_what_serde_json_writes(value in any_json()) {
            same(&value);
        }
    }
}
