//! What the sandbox has beside members: the columns of activities and panels.
//!
//! Activity columns, types and lengths follow the vendor's schema (docs/imis-rest.md#columns).

use ihook_imis::wire::{Column, ColumnType, Panel, PanelKind};

/// A business object that takes generic records.
#[derive(Debug, Clone)]
pub(crate) struct Entity {
    pub(crate) panel: Panel,
    /// `Single`, `Multi`, or `Standard` for activities.
    pub(crate) object: &'static str,
}

impl Entity {
    pub(crate) fn is_activity(&self) -> bool {
        self.object == "Standard"
    }

    pub(crate) fn is_single(&self) -> bool {
        self.panel.kind == PanelKind::Single
    }

    /// Its records belong to nobody.
    pub(crate) fn is_standalone(&self) -> bool {
        self.panel.parent == "Standalone"
    }

    /// The property that holds the member's ID; empty where records belong to nobody.
    pub(crate) fn member_column(&self) -> &'static str {
        match (self.is_activity(), self.is_standalone()) {
            (true, _) => "PartyId",
            (false, true) => "",
            (false, false) => "ID",
        }
    }

    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.panel.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

/// All of them, built once a sandbox.
pub(crate) fn entities() -> Vec<Entity> {
    vec![
        Entity { panel: activity(), object: "Standard" },
        Entity { panel: event_attendance(), object: "Multi" },
        Entity { panel: member_badge(), object: "Single" },
        Entity { panel: door_scan(), object: "Multi" },
        Entity { panel: booth_staff(), object: "Multi" },
    ]
}

fn column(name: &str, kind: ColumnType, max_length: Option<u32>) -> Column {
    Column {
        name: name.to_owned(),
        caption: None,
        aliases: Vec::new(),
        kind,
        max_length,
        required: false,
        identity: false,
        read_only: false,
        values: Vec::new(),
    }
}

fn text(name: &str, max_length: u32) -> Column {
    column(name, ColumnType::String, Some(max_length))
}

fn decimal(name: &str, scale: u32) -> Column {
    column(name, ColumnType::Decimal { precision: Some(15), scale: Some(scale) }, None)
}

fn each(kind: ColumnType, names: &[&str]) -> Vec<Column> {
    names.iter().map(|name| column(name, kind, None)).collect()
}

fn activity() -> Panel {
    let mut columns = vec![
        Column { identity: true, read_only: true, ..column("SEQN", ColumnType::Integer, None) },
        Column { required: true, ..text("PartyId", 10) },
        Column { required: true, ..text("ACTIVITY_TYPE", 10) },
    ];
    const TIMES: [&str; 7] = [
        "TRANSACTION_DATE",
        "EFFECTIVE_DATE",
        "THRU_DATE",
        "TICKLER_DATE",
        "NEXT_INSTALL_DATE",
        "UF_6",
        "UF_7",
    ];
    const TEXTS: [(&str, u32); 22] = [
        ("PRODUCT_CODE", 31),
        ("OTHER_CODE", 30),
        ("DESCRIPTION", 255),
        ("SOURCE_SYSTEM", 10),
        ("SOURCE_CODE", 40),
        ("CATEGORY", 15),
        ("MEMBER_TYPE", 5),
        ("ACTION_CODES", 255),
        ("PAY_METHOD", 50),
        ("BATCH_NUM", 15),
        ("CO_ID", 10),
        ("OTHER_ID", 10),
        ("SOLICITOR_ID", 10),
        ("INTENT_TO_EDIT", 80),
        ("UF_1", 255),
        ("UF_2", 255),
        ("UF_3", 255),
        ("ORG_CODE", 5),
        ("CAMPAIGN_CODE", 10),
        ("STATUS_CODE", 1),
        ("MEM_TRIB_CODE", 10),
        ("NOTE", 65_535),
    ];
    columns.extend(each(ColumnType::DateTime, &TIMES));
    columns.extend(TEXTS.map(|(name, length)| text(name, length)));
    columns.push(text("NOTE_2", 65_535));
    columns.extend([decimal("QUANTITY", 2), decimal("UNITS", 2), decimal("UF_4", 4), decimal("UF_5", 4)]);
    columns.extend(each(ColumnType::Monetary, &["AMOUNT", "TAXABLE_VALUE"]));
    let integers = ["ORIGINATING_TRANS_NUM", "ATTACH_SEQN", "ATTACH_TOTAL", "GRACE_PERIOD"];
    columns.extend(each(ColumnType::Integer, &integers));
    columns.push(column("RECURRING_REQUEST", ColumnType::Boolean, None));
    Panel {
        name: "Activity".to_owned(),
        description: "Activities".to_owned(),
        kind: PanelKind::Multi,
        parent: "Party".to_owned(),
        columns,
    }
}

