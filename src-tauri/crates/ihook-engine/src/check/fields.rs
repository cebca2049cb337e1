//! The fields of an insert: known columns, required ones, constants that fit.

use jiff::Timestamp;

use super::{Facts, Report};
use crate::activity::{self, KnownType};
use crate::record::{self, Column, Field, Panel, SiteTime, Times};
use crate::schema::shorten;
use crate::template::Template;
use crate::workflow::{FieldTemplate, pointer_step};

/// What an Insert Activity needs.
pub(super) fn activity(report: &mut Report<'_>, fields: &[FieldTemplate], facts: &Facts<'_>) {
    let columns = facts.activity_columns;
    required(report, fields, "PartyId", "ID");
    required(report, fields, "ACTIVITY_TYPE", "Activity Type");
    known_names(report, fields, columns, "fields");
    let mut kind = None;
    for field in fields {
        let Some(column) = record::column_named(columns, &field.name) else { continue };
        let Some(constant) = constant(field) else { continue };
        if column.name == "ACTIVITY_TYPE" {
            kind = activity_type(report, field, constant, facts.activity_types);
        }
        fits(report, field, column, constant, facts.site);
    }
    if let Some(kind) = kind {
        unused(report, fields, columns, kind);
    }
}

/// What an Insert Panel Record needs, where the panels are known.
pub(super) fn panel(
    report: &mut Report<'_>,
    name: &str,
    fields: &[FieldTemplate],
    panels: &[Panel],
    site: &SiteTime,
) {
    let Some(panel) = panels.iter().find(|panel| panel.name.eq_ignore_ascii_case(name)) else {
        let message = format!("iMIS has no panel \"{name}\".");
        return report.add("panel", "panel", message);
    };
    if let Err(reason) = panel.writable() {
        report.add("panel", "panel", reason);
    }
    unknown_names(report, fields, "fields", &panel.columns, &format!("The panel \"{}\"", panel.name));
    for field in fields {
        let column = record::column_named(&panel.columns, &field.name);
        if let (Some(column), Some(constant)) = (column, constant(field)) {
            fits(report, field, column, constant, site);
            offered(report, field, column, constant);
        }
    }
}

/// A constant that iMIS does not offer may still be taken: a warning is all that can be said.
fn offered(report: &mut Report<'_>, field: &FieldTemplate, column: &Column, constant: &str) {
    let written = constant.trim();
    if column.values.is_empty() || column.values.iter().any(|(value, _)| value.eq_ignore_ascii_case(written))
    {
        return;
    }
    let some: Vec<&str> = column.values.iter().take(8).map(|(value, _)| value.as_str()).collect();
    let more = if column.values.len() > some.len() { ", …" } else { "" };
    let message = format!(
        "\"{written}\" is not among the values that iMIS offers for \"{}\" ({}{more}).",
        field.name,
        some.join(", ")
    );
    report.add(&place("fields", field), &field.name, message);
}

/// Values that staff will not find, because the activity type has no place for them.
fn unused(report: &mut Report<'_>, fields: &[FieldTemplate], columns: &[Column], kind: &KnownType) {
    for field in fields.iter().filter(|field| !field.template.trim().is_empty()) {
        let Some(column) = record::column_named(columns, &field.name) else { continue };
        if !kind.shows(&column.name) {
            let message = format!(
                "The activity type {} does not use \"{}\": iMIS stores the value and shows it nowhere.",
                kind.code, field.name
            );
            report.add(&place("fields", field), &field.name, message);
        }
    }
}

/// Names that mean no column of an activity, and two that mean the same.
pub(super) fn known_names(
    report: &mut Report<'_>,
    fields: &[FieldTemplate],
    columns: &[Column],
    member: &str,
) {
    unknown_names(report, fields, member, columns, "An activity");
}

/// What a lookup asks for: something must stand in each place, and what may be blank must be there.
pub(super) fn criteria<'a>(
    report: &mut Report<'_>,
    member: &str,
    criteria: impl Iterator<Item = (&'a String, &'a String)>,
    allow_blank: &[String],
) {
    let criteria: Vec<_> = criteria.collect();
    for (name, text) in &criteria {
        if text.trim().is_empty() && !allow_blank.contains(name) {
            let message =
                format!("\"{name}\" is blank: every run would fail here. Fill it in, or take it out.");
            report.add(&format!("{member}/{}", pointer_step(name)), name, message);
        }
    }
    for (at, name) in allow_blank.iter().enumerate() {
        if !criteria.iter().any(|(known, _)| *known == name) {
            let message = format!("\"{name}\" may be blank, and nothing is looked up by it.");
            report.add(&format!("allowBlank/{at}"), name, message);
        }
    }
}

