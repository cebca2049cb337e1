//! `GenericEntityData`: activities, panel rows and every other business object.

use serde_json::{Map, Value, json};

use super::value::{list, member, plain, text, typed_list};
use super::{GENERIC_ENTITY, PROPERTIES, PROPERTY, STRINGS};

/// One record of a business object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// `Activity`, or the name of a panel source.
    pub entity: String,
    /// The primary parent's entity, `Party` as a rule; empty where there is none.
    pub parent_entity: String,
    /// The record's own key; none on a record to be created.
    pub key: Vec<String>,
    /// The key of the primary parent: the member.
    pub parent: Vec<String>,
    /// Names and values. Read records hold plain values; a record to be written holds them as they go out.
    pub properties: Vec<(String, Value)>,
}

impl Record {
    /// Reads a record; a flat query row becomes one without key. Nothing where the JSON is no object.
    #[must_use]
    pub fn read(json: &Value) -> Option<Self> {
        let members = json.as_object()?;
        let word = |name: &str| member(json, name).and_then(text).unwrap_or_default();
        let properties = match member(json, "Properties") {
            Some(bag) => list(bag).iter().filter_map(read_property).collect(),
            None => members
                .iter()
                .filter(|(name, _)| !name.starts_with('$'))
                .map(|(name, value)| (name.clone(), plain(value).clone()))
                .collect(),
        };
        Some(Self {
            entity: word("EntityTypeName"),
            parent_entity: word("PrimaryParentEntityTypeName"),
            key: elements(member(json, "Identity")),
            parent: elements(member(json, "PrimaryParentIdentity")),
            properties,
        })
    }

    /// Writes the record with `$type` first everywhere; `Identity` only where it has a key.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("$type", Value::String(GENERIC_ENTITY.to_owned()));
        put("EntityTypeName", Value::String(self.entity.clone()));
        if !self.parent_entity.is_empty() {
            put("PrimaryParentEntityTypeName", Value::String(self.parent_entity.clone()));
        }
        if !self.key.is_empty() {
            put("Identity", identity_json(&self.entity, &self.key));
        }
        if !self.parent_entity.is_empty() {
            put("PrimaryParentIdentity", identity_json(&self.parent_entity, &self.parent));
        }
        let properties = self
            .properties
            .iter()
            .map(|(name, value)| json!({ "$type": PROPERTY, "Name": name, "Value": value }))
            .collect();
        put("Properties", typed_list(PROPERTIES, properties));
        Value::Object(members)
    }

    /// A property's plain value, whatever the case of its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.properties
            .iter()
            .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
            .map(|(_, value)| plain(value))
    }

    /// A property's value as text; nothing where it is absent or null.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(text)
    }

    /// The number of a stored activity, where it says a true one.
    pub(crate) fn activity_key(&self) -> Option<String> {
        let key = self.key.first().cloned().or_else(|| self.text("SEQN"));
        key.filter(|key| !key.trim().is_empty() && key != "0")
    }

    /// The key in its canonical text form: `101`, or `~101|2` where it has several parts.
    #[must_use]
    pub fn key_text(&self) -> String {
        match self.key.as_slice() {
            [single] => single.clone(),
            [] => String::new(),
            parts => format!("~{}", parts.join("|")),
        }
    }
}

/// The parts of a key in its canonical text form.
pub(crate) fn key_parts(key: &str) -> Vec<String> {
    match key.strip_prefix('~') {
        Some(parts) => parts.split('|').map(str::to_owned).collect(),
        None => vec![key.to_owned()],
    }
}

/// `IdentityData`; without elements where the key is empty.
#[must_use]
pub fn identity_json(entity: &str, key: &[String]) -> Value {
    let mut identity = json!({
        "$type": "Asi.Soa.Core.DataContracts.IdentityData, Asi.Contracts",
        "EntityTypeName": entity,
    });
    if !key.is_empty() {
        identity["IdentityElements"] = typed_list(STRINGS, key.iter().cloned().map(Value::String).collect());
    }
    identity
}

fn elements(identity: Option<&Value>) -> Vec<String> {
    let elements = identity.and_then(|identity| member(identity, "IdentityElements"));
    elements.map(|elements| list(elements).iter().filter_map(text).collect()).unwrap_or_default()
}

fn read_property(property: &Value) -> Option<(String, Value)> {
    let name = member(property, "Name").and_then(text)?;
    // A missing value stands for null.
    Some((name, member(property, "Value").map_or(Value::Null, |value| plain(value).clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: &str = r#"{
      "$type": "Asi.Soa.Core.DataContracts.GenericEntityData, Asi.Contracts",
      "entitytypename": "ABC_Checkins", "PrimaryParentEntityTypeName": "Party",
      "Identity": { "$type": "x", "EntityTypeName": "ABC_Checkins",
        "IdentityElements": { "$type": "y", "$values": ["101", "3"] } },
      "PrimaryParentIdentity": { "$type": "x", "IdentityElements": { "$values": ["101"] } },
      "Properties": { "$type": "z", "$values": [
        { "$type": "p", "Name": "ID", "Value": "101" },
        { "$type": "p", "name": "Ordinal", "value": { "$type": "System.Int32", "$value": 3 } },
        { "$type": "p", "Name": "Note" },
        { "$type": "p", "Value": "a value without a name" } ] } }"#;

    #[test]
    fn a_stored_record_is_read_whatever_the_case_of_its_members() {
        let record = Record::read(&serde_json::from_str(STORED).expect("json")).expect("record");
        assert_eq!(record.entity, "ABC_Checkins");
        assert_eq!(record.key_text(), "~101|3");
        assert_eq!(key_parts(&record.key_text()), record.key);
        assert_eq!(record.parent, ["101"]);
        assert_eq!(record.text("ORDINAL").as_deref(), Some("3"));
        assert_eq!(record.text("Note"), None);
        assert_eq!(record.properties.len(), 3, "a value without a name says nothing");
    }

    #[test]
    fn a_record_is_written_with_its_types_first_and_read_back() {
        let record = Record {
            entity: "Activity".to_owned(),
            parent_entity: "Party".to_owned(),
            parent: vec!["12345".to_owned()],
            properties: vec![("PartyId".to_owned(), json!("12345"))],
            ..Record::default()
        };
        let json = record.to_json();
        let text = json.to_string();
        assert!(
            text.starts_with(r#"{"$type":"Asi.Soa.Core.DataContracts.GenericEntityData, Asi.Contracts""#)
        );
        assert!(!text.contains(r#""Identity":"#), "a record to be created has no identity");
        assert_eq!(Record::read(&json), Some(record));
    }

    #[test]
    fn a_flat_query_row_is_a_record_without_key() {
        let row = json!({ "$type": "row", "ID": "101", "Count": { "$type": "System.Int32", "$value": 2 } });
        let record = Record::read(&row).expect("row");
        assert_eq!((record.key_text().as_str(), record.text("count").as_deref()), ("", Some("2")));
        assert_eq!(Record::read(&json!("text")), None);
    }
}
