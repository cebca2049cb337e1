//! A record to be inserted: the durable intent, and the exact JSON it becomes.

use ihook_engine::record::{FieldValue, Panel, PanelKind, TypedField};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exchange::Exchange;
use crate::wire::{Record, encode};

/// Filters are only made of text this short: long ones make long URLs.
const FILTER_CHARACTERS: usize = 60;
/// The names that a panel source may give its member column, in the vendor's own order of preference.
const KEY_NAMES: [&str; 4] = ["ID", "ContactKey", "PartyId", "GroupKey"];

/// What kind of record is inserted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Target {
    /// An activity.
    Activity,
    /// A row of a panel source.
    Panel {
        /// The panel source's entity name.
        name: String,
        /// Its primary parent's entity: `Party`, or `Standalone` where rows belong to nobody.
        parent: String,
        /// The column that holds the member's ID; empty where rows belong to nobody.
        member_column: String,
        /// At most one row a member.
        single: bool,
    },
}

impl Target {
    /// The target for a panel whose definition is known.
    #[must_use]
    pub fn panel(panel: &Panel) -> Self {
        let standalone = panel.parent.eq_ignore_ascii_case("Standalone");
        let named = |name: &&str| panel.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let member_column = KEY_NAMES.iter().find(|name| named(name)).copied().unwrap_or(KEY_NAMES[0]);
        Self::Panel {
            name: panel.name.clone(),
            parent: panel.parent.clone(),
            member_column: if standalone { String::new() } else { member_column.to_owned() },
            single: panel.kind == PanelKind::Single,
        }
    }

    /// The target for a panel of which only the name is known (offline): one row or many is not known either,
    /// so it counts as multi-instance, and iMIS refuses what it does not want.
    #[must_use]
    pub fn panel_named(name: &str) -> Self {
        Self::Panel {
            name: name.to_owned(),
            parent: "Party".to_owned(),
            member_column: KEY_NAMES[0].to_owned(),
            single: false,
        }
    }

    /// Whether records belong to nobody.
    #[must_use]
    pub fn is_standalone(&self) -> bool {
        matches!(self, Self::Panel { parent, .. } if parent.eq_ignore_ascii_case("Standalone"))
    }

    /// The entity name on the wire.
    #[must_use]
    pub fn entity(&self) -> &str {
        match self {
            Self::Activity => "Activity",
            Self::Panel { name, .. } => name,
        }
    }

    /// Whether what iMIS answered names the record that it stored: an activity's number, a row's key. Of a row the
    /// ordinal may be 0 (docs/imis-rest.md#the-answer, docs/imis-rest.md#rows).
    pub(crate) fn identifies(&self, stored: &Record) -> bool {
        let is_ours = stored.entity.is_empty() || stored.entity.eq_ignore_ascii_case(self.entity());
        is_ours
            && match self {
                Self::Activity => stored.activity_key().is_some(),
                Self::Panel { .. } => stored.key.iter().any(|part| !part.trim().is_empty()),
            }
    }

    /// The property that holds the member's ID, for writing and for filters.
    #[must_use]
    pub fn member_column(&self) -> &str {
        match self {
            Self::Activity => "PartyId",
            Self::Panel { member_column, .. } => member_column,
        }
    }
}

/// A record to be inserted, complete: what is stored before a request leaves, and compared when in doubt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewRecord {
    /// Where it goes.
    pub target: Target,
    /// The member it belongs to.
    pub party_id: String,
    /// The typed values by property name. One for the member's ID is not needed; where it is given,
    /// [`NewRecord::party_id`] wins.
    pub fields: Vec<TypedField>,
}

impl NewRecord {
    /// The exact JSON that is sent: the member's ID goes in as primary parent and as a property.
    #[must_use]
    pub fn body(&self) -> Value {
        let parent_entity = match &self.target {
            Target::Activity => "Party".to_owned(),
            Target::Panel { parent, .. } => parent.clone(),
        };
        let standalone = self.target.is_standalone();
        let column = self.target.member_column();
        let mut properties = Vec::with_capacity(self.fields.len() + 1);
        if !standalone {
            properties.push((column.to_owned(), Value::String(self.party_id.clone())));
        }
        properties.extend(self.sent_fields().map(|field| (field.name.clone(), encode(&field.value))));
        let parent = if standalone { Vec::new() } else { vec![self.party_id.clone()] };
        let entity = self.target.entity().to_owned();
        Record { entity, parent_entity, key: Vec::new(), parent, properties }.to_json()
    }

    /// Narrows a search for records like this one as far as iMIS surely can: by member and activity type, or by
    /// short texts and whole numbers where there is no member. [`NewRecord::matches`] decides about what is left.
    #[must_use]
    pub fn filters(&self) -> Vec<(String, String)> {
        let equal = |name: &str, value: &str| (name.to_owned(), format!("eq:{value}"));
        if self.target.is_standalone() {
            let plain = self.sent_fields().filter(|field| match &field.value {
                FieldValue::Text(text) => {
                    text.chars().count() <= FILTER_CHARACTERS
                        && text.chars().all(|c| c.is_ascii_alphanumeric())
                }
                FieldValue::Integer(_) => true,
                _ => false,
            });
            return plain.map(|field| equal(&field.name, &field.value.to_string())).collect();
        }
        let mut filters = vec![equal(self.target.member_column(), &self.party_id)];
        if self.target == Target::Activity
            && let Some(kind) = self.fields.iter().find(|field| field.name == "ACTIVITY_TYPE")
        {
            filters.push(equal(&kind.name, &kind.value.to_string()));
        }
        filters
    }

