//! `LegacyActivityType`: the types an activity can have, and the fields each uses.

use ihook_engine::activity::PROMPTS;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::value::{member, text};

/// One activity type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityType {
    /// The code that `ACTIVITY_TYPE` takes, at most 10 characters.
    pub code: String,
    /// What staff call it.
    pub description: String,
    /// Labels by member name (`UnitsPrompt` → `Hours`); a type uses a field when its prompt is not empty.
    #[serde(default)]
    pub prompts: Vec<(String, String)>,
}

impl ActivityType {
    /// Reads a type; nothing where it has no code.
    #[must_use]
    pub fn read(json: &Value) -> Option<Self> {
        let word = |name: &str| member(json, name).and_then(text).filter(|word| !word.trim().is_empty());
        let code = word("ActivityTypeId").or_else(|| word("Id"))?;
        let prompts = json.as_object()?.iter().filter_map(|(name, value)| {
            let prompt = text(value)?;
            (name.to_ascii_lowercase().ends_with("prompt") && !prompt.trim().is_empty())
                .then(|| (name.clone(), prompt))
        });
        Some(Self { code, description: word("Description").unwrap_or_default(), prompts: prompts.collect() })
    }

    /// The properties of the fields this type uses, each with the label staff see; empty where iMIS told none.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.prompts.iter().filter_map(|(prompt, label)| {
            let known = PROMPTS.iter().find(|(name, _)| name.eq_ignore_ascii_case(prompt));
            known.map(|(_, property)| (*property, label.trim()))
        })
    }

    /// Writes the type as the sandbox serves it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut members = Map::new();
        let mut put =
            |name: &str, value: &str| members.insert(name.to_owned(), Value::String(value.to_owned()));
        put("$type", "Asi.Soa.Membership.DataContracts.LegacyActivityTypeData, Asi.Contracts");
        put("ActivityTypeId", &self.code);
        put("Description", &self.description);
        for (name, prompt) in &self.prompts {
            put(name, prompt);
        }
        members.insert("AllowUserEdit".to_owned(), Value::Bool(true));
        Value::Object(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_keeps_its_filled_prompts_and_reads_back() {
        let json = serde_json::json!({ "activitytypeid": "CEU", "Description": "Credits", "UnitsPrompt": "Hours",
            "AmountPrompt": "", "NotePrompt": null, "AllowUserEdit": true });
        let kind = ActivityType::read(&json).expect("type");
        assert_eq!(kind.prompts, [("UnitsPrompt".to_owned(), "Hours".to_owned())]);
        assert_eq!(kind.fields().collect::<Vec<_>>(), [("UNITS", "Hours")]);
        assert_eq!(ActivityType::read(&kind.to_json()), Some(kind));
        assert_eq!(ActivityType::read(&serde_json::json!({ "Description": "no code" })), None);
    }
}
