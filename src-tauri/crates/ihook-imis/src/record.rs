//! A record to be inserted: the durable intent, and the exact JSON it becomes.

use ihook_engine::record::{Panel, PanelKind, TypedField};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exchange::Exchange;
use crate::wire::{Record, encode};

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
        /// The column that holds the member's ID.
        member_column: String,
        /// At most one row a member.
        single: bool,
    },
}

impl Target {
    /// The target for a panel whose definition is known.
    #[must_use]
    pub fn panel(panel: &Panel) -> Self {
        let named = |name: &&str| panel.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let member_column = KEY_NAMES.iter().find(|name| named(name)).copied().unwrap_or(KEY_NAMES[0]);
        Self::Panel {
            name: panel.name.clone(),
            parent: panel.parent.clone(),
            member_column: member_column.to_owned(),
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

    /// The entity name on the wire.
    #[must_use]
    pub fn entity(&self) -> &str {
        match self {
            Self::Activity => "Activity",
            Self::Panel { name, .. } => name,
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
        let standalone = parent_entity.eq_ignore_ascii_case("Standalone");
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
    /// The key of the new record where iMIS gives a true one: an activity's SEQN. None for panels, whose answers
    /// are known to say ordinal 0, and where the answer had no body.
    pub key: Option<String>,
    /// What went over the wire.
    pub exchange: Exchange,
}

#[cfg(test)]
mod tests {
    use ihook_engine::record::FieldValue;

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
            member_column: "ID".to_owned(),
            single: false,
        };
        let body = NewRecord { target, party_id: String::new(), fields: Vec::new() }.body();
        assert!(body["PrimaryParentIdentity"].get("IdentityElements").is_none());
        assert_eq!(body["Properties"]["$values"], serde_json::json!([]));
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