    /// The fields beside the member's ID.
    pub(crate) fn sent_fields(&self) -> impl Iterator<Item = &TypedField> {
        let column = self.target.member_column();
        let is_activity = self.target == Target::Activity;
        self.fields.iter().filter(move |field| {
            let names_member = field.name.eq_ignore_ascii_case(column)
                || (is_activity && field.name.eq_ignore_ascii_case("ID"));
            !names_member
        })
    }
}

/// A record that iMIS took.
#[derive(Debug, Clone, PartialEq)]
pub struct Inserted {
    /// The key of the new record where iMIS gives a true one: an activity's SEQN, the member of a
    /// single-instance panel. None for rows of other panels, whose answers are known to say ordinal 0.
    pub key: Option<String>,
    /// What went over the wire.
    pub exchange: Exchange,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, value: FieldValue) -> TypedField {
        TypedField { name: name.to_owned(), written: name.to_owned(), value }
    }

    #[test]
    fn an_activity_is_sent_in_the_observed_form() {
        let record = NewRecord {
            target: Target::Activity,
            party_id: "12345".to_owned(),
            fields: vec![
                field("PartyId", FieldValue::Text("ignored".to_owned())),
                field("ACTIVITY_TYPE", FieldValue::Text("ATTEND".to_owned())),
                field("TRANSACTION_DATE", FieldValue::DateTime("2026-05-27T09:15:00".to_owned())),
                field("UNITS", FieldValue::Decimal("1".to_owned())),
            ],
        };
        let expected = concat!(
            r#"{"$type":"Asi.Soa.Core.DataContracts.GenericEntityData, Asi.Contracts","EntityTypeName":"Activity","#,
            r#""PrimaryParentEntityTypeName":"Party","#,
            r#""PrimaryParentIdentity":{"$type":"Asi.Soa.Core.DataContracts.IdentityData, Asi.Contracts","#,
            r#""EntityTypeName":"Party","IdentityElements":{"$type":"System.Collections.ObjectModel.Collection`1"#,
            r#"[[System.String, mscorlib]], mscorlib","$values":["12345"]}},"#,
            r#""Properties":{"$type":"Asi.Soa.Core.DataContracts.GenericPropertyDataCollection, Asi.Contracts","$values":["#,
            r#"{"$type":"Asi.Soa.Core.DataContracts.GenericPropertyData, Asi.Contracts","Name":"PartyId","Value":"12345"},"#,
            r#"{"$type":"Asi.Soa.Core.DataContracts.GenericPropertyData, Asi.Contracts","Name":"ACTIVITY_TYPE","Value":"ATTEND"},"#,
            r#"{"$type":"Asi.Soa.Core.DataContracts.GenericPropertyData, Asi.Contracts","Name":"TRANSACTION_DATE","Value":"2026-05-27T09:15:00"},"#,
            r#"{"$type":"Asi.Soa.Core.DataContracts.GenericPropertyData, Asi.Contracts","Name":"UNITS","Value":{"$type":"System.Decimal","$value":1}}]}}"#,
        );
        assert_eq!(record.body().to_string(), expected);
    }

    #[test]
    fn a_standalone_row_belongs_to_nobody() {
        let target = Target::Panel {
            name: "Venues".to_owned(),
            parent: "Standalone".to_owned(),
            member_column: String::new(),
            single: false,
        };
        let fields = vec![
            field("ID", FieldValue::Text("A1".to_owned())),
            field("Notes", FieldValue::Text("long: it, has | everything".to_owned())),
            field("Seats", FieldValue::Integer(40)),
        ];
        let record = NewRecord { target, party_id: String::new(), fields };
        let body = record.body();
        assert!(body["PrimaryParentIdentity"].get("IdentityElements").is_none());
        assert_eq!(
            body["Properties"]["$values"].as_array().map(Vec::len),
            Some(3),
            "a column may be called ID"
        );
        let filters = [("ID", "eq:A1"), ("Seats", "eq:40")];
        assert_eq!(record.filters(), filters.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn an_intent_survives_being_stored() {
        let fields = vec![
            field("UNITS", FieldValue::Decimal("12.50".to_owned())),
            field("GRACE_PERIOD", FieldValue::Integer(-3)),
            field("RECURRING_REQUEST", FieldValue::Boolean(true)),
        ];
        let record = NewRecord {
            target: Target::panel_named("Event_Attendance"),
            party_id: "00101".to_owned(),
            fields,
        };
        let stored = serde_json::to_string(&record).expect("to text");
        assert_eq!(serde_json::from_str::<NewRecord>(&stored).expect("from text"), record);
    }
}
