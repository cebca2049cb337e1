//! What a site has: activity types and panels with their columns, kept with their time so that editing works
//! offline.

use ihook_engine::activity::{self, KnownType};
use ihook_engine::record::{Column, ColumnType, Panel, PanelKind};
use ihook_imis::{Failed, FailureClass};
use ihook_store::metadata;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::times;
use crate::App;
use crate::error::{Code, WireError};
use crate::sites::{Site, Unavailable};

/// Asks what a site has.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct MetadataRequest {
    /// The connection.
    pub name: String,
    /// Ask the site again instead of taking what it last said.
    pub refresh: Option<bool>,
}

/// What a site has.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct Metadata {
    /// By code.
    pub activity_types: Vec<ActivityType>,
    /// What an activity can hold, with the lengths of this site.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<ColumnInfo>>")]
    pub activity_columns: Vec<ColumnInfo>,
    /// By name.
    pub panels: Vec<PanelInfo>,
    /// When the site said so.
    pub fetched_at: String,
    /// Why the site could not be asked again, when it could not and this is what it said before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// An activity type.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub(crate) struct ActivityType {
    /// As records carry it.
    pub code: String,
    /// In words.
    pub description: String,
    /// The fields it uses; empty where the site does not tell.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<TypeField>>")]
    pub fields: Vec<TypeField>,
}

/// A field that an activity type uses.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub(crate) struct TypeField {
    /// The property.
    pub name: String,
    /// What staff see beside it.
    pub label: String,
}

/// A value that a column offers.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub(crate) struct Choice {
    /// As it is stored.
    pub value: String,
    /// As staff see it.
    pub label: String,
}

/// A panel source.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(rename = "Panel")]
pub(crate) struct PanelInfo {
    /// Its entity name.
    pub name: String,
    /// `single` or `multi`: rows a member may have.
    pub kind: String,
    /// `Party` or `Standalone`; iHook writes no rows of others.
    pub parent: String,
    /// In the site's order.
    pub columns: Vec<ColumnInfo>,
}

/// A column of a panel source.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "Column", optional_fields)]
pub(crate) struct ColumnInfo {
    /// Its property name.
    pub name: String,
    /// Its label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// `string`, `integer`, `decimal`, `monetary`, `boolean`, `dateTime`, `date`, `time`, `guid`, `binary`.
    #[serde(rename = "type")]
    pub kind: String,
    /// In characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Whether iMIS insists on it.
    #[serde(default)]
    pub required: bool,
    /// Whether iMIS fills it.
    #[serde(default)]
    pub read_only: bool,
    /// Whether it is part of the key.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub identity: bool,
    /// Digits in all, of a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<u32>,
    /// Digits after the point, of a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<u32>,
    /// Other names that a workflow may use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub aliases: Vec<String>,
    /// What iMIS offers for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Choice>>")]
    pub values: Vec<Choice>,
}

impl Metadata {
    /// The activity types as the engine checks against them.
    pub(super) fn engine_types(&self) -> Vec<KnownType> {
        let uses = |kind: &ActivityType| kind.fields.iter().map(|field| field.name.clone()).collect();
        self.activity_types
            .iter()
            .map(|kind| KnownType { code: kind.code.clone(), uses: uses(kind) })
            .collect()
    }

    /// The columns of an activity; those of the vendor's schema where the site told none.
    pub(crate) fn engine_columns(&self) -> Vec<Column> {
        if self.activity_columns.is_empty() {
            return activity::columns().to_vec();
        }
        let required =
            |name: &str| activity::columns().iter().any(|column| column.name == name && column.required);
        let columns = self.activity_columns.iter().map(ColumnInfo::engine);
        columns.map(|column| Column { required: required(&column.name), ..column }).collect()
    }

    /// The panels as the engine checks against them.
    pub(super) fn engine_panels(&self) -> Vec<Panel> {
        self.panels
            .iter()
            .map(|panel| Panel {
                name: panel.name.clone(),
                description: String::new(),
                kind: if panel.kind == "single" { PanelKind::Single } else { PanelKind::Multi },
                parent: panel.parent.clone(),
                columns: panel.columns.iter().map(ColumnInfo::engine).collect(),
            })
            .collect()
    }
}

impl ColumnInfo {
    fn of(column: &Column) -> Self {
        let (precision, scale) = match column.kind {
            ColumnType::Decimal { precision, scale } => (precision, scale),
            _ => (None, None),
        };
        let choice =
            |(value, label): &(String, String)| Choice { value: value.clone(), label: label.clone() };
        Self {
            name: column.name.clone(),
            caption: column.caption.clone(),
            kind: kind_name(&column.kind).to_owned(),
            max_length: column.max_length,
            required: column.required,
            read_only: column.read_only,
            identity: column.identity,
            precision,
            scale,
            aliases: column.aliases.clone(),
            values: column.values.iter().map(choice).collect(),
        }
    }

