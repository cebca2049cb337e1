//! The test of a connection: each thing the program needs, tried and told in one sentence.

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::failure::{Failed, FailureKind};

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// What was tried, short.
    pub name: String,
    /// Whether it worked.
    pub ok: bool,
    /// What was seen or what is wrong.
    pub message: String,
}

impl Check {
    fn new(name: &str, ok: bool, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), ok, message: message.into() }
    }

    fn of(name: &str, outcome: Result<String, Failed>) -> Self {
        match outcome {
            Ok(message) => Self::new(name, true, message),
            Err(failed) => Self::new(name, false, failed.message),
        }
    }
}

impl Client {
    /// Tries the address, the sign-in and the rights to read members, activities, types and panels. Nothing is
    /// written. What cannot be tried because an earlier part failed is left out.
    pub async fn test(&self) -> Vec<Check> {
        let host = self.site().host();
        let signed_in = self.inner.fresh_token().await;
        let Err(failed) = signed_in else {
            let mut checks = vec![
                Check::new("Address", true, format!("{host} answers.")),
                Check::new("Sign-in", true, format!("Signed in as {}.", self.inner.credentials.username)),
            ];
            checks.extend(self.test_rights().await);
            return checks;
        };
        let reached = failed.exchange.response.is_some() || failed.kind == FailureKind::Credentials;
        if !reached {
            return vec![Check::new("Address", false, failed.message)];
        }
        let message = match failed.kind {
            FailureKind::Credentials => {
                format!(
                    "The password or the user name is wrong, or the account may not use the API. {}",
                    failed.message
                )
            }
            FailureKind::NotApplied { .. } | FailureKind::Refused { .. } | FailureKind::Unknown { .. } => {
                failed.message
            }
        };
        vec![Check::new("Address", true, format!("{host} answers.")), Check::new("Sign-in", false, message)]
    }

    async fn test_rights(&self) -> [Check; 4] {
        let members = self.parties(None, 1).await.map(|(_, total)| format!("Can read members ({total})."));
        let activities =
            self.rows("Activity", &[], 1).await.map(|page| format!("Can read activities ({}).", page.total));
        let types = self.activity_types().await.map(|types| format!("{} activity types.", types.len()));
        let panels = self.panels().await.map(|panels| match panels.len() {
            0 => "Can read panel sources; there are none yet.".to_owned(),
            count => format!("{count} panel sources."),
        });
        [
            Check::of("Members", members),
            Check::of("Activities", activities),
            Check::of("Activity types", types),
            Check::of("Panels", panels),
        ]
    }
}