/// The field that takes the marker must be text, and free.
pub(super) fn marker(report: &mut Report<'_>, fields: &[FieldTemplate], columns: &[Column], marker: &str) {
    let Some(column) = record::column_named(columns, marker) else {
        let message = format!("An activity has no field \"{marker}\".");
        return report.add("markerField", marker, message);
    };
    if column.kind != record::ColumnType::String {
        report.add(
            "markerField",
            marker,
            format!("\"{marker}\" does not hold text, so it cannot take a marker."),
        );
    }
    let is_filled = fields.iter().any(|field| {
        record::column_named(columns, &field.name).is_some_and(|other| other.name == column.name)
    });
    if is_filled {
        report.add("markerField", marker, format!("\"{marker}\" is filled by this action too."));
    }
}

fn unknown_names(
    report: &mut Report<'_>,
    fields: &[FieldTemplate],
    member: &str,
    columns: &[Column],
    what: &str,
) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for field in fields {
        let at = place(member, field);
        let Some(column) = record::column_named(columns, &field.name) else {
            report.add(&at, &field.name, format!("{what} has no field \"{}\".", field.name));
            continue;
        };
        if column.read_only {
            report.add(
                &at,
                &field.name,
                format!("iMIS itself sets \"{}\"; it cannot be written.", field.name),
            );
        }
        match seen.iter().find(|(name, _)| *name == column.name) {
            Some((_, first)) => {
                let message = format!("\"{}\" and \"{first}\" are the same field.", field.name);
                report.add(&at, &field.name, message);
            }
            None => seen.push((&column.name, &field.name)),
        }
    }
}

fn required(report: &mut Report<'_>, fields: &[FieldTemplate], property: &str, label: &str) {
    let found = fields.iter().find(|field| {
        record::column_named(activity::columns(), &field.name).is_some_and(|column| column.name == property)
    });
    match found {
        None => report.add("fields", label, format!("{label} is required and not filled in.")),
        Some(field) if field.template.trim().is_empty() => {
            report.add(&place("fields", field), &field.name, format!("{label} is required and blank."));
        }
        Some(_) => {}
    }
}

/// Looks at a constant type; what is known of it, where the site has it.
fn activity_type<'a>(
    report: &mut Report<'_>,
    field: &FieldTemplate,
    constant: &str,
    types: Option<&'a [KnownType]>,
) -> Option<&'a KnownType> {
    let code = constant.trim();
    let at = place("fields", field);
    if activity::SYSTEM_TYPES.iter().any(|system| system.eq_ignore_ascii_case(code)) {
        let message = format!("iMIS itself writes activities of the type {code}; choose one of your own.");
        report.add(&at, &field.name, message);
    }
    let types = types?;
    let known = types.iter().find(|known| known.code.eq_ignore_ascii_case(code));
    if known.is_none() {
        report.add(&at, &field.name, format!("iMIS has no activity type {code}."));
    }
    known
}

/// The text of a field without template code, unless blank.
fn constant(field: &FieldTemplate) -> Option<&str> {
    let is_static = Template::parse(&field.template).is_ok_and(|template| template.is_static());
    (is_static && !field.template.trim().is_empty()).then_some(field.template.as_str())
}

/// A constant is converted as a run would convert it.
fn fits(report: &mut Report<'_>, field: &FieldTemplate, column: &Column, constant: &str, site: &SiteTime) {
    if column.read_only {
        return;
    }
    let one = Field { name: field.name.clone(), text: constant.to_owned(), template: constant.to_owned() };
    // The clock matters only to relative words such as "today", and any day does for those.
    let times = Times { site, received_at: Timestamp::UNIX_EPOCH };
    if let Err(error) = record::convert(std::slice::from_ref(column), &[one], &times) {
        report.add(&place("fields", field), &field.name, shorten(&error.message, 300));
    }
}

fn place(member: &str, field: &FieldTemplate) -> String {
    format!("{member}/{}", pointer_step(&field.name))
}
