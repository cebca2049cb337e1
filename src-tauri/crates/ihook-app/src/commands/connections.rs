//! Connections: iMIS sites, tried out and asked for what they have.

use ihook_engine::record::{Column, ColumnType, Panel, PanelKind};
use ihook_imis::FailureKind;
use ihook_store::{StoreError, audit, connection, metadata};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Nothing, times};
use crate::App;
use crate::error::{Code, WireError};
use crate::events::Topic;
use crate::sites::{SANDBOX, password_name};

/// Longer passwords are a mistake of pasting; the Windows credential store takes 2,560 bytes.
const MOST_PASSWORD_BYTES: usize = 1024;

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
    /// Requests under way at once.
    pub max_concurrent: u32,
    /// Inserts in any 60 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writes_per_minute: Option<u32>,
    /// Whether it is the built-in one.
    pub sandbox: bool,
    /// Whether a password is kept.
    pub has_password: bool,
    /// Why nothing goes out, when nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
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
    /// 1 when not given, as iMIS asks for single-threaded jobs.
    pub max_concurrent: Option<u32>,
    /// No cap when not given.
    pub writes_per_minute: Option<u32>,
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
pub(crate) struct Metadata {
    /// By code.
    pub activity_types: Vec<ActivityType>,
    /// By name.
    pub panels: Vec<PanelInfo>,
    /// When the site said so.
    pub fetched_at: String,
}

/// An activity type.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub(crate) struct ActivityType {
    /// As records carry it.
    pub code: String,
    /// In words.
    pub description: String,
}

/// A panel source.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(rename = "Panel")]
pub(crate) struct PanelInfo {
    /// Its entity name.
    pub name: String,
    /// `single` or `multi`: rows a member may have.
    pub kind: String,
    /// `Party` or `Standalone`.
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
}

