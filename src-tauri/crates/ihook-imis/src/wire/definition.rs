//! `BOEntityDefinition`: panel sources and their columns.

use ihook_engine::record::{Column, ColumnType, Panel, PanelKind};
use serde_json::{Map, Value, json};

use super::value::{list, member, text, typed_list};
use super::{PROPERTIES, PROPERTY};

/// Columns that iMIS fills by itself in every panel source.
const FILLED_BY_IMIS: [&str; 4] = ["CreatedOn", "UpdatedOn", "CreatedBy", "UpdatedBy"];
/// What `MaxLength: -1` stands for in the vendor's own validator.
const LONGEST: u32 = 65_535;

/// Reads a definition: the panel, and whether a person made it in the panel designer (`IsDesignable`).
///
/// Nothing where it has no name or is an ordinary business object (neither `Single` nor `Multi`).
#[must_use]
pub fn read_definition(json: &Value) -> Option<(Panel, bool)> {
    let word = |name: &str| member(json, name).and_then(text).unwrap_or_default();
    let name = word("EntityTypeName");
    let kind = match word("ObjectTypeName").to_ascii_lowercase().as_str() {
        "single" => PanelKind::Single,
        "multi" => PanelKind::Multi,
        _ => return None,
    };
    if name.trim().is_empty() {
        return None;
    }
    let columns = read_columns(json);
    let parent = word("PrimaryParentEntityTypeName");
    let designable = flag(json, "IsDesignable");
    Some((Panel { name, description: word("Description"), kind, parent, columns }, designable))
}

/// The columns of any description of an entity (`BOEntityDefinitionData`, `EntityDefinitionData`).
#[must_use]
pub fn read_columns(json: &Value) -> Vec<Column> {
    let properties = member(json, "Properties").map(list).unwrap_or_default();
    properties.iter().filter_map(read_column).collect()
}

fn read_column(json: &Value) -> Option<Column> {
    let word = |name: &str| member(json, name).and_then(text).filter(|word| !word.trim().is_empty());
    let name = word("Name")?;
    let max_length = member(json, "MaxLength").and_then(text).and_then(|digits| digits.parse::<i64>().ok());
    let max_length = match max_length {
        Some(-1) => Some(LONGEST),
        Some(length) => u32::try_from(length).ok().filter(|length| *length > 0),
        None => None,
    };
    let identity = flag(json, "IsIdentity");
    // iMIS numbers the rows of a multi-instance panel itself.
    let by_imis = FILLED_BY_IMIS.iter().any(|column| column.eq_ignore_ascii_case(&name))
        || (identity && name.eq_ignore_ascii_case("Ordinal"));
    Some(Column {
        caption: word("Caption"),
        aliases: Vec::new(),
        kind: column_type(json),
        max_length,
        required: flag(json, "Required"),
        identity,
        read_only: by_imis || flag(json, "IsReadOnly"),
        values: value_list(json),
        name,
    })
}

fn column_type(json: &Value) -> ColumnType {
    let word = |name: &str| member(json, name).and_then(text);
    let number = |name: &str| word(name).and_then(|digits| digits.parse::<u32>().ok());
    match word("PropertyTypeName").unwrap_or_default().to_ascii_lowercase().as_str() {
        "integer" => ColumnType::Integer,
        "decimal" => ColumnType::Decimal { precision: number("Precision"), scale: number("Scale") },
        "monetary" => ColumnType::Monetary,
        "boolean" => ColumnType::Boolean,
        // The member is a number in every sample; names are read all the same.
        "date" | "datetime" => match word("DateTimeDataType").as_deref() {
            Some("1" | "Date") => ColumnType::Date,
            Some("2" | "Time") => ColumnType::Time,
            _ => ColumnType::DateTime,
        },
        "guid" => ColumnType::Guid,
        "binary" => ColumnType::Binary,
        _ => ColumnType::String,
    }
}

fn value_list(json: &Value) -> Vec<(String, String)> {
    let Some(values) = member(json, "Rule").and_then(|rule| member(rule, "ValueList")) else {
        return Vec::new();
    };
    list(values)
        .iter()
        .filter_map(|value| {
            let stored = member(value, "Value").and_then(text)?;
            Some((stored.clone(), member(value, "Name").and_then(text).unwrap_or(stored)))
        })
        .collect()
}

fn flag(json: &Value, name: &str) -> bool {
    member(json, name).and_then(text).is_some_and(|word| word.eq_ignore_ascii_case("true"))
}

/// Writes a definition as the sandbox serves it; `object` is `Single`, `Multi` or `Standard`.
#[must_use]
pub fn definition_json(panel: &Panel, object: &str, designable: bool) -> Value {
    json!({
        "$type": "Asi.Soa.Core.DataContracts.BOEntityDefinitionData, Asi.Contracts",
        "ObjectTypeName": object, "Description": panel.description, "EntityTypeName": panel.name,
        "PrimaryParentEntityTypeName": panel.parent, "IsDesignable": designable,
        "Properties": typed_list(
            "Asi.Soa.Core.DataContracts.EntityPropertyDefinitionDataCollection, Asi.Contracts",
            panel.columns.iter().map(column_json).collect()),
        "RelatedEntities": typed_list(
            "Asi.Soa.Core.DataContracts.RelatedEntityDataCollection, Asi.Contracts", Vec::new()),
        "Indexes": typed_list("Asi.Soa.Core.DataContracts.IndexDataCollection, Asi.Contracts", Vec::new()),
    })
}

