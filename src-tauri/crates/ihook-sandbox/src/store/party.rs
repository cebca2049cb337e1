//! Members: seeded once, then only read.

use std::collections::BTreeMap;

use ihook_imis::Party;
use rusqlite::{Connection, Row};

use super::Store;
use crate::members::everybody;

/// A member as seeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) party: Party,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) uniform_id: String,
}

const COLUMNS: &str = "id, first_name, last_name, full_name, email, city, organization, status, uniform_id";

/// Every member by ID. They never change, so the file is read once.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Member>> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM party"))?;
    let members = statement.query_map([], |row| Ok((row.get(0)?, read(row)?)))?;
    members.collect()
}

impl Store {
    pub(crate) fn member(&self, id: &str) -> Option<&Member> {
        self.members.get(id)
    }

    /// In the order of their IDs.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }
}

pub(super) fn seed(connection: &Connection) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "INSERT INTO party (id, first_name, last_name, full_name, email, city, organization, status, uniform_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for Member { party, first, last, uniform_id } in everybody() {
        statement.execute((
            party.id,
            first,
            last,
            party.name,
            party.email,
            party.city,
            party.organization,
            party.status,
            uniform_id,
        ))?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Member> {
    let party = Party {
        id: row.get(0)?,
        name: row.get(3)?,
        email: row.get(4)?,
        city: row.get(5)?,
        organization: row.get(6)?,
        status: row.get(7)?,
    };
    Ok(Member { party, first: row.get(1)?, last: row.get(2)?, uniform_id: row.get(8)? })
}
