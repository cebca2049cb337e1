//! The payload of all parts: a check-in of about 200 bytes, each with a number of its own.

/// The sandbox's members from here on.
const FIRST_MEMBER: u64 = 10_001;
/// So many of them check in.
pub(crate) const MEMBERS: u64 = 500;

/// The check-in with this number. Its session code, which becomes the activity's description, names it.
pub(crate) fn body(number: u64) -> String {
    format!(
        r#"{{"memberId":"{}","eventCode":"CONF2026","checkInTime":"2026-05-27T{:02}:{:02}:{:02}","sessionCode":"{}","deviceId":"kiosk-{}","attendeeName":"Alexandra Longname","source":"event-app"}}"#,
        member(number),
        8 + number / 3600 % 10,
        number / 60 % 60,
        number % 60,
        session(number),
        number % 12,
    )
}

/// Who checks in.
pub(crate) fn member(number: u64) -> String {
    (FIRST_MEMBER + number % MEMBERS).to_string()
}

/// What names the check-in with this number.
pub(crate) fn session(number: u64) -> String {
    format!("S{number:08}")
}

/// The number in a session code.
pub(crate) fn number_of(session: &str) -> Option<u64> {
    session.strip_prefix('S')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_in_is_json_and_its_number_comes_back() {
        for number in [0, 499, 123_456, 9_999_999] {
            let json: serde_json::Value = serde_json::from_str(&body(number)).unwrap();
            let session = json["sessionCode"].as_str().unwrap();
            assert_eq!(number_of(session), Some(number), "{json}");
        }
        assert_eq!(number_of("KEYNOTE"), None);
    }
}