fn column_json(column: &Column) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    let (type_name, class) = match column.kind {
        ColumnType::Integer => ("Integer", "Integer"),
        ColumnType::Decimal { .. } => ("Decimal", "Decimal"),
        ColumnType::Monetary => ("Monetary", "Monetary"),
        ColumnType::Boolean => ("Boolean", "Boolean"),
        ColumnType::DateTime | ColumnType::Date | ColumnType::Time => ("Date", "DateTime"),
        ColumnType::Binary => ("Binary", "Binary"),
        ColumnType::String | ColumnType::Guid => ("String", "String"),
    };
    put("$type", json!(format!("Asi.Soa.Core.DataContracts.PropertyType{class}Data, Asi.Contracts")));
    put("PropertyTypeName", json!(type_name));
    put("Name", json!(column.name));
    put("Caption", json!(column.caption.as_deref().unwrap_or(&column.name)));
    put("IsIdentity", json!(column.identity));
    put("Required", json!(column.required));
    put("IsReadOnly", json!(column.read_only));
    put("Visible", json!(!column.read_only));
    match &column.kind {
        ColumnType::String | ColumnType::Guid => {
            put("MaxLength", json!(column.max_length.unwrap_or(0)));
        }
        ColumnType::DateTime => drop(put("DateTimeDataType", json!(0))),
        ColumnType::Date => drop(put("DateTimeDataType", json!(1))),
        ColumnType::Time => drop(put("DateTimeDataType", json!(2))),
        ColumnType::Decimal { precision, scale } => {
            put("Precision", json!(precision));
            put("Scale", json!(scale));
        }
        ColumnType::Integer | ColumnType::Monetary | ColumnType::Boolean | ColumnType::Binary => {}
    }
    if !column.values.is_empty() {
        let values = column
            .values
            .iter()
            .map(|(value, label)| json!({ "$type": PROPERTY, "Name": label, "Value": value }));
        let rule = json!({
            "$type": "Asi.Soa.Core.DataContracts.PropertyRuleValueListData, Asi.Contracts",
            "ValueList": typed_list(PROPERTIES, values.collect()),
        });
        members.insert("Rule".to_owned(), rule);
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_types_are_read_from_their_members() {
        let check = |json: Value, kind: ColumnType, max_length: Option<u32>| {
            let mut with_name = json.clone();
            with_name["Name"] = json!("C");
            let column = read_column(&with_name).expect("column");
            assert_eq!((column.kind, column.max_length), (kind, max_length), "{json}");
        };
        check(json!({"PropertyTypeName": "String", "MaxLength": 20}), ColumnType::String, Some(20));
        check(json!({"PropertyTypeName": "String", "MaxLength": 0}), ColumnType::String, None);
        check(json!({"PropertyTypeName": "String", "MaxLength": -1}), ColumnType::String, Some(LONGEST));
        check(json!({"PropertyTypeName": "Integer"}), ColumnType::Integer, None);
        let decimal = ColumnType::Decimal { precision: Some(15), scale: Some(2) };
        check(json!({"PropertyTypeName": "Decimal", "Precision": 15, "Scale": 2}), decimal, None);
        check(json!({"PropertyTypeName": "Monetary"}), ColumnType::Monetary, None);
        check(json!({"PropertyTypeName": "Boolean"}), ColumnType::Boolean, None);
        check(json!({"PropertyTypeName": "Date"}), ColumnType::DateTime, None);
        check(json!({"PropertyTypeName": "Date", "DateTimeDataType": 0}), ColumnType::DateTime, None);
        check(json!({"PropertyTypeName": "Date", "DateTimeDataType": 1}), ColumnType::Date, None);
        check(json!({"propertytypename": "DATE", "datetimedatatype": 2}), ColumnType::Time, None);
        check(json!({"PropertyTypeName": "Binary"}), ColumnType::Binary, None);
        check(json!({"PropertyTypeName": "SomethingNew"}), ColumnType::String, None);
    }

    #[test]
    fn a_definition_is_a_panel_when_it_is_single_or_multi() {
        let definition = |object: &str| {
            json!({ "ObjectTypeName": object, "EntityTypeName": "ABC", "IsDesignable": true,
                    "PrimaryParentEntityTypeName": "Party",
                    "Properties": { "$values": [ { "Name": "ID", "IsIdentity": true }, { "Name": "createdon" } ] } })
        };
        let (panel, designable) = read_definition(&definition("SINGLE")).expect("panel");
        assert_eq!((panel.kind, designable), (PanelKind::Single, true));
        assert!(panel.columns[0].identity && panel.columns[1].read_only);
        assert!(read_definition(&definition("Standard")).is_none());
        assert!(read_definition(&json!({ "ObjectTypeName": "Multi" })).is_none(), "a panel needs a name");
    }

    #[test]
    fn value_lists_are_read_from_the_rule() {
        let column = json!({ "Name": "Size", "Rule": { "$type": "PropertyRuleValueListData",
            "ValueList": { "$values": [ { "Name": "Small", "Value": "S" }, { "Name": "Large", "Value": "L" } ] } } });
        let column = read_column(&column).expect("column");
        assert_eq!(column.values[1], ("L".to_owned(), "Large".to_owned()));
    }

    #[test]
    fn a_written_definition_reads_back() {
        let column = Column {
            name: "Hours".to_owned(),
            caption: Some("Hours".to_owned()),
            aliases: Vec::new(),
            kind: ColumnType::Decimal { precision: Some(9), scale: Some(2) },
            max_length: None,
            required: true,
            identity: false,
            read_only: false,
            values: vec![("0.5".to_owned(), "Half an hour".to_owned())],
        };
        let panel = Panel {
            name: "P".to_owned(),
            description: "d".to_owned(),
            kind: PanelKind::Multi,
            parent: "Party".to_owned(),
            columns: vec![column],
        };
        let read = read_definition(&definition_json(&panel, "Multi", true));
        assert_eq!(read, Some((panel, true)));
    }
}
