//! The one way from a value of a scenario to a type of our own.
//!
//! serde makes the code that reads a type anew for each reader that the type is read by, and the
//! reader of the `toml` crate is several: one for tables, one for places, one for dates, and each
//! tries all that a value may be. Of the parameters of all protocols, that was a fifth of the
//! engine in the browser. Here a type is read by one reader, and what it asks for decides which of
//! its functions are made.

use std::fmt;
use std::ops::Range;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use toml::de::{DeArray, DeInteger, DeTable, DeValue};

use super::document::Tree;

/// Reads a value.
///
/// # Errors
///
/// The first thing that serde has against it.
pub(super) fn read<T: DeserializeOwned>(value: &Tree<'_>) -> Result<T, Fault> {
    T::deserialize(Reader::of(value))
}

/// What serde has against a value.
#[derive(Debug)]
pub(super) struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    message: String,
    span: Option<Range<usize>>,
}

impl Fault {
    /// Where it stands, if that is known, and what is wrong.
    pub(super) fn into_parts(self) -> (Option<Range<usize>>, String) {
        (self.0.span, self.0.message)
    }

    /// The same, in the value at `span`, unless its place is known more exactly.
    #[cold]
    fn within(mut self, span: Range<usize>) -> Fault {
        self.0.span.get_or_insert(span);
        self
    }

    #[cold]
    fn unlike(found: Unexpected<'_>, wanted: &dyn Expected) -> Fault {
        Fault::invalid_type(found, wanted)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Fault {}

impl Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Fault {
        Fault(Box::new(Inner { message: message.to_string(), span: None }))
    }
}

/// What a type is read from.
#[derive(Clone, Copy)]
enum Source<'a> {
    Value(&'a DeValue<'a>),
    /// The key of a table.
    Key(&'a str),
    /// Where a value begins or ends.
    Offset(usize),
}

/// Reads a type from a value that stands at a place.
#[derive(Clone, Copy)]
struct Reader<'a> {
    source: Source<'a>,
    start: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    fn new(source: Source<'a>, span: Range<usize>) -> Reader<'a> {
        Reader { source, start: span.start, end: span.end }
    }

    fn of(value: &'a Tree<'_>) -> Reader<'a> {
        Reader::new(Source::Value(value.get_ref()), value.span())
    }

    fn span(self) -> Range<usize> {
        self.start..self.end
    }

    fn text(self) -> Option<&'a str> {
        match self.source {
            Source::Value(DeValue::String(text)) => Some(text),
            Source::Key(key) => Some(key),
            _ => None,
        }
    }

    fn table(self) -> Option<&'a DeTable<'a>> {
        if let Source::Value(DeValue::Table(table)) = self.source { Some(table) } else { None }
    }

    /// Lets a visitor read the table here. What is wrong with no place of its own is wrong here.
    fn visit_table<V: Visitor<'a>>(self, table: &'a DeTable<'a>, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(Entries::of(table)).map_err(|fault: Fault| fault.within(self.span()))
    }

    fn list(self) -> Option<&'a DeArray<'a>> {
        if let Source::Value(DeValue::Array(list)) = self.source { Some(list) } else { None }
    }

    fn truth(self) -> Option<bool> {
        if let Source::Value(DeValue::Boolean(truth)) = self.source { Some(*truth) } else { None }
    }

    /// The number here, if there is one that can be held.
    fn number(self) -> Result<Option<Number>, Fault> {
        let overflow = |kind| Fault::custom(format_args!("{kind} number overflowed")).within(self.span());
        match self.source {
            Source::Value(DeValue::Integer(written)) => whole(written).map(Some).ok_or_else(|| overflow("integer")),
            Source::Value(DeValue::Float(written)) => match written.as_str().parse() {
                Ok(number) => Ok(Some(Number::Float(number))),
                Err(_) => Err(overflow("floating-point")),
            },
            Source::Offset(offset) => Ok(Some(Number::Unsigned(offset as u64))),
            _ => Ok(None),
        }
    }

    /// Something else is wanted than what is here.
    #[cold]
    fn wrong(self, wanted: &dyn Expected) -> Fault {
        let number = self.number().ok().flatten();
        let found = match (self.source, number) {
            (_, Some(Number::Signed(number))) => Unexpected::Signed(number),
            (_, Some(Number::Unsigned(number))) => Unexpected::Unsigned(number),
            (_, Some(Number::Float(number))) => Unexpected::Float(number),
            (Source::Value(DeValue::String(text)), _) => Unexpected::Str(text),
            (Source::Key(key), _) => Unexpected::Str(key),
            (Source::Value(DeValue::Boolean(truth)), _) => Unexpected::Bool(*truth),
            (Source::Value(DeValue::Array(_)), _) => Unexpected::Seq,
            _ => Unexpected::Map,
        };
        Fault::unlike(found, wanted).within(self.span())
    }

    fn any_number<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.number()? {
            Some(Number::Signed(number)) => visitor.visit_i64(number),
            Some(Number::Unsigned(number)) => visitor.visit_u64(number),
            Some(Number::Float(number)) => visitor.visit_f64(number),
            None => return Err(self.wrong(&visitor)),
        }
        .map_err(|fault: Fault| fault.within(self.span()))
    }

    fn any_text<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.text() {
            Some(text) => visitor.visit_borrowed_str(text).map_err(|fault: Fault| fault.within(self.span())),
            None => Err(self.wrong(&visitor)),
        }
    }
}

