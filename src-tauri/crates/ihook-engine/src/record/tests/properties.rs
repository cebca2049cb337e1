//! Every property of an activity (docs/imis-rest.md#columns): its other spellings, what it takes and what it does not.

use super::*;

/// Property, other spellings, longest text (0: none).
const TEXTS: [(&str, &[&str], usize); 25] = [
    ("PartyId", &["ID", "iMIS ID", "imis_id", "Contact-ID"], 10),
    ("ACTIVITY_TYPE", &["ActivityType", "activity type"], 10),
    ("PRODUCT_CODE", &["ProductCode", "Product Code", "Subtype"], 31),
    ("OTHER_CODE", &["OtherCode"], 30),
    ("DESCRIPTION", &["Description"], 255),
    ("SOURCE_SYSTEM", &["Source System"], 10),
    ("SOURCE_CODE", &["SourceCode", "Source"], 40),
    ("CATEGORY", &["Category"], 15),
    ("MEMBER_TYPE", &["Member Type", "Customer Type Code"], 5),
    ("ACTION_CODES", &["ActionCodes"], 255),
    ("PAY_METHOD", &["Pay Method"], 50),
    ("NOTE", &["Note"], 0),
    ("NOTE_2", &["Note 2", "FollowUp", "Follow-up"], 0),
    ("BATCH_NUM", &["Batch", "BatchNum"], 15),
    ("CO_ID", &["CoId", "Organization ID"], 10),
    ("OTHER_ID", &["Other ID"], 10),
    ("SOLICITOR_ID", &["Solicitor ID"], 10),
    ("INTENT_TO_EDIT", &["Intent To Edit"], 80),
    ("UF_1", &["UF1", "UserField1"], 255),
    ("UF_2", &["UF2", "User Field 2"], 255),
    ("UF_3", &["uf3"], 255),
    ("ORG_CODE", &["OrgCode", "Financial Entity", "EntityCode"], 5),
    ("CAMPAIGN_CODE", &["Campaign Code"], 10),
    ("STATUS_CODE", &["StatusCode"], 1),
    ("MEM_TRIB_CODE", &["Memorial/Tribute Code", "MemberTributeCode"], 10),
];

/// Property, other spellings, a text that it takes, the value that goes to iMIS, a text that it does not take.
const OTHERS: [(&str, &[&str], &str, &str, &str); 18] = [
    ("TRANSACTION_DATE", &["TransactionDate"], "2026-05-27T13:15:00Z", "dateTime 2026-05-27T09:15:00", "x"),
    ("EFFECTIVE_DATE", &["Effective Date"], "2026-05-27", "dateTime 2026-05-27T00:00:00", "32 May"),
    ("THRU_DATE", &["ThruDate"], "2026-05-27 09:15", "dateTime 2026-05-27T09:15:00", "later"),
    ("TICKLER_DATE", &["Reminder Date"], "2026-05-27", "dateTime 2026-05-27T00:00:00", "2026-13-01"),
    ("NEXT_INSTALL_DATE", &["Next Install Date"], "2026-05-27", "dateTime 2026-05-27T00:00:00", "-"),
    ("UF_6", &["UF6", "User Field 6"], "2026-05-27", "dateTime 2026-05-27T00:00:00", "someday"),
    ("UF_7", &["UF7"], "2026-05-27T09:15:00-04:00", "dateTime 2026-05-27T09:15:00", "7pm-ish"),
    ("QUANTITY", &["Quantity"], "12.50", "decimal 12.50", "0.125"),
    ("UNITS", &["Units"], "1", "decimal 1", "12345678901234"),
    ("UF_4", &["UF4", "UserField4"], "1.2345", "decimal 1.2345", "1.23456"),
    ("UF_5", &["UF5"], "-0.5", "decimal -0.5", "half"),
    ("AMOUNT", &["Amount"], "$1,234.50", "decimal 1234.50", "1.23456"),
    ("TAXABLE_VALUE", &["Taxable Value"], "0", "decimal 0", "nothing"),
    ("ORIGINATING_TRANS_NUM", &["Originating Trans Num"], "7", "integer 7", "7.5"),
    ("ATTACH_SEQN", &["AttachSeqn"], "0", "integer 0", "x"),
    ("ATTACH_TOTAL", &["Attach Total"], "2147483647", "integer 2147483647", "2147483648"),
    ("GRACE_PERIOD", &["GracePeriod"], "-30", "integer -30", "1e99"),
    ("RECURRING_REQUEST", &["Recurring Request"], "Yes", "boolean true", "perhaps"),
];

/// The field among those that no activity can do without.
fn complete<'a>(name: &str, written: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("PartyId", "1"), ("ACTIVITY_TYPE", "CALL")];
    fields.retain(|(other, _)| *other != name);
    fields.push((written, text));
    fields
}

/// Under every spelling `good` becomes `expected`, and `bad` fails with the name as it was written.
fn property_check(name: &str, aliases: &[&str], good: &str, expected: &str, bad: Option<&str>) {
    let spellings =
        aliases.iter().map(|alias| (*alias).to_owned()).chain([name.to_owned(), name.to_lowercase()]);
    for written in spellings {
        let written = written.as_str();
        let with = |text| complete(name, written, text);
        let values =
            converted(activity::columns(), &with(good)).unwrap_or_else(|error| panic!("{written}: {error}"));
        let value = values.iter().find(|(property, _)| property == name).map(|(_, value)| value);
        let shown = value.map(|value| {
            let json = serde_json::to_value(value).unwrap();
            format!("{} {value}", json.as_object().unwrap().keys().next().unwrap())
        });
        assert_eq!(shown.as_deref(), Some(expected), "{written}");
        if let Some(bad) = bad {
            let error = converted(activity::columns(), &with(bad)).unwrap_err();
            assert!(error.message.contains(written), "names the field as written: {}", error.message);
        }
    }
}

#[test]
fn every_property_of_an_activity_takes_its_type_and_length() {
    for (name, aliases, longest) in TEXTS {
        let text = "Z".repeat(if longest == 0 { 100_000 } else { longest });
        let too_long = (longest > 0).then(|| format!("{text}Z"));
        property_check(name, aliases, &text, &format!("text {text}"), too_long.as_deref());
    }
    for (name, aliases, good, expected, bad) in OTHERS {
        property_check(name, aliases, good, expected, Some(bad));
    }
    let mut seen = vec!["SEQN"];
    seen.extend(TEXTS.iter().map(|row| row.0).chain(OTHERS.iter().map(|row| row.0)));
    seen.sort_unstable();
    let mut all: Vec<_> = activity::columns().iter().map(|column| column.name.as_str()).collect();
    all.sort_unstable();
    assert_eq!(seen, all, "no property is left out");
}
