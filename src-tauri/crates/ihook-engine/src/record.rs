//! Records as iMIS stores them: typed columns, and the conversion of rendered text into their values.

mod values;

use serde::{Deserialize, Serialize};

use crate::step_error::{ErrorCode, StepError, shown};

pub use crate::time::{SiteTime, Times};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ColumnType {
    /// Text.
    String,
    /// A whole number of 32 bits.
    Integer,
    /// A decimal number.
    Decimal {
        /// Digits in all.
        precision: Option<u32>,
        /// Digits after the point.
        scale: Option<u32>,
    },
    /// SQL Server's `money`: four digits after the point.
    Monetary,
    /// True or false.
    Boolean,
    /// A day with a time.
    DateTime,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A GUID.
    Guid,
    /// A file, which iHook does not write.
    Binary,
}

/// One column of an activity or a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// The property's name on the wire.
    pub name: String,
    /// The label that staff see.
    pub caption: Option<String>,
    /// Other names that a workflow may use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it holds.
    pub kind: ColumnType,
    /// The longest text, in UTF-16 units as .NET and SQL Server count; `None`: no limit.
    pub max_length: Option<u32>,
    /// Whether iMIS refuses a record without it.
    #[serde(default)]
    pub required: bool,
    /// Whether it is part of the record's key.
    #[serde(default)]
    pub identity: bool,
    /// Whether iMIS alone writes it.
    #[serde(default)]
    pub read_only: bool,
    /// The values that iMIS offers, each with its label. Shown in the editor; iMIS decides.
    #[serde(default)]
    pub values: Vec<(String, String)>,
}

/// How many rows a member has in a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PanelKind {
    /// At most one.
    Single,
    /// Any number.
    Multi,
}

/// An iMIS panel source: a business object with columns of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    /// The entity's name on the wire.
    pub name: String,
    /// The words that staff see.
    pub description: String,
    /// How many rows a member has.
    pub kind: PanelKind,
    /// What a row belongs to: `Party`, `Standalone`, `Event` …
    pub parent: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

impl Panel {
    /// Whether iHook writes rows of this panel.
    ///
    /// # Errors
    /// A sentence: rows can belong to a member (`Party`) or to nobody (`Standalone`), and to nothing else.
    pub fn writable(&self) -> Result<(), String> {
        let parent = self.parent.trim();
        if parent.is_empty() || ["Party", "Standalone"].iter().any(|known| known.eq_ignore_ascii_case(parent))
        {
            return Ok(());
        }
        Err(format!(
            "The panel \"{}\" belongs to {parent} records; iHook writes only panels of members (Party) and \
             panels of their own (Standalone).",
            self.name
        ))
    }
}

/// A value ready for the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FieldValue {
    /// Text; also a time of day, as `09:15:00`.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A decimal number in plain digits (`12.50`), exact.
    Decimal(String),
    /// True or false.
    Boolean(bool),
    /// Local time without offset: `2026-05-27T09:15:00`; a day has midnight.
    DateTime(String),
    /// Lower case with hyphens, without braces.
    Guid(String),
}

/// As it stands in a filter of iMIS, and for people.
impl std::fmt::Display for FieldValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) | Self::Decimal(text) | Self::DateTime(text) | Self::Guid(text) => {
                f.write_str(text)
            }
            Self::Integer(number) => write!(f, "{number}"),
            Self::Boolean(flag) => write!(f, "{flag}"),
        }
    }
}

/// One field of an action after rendering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// The name as it is written in the workflow.
    pub name: String,
    /// What the template rendered to.
    pub text: String,
    /// The template, for messages.
    pub template: String,
}

/// One field as it goes to iMIS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TypedField {
    /// The property's name on the wire.
    pub name: String,
    /// The name as it is written in the workflow.
    pub written: String,
    /// Its value.
    pub value: FieldValue,
}

/// The column that a written name means: its property, label or alias, ignoring case, blanks,
/// underscores, hyphens and slashes. A property goes before a label, a label before an alias.
pub fn column_named<'a>(columns: &'a [Column], written: &str) -> Option<&'a Column> {
    let find = |fits: &dyn Fn(&Column) -> bool| columns.iter().find(|column| fits(column));
    // Compared letter by letter: an insert asks this of every column for each of its fields.
    let is_wanted = |name: &str| letters(name).eq(letters(written));
    find(&|column| is_wanted(&column.name))
        .or_else(|| find(&|column| column.caption.as_deref().is_some_and(is_wanted)))
        .or_else(|| find(&|column| column.aliases.iter().any(|alias| is_wanted(alias))))
}

/// A name without what people write differently.
pub(crate) fn plain(name: &str) -> String {
    letters(name).collect()
}

fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    let counts = |c: &char| !(c.is_whitespace() || matches!(c, '_' | '-' | '/'));
    name.chars().filter(counts).flat_map(char::to_lowercase)
}

