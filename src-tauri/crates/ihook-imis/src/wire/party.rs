//! Members: `PersonData` and `OrganizationData`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::PROPERTIES;
use super::value::{list, member, text, typed_list};

/// A member (or an organisation) as far as this program needs one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// The iMIS ID: text, though it usually looks like a number; leading zeros count.
    pub id: String,
    /// The full name as iMIS shows it.
    pub name: String,
    /// The primary e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where they live or sit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// An organisation rather than a person.
    pub organization: bool,
    /// The code of the record's status: `A` active, `I` inactive, `S` suspended, `D` to be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

impl Party {
    /// Whether the record's status lets it take part; a status of a site's own making does.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !matches!(self.status.as_deref(), Some("I" | "S" | "D"))
    }

    /// What staff should know before they look for a record on this member; nothing where all is well.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let is = match self.status.as_deref() {
            Some("I") => "is inactive in iMIS.",
            Some("S") => "is suspended in iMIS.",
            Some("D") => {
                "is marked for deletion in iMIS, as what is left over from a merge is: is there another ID?"
            }
            _ => return None,
        };
        Some(format!("Member {} ({}) {is}", self.id, self.name))
    }

    /// Reads a party or a party summary; nothing where it has no ID.
    #[must_use]
    pub fn read(json: &Value) -> Option<Self> {
        let word = |name: &str| member(json, name).and_then(text).filter(|word| !word.trim().is_empty());
        let id = word("PartyId").or_else(|| word("Id"))?;
        let person = member(json, "PersonName");
        let in_person = |name: &str| person.and_then(|person| member(person, name)).and_then(text);
        let name = word("Name").or_else(|| in_person("FullName")).unwrap_or_default();
        let type_name = word("$type").unwrap_or_default();
        let organization = match word("IsOrganization") {
            Some(flag) => flag.eq_ignore_ascii_case("true"),
            None => type_name.contains("OrganizationData"),
        };
        let status = member(json, "Status").and_then(|status| match status {
            Value::Object(_) => member(status, "PartyStatusId").and_then(text),
            other => text(other),
        });
        let status = status.map(|code| code.trim().to_ascii_uppercase()).filter(|code| !code.is_empty());
        let email = word("Email").or_else(|| first_email(json));
        Some(Self { id, name, email, city: word("CityName"), organization, status })
    }

    /// Writes the members that the sandbox serves; `first` and `last` are a person's names.
    #[must_use]
    pub fn to_json(&self, first: &str, last: &str, uniform_id: &str) -> Value {
        let name = if self.organization { "OrganizationData" } else { "PersonData" };
        let mut party = json!({
            "$type": format!("Asi.Soa.Membership.DataContracts.{name}, Asi.Contracts"),
            "PartyId": self.id, "Id": self.id, "UniformId": uniform_id, "Name": self.name,
            "Sort": if self.organization { self.name.to_uppercase() } else { format!("{}, {}", last.to_uppercase(), first.to_uppercase()) },
            "Email": self.email, "IsOrganization": self.organization, "CityName": self.city,
            "Status": {
                "$type": "Asi.Soa.Membership.DataContracts.PartyStatusData, Asi.Contracts",
                "PartyStatusId": self.status,
            },
        });
        if self.organization {
            party["OrganizationName"] = Value::String(self.name.clone());
        } else {
            party["PersonName"] = json!({
                "$type": "Asi.Soa.Membership.DataContracts.PersonNameData, Asi.Contracts",
                "FirstName": first, "LastName": last, "FullName": self.name,
            });
        }
        party["AdditionalAttributes"] = typed_list(PROPERTIES, Vec::new());
        party["UpdateInformation"] = json!({
            "$type": "Asi.Soa.Core.DataContracts.EntityUpdateInformationData, Asi.Contracts",
            "CreatedOn": "2020-01-01T00:00:00", "UpdatedOn": "2026-01-15T10:00:00",
        });
        party
    }
}

/// Full parties list their addresses in `Emails`; the primary one comes first where none is marked.
fn first_email(json: &Value) -> Option<String> {
    let emails = list(member(json, "Emails")?);
    let primary = |email: &&Value| {
        member(email, "IsPrimary").and_then(text).is_some_and(|flag| flag.eq_ignore_ascii_case("true"))
    };
    let email = emails.iter().find(primary).or_else(|| emails.first())?;
    member(email, "Address").and_then(text).filter(|address| !address.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parties_are_read_with_whatever_they_carry() {
        let check = |json: Value, expected: Option<(&str, &str, Option<&str>, bool, bool)>| {
            let party = Party::read(&json);
            let seen = party.as_ref().map(|party| {
                let email = party.email.as_deref();
                (party.id.as_str(), party.name.as_str(), email, party.organization, party.is_active())
            });
            assert_eq!(seen, expected, "{json}");
        };
        check(
            json!({"PartyId": "00101", "Name": "Ms. Ada Sample", "Email": "ada@example.org", "IsOrganization": false,
                   "Status": {"PartyStatusId": "A"}}),
            Some(("00101", "Ms. Ada Sample", Some("ada@example.org"), false, true)),
        );
        check(
            json!({"$type": "Asi.Soa.Membership.DataContracts.OrganizationData, Asi.Contracts", "id": 7,
                   "name": "Acme", "status": "i "}),
            Some(("7", "Acme", None, true, false)),
        );
        check(
            json!({"PartyId": "8", "PersonName": {"FullName": "Bo"},
                   "Emails": {"$values": [{"Address": "a@x"}, {"Address": "b@x", "IsPrimary": true}]}}),
            Some(("8", "Bo", Some("b@x"), false, true)),
        );
        let status = |code: &str| json!({"PartyId": "9", "Name": "Cy", "Status": code});
        let warned = |code: &str| Party::read(&status(code)).expect("party").warning();
        assert_eq!(warned("A"), None);
        assert_eq!(warned("X"), None, "a status of the site's own making");
        assert_eq!(warned("i").as_deref(), Some("Member 9 (Cy) is inactive in iMIS."));
        assert!(warned("S").is_some_and(|words| words.contains("suspended")));
        assert!(warned("D").is_some_and(|words| words.contains("merge")));
        check(json!({"Name": "nobody"}), None);
        check(json!("text"), None);
    }

    #[test]
    fn a_written_party_reads_back() {
        let party = Party {
            id: "12345".to_owned(),
            name: "Ms. Ada Sample".to_owned(),
            email: Some("ada@example.org".to_owned()),
            city: Some("Ottawa".to_owned()),
            organization: false,
            status: Some("A".to_owned()),
        };
        assert_eq!(Party::read(&party.to_json("Ada", "Sample", "6f0c")), Some(party));
    }
}
