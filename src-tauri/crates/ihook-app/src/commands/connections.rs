//! Connections: iMIS sites, tried out and asked for what they have.

mod guard;
mod trying;

use ihook_store::connection::{DateOrder, Kind};
use ihook_store::{StoreError, audit, connection, metadata};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;
use zeroize::Zeroizing;

use super::Nothing;
use crate::App;
use crate::error::WireError;
use crate::events::Topic;
use crate::passwords::{self, Kept};
use crate::sites::{SANDBOX, date_order_of};

pub(super) use trying::test;

/// Names a connection.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByName {
    /// Its name.
    pub name: String,
}

/// All connections.
#[derive(Debug, Serialize, TS)]
pub(crate) struct ConnectionList {
    /// By name.
    pub connections: Vec<Connection>,
}

/// A connection, without its password.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct Connection {
    /// Unique; workflows name it.
    pub name: String,
    /// The API root.
    pub base_url: String,
    /// The account.
    pub username: String,
    /// IANA name.
    pub time_zone: String,
    /// Which of day and month comes first where a date has slashes.
    #[ts(type = "DateOrder")]
    pub date_order: DateOrder,
    /// Whether that was chosen; else it is what is usual in the time zone.
    pub date_order_chosen: bool,
    /// Requests under way at once.
    pub max_concurrent: u32,
    /// Inserts in any 60 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writes_per_minute: Option<u32>,
    /// What it leads to: shown wherever a workflow writes.
    #[ts(type = "ConnectionKind")]
    pub kind: Kind,
    /// Whether it is the built-in one.
    pub sandbox: bool,
    /// Whether a password is kept.
    pub has_password: bool,
    /// Why the password cannot be read now, and what to do; `hasPassword` tells nothing then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_trouble: Option<String>,
    /// Why nothing goes out, when nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// Whether the site has answered at this address: in a test, or to a record since the program started.
    pub has_answered: bool,
    /// How long the last insert took to be answered, in milliseconds, since the program started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_in_ms: Option<u64>,
    /// What to think about.
    pub warnings: Vec<String>,
}

/// Adds a connection or changes the one of this name.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct ConnectionSave {
    /// Unique.
    pub name: String,
    /// In any of the forms that iMIS sites have.
    pub base_url: String,
    /// The account.
    pub username: String,
    /// Kept in the secret store; the one kept stays when not given.
    pub password: Option<String>,
    /// IANA name; this computer's when not given.
    pub time_zone: Option<String>,
    /// Which of day and month comes first where a date has slashes. As before when not given; where it never was
    /// given, or is `null`, as is usual in the time zone.
    #[serde(default, deserialize_with = "given")]
    #[ts(type = "DateOrder | null", optional)]
    pub date_order: Option<Option<DateOrder>>,
    /// 1 when not given, as iMIS asks for single-threaded jobs.
    pub max_concurrent: Option<u32>,
    /// No cap when not given.
    pub writes_per_minute: Option<u32>,
    /// What it leads to; as before when not given, and `live` for a new one.
    #[ts(type = "ConnectionKind", optional)]
    pub kind: Option<Kind>,
}

