//! The values of a payload that are searched for, read from its text without building what it says: a payload may be
//! large, and only its first values count.

use std::fmt;

use ihook_engine::json;
use ihook_engine::text::folded;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Values of one payload that are indexed.
const MAX_VALUES: usize = 200;
/// No more of a long text than could be found.
const MAX_CHARS: usize = 1_000;

/// Every string and number of a payload, folded, so that texts are found that read the same: the first 200 of them.
/// None of what is no JSON.
pub(super) fn values(body: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(body);
    match Gather(&mut found).deserialize(&mut reader) {
        // It ends early once there are enough.
        Err(_) if found.len() < MAX_VALUES => Vec::new(),
        Ok(()) | Err(_) => found,
    }
}

/// Reads one value.
struct Gather<'a>(&'a mut Vec<String>);

impl Gather<'_> {
    fn keep<E: Error>(&mut self, text: &str) -> Result<(), E> {
        let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(end, _)| end);
        self.0.push(folded(&text[..end]));
        if self.0.len() < MAX_VALUES { Ok(()) } else { Err(E::custom("enough")) }
    }
}

impl<'de> DeserializeSeed<'de> for Gather<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Gather<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _flag: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        self.keep(text)
    }

    // Short whole numbers; others come as texts, with all their digits.
    fn visit_u64<E: Error>(mut self, number: u64) -> Result<(), E> {
        self.keep(&number.to_string())
    }

    fn visit_i64<E: Error>(mut self, number: i64) -> Result<(), E> {
        self.keep(&number.to_string())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Gather(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<Name>()? {
            match name {
                Name::Member => members.next_value_seed(Gather(self.0))?,
                // How the reader hands over numbers whose digits are all kept.
                Name::Reserved => self.keep(&members.next_value::<String>()?)?,
            }
        }
        Ok(())
    }
}

/// Whose value follows.
enum Name {
    Member,
    Reserved,
}

impl<'de> serde::Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Name;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a name")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
                Ok(if json::is_reserved(name) { Name::Reserved } else { Name::Member })
            }
        }
        reader.deserialize_str(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_numbers_at_any_depth_are_found() {
        let body = r#"{"memberId":"12345","n":123456789012345678901,"m":-1.50,"k":[7,-7],"list":[{"x":"Ünï"},true,null,[]]}"#;
        assert_eq!(values(body), ["12345", "123456789012345678901", "-1.50", "7", "-7", "ünï"]);
        assert_eq!(values("{}"), [] as [&str; 0]);
        assert!(values("not json").is_empty());
        assert!(values(r#"{"a":"b""#).is_empty());
    }

    #[test]
    fn a_large_payload_is_read_no_further_than_its_first_values() {
        let body = format!("{{\"list\":[{}", "7,".repeat(1_000));
        assert_eq!(values(&body), vec!["7"; MAX_VALUES], "its end is never looked at");
        let long = format!("{{\"text\":\"{}\"}}", "é".repeat(5_000));
        assert_eq!(values(&long), ["é".repeat(MAX_CHARS)]);
    }
}