    fn engine(&self) -> Column {
        let kind = match kind_of(&self.kind) {
            ColumnType::Decimal { .. } => {
                ColumnType::Decimal { precision: self.precision, scale: self.scale }
            }
            other => other,
        };
        Column {
            name: self.name.clone(),
            caption: self.caption.clone(),
            aliases: self.aliases.clone(),
            kind,
            max_length: self.max_length,
            required: self.required,
            identity: self.identity,
            read_only: self.read_only,
            values: self.values.iter().map(|choice| (choice.value.clone(), choice.label.clone())).collect(),
        }
    }
}

const KINDS: [(&str, ColumnType); 10] = [
    ("string", ColumnType::String),
    ("integer", ColumnType::Integer),
    ("decimal", ColumnType::Decimal { precision: None, scale: None }),
    ("monetary", ColumnType::Monetary),
    ("boolean", ColumnType::Boolean),
    ("dateTime", ColumnType::DateTime),
    ("date", ColumnType::Date),
    ("time", ColumnType::Time),
    ("guid", ColumnType::Guid),
    ("binary", ColumnType::Binary),
];

fn kind_of(name: &str) -> ColumnType {
    KINDS.into_iter().find(|(known, _)| *known == name).map_or(ColumnType::String, |(_, kind)| kind)
}

fn kind_name(kind: &ColumnType) -> &'static str {
    let same = |known: &ColumnType| std::mem::discriminant(known) == std::mem::discriminant(kind);
    KINDS.iter().find(|(_, known)| same(known)).map_or("string", |(name, _)| name)
}

pub(super) async fn get(app: &App, request: MetadataRequest) -> Result<Metadata, WireError> {
    let kept = cached(app, &request.name).await;
    if let Some(kept) = kept.as_ref().filter(|_| !request.refresh.unwrap_or(false)) {
        return Ok(kept.clone());
    }
    match fetch(app, &request.name).await {
        // What the site said before is of more use than nothing, as long as it is said to be that.
        Err(error) if error.code == Code::Imis || error.code == Code::Secrets => match kept {
            Some(kept) => Ok(Metadata { trouble: Some(error.message), ..kept }),
            None => Err(error),
        },
        other => other,
    }
}

/// Asks the site now, and keeps what it says.
pub(super) async fn fetch(app: &App, name: &str) -> Result<Metadata, WireError> {
    let site = app.sites().get(app, name).await.map_err(|error| match error {
        Unavailable::Unknown(_) => WireError::not_found("connection"),
        other => WireError::new(Code::Imis, other.to_string()),
    })?;
    let now = app.clock().millis();
    let said = ask(&site, times::text(now)).await.map_err(|failed| {
        let code = if failed.class == FailureClass::Credentials { Code::Secrets } else { Code::Imis };
        WireError::new(code, failed.message)
    })?;
    site.learn_activity_columns(said.engine_columns());
    let kept = app.redactor().value(serde_json::to_value(&said).unwrap_or_default());
    let (name, json) = (name.to_owned(), kept.to_string());
    app.store().write(move |tx| metadata::set(tx, &name, &json, now)).await?;
    Ok(said)
}

async fn ask(site: &Site, fetched_at: String) -> Result<Metadata, Failed> {
    let types = site.client.activity_types().await?;
    let panels = site.client.panels().await?;
    let columns = site.client.activity_columns().await?;
    let field = |(name, label): (&str, &str)| TypeField { name: name.to_owned(), label: label.to_owned() };
    Ok(Metadata {
        activity_types: types
            .into_iter()
            .map(|kind| ActivityType {
                fields: kind.fields().map(field).collect(),
                code: kind.code,
                description: kind.description,
            })
            .collect(),
        activity_columns: columns.iter().map(ColumnInfo::of).collect(),
        panels: panels.iter().map(panel_info).collect(),
        fetched_at,
        trouble: None,
    })
}

/// What the site last said, if it ever did.
pub(crate) async fn cached(app: &App, name: &str) -> Option<Metadata> {
    let name = name.to_owned();
    let kept = app.store().read(move |database| metadata::get(database, &name)).await.ok()??;
    serde_json::from_str(&kept.json).ok()
}

fn panel_info(panel: &Panel) -> PanelInfo {
    PanelInfo {
        name: panel.name.clone(),
        kind: if panel.kind == PanelKind::Single { "single" } else { "multi" }.to_owned(),
        parent: panel.parent.clone(),
        columns: panel.columns.iter().map(ColumnInfo::of).collect(),
    }
}
