//! Settings as they were kept. They are read member by member: one that cannot be read takes no other with it, and
//! what holds in its place never trusts or removes more than somebody asked for.

use serde_json::{Map, Value};

use super::{SettingFault, Values};

/// What was kept, as far as it can be read.
#[derive(Debug, Default)]
pub struct Stored {
    /// With what holds in the place of a setting that cannot be read.
    pub values: Values,
    /// Each setting that cannot be read, and what holds until it is saved anew, in sentences.
    pub faults: Vec<SettingFault>,
    /// Those settings as they were kept.
    unreadable: Map<String, Value>,
}

impl Stored {
    /// Reads what was kept; the defaults where nothing was.
    #[must_use]
    pub fn read(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::default() };
        let Ok(kept) = serde_json::from_str::<Map<String, Value>>(text) else {
            let values = Values { trusted_proxies: Vec::new(), ..Values::default() };
            return Self {
                values,
                faults: vec![told("", "The settings cannot be read.")],
                unreadable: Map::new(),
            };
        };
        let (mut readable, mut unreadable, mut faults) = (Map::new(), Map::new(), Vec::new());
        for (name, value) in kept {
            match member(&name, &value) {
                Ok(()) => readable.insert(name, value),
                Err(fault) => {
                    faults.push(fault);
                    unreadable.insert(name, value)
                }
            };
        }
        // Which header proxies speak in is as much a matter of trust as who they are.
        if unreadable.contains_key("trustedProxies") || unreadable.contains_key("proxyHeader") {
            readable.insert("trustedProxies".to_owned(), Value::Array(Vec::new()));
        }
        let values = values(readable).unwrap_or_default();
        Self { values, faults, unreadable }
    }

    /// Whether any setting under one of these names cannot be read.
    pub(super) fn lacks(&self, names: &[&str]) -> bool {
        let among = |fault: &SettingFault| {
            let name = fault.path.split('/').nth(1);
            name.is_none_or(|name| names.contains(&name))
        };
        self.faults.iter().any(among)
    }

    /// The text to keep for `values`. A setting that cannot be read stays as it was kept, unless it was `given` now.
    #[must_use]
    pub fn text(&self, values: &Values, given: impl Fn(&str) -> bool) -> String {
        let mut kept = serde_json::to_value(values).unwrap_or_default();
        for (name, value) in self.unreadable.iter().filter(|(name, _)| !given(name)) {
            kept[name] = value.clone();
        }
        kept.to_string()
    }
}

fn values(members: Map<String, Value>) -> Option<Values> {
    serde_json::from_value::<Values>(Value::Object(members)).ok()?.checked().ok()
}

/// Judges one member by itself.
fn member(name: &str, value: &Value) -> Result<(), SettingFault> {
    let alone = Map::from_iter([(name.to_owned(), value.clone())]);
    let path = format!("/{name}");
    let read = serde_json::from_value::<Values>(Value::Object(alone))
        .map_err(|_why| told(&path, &format!("The setting {name} cannot be read.")))?;
    read.checked().map(|_fine| ()).map_err(|fault| told(&path, &fault.message))
}

/// The fault with what holds in the meantime.
fn told(path: &str, what: &str) -> SettingFault {
    let holds = match path {
        "" => {
            "no proxy is trusted, no private address may be called, and nothing is removed for its age or size"
        }
        "/trustedProxies" | "/proxyHeader" => "no proxy is trusted",
        "/allowPrivateAddresses" => "no private address may be called",
        "/outgoingProxy" => "requests leave through the proxies that this computer is set up with",
        "/retentionDays" | "/retentionMaxMegabytes" => "nothing is removed for its age or size",
        _ => "it is as if it had not been set",
    };
    SettingFault::at(path, format!("{what} Until it is saved anew under Settings, {holds}."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What holds: trusted proxies, private addresses, days; and where the faults are.
    #[track_caller]
    fn check(text: &str, holds: (&[&str], &[&str], u32), faults: &[&str]) -> Stored {
        let stored = Stored::read(Some(text));
        let Values { trusted_proxies, allow_private_addresses, retention_days, .. } = &stored.values;
        assert_eq!(
            (&trusted_proxies[..], &allow_private_addresses[..], *retention_days),
            (&texts(holds.0)[..], &texts(holds.1)[..], holds.2)
        );
        assert_eq!(stored.faults.iter().map(|fault| fault.path.as_str()).collect::<Vec<_>>(), faults);
        stored
    }

    fn texts(of: &[&str]) -> Vec<String> {
        of.iter().map(|text| (*text).to_owned()).collect()
    }

    const HOME: &[&str] = &["127.0.0.1/32", "::1/128"];

    #[test]
    fn one_that_cannot_be_read_takes_no_other_with_it_and_trusts_nobody() {
        check("{}", (HOME, &[], 90), &[]);
        check(r#"{"retentionDays": 7, "later": 1}"#, (HOME, &[], 7), &["/later"]);
        check(
            r#"{"retentionDays": "x", "trustedProxies": ["10.0.0.1"]}"#,
            (&["10.0.0.1"], &[], 90),
            &["/retentionDays"],
        );
        check(r#"{"retentionDays": 0}"#, (HOME, &[], 90), &["/retentionDays"]);
        check(
            r#"{"trustedProxies": ["10.0.0.1", "x"], "retentionDays": 7}"#,
            (&[], &[], 7),
            &["/trustedProxies"],
        );
        check(r#"{"trustedProxies": ["10.0.0.1"], "proxyHeader": "x"}"#, (&[], &[], 90), &["/proxyHeader"]);
        check(r#"{"allowPrivateAddresses": [1]}"#, (HOME, &[], 90), &["/allowPrivateAddresses"]);
        check("", (&[], &[], 90), &[""]);
        check("[]", (&[], &[], 90), &[""]);
    }

    #[test]
    fn what_cannot_be_read_is_kept_until_it_is_given_anew() {
        let stored =
            check(r#"{"retentionDays": "x", "maxBodyBytes": 5}"#, (HOME, &[], 90), &["/retentionDays"]);
        let changed = Values { max_body_bytes: 7, ..stored.values.clone() };
        let kept = |given: &str| {
            serde_json::from_str::<Value>(&stored.text(&changed, |name| name == given)).unwrap()
        };
        assert_eq!(
            (kept("maxBodyBytes")["retentionDays"].clone(), kept("maxBodyBytes")["maxBodyBytes"].clone()),
            (json!("x"), json!(7))
        );
        assert_eq!(kept("retentionDays")["retentionDays"], 90);
    }
}