/// Turns rendered text into values for iMIS, in the order written. Blank fields are left out; a blank or
/// missing `TRANSACTION_DATE` that the columns require is the delivery's time. The values that a column
/// offers are not enforced: iMIS decides.
///
/// # Errors
/// `unknownField`, `emptyField`, `tooLong`, `wrongType` or `badDate`, each naming the field as written,
/// the value and the limit. The first fault in the order written wins.
pub fn convert(
    columns: &[Column],
    fields: &[Field],
    times: &Times<'_>,
) -> Result<Vec<TypedField>, StepError> {
    let mut typed: Vec<TypedField> = Vec::with_capacity(fields.len());
    let mut used: Vec<(&Column, &Field)> = Vec::with_capacity(fields.len());
    for field in fields {
        let Some(column) = column_named(columns, &field.name) else {
            return Err(StepError::new(ErrorCode::UnknownField, unknown(columns, &field.name)));
        };
        if let Some((_, first)) = used.iter().find(|(other, _)| std::ptr::eq(*other, column)) {
            let message = format!(
                "The fields {} and {} both mean the column {}: keep one of them",
                shown(&first.name),
                shown(&field.name),
                column.name
            );
            return Err(StepError::new(ErrorCode::UnknownField, message));
        }
        used.push((column, field));
        if let Some(value) = value(column, field, times)? {
            typed.push(TypedField { name: column.name.clone(), written: field.name.clone(), value });
        }
    }
    for column in columns.iter().filter(|column| column.required && !column.read_only) {
        if typed.iter().any(|field| field.name == column.name) {
            continue;
        }
        let written = used.iter().find(|(other, _)| std::ptr::eq(*other, column)).map(|(_, field)| *field);
        if !is_transaction_date(column) {
            return Err(StepError::new(ErrorCode::EmptyField, empty(column, written)));
        }
        let written = written.map_or(&column.name, |field| &field.name).clone();
        let value = FieldValue::DateTime(crate::time::iso(times.delivery()));
        typed.push(TypedField { name: column.name.clone(), written, value });
    }
    Ok(typed)
}

/// One field by itself, as [`convert`] would take it: none where it is blank and left out.
///
/// # Errors
/// As [`convert`].
pub fn convert_field(
    columns: &[Column],
    field: &Field,
    times: &Times<'_>,
) -> Result<Option<FieldValue>, StepError> {
    let Some(column) = column_named(columns, &field.name) else {
        return Err(StepError::new(ErrorCode::UnknownField, unknown(columns, &field.name)));
    };
    match value(column, field, times)? {
        None if !column.required || column.read_only => Ok(None),
        None if is_transaction_date(column) => {
            Ok(Some(FieldValue::DateTime(crate::time::iso(times.delivery()))))
        }
        None => Err(StepError::new(ErrorCode::EmptyField, empty(column, Some(field)))),
        written => Ok(written),
    }
}

fn value(column: &Column, field: &Field, times: &Times<'_>) -> Result<Option<FieldValue>, StepError> {
    if field.text.trim().is_empty() {
        return Ok(None);
    }
    if column.read_only {
        let message = format!("The field {} is set by iMIS itself and cannot be written", shown(&field.name));
        return Err(StepError::new(ErrorCode::UnknownField, message));
    }
    values::value(column, &field.text, times).map(Some).map_err(|fault| {
        let message = match fault.code {
            ErrorCode::BadDate => format!("The field {} cannot be set: {}", shown(&field.name), fault.reason),
            _ => format!(
                "The field {} cannot take {}: {}",
                shown(&field.name),
                shown(&field.text),
                fault.reason
            ),
        };
        StepError::new(fault.code, message)
    })
}

fn is_transaction_date(column: &Column) -> bool {
    column.name == "TRANSACTION_DATE" && column.kind == ColumnType::DateTime
}

/// Bytes of a name that may be a column's, mistyped.
const MAX_NAME: usize = 256;

fn unknown(columns: &[Column], written: &str) -> String {
    let wanted = plain(written);
    let alike = |column: &&Column| {
        let name = plain(&column.name);
        (1..=MAX_NAME).contains(&wanted.len()) && (name.contains(&wanted) || wanted.contains(&name))
    };
    match columns.iter().filter(|column| !column.read_only).find(alike) {
        Some(near) => format!("There is no column {} here; did you mean {}?", shown(written), near.name),
        None => format!("There is no column {} here", shown(written)),
    }
}

fn empty(column: &Column, written: Option<&Field>) -> String {
    match written {
        None => format!(
            "The required field {} is missing",
            shown(column.caption.as_deref().unwrap_or(&column.name))
        ),
        Some(field) if field.template.trim().is_empty() => {
            format!("The required field {} is empty", shown(&field.name))
        }
        Some(field) => format!(
            "The required field {} is empty: {} gave nothing for this delivery",
            shown(&field.name),
            shown(&field.template)
        ),
    }
}

#[cfg(test)]
mod tests;
