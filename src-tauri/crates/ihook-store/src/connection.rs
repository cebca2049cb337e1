//! iMIS sites and the account used there. The password is in the secret store, never here.

use rusqlite::{Connection as Database, OptionalExtension, Row, params};

use serde::{Deserialize, Serialize};

use crate::StoreError;

/// What a connection leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A sandbox: what is written there harms nobody.
    Sandbox,
    /// A copy of the real site, to try things out.
    Test,
    /// The real site with the real members.
    Live,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Sandbox, Self::Test, Self::Live];

    /// As stored and as on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

crate::text_column::text_column!(Kind);

/// Which of day and month comes first where a date has slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateOrder {
    /// The month.
    #[serde(rename = "m/d")]
    MonthDay,
    /// The day.
    #[serde(rename = "d/m")]
    DayMonth,
}

impl DateOrder {
    /// Both.
    pub const ALL: [Self; 2] = [Self::MonthDay, Self::DayMonth];

    /// As stored and as on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MonthDay => "m/d",
            Self::DayMonth => "d/m",
        }
    }
}

crate::text_column::text_column!(DateOrder);

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Unique; workflows name it.
    pub name: String,
    /// The API root.
    pub base_url: String,
    /// The account.
    pub username: String,
    /// IANA name; times with an offset are converted to it.
    pub time_zone: String,
    /// In which order dates with slashes are read; `None`: as is usual in the zone.
    pub date_order: Option<DateOrder>,
    /// How many requests may be under way at once.
    pub max_concurrent: u32,
    /// Inserts in any 60 seconds; `None` for no cap.
    pub writes_per_minute: Option<u32>,
    /// What it leads to.
    pub kind: Kind,
}

const COLUMNS: &str =
    "name, base_url, username, time_zone, max_concurrent, writes_per_minute, kind, date_order";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Connection> {
    Ok(Connection {
        name: row.get(0)?,
        base_url: row.get(1)?,
        username: row.get(2)?,
        time_zone: row.get(3)?,
        max_concurrent: row.get(4)?,
        writes_per_minute: row.get(5)?,
        kind: row.get(6)?,
        date_order: row.get(7)?,
    })
}

/// All, by name.
///
/// # Errors
/// As SQLite reports them.
pub fn list(database: &Database) -> Result<Vec<Connection>, StoreError> {
    let mut query = database.prepare_cached(&format!("SELECT {COLUMNS} FROM connection ORDER BY name"))?;
    let rows = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// One by name.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn get(database: &Database, name: &str) -> Result<Connection, StoreError> {
    database
        .prepare_cached(&format!("SELECT {COLUMNS} FROM connection WHERE name = ?1"))?
        .query_row([name], from_row)
        .optional()?
        .ok_or(StoreError::NotFound)
}

/// Adds it or replaces the one of its name.
///
/// # Errors
/// As SQLite reports them.
pub fn save(tx: &Database, row: &Connection) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO connection (name, base_url, username, time_zone, max_concurrent, writes_per_minute, kind,
           date_order)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (name) DO UPDATE SET base_url = excluded.base_url, username = excluded.username,
           time_zone = excluded.time_zone, max_concurrent = excluded.max_concurrent,
           writes_per_minute = excluded.writes_per_minute, kind = excluded.kind,
           date_order = excluded.date_order",
    )?
    .execute(params![
        row.name,
        row.base_url,
        row.username,
        row.time_zone,
        row.max_concurrent,
        row.writes_per_minute,
        row.kind,
        row.date_order
    ])?;
    Ok(())
}

/// Removes it.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn delete(tx: &Database, name: &str) -> Result<(), StoreError> {
    let deleted = tx.prepare_cached("DELETE FROM connection WHERE name = ?1")?.execute([name])?;
    if deleted == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}
