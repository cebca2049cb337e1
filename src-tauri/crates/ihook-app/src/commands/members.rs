//! What a site holds of its members, read back over the same REST API that writes it.

use ihook_imis::{Failed, Party, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use ts_rs::TS;

use crate::App;
use crate::error::{Code, WireError};
use crate::sites::Site;

/// Rows of one member and kind.
const MOST_ROWS: u32 = 500;

/// Asks for members.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct MemberListRequest {
    /// The connection.
    pub connection: String,
    /// The beginning of an ID or e-mail address, or a part of a name.
    pub search: Option<String>,
    /// 50 when not given.
    pub limit: Option<u32>,
}

/// Members.
#[derive(Debug, Serialize, TS)]
pub(crate) struct MemberList {
    /// One page.
    pub members: Vec<Member>,
    /// How many there are.
    pub total: u64,
}

/// A member.
#[derive(Debug, Serialize, TS)]
#[ts(optional_fields)]
pub(crate) struct Member {
    /// The iMIS ID.
    pub id: String,
    /// The full name.
    pub name: String,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether it is an organisation.
    pub organization: bool,
    /// Whether its status is active.
    pub active: bool,
}

/// Names a member of a site.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberGet {
    /// The connection.
    pub connection: String,
    /// The iMIS ID.
    pub id: String,
}

/// A member with what was recorded.
#[derive(Debug, Serialize, TS)]
pub(crate) struct MemberDetail {
    /// The member.
    pub member: Member,
    /// Newest first.
    pub activities: Vec<RecordRow>,
    /// Panels that have rows.
    pub panels: Vec<PanelRows>,
}

/// Rows of one panel.
#[derive(Debug, Serialize, TS)]
pub(crate) struct PanelRows {
    /// The panel.
    pub name: String,
    /// Newest first.
    pub rows: Vec<RecordRow>,
}

/// One record as text.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RecordRow {
    /// Its key.
    pub key: String,
    /// In the order in which the site gave them, empty ones left out.
    pub values: Vec<RecordValue>,
}

/// One value.
#[derive(Debug, Serialize, TS)]
pub(crate) struct RecordValue {
    /// The property.
    pub name: String,
    /// As text.
    pub value: String,
}

/// Sets the sandbox's faults, or only asks for them.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(crate) struct SandboxFaults {
    /// The faults from now on; none of them changes when not given.
    #[ts(type = "unknown", optional)]
    pub faults: Option<Value>,
}

/// The sandbox's faults.
#[derive(Debug, Serialize, TS)]
pub(crate) struct FaultList {
    /// As the sandbox has them.
    #[ts(type = "unknown")]
    pub faults: Value,
}

pub(super) async fn list(app: &App, request: MemberListRequest) -> Result<MemberList, WireError> {
    let site = site(app, &request.connection).await?;
    let limit = request.limit.unwrap_or(50).clamp(1, 500);
    let (members, total) = site.client.parties(request.search.as_deref(), limit).await.map_err(told)?;
    Ok(MemberList { members: members.into_iter().map(member).collect(), total })
}

pub(super) async fn get(app: &App, request: MemberGet) -> Result<MemberDetail, WireError> {
    let site = site(app, &request.connection).await?;
    let party = site.client.party(&request.id).await.map_err(told)?;
    let party = party.ok_or_else(|| WireError::not_found("member"))?;
    let of_member = |column: &str| [(column.to_owned(), format!("eq:{}", party.id))];
    let activities = site.client.rows("Activity", &of_member("PartyId"), MOST_ROWS).await.map_err(told)?;
    let mut panels = Vec::new();
    for panel in site.client.panels().await.map_err(told)? {
        if !panel.parent.eq_ignore_ascii_case("Party") {
            continue;
        }
        let target = ihook_imis::Target::panel(&panel);
        let page = site.client.rows(&panel.name, &of_member(target.member_column()), MOST_ROWS).await;
        // A panel that this account may not read is no reason to show nothing.
        let rows = page.map(|page| rows(page.records)).unwrap_or_default();
        if !rows.is_empty() {
            panels.push(PanelRows { name: panel.name, rows });
        }
    }
    Ok(MemberDetail { activities: rows(activities.records), panels, member: member(party) })
}

pub(super) async fn faults(app: &App, request: SandboxFaults) -> Result<FaultList, WireError> {
    let base = app.facts().sandbox_url.as_deref();
    let base = base.ok_or_else(|| WireError::new(Code::Conflict, "The sandbox is switched off."))?;
    let url = format!("{base}/_sandbox/faults");
    let http = app.sites().http();
    let request = match request.faults {
        Some(faults) => http.post(url).json(&faults),
        None => http.get(url),
    };
    let failed =
        |error: reqwest::Error| WireError::new(Code::Imis, format!("The sandbox did not answer: {error}"));
    let answer = request.send().await.map_err(failed)?;
    let status = answer.status();
    let body: Value = answer.json().await.map_err(failed)?;
    if !status.is_success() {
        let reason = body["message"].as_str().unwrap_or("it did not say why").to_owned();
        return Err(WireError::bad_request(format!("The sandbox refused these faults: {reason}")));
    }
    Ok(FaultList { faults: body })
}

pub(super) async fn site(app: &App, name: &str) -> Result<Arc<Site>, WireError> {
    app.sites().get(app, name).await.map_err(|error| match error {
        crate::sites::Unavailable::Unknown(_) => WireError::not_found("connection"),
        other => WireError::new(Code::Imis, other.to_string()),
    })
}

pub(super) fn told(failed: Failed) -> WireError {
    WireError::new(Code::Imis, failed.message)
}

pub(super) fn member(party: Party) -> Member {
    let active = party.is_active();
    Member { id: party.id, name: party.name, email: party.email, organization: party.organization, active }
}

fn rows(records: Vec<Record>) -> Vec<RecordRow> {
    let mut rows: Vec<_> = records
        .into_iter()
        .map(|record| RecordRow {
            key: record.key_text(),
            values: record
                .properties
                .iter()
                .filter_map(|(name, _)| {
                    let value = record.text(name).filter(|text| !text.trim().is_empty())?;
                    Some(RecordValue { name: name.clone(), value })
                })
                .collect(),
        })
        .collect();
    rows.reverse();
    rows
}