impl std::fmt::Debug for ConnectionSave {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ConnectionSave").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A saved connection.
#[derive(Debug, Serialize, TS)]
pub(crate) struct ConnectionSaved {
    /// As it is now.
    pub connection: Connection,
}

/// What trying a connection showed.
#[derive(Debug, Serialize, TS)]
pub(crate) struct ConnectionTested {
    /// Whether everything that is needed works.
    pub ok: bool,
    /// In the order in which they were made.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Check {
    /// What was checked.
    pub name: String,
    /// Whether it went well.
    pub ok: bool,
    /// What was found, and what to do.
    pub message: String,
}

pub(super) async fn list(app: &App, _request: Nothing) -> Result<ConnectionList, WireError> {
    let rows = app.store().read(connection::list).await?;
    let mut connections = Vec::with_capacity(rows.len());
    for row in rows {
        connections.push(wire(app, row).await?);
    }
    Ok(ConnectionList { connections })
}

async fn wire(app: &App, row: connection::Connection) -> Result<Connection, WireError> {
    let sandbox = row.name == SANDBOX;
    let mut warnings = Vec::new();
    let kept = if sandbox {
        Ok(true)
    } else {
        passwords::read(app.vault(), &row.name, &row.base_url).await.map(|kept| {
            if let Kept::Elsewhere(there) = &kept {
                warnings.push(format!(
                    "The password was entered for {there}: enter it again, and nothing goes to the new address \
                     before that."
                ));
            }
            kept.is_here()
        })
    };
    if let Ok(site) = ihook_imis::Site::parse(&row.base_url)
        && !site.is_loopback()
    {
        if site.is_http() {
            warnings.push("The address is http: the password and all data travel unencrypted.".to_owned());
        }
        if site.is_private() {
            warnings
                .push("The address is in a private network: it works only inside that network.".to_owned());
        }
    }
    let (name, answered_in_ms) = (row.name.clone(), app.sites().answered_in(&row.name));
    let is_known = app.store().read(move |database| metadata::is_kept(database, &name)).await?;
    let date_order = wire_order(date_order_of(&row));
    Ok(Connection {
        trouble: app.workers().trouble(&row.name).map(|trouble| trouble.reason),
        has_answered: is_known || answered_in_ms.is_some(),
        answered_in_ms,
        password_trouble: kept.as_ref().err().map(ToString::to_string),
        has_password: kept.unwrap_or(false),
        sandbox,
        warnings,
        name: row.name,
        base_url: row.base_url,
        username: row.username,
        date_order,
        date_order_chosen: row.date_order.is_some(),
        time_zone: row.time_zone,
        max_concurrent: row.max_concurrent,
        writes_per_minute: row.writes_per_minute,
        kind: row.kind,
    })
}

fn wire_order(order: ihook_engine::time::DateOrder) -> DateOrder {
    match order {
        ihook_engine::time::DateOrder::MonthDay => DateOrder::MonthDay,
        ihook_engine::time::DateOrder::DayMonth => DateOrder::DayMonth,
    }
}

pub(super) async fn save(app: &App, request: ConnectionSave) -> Result<ConnectionSaved, WireError> {
    let (row, password) = checked(app, request).await?;
    // The secret store first: if it is locked, nothing is half-saved.
    let secret = passwords::entry(&row.name);
    let _turn = app.vault().turn().await;
    let mut before = None;
    if let Some(password) = &password {
        before = app.vault().get(&secret).await?;
        let kept = passwords::keep(app.vault(), &row.name, &row.base_url, password).await;
        kept.map_err(|error| WireError::not_kept("password", error))?;
    }
    let (stored, now) = (row.clone(), app.clock().millis());
    let written = app
        .store()
        .write(move |tx| {
            let moved = match connection::get(tx, &stored.name) {
                Ok(before) => before.base_url != stored.base_url,
                Err(StoreError::NotFound) => false,
                Err(error) => return Err(error),
            };
            if moved {
                metadata::forget(tx, &stored.name)?;
            }
            connection::save(tx, &stored)?;
            audit::add(tx, now, "connection_save", &stored.name, &stored.base_url)
        })
        .await;
    if let Err(error) = written {
        if password.is_some() {
            put_back(app, &secret, before.as_ref()).await?;
        }
        return Err(error.into());
    }
    app.sites().forget(&row.name);
    app.workers().mended(app, &row.name);
    app.events().changed(Topic::Connections, &row.name);
    Ok(ConnectionSaved { connection: wire(app, row).await? })
}

/// The row could not be written, so the password must be the one it was.
async fn put_back(app: &App, secret: &str, before: Option<&Zeroizing<String>>) -> Result<(), WireError> {
    match before {
        Some(before) => app.vault().set(secret, before).await?,
        None => app.vault().delete(secret).await?,
    }
    Ok(())
}

/// What was entered, tidied, or a sentence that says what is wrong with it.
async fn checked(
    app: &App,
    request: ConnectionSave,
) -> Result<(connection::Connection, Option<String>), WireError> {
    let name = request.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err(WireError::bad_request("name must have 1 to 60 characters."));
    }
    let site = ihook_imis::Site::parse(&request.base_url)
        .map_err(|reason| WireError::bad_request(format!("baseUrl: {reason}")))?;
    let zone =
        request.time_zone.unwrap_or_else(|| TimeZone::system().iana_name().unwrap_or("UTC").to_owned());
    TimeZone::get(&zone).map_err(|_unknown| {
        WireError::bad_request(format!(
            "timeZone must be an IANA name such as America/New_York; \"{zone}\" is not."
        ))
    })?;
    let default = if name == SANDBOX { 16 } else { 1 };
    let max_concurrent = request.max_concurrent.unwrap_or(default);
    if !(1..=64).contains(&max_concurrent) {
        return Err(WireError::bad_request("maxConcurrent must be between 1 and 64."));
    }
    if request.writes_per_minute == Some(0) {
        return Err(WireError::bad_request("writesPerMinute must be at least 1; leave it out for no cap."));
    }
    let username = request.username.trim().to_owned();
    if username.is_empty() {
        return Err(WireError::bad_request("username must not be empty."));
    }
    let password = request.password.filter(|password| !password.is_empty());
    let base_url = site.root().to_owned();
    if name.eq_ignore_ascii_case(SANDBOX) {
        guard::stays_sandbox(app, &name, &username, &base_url).await?;
    } else if password.is_none() {
        guard::has_password(app, &name, &base_url).await?;
    }
    let before = before(app, &name).await?;
    let kind = kind(&name, request.kind, before.as_ref())?;
    let date_order = request.date_order.unwrap_or_else(|| before.and_then(|before| before.date_order));
    let row = connection::Connection {
        name,
        base_url,
        username,
        time_zone: zone,
        date_order,
        max_concurrent,
        writes_per_minute: request.writes_per_minute,
        kind,
    };
    Ok((row, password))
}

/// What is given, also where that is `null`.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<DateOrder>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// The connection of that name, as it was.
async fn before(app: &App, name: &str) -> Result<Option<connection::Connection>, WireError> {
    let name = name.to_owned();
    match app.store().read(move |database| connection::get(database, &name)).await {
        Ok(before) => Ok(Some(before)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What was asked for, else what it was; a new connection is a live one until someone says otherwise.
fn kind(name: &str, asked: Option<Kind>, before: Option<&connection::Connection>) -> Result<Kind, WireError> {
    if name == SANDBOX {
        return match asked {
            None | Some(Kind::Sandbox) => Ok(Kind::Sandbox),
            Some(Kind::Test | Kind::Live) => {
                Err(WireError::bad_request("kind: the built-in sandbox stays one."))
            }
        };
    }
    Ok(asked.or_else(|| Some(before?.kind)).unwrap_or(Kind::Live))
}