impl Metadata {
    /// The codes of the activity types.
    pub(super) fn type_codes(&self) -> Vec<String> {
        self.activity_types.iter().map(|kind| kind.code.clone()).collect()
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
    fn engine(&self) -> Column {
        Column {
            name: self.name.clone(),
            caption: self.caption.clone(),
            aliases: Vec::new(),
            kind: kind_of(&self.kind),
            max_length: self.max_length,
            required: self.required,
            identity: false,
            read_only: self.read_only,
            values: Vec::new(),
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

pub(super) async fn list(app: &App, _request: Nothing) -> Result<ConnectionList, WireError> {
    let rows = app.store().read(connection::list).await?;
    let mut connections = Vec::with_capacity(rows.len());
    for row in rows {
        connections.push(wire(app, row).await);
    }
    Ok(ConnectionList { connections })
}

async fn wire(app: &App, row: connection::Connection) -> Connection {
    let sandbox = row.name == SANDBOX;
    let kept = if sandbox {
        Ok(true)
    } else {
        app.vault().get(&password_name(&row.name)).await.map(|p| p.is_some())
    };
    let mut warnings = Vec::new();
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
    if let Err(error) = &kept {
        warnings.push(error.to_string());
    }
    Connection {
        trouble: app.workers().trouble(&row.name),
        answered_in_ms: app.sites().answered_in(&row.name),
        has_password: kept.unwrap_or(false),
        sandbox,
        warnings,
        name: row.name,
        base_url: row.base_url,
        username: row.username,
        time_zone: row.time_zone,
        max_concurrent: row.max_concurrent,
        writes_per_minute: row.writes_per_minute,
    }
}

pub(super) async fn save(app: &App, request: ConnectionSave) -> Result<ConnectionSaved, WireError> {
    let (row, password) = checked(app, request).await?;
    // The secret store first: if it is locked, nothing is half-saved.
    if let Some(password) = password {
        app.vault().set(&password_name(&row.name), &password).await?;
    }
    let (stored, now) = (row.clone(), app.clock().millis());
    app.store()
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
        .await?;
    app.sites().forget(&row.name);
    app.workers().mended(app, &row.name);
    app.events().changed(Topic::Connections, &row.name);
    Ok(ConnectionSaved { connection: wire(app, row).await })
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
    if password.as_ref().is_some_and(|password| password.len() > MOST_PASSWORD_BYTES) {
        return Err(WireError::bad_request(format!(
            "password must be at most {MOST_PASSWORD_BYTES} bytes long."
        )));
    }
    if password.is_none() && name != SANDBOX && app.vault().get(&password_name(&name)).await?.is_none() {
        return Err(WireError::bad_request("password must not be empty for a new connection."));
    }
    let base_url = site.root().to_owned();
    let row = connection::Connection {
        name,
        base_url,
        username,
        time_zone: zone,
        max_concurrent,
        writes_per_minute: request.writes_per_minute,
    };
    Ok((row, password))
}

pub(super) async fn test(app: &App, request: ByName) -> Result<ConnectionTested, WireError> {
    // A test is a person's word to try again, also after refused credentials.
    app.sites().forget(&request.name);
    let site = match app.sites().get(app, &request.name).await {
        Ok(site) => site,
        Err(crate::sites::Unavailable::Unknown(_)) => return Err(WireError::not_found("connection")),
        Err(error) => {
            let check = Check { name: "settings".to_owned(), ok: false, message: error.to_string() };
            return Ok(ConnectionTested { ok: false, checks: vec![check] });
        }
    };
    let checks: Vec<Check> = site
        .client
        .test()
        .await
        .into_iter()
        .map(|check| Check { name: check.name, ok: check.ok, message: check.message })
        .collect();
    let ok = checks.iter().all(|check| check.ok);
    if ok {
        app.workers().mended(app, &request.name);
    }
    Ok(ConnectionTested { ok, checks })
}

pub(super) async fn metadata(app: &App, request: MetadataRequest) -> Result<Metadata, WireError> {
    let kept = cached(app, &request.name).await;
    if let Some(kept) = kept.filter(|_| !request.refresh.unwrap_or(false)) {
        return Ok(kept);
    }
    let site = app.sites().get(app, &request.name).await.map_err(|error| match error {
        crate::sites::Unavailable::Unknown(_) => WireError::not_found("connection"),
        other => WireError::new(Code::Imis, other.to_string()),
    })?;
    let fetched = async { Ok((site.client.activity_types().await?, site.client.panels().await?)) };
    let (types, panels) = fetched.await.map_err(|failed: ihook_imis::Failed| {
        let code = if failed.kind == FailureKind::Credentials { Code::Secrets } else { Code::Imis };
        WireError::new(code, failed.message)
    })?;
    let now = app.clock().millis();
    let said = Metadata {
        activity_types: types
            .into_iter()
            .map(|kind| ActivityType { code: kind.code, description: kind.description })
            .collect(),
        panels: panels.iter().map(panel_info).collect(),
        fetched_at: times::text(now),
    };
    let (name, json) = (request.name, serde_json::to_string(&said).unwrap_or_default());
    app.store().write(move |tx| metadata::set(tx, &name, &json, now)).await?;
    Ok(said)
}

/// What the site last said, if it ever did.
pub(super) async fn cached(app: &App, name: &str) -> Option<Metadata> {
    let name = name.to_owned();
    let kept = app.store().read(move |database| metadata::get(database, &name)).await.ok()??;
    serde_json::from_str(&kept.json).ok()
}

fn panel_info(panel: &Panel) -> PanelInfo {
    PanelInfo {
        name: panel.name.clone(),
        kind: if panel.kind == PanelKind::Single { "single" } else { "multi" }.to_owned(),
        parent: panel.parent.clone(),
        columns: panel
            .columns
            .iter()
            .map(|column| ColumnInfo {
                name: column.name.clone(),
                caption: column.caption.clone(),
                kind: kind_name(&column.kind).to_owned(),
                max_length: column.max_length,
                required: column.required,
                read_only: column.read_only,
            })
            .collect(),
    }
}
