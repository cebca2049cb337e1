//! Who may be meant: likely members for a run whose member iMIS does not know.

use std::collections::BTreeSet;

use ihook_imis::Party;
use ihook_store::{RunId, StoreError, payload, run};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::id;
use super::members::{Member, member, site, told};
use crate::App;
use crate::error::WireError;
use crate::heavy::beside;
use crate::stored::{self, Unreadable};

/// Lookups for one run at most.
const MOST_CLUES: usize = 8;
/// Members of one clue.
const MOST_MEMBERS: u32 = 5;
/// Values of a payload that are looked at.
const MOST_VALUES: usize = 2000;

/// Asks for likely members of a run.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MemberSuggest {
    /// The run.
    pub run_id: String,
}

/// Likely members, the likeliest first.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Suggestions {
    /// Each once.
    pub members: Vec<Suggestion>,
    /// What the payload gave to look for.
    pub looked_for: Vec<String>,
}

/// A likely member.
#[derive(Debug, Serialize, TS)]
pub(crate) struct Suggestion {
    /// The member.
    pub member: Member,
    /// What they have in common with the payload.
    pub because: String,
}

/// Something in a payload that tells who is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clue {
    Email(String),
    /// As it might have been meant, and as it stands.
    Id(String, String),
    Name(String),
}

impl Clue {
    fn words(&self) -> String {
        match self {
            Self::Email(email) => format!("the e-mail address {email}"),
            Self::Id(id, written) => format!("the ID {id}, for {written}"),
            Self::Name(name) => format!("the name {name}"),
        }
    }
}

pub(super) async fn suggest(app: &App, request: MemberSuggest) -> Result<Suggestions, WireError> {
    let run: RunId = id(&request.run_id, "run")?;
    let read = app.store().read(move |database| {
        let row = run::get(database, run)?;
        Ok((payload::get(database, row.seq)?, row.connection))
    });
    let (kept, connection) = read.await.map_err(|error| match error {
        StoreError::NotFound => WireError::not_found("run"),
        other => other.into(),
    })?;
    let clues =
        beside(move || Ok::<_, Unreadable>(clues(&Value::Object(stored::received(&kept)?.payload)))).await?;
    let site = site(app, &connection).await?;
    let (mut members, mut seen) = (Vec::<Suggestion>::new(), BTreeSet::new());
    for clue in &clues {
        let found: Vec<Party> = match clue {
            Clue::Id(id, _) => site.client.party(id).await.map_err(told)?.into_iter().collect(),
            Clue::Email(text) | Clue::Name(text) => {
                site.client.parties(Some(text), MOST_MEMBERS).await.map_err(told)?.0
            }
        };
        let new = found.into_iter().filter(|party| seen.insert(party.id.clone()));
        members.extend(
            new.map(|party| Suggestion { member: member(party), because: clue.words() }).collect::<Vec<_>>(),
        );
    }
    Ok(Suggestions { members, looked_for: clues.iter().map(Clue::words).collect() })
}

/// Addresses before IDs before names, each once.
fn clues(payload: &Value) -> Vec<Clue> {
    let mut found = BTreeSet::new();
    let mut left = MOST_VALUES;
    walk(payload, &mut left, &mut found);
    found.into_iter().take(MOST_CLUES).collect()
}

fn walk(value: &Value, left: &mut usize, found: &mut BTreeSet<Clue>) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, left, found)),
        Value::Object(members) => {
            let named = |names: &[&str]| {
                let is = |name: &String| names.contains(&bare(name).as_str());
                let (_, value) = members.iter().find(|(name, _)| is(name))?;
                value.as_str().map(str::trim).filter(|text| !text.is_empty())
            };
            let first = named(&["firstname", "givenname", "forename"]);
            let last = named(&["lastname", "surname", "familyname"]);
            if let (Some(first), Some(last)) = (first, last) {
                found.insert(Clue::Name(format!("{first} {last}")));
            } else if let Some(name) =
                named(&["name", "fullname", "attendeename", "membername", "displayname"])
            {
                found.insert(Clue::Name(name.chars().take(100).collect()));
            }
            for (name, value) in members {
                found.extend(of_member(name, value));
                walk(value, left, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What one member of the payload tells by itself.
fn of_member(name: &str, value: &Value) -> Vec<Clue> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Vec::new(),
    };
    let is_address = text.len() <= 254 && !text.contains(char::is_whitespace);
    if is_address
        && text.split_once('@').is_some_and(|(box_name, host)| !box_name.is_empty() && host.contains('.'))
    {
        return vec![Clue::Email(text)];
    }
    let name = bare(name);
    let is_id = ["member", "imis", "contact", "customer", "person"].iter().any(|word| name.contains(word))
        || name == "id";
    if !is_id || text.len() > 40 {
        return Vec::new();
    }
    // Zeros too many or lost, a prefix, blanks between.
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let short = digits.trim_start_matches('0').to_owned();
    let variants = [digits.clone(), short, format!("{digits:0>10}")];
    let variants = variants.into_iter().filter(|id| !id.is_empty() && id.len() <= 10 && *id != text);
    variants.map(|id| Clue::Id(id, text.clone())).collect()
}

fn bare(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn payloads_tell_who_is_meant_in_many_ways() {
        let check = |payload: Value, expected: &[&str]| {
            let words: Vec<String> = clues(&payload).iter().map(Clue::words).collect();
            assert_eq!(words, expected, "{payload}");
        };
        check(
            json!({ "attendee": { "email": " ada@example.org " } }),
            &["the e-mail address ada@example.org"],
        );
        check(json!({ "First Name": "Ada", "last_name": "Sample" }), &["the name Ada Sample"]);
        check(json!({ "people": [{ "fullName": "Ada Sample", "note": "@home" }] }), &["the name Ada Sample"]);
        check(
            json!({ "memberId": "0012345" }),
            &["the ID 0000012345, for 0012345", "the ID 12345, for 0012345"],
        );
        check(
            json!({ "imis_id": "M-12345" }),
            &["the ID 0000012345, for M-12345", "the ID 12345, for M-12345"],
        );
        check(json!({ "eventId": "12345", "memberId": null, "code": "a b@c" }), &[]);
    }
}