enum Number {
    Signed(i64),
    Unsigned(u64),
    Float(f64),
}

fn whole(written: &DeInteger<'_>) -> Option<Number> {
    let (digits, radix) = (written.as_str(), written.radix());
    let signed = i64::from_str_radix(digits, radix).map(Number::Signed);
    signed.or_else(|_| u64::from_str_radix(digits, radix).map(Number::Unsigned)).ok()
}

/// Each of these calls what fits it alone, so that of a type's visitor only that is made.
macro_rules! read_as {
    ($($by:ident: $($kind:ident)*;)*) => {
        $($(fn $kind<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.$by(visitor)
        })*)*
    };
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Fault;

    read_as! {
        any_number: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_i8 deserialize_i16
            deserialize_i32 deserialize_i64 deserialize_f32 deserialize_f64;
        any_text: deserialize_str deserialize_string deserialize_identifier;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.source {
            Source::Value(DeValue::String(_)) | Source::Key(_) => self.any_text(visitor),
            Source::Value(DeValue::Boolean(_)) => self.deserialize_bool(visitor),
            Source::Value(DeValue::Array(_)) => self.deserialize_seq(visitor),
            Source::Value(DeValue::Table(_)) => self.deserialize_map(visitor),
            // Of a date, no type of ours is read.
            _ => self.any_number(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.truth() {
            Some(truth) => visitor.visit_bool(truth).map_err(|fault: Fault| fault.within(self.span())),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.list() {
            Some(list) => visitor.visit_seq(Items(list.iter())).map_err(|fault: Fault| fault.within(self.span())),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.table() {
            Some(table) => self.visit_table(table, visitor),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match (fields, self.table()) {
            (&[start, end, value], _) if serde_spanned::de::is_spanned(name) => {
                visitor.visit_map(Entries::Place { names: [start, end, value].into_iter(), of: self })
            }
            (_, Some(table)) => self.visit_table(table, visitor),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let case = Case::of(self).map_err(|fault| fault.within(self.span()))?;
        visitor.visit_enum(case).map_err(|fault: Fault| fault.within(self.span()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        // What is not there is a missing field.
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self).map_err(|fault: Fault| fault.within(self.span()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 char bytes byte_buf unit unit_struct }
}

/// The items of a list.
struct Items<'a>(std::slice::Iter<'a, Tree<'a>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.0.next().map(|item| seed.deserialize(Reader::of(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The entries of a table.
enum Entries<'a> {
    Table {
        rest: Rest<'a>,
        value: Option<&'a Tree<'a>>,
    },
    /// A value and its place, as serde tells them: start, end, value.
    Place {
        names: std::array::IntoIter<&'static str, 3>,
        of: Reader<'a>,
    },
}

type Rest<'a> = <&'a DeTable<'a> as IntoIterator>::IntoIter;

impl<'a> Entries<'a> {
    fn of(table: &'a DeTable<'a>) -> Entries<'a> {
        Entries::Table { rest: table.into_iter(), value: None }
    }

    fn next_key(&mut self) -> Option<Reader<'a>> {
        match self {
            Entries::Table { rest, value } => {
                let (key, of_key) = rest.next()?;
                *value = Some(of_key);
                Some(Reader::new(Source::Key(key.get_ref()), key.span()))
            }
            Entries::Place { names, of } => names.next().map(|name| Reader { source: Source::Key(name), ..*of }),
        }
    }

    fn value(&self) -> Option<Reader<'a>> {
        match self {
            Entries::Table { value, .. } => value.map(Reader::of),
            Entries::Place { names, of } => {
                let offset = |offset| Reader { source: Source::Offset(offset), ..*of };
                Some([*of, offset(of.end), offset(of.start)][names.len()])
            }
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.next_key().map(|key| seed.deserialize(key)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        match self.value() {
            Some(value) => seed.deserialize(value),
            None => Err(Fault::custom("a value was asked for before its key")),
        }
    }
}

/// One case of an enum: its name, and what it holds where it is a table of this one key.
#[derive(Clone, Copy)]
struct Case<'a> {
    name: Reader<'a>,
    holds: Option<Reader<'a>>,
}

impl<'a> Case<'a> {
    fn of(reader: Reader<'a>) -> Result<Case<'a>, Fault> {
        if reader.text().is_some() {
            return Ok(Case { name: reader, holds: None });
        }
        let table = reader.table().ok_or_else(|| Fault::custom("wanted string or table"))?;
        let mut entries = Entries::of(table);
        match (table.len(), entries.next_key()) {
            (1, Some(name)) => Ok(Case { name, holds: entries.value() }),
            (0, _) => Err(Fault::custom("wanted exactly 1 element, found 0 elements")),
            _ => Err(Fault::custom("wanted exactly 1 element, more than 1 element")),
        }
    }

    /// What the case holds, which `wanted` says.
    fn held(self, wanted: &'static str) -> Result<Reader<'a>, Fault> {
        self.holds.ok_or_else(|| Fault::unlike(Unexpected::UnitVariant, &wanted))
    }
}

impl<'de> EnumAccess<'de> for Case<'de> {
    type Error = Fault;
    type Variant = Case<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Case<'de>), Fault> {
        Ok((seed.deserialize(self.name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Case<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        let Some(held) = self.holds else { return Ok(()) };
        let length = held.list().map(|list| list.len()).or_else(|| held.table().map(DeTable::len));
        if length == Some(0) { Ok(()) } else { Err(Fault::custom("expected empty table").within(held.span())) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self.held("newtype variant")?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Fault> {
        self.held("tuple variant")?.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        let held = self.held("struct variant")?;
        held.table().map_or(Ok(()), |table| no_others(table, fields))?;
        held.deserialize_struct("", fields, visitor)
    }
}

/// A table that a case of an enum holds has no other keys than these.
fn no_others(table: &DeTable<'_>, fields: &[&str]) -> Result<(), Fault> {
    let others: Vec<_> = table.keys().filter(|key| !fields.contains(&key.get_ref().as_ref())).collect();
    let Some(first) = others.first() else { return Ok(()) };
    let names: Vec<&str> = others.iter().map(|key| key.get_ref().as_ref()).collect();
    let (names, fields) = (names.join(", "), fields.join(", "));
    let message = format_args!("unexpected keys in table: {names}, available keys: {fields}");
    Err(Fault::custom(message).within(first.span()))
}

#[cfg(test)]
mod tests;
