//! The program itself: what it is, its settings, its audit list.

use ihook_store::{audit, setting};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::meanwhile::decide;
use super::runs::{Page, limit};
use super::{Nothing, times};
use crate::App;
use crate::error::{Code, WireError};
use crate::events::Topic;
use crate::secrets::secret_name;
use crate::settings::{Stored, Values};
use crate::upkeep::About;

/// What the program is and where it listens.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub(crate) struct AppInfo {
    /// Its version.
    pub version: String,
    /// Where hooks are received on this computer.
    pub hooks: String,
    /// Where senders reach it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_base_url: Option<String>,
    /// Where the sandbox listens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<String>,
    /// Where its data lies.
    pub data_dir: String,
    /// Why every delivery is refused now; it stands among the notices too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_receiving: Option<String>,
    /// Why nothing old is removed, until somebody confirms the computer's clock; it stands among the notices too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_ahead: Option<String>,
    /// What staff should know.
    pub notices: Vec<String>,
}

/// The settings in force.
#[derive(Debug, Serialize, TS)]
pub(crate) struct SettingsAnswer {
    /// All of them.
    pub settings: Values,
    /// What is allowed and seldom meant.
    pub warnings: Vec<String>,
    /// What was kept and cannot be read, and what holds until it is saved anew.
    pub faults: Vec<String>,
}

impl SettingsAnswer {
    fn of(stored: &Stored) -> Self {
        Self {
            settings: stored.values.clone(),
            warnings: stored.values.warnings(),
            faults: stored.faults.iter().map(|fault| fault.message.clone()).collect(),
        }
    }
}

/// Changes some settings.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsSave {
    /// Those that change; null puts one back to its default.
    #[ts(type = "{ [K in keyof Settings]?: Settings[K] | null }")]
    pub settings: Map<String, Value>,
}

/// Keeps a secret for `{{ secret.name }}` in headers.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct SecretSet {
    /// As templates name it.
    pub name: String,
    /// Never comes back; the secret is forgotten when not given.
    pub value: Option<String>,
}

impl std::fmt::Debug for SecretSet {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SecretSet").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What was done, newest first.
#[derive(Debug, Serialize, TS)]
#[ts(optional_fields)]
pub(crate) struct AuditList {
    /// One page.
    pub entries: Vec<AuditEntry>,
    /// Give it as `after` for the next page; missing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One thing that was done.
#[derive(Debug, Serialize, TS)]
pub(crate) struct AuditEntry {
    /// When.
    pub at: String,
    /// The command.
    pub action: String,
    /// To what.
    pub subject: String,
    /// In words.
    pub detail: String,
}

pub(super) async fn app_info(app: &App, _request: Nothing) -> Result<AppInfo, WireError> {
    let settings = SettingsAnswer::of(&app.settings().stored());
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        hooks: app.facts().hooks_url.clone(),
        public_base_url: settings.settings.public_base_url,
        sandbox: app.facts().sandbox_url.clone(),
        data_dir: app.facts().data_dir.display().to_string(),
        not_receiving: app.upkeep().not_receiving(),
        clock_ahead: app.upkeep().notice(About::Clock),
        notices: app
            .upkeep()
            .notices()
            .into_iter()
            .chain(app.vault().notice())
            .chain(settings.faults)
            .chain(settings.warnings)
            .collect(),
    })
}

pub(super) async fn settings_get(app: &App, _request: Nothing) -> Result<SettingsAnswer, WireError> {
    Ok(SettingsAnswer::of(&app.settings().stored()))
}

pub(super) async fn settings_save(app: &App, request: SettingsSave) -> Result<SettingsAnswer, WireError> {
    let (given, now, redactor) = (request.settings, app.clock().millis(), app.redactor().clone());
    let before = app.settings().stored();
    decide(app, "setting", move |tx| {
        let kept = setting::get(tx, setting::GENERAL)?;
        let before = Stored::read(kept.as_deref());
        let text = match changed(&before, &given) {
            Ok(values) => before.text(&values, |name| given.contains_key(name)),
            Err(refused) => return Ok(Err(refused)),
        };
        if let Some(unreadable) = kept.filter(|_| !before.faults.is_empty()) {
            setting::set(tx, setting::UNREADABLE, &unreadable)?;
        }
        setting::set(tx, setting::GENERAL, &text)?;
        audit::add(tx, now, "settings_save", "settings", &redactor.json(&text))?;
        Ok(Ok(()))
    })
    .await?;
    let stored = app.reload_settings().await?;
    if stored.values.outgoing_proxy != before.values.outgoing_proxy {
        let changed = app.sites().leave_by(&app.outgoing());
        changed.map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
        app.workers().mended_everywhere(app);
    }
    app.events().all_changed(Topic::Settings);
    Ok(SettingsAnswer::of(&stored))
}

/// The settings with those that were given; null stands for what holds without one.
fn changed(before: &Stored, given: &Map<String, Value>) -> Result<Values, WireError> {
    let Value::Object(mut merged) = serde_json::to_value(&before.values).unwrap_or_default() else {
        return Err(WireError::new(Code::Internal, "The settings could not be read."));
    };
    for (name, value) in given {
        match value {
            Value::Null => merged.remove(name),
            value => merged.insert(name.clone(), value.clone()),
        };
    }
    let values: Values = super::parse(Value::Object(merged))?;
    values.checked().map_err(|fault| WireError {
        details: Some(serde_json::json!({ "path": format!("/settings{}", fault.path) })),
        ..WireError::bad_request(fault.message)
    })
}

pub(super) async fn secret_set(app: &App, request: SecretSet) -> Result<Nothing, WireError> {
    let named =
        !request.name.is_empty() && request.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !named || request.name.len() > 60 {
        return Err(WireError::bad_request("name must have 1 to 60 letters, digits and underscores."));
    }
    let name = secret_name(&request.name);
    let _turn = app.vault().turn().await;
    match request.value.filter(|value| !value.is_empty()) {
        Some(value) => {
            app.vault().set(&name, &value).await.map_err(|error| WireError::not_kept("value", error))?;
        }
        None => app.vault().delete(&name).await?,
    }
    let (now, subject) = (app.clock().millis(), request.name);
    app.store().write(move |tx| audit::add(tx, now, "secret_set", &subject, "")).await?;
    Ok(Nothing {})
}

pub(super) async fn audit_list(app: &App, request: Page) -> Result<AuditList, WireError> {
    let limit = limit(request.limit)?;
    let after = request
        .after
        .map(|text| {
            text.parse::<i64>().map_err(|_not_a_number| WireError::bad_request("after is not from a page."))
        })
        .transpose()?;
    let mut rows = app.store().read(move |database| audit::list(database, after, limit + 1)).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.seq.to_string());
    let entries = rows
        .into_iter()
        .map(|row| AuditEntry {
            at: times::text(row.at),
            action: row.action,
            subject: row.subject,
            detail: row.detail,
        })
        .collect();
    Ok(AuditList { entries, next })
}
