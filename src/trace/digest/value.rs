//! How a value becomes the words of a digest.
//!
//! A value says itself what it is made of, by [`serde::Serialize`], and this serializer mixes that
//! into the digest without allocating: the fields in order; an integer of at most 64 bits as one
//! word, by its value, and one of 128 bits as two; a variant as its index; what can be absent as 0,
//! or 1 and the value; a text or bytes as their length and little-endian words. A sequence begins
//! with its length, so that no two values of a type give the same words.
//!
//! Why not `std::hash::Hash`: it hands slices of integers over as they lie in memory, in the byte
//! order of the machine.

use std::fmt::{self, Display};

use serde::ser::{self, Serialize, Serializer};

use super::Digest;

/// Mixes one value into a digest.
pub(super) struct Words<'a>(pub(super) &'a mut Digest);

/// The elements of a sequence or a map.
pub(super) struct Elements<'a> {
    digest: &'a mut Digest,
    /// Their number could not be said before: 1 stands before each, and 0 after the last.
    is_open: bool,
}

/// A value says that it cannot be serialized. A message, a write, an output always can.
#[derive(Debug)]
pub(super) struct Refused;

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that cannot be serialized has no digest")
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: Display>(_: T) -> Refused {
        Refused
    }
}

type Mixed = Result<(), Refused>;

impl Words<'_> {
    #[inline(always)]
    fn word(self, word: u64) -> Mixed {
        self.0.word(word);
        Ok(())
    }
}

impl<'a> Words<'a> {
    #[inline(always)]
    fn elements(self, length: Option<usize>) -> Result<Elements<'a>, Refused> {
        if let Some(length) = length {
            self.0.word(length as u64);
        }
        Ok(Elements { digest: self.0, is_open: length.is_none() })
    }

    #[inline(always)]
    fn variant(self, index: u32) -> Result<Words<'a>, Refused> {
        self.0.word(u64::from(index));
        Ok(self)
    }
}

/// Methods that mix one word: what they take, and the word that it is.
macro_rules! words {
    ($($method:ident($type:ty): |$value:ident| $word:expr;)*) => { $(
        #[inline(always)]
        fn $method(self, $value: $type) -> Mixed {
            self.word($word)
        }
    )* };
}

impl<'a> Serializer for Words<'a> {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Elements<'a>;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Elements<'a>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    words! {
        serialize_bool(bool): |value| u64::from(value);
        serialize_u8(u8): |value| u64::from(value);
        serialize_u16(u16): |value| u64::from(value);
        serialize_u32(u32): |value| u64::from(value);
        serialize_u64(u64): |value| value;
        serialize_i8(i8): |value| i64::from(value).cast_unsigned();
        serialize_i16(i16): |value| i64::from(value).cast_unsigned();
        serialize_i32(i32): |value| i64::from(value).cast_unsigned();
        serialize_i64(i64): |value| value.cast_unsigned();
        serialize_char(char): |value| u64::from(value);
        serialize_f32(f32): |value| bits(f64::from(value));
        serialize_f64(f64): |value| bits(value);
    }

    fn serialize_u128(self, value: u128) -> Mixed {
        self.0.word(value as u64);
        self.word((value >> 64) as u64)
    }

    fn serialize_i128(self, value: i128) -> Mixed {
        self.serialize_u128(value.cast_unsigned())
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Mixed {
        self.serialize_bytes(value.as_bytes())
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Mixed {
        self.0.bytes(value);
        Ok(())
    }

    #[inline(always)]
    fn serialize_none(self) -> Mixed {
        self.word(0)
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Mixed {
        self.0.word(1);
        value.serialize(self)
    }

    #[inline(always)]
    fn serialize_unit(self) -> Mixed {
        Ok(())
    }

    #[inline(always)]
    fn serialize_unit_struct(self, _: &'static str) -> Mixed {
        Ok(())
    }

    #[inline(always)]
    fn serialize_unit_variant(self, _: &'static str, index: u32, _: &'static str) -> Mixed {
        self.word(u64::from(index))
    }

    #[inline(always)]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Mixed {
        value.serialize(self)
    }

    #[inline(always)]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Mixed {
        value.serialize(self.variant(index)?)
    }

    #[inline(always)]
    fn serialize_seq(self, length: Option<usize>) -> Result<Elements<'a>, Refused> {
        self.elements(length)
    }

    #[inline(always)]
    fn serialize_tuple(self, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    #[inline(always)]
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    #[inline(always)]
    fn serialize_tuple_variant(self, _: &'static str, index: u32, _: &'static str, _: usize) -> Result<Self, Refused> {
        self.variant(index)
    }

    #[inline(always)]
    fn serialize_map(self, length: Option<usize>) -> Result<Elements<'a>, Refused> {
        self.elements(length)
    }

    #[inline(always)]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    #[inline(always)]
    fn serialize_struct_variant(self, _: &'static str, index: u32, _: &'static str, _: usize) -> Result<Self, Refused> {
        self.variant(index)
    }

    /// Numbers, not what people read.
    fn is_human_readable(&self) -> bool {
        false
    }
}

/// A float's bits. Machines differ in the bits of what is not a number: all of those are one.
fn bits(value: f64) -> u64 {
    if value.is_nan() { 0x7ff8 << 48 } else { value.to_bits() }
}

impl Elements<'_> {
    #[inline(always)]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Mixed {
        if self.is_open {
            self.digest.word(1);
        }
        value.serialize(Words(self.digest))
    }

    #[inline(always)]
    fn close(self) -> Mixed {
        if self.is_open {
            self.digest.word(0);
        }
        Ok(())
    }
}

impl ser::SerializeSeq for Elements<'_> {
    type Ok = ();
    type Error = Refused;

    #[inline(always)]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Mixed {
        self.element(value)
    }

    #[inline(always)]
    fn end(self) -> Mixed {
        self.close()
    }
}

impl ser::SerializeMap for Elements<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Mixed {
        self.element(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Mixed {
        value.serialize(Words(self.digest))
    }

    fn end(self) -> Mixed {
        self.close()
    }
}

/// What a tuple, a struct or a variant holds: its type says how many fields it has, so that only
/// they are mixed.
macro_rules! fields {
    ($($trait:ident::$method:ident($($key:ty)?);)*) => { $(
        impl ser::$trait for Words<'_> {
            type Ok = ();
            type Error = Refused;

            #[inline(always)]
            fn $method<T: Serialize + ?Sized>(&mut self, $(_: $key,)? value: &T) -> Mixed {
                value.serialize(Words(self.0))
            }

            #[inline(always)]
            fn end(self) -> Mixed {
                Ok(())
            }
        }
    )* };
}

fields! {
    SerializeTuple::serialize_element();
    SerializeTupleStruct::serialize_field();
    SerializeTupleVariant::serialize_field();
    SerializeStruct::serialize_field(&'static str);
    SerializeStructVariant::serialize_field(&'static str);
}