fn event_attendance() -> Panel {
    let columns = vec![
        Column { identity: true, required: true, ..text("ID", 10) },
        Column { identity: true, ..column("Ordinal", ColumnType::Integer, None) },
        text("Session", 50),
        text("EventCode", 31),
        column("CheckInTime", ColumnType::DateTime, None),
        column("EventDate", ColumnType::Date, None),
        text("Room", 20),
        Column {
            values: [("IN", "In person"), ("ON", "Online"), ("REC", "Recording")]
                .map(|(value, label)| (value.to_owned(), label.to_owned()))
                .to_vec(),
            ..text("Attendance", 3)
        },
        decimal("Hours", 2),
        column("Fee", ColumnType::Monetary, None),
        column("Vip", ColumnType::Boolean, None),
        column("Badge", ColumnType::Integer, None),
        text("ExternalId", 100),
        text("Notes", 65_535),
    ];
    panel("Event_Attendance", "Who attended what", PanelKind::Multi, columns)
}

fn member_badge() -> Panel {
    let columns = vec![
        Column { identity: true, required: true, ..text("ID", 10) },
        text("BadgeName", 40),
        text("BadgeTitle", 60),
        column("Printed", ColumnType::Boolean, None),
        column("PrintedOn", ColumnType::DateTime, None),
        column("Copies", ColumnType::Integer, None),
    ];
    panel("Member_Badge", "One name badge a member", PanelKind::Single, columns)
}

/// Rows that belong to nobody, and are numbered through.
fn door_scan() -> Panel {
    let columns = vec![
        Column { identity: true, ..column("Ordinal", ColumnType::Integer, None) },
        text("Door", 20),
        text("Badge", 20),
        column("ScannedAt", ColumnType::DateTime, None),
        column("Admitted", ColumnType::Boolean, None),
    ];
    let panel = panel("Door_Scan", "Scans at the doors, whoever it was", PanelKind::Multi, columns);
    Panel { parent: "Standalone".to_owned(), ..panel }
}

/// Rows of events, which iHook does not write.
fn booth_staff() -> Panel {
    let columns = vec![
        Column { identity: true, required: true, ..text("ID", 10) },
        Column { identity: true, ..column("Ordinal", ColumnType::Integer, None) },
        text("Booth", 20),
    ];
    let panel = panel("Booth_Staff", "Who staffs which booth of an event", PanelKind::Multi, columns);
    Panel { parent: "Event".to_owned(), ..panel }
}

fn panel(name: &str, description: &str, kind: PanelKind, mut columns: Vec<Column>) -> Panel {
    let by_imis = |column: Column| Column { read_only: true, ..column };
    columns.extend(each(ColumnType::DateTime, &["CreatedOn", "UpdatedOn"]).into_iter().map(by_imis));
    columns.extend([text("CreatedBy", 60), text("UpdatedBy", 60)].map(by_imis));
    Panel {
        name: name.to_owned(),
        description: description.to_owned(),
        kind,
        parent: "Party".to_owned(),
        columns,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_once() {
        for entity in entities() {
            let mut names: Vec<String> =
                entity.panel.columns.iter().map(|column| column.name.to_lowercase()).collect();
            names.sort();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{}", entity.panel.name);
        }
    }
}
