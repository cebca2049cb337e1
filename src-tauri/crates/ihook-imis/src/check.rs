//! The test of a connection: each thing the program needs, tried and told in one sentence.

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::exchange::Exchange;
use crate::failure::{Failed, FailureClass};

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
    /// Tries the address, the sign-in and the rights to read members, activities, types and panels, and each of
    /// `panels`, which are needed. Nothing is written. What cannot be tried because an earlier part failed is left
    /// out.
    pub async fn test(&self, panels: &[String]) -> Vec<Check> {
        let host = self.site().host();
        let signed_in = self.inner.fresh_token().await;
        let Err(failed) = signed_in else {
            let mut checks = vec![
                Check::new("Address", true, format!("{host} answers.")),
                Check::new("Sign-in", true, format!("Signed in as {}.", self.inner.credentials.username)),
            ];
            checks.extend(self.test_rights().await);
            for panel in panels {
                checks.push(Check::of(&format!("Panel {panel}"), self.test_panel(panel).await));
            }
            return checks;
        };
        let reached = failed.exchange.response.is_some() || failed.class == FailureClass::Credentials;
        if !reached {
            return vec![Check::new("Address", false, failed.message)];
        }
        let message = if failed.class == FailureClass::Credentials {
            format!(
                "The password or the user name is wrong, or the account may not use the API. {}",
                failed.message
            )
        } else if matches!(failed.status(), Some(404 | 405)) {
            let url = self.site().token_url();
            format!(
                "There is no sign-in at {url}: the path of the base URL is wrong. On iMIS EMS it is the bare site; \
                 older installations end in /Asi.Scheduler_ and a name."
            )
        } else {
            failed.message
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
            Check::of("Members", members.map_err(|failed| self.without_right("members", failed))),
            Check::of("Activities", activities.map_err(|failed| self.without_right("activities", failed))),
            Check::of("Activity types", types),
            Check::of("Panels", panels),
        ]
    }

    /// A panel may be listed and still not be served: staff have to switch that on for each source.
    async fn test_panel(&self, name: &str) -> Result<String, Failed> {
        let refused = |sentence: String, failed: Failed| Failed {
            message: format!("{sentence} {}", failed.message),
            ..failed
        };
        let Some(panel) = self.panel(name).await? else {
            let sentence = format!("iMIS lists no panel source named {name}.");
            return Err(Failed::new(FailureClass::Refused, sentence, Exchange::default()));
        };
        if let Err(sentence) = panel.writable() {
            return Err(Failed::new(FailureClass::Refused, sentence, Exchange::default()));
        }
        match self.rows(name, &[], 1).await {
            Ok(page) => Ok(format!("Can be read ({} rows).", page.total)),
            Err(failed) if matches!(failed.status(), Some(401 | 403 | 404 | 405)) => {
                let sentence = format!(
                    "{name} is there, but not available to this account through the REST API. In iMIS, switch on \
                     \"Available via the REST API\" for its source; an account that is not staff also needs Public \
                     Read and Public Add."
                );
                Err(refused(sentence, failed))
            }
            Err(failed) => Err(failed),
        }
    }

    fn without_right(&self, what: &str, failed: Failed) -> Failed {
        if failed.status() != Some(403) {
            return failed;
        }
        let message = format!(
            "The account {} may not read {what}. {}",
            self.inner.credentials.username, failed.message
        );
        Failed { message, ..failed }
    }
}
