//! The columns of an iMIS activity (docs/imis-rest.md#columns): names on the wire, labels, types and lengths.

use std::sync::LazyLock;

use crate::record::{Column, ColumnType};

/// Types that iMIS's own modules write; a workflow that writes one is warned (docs/imis-rest.md#columns).
pub const SYSTEM_TYPES: [&str; 8] =
    ["ORDER", "SALES", "GIFT", "PLEDGE", "CERTIFICATION", "DUES", "EXPO", "REFUND"];

/// The members of `LegacyActivityType` that hold a field's label, and the field: a type uses a field when its
/// label is not empty (docs/imis-rest.md#activity-types). Fields that stand here nowhere belong to every type.
pub const PROMPTS: [(&str, &str); 19] = [
    ("SubtypePrompt", "PRODUCT_CODE"),
    ("DescriptionPrompt", "DESCRIPTION"),
    ("EffectiveDatePrompt", "EFFECTIVE_DATE"),
    ("ThruDatePrompt", "THRU_DATE"),
    ("SourcePrompt", "SOURCE_CODE"),
    ("AmountPrompt", "AMOUNT"),
    ("TicklerPrompt", "TICKLER_DATE"),
    ("ActionPrompt", "ACTION_CODES"),
    ("UnitsPrompt", "UNITS"),
    ("NotePrompt", "NOTE"),
    ("FollowUpPrompt", "NOTE_2"),
    ("Uf1Prompt", "UF_1"),
    ("Uf2Prompt", "UF_2"),
    ("Uf3Prompt", "UF_3"),
    ("Uf4Prompt", "UF_4"),
    ("Uf5Prompt", "UF_5"),
    ("Uf6Prompt", "UF_6"),
    ("Uf7Prompt", "UF_7"),
    ("CoIdPrompt", "CO_ID"),
];

/// An activity type as far as a workflow is held against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownType {
    /// The code that `ACTIVITY_TYPE` takes.
    pub code: String,
    /// The properties of the fields it uses, among those of [`PROMPTS`]; empty where that is not known.
    pub uses: Vec<String>,
}

impl KnownType {
    /// Whether staff see a value of this property on activities of this type.
    #[must_use]
    pub fn shows(&self, property: &str) -> bool {
        let prompted = PROMPTS.iter().any(|(_, field)| *field == property);
        !prompted || self.uses.is_empty() || self.uses.iter().any(|field| field == property)
    }
}

const QUANTITY: ColumnType = ColumnType::Decimal { precision: Some(15), scale: Some(2) };
const USER_NUMBER: ColumnType = ColumnType::Decimal { precision: Some(15), scale: Some(4) };
const TEXT: ColumnType = ColumnType::String;
const WHOLE: ColumnType = ColumnType::Integer;
const MONEY: ColumnType = ColumnType::Monetary;
const DATE: ColumnType = ColumnType::DateTime;

type Row = (&'static str, &'static str, &'static [&'static str], ColumnType, u32);

/// Property, label, other names, type, longest text (0: no limit). The other names are those of iDMS, of
/// the read view `CsActivity` and of the columns behind.
const ROWS: [Row; 43] = [
    ("SEQN", "Sequence", &[], WHOLE, 0),
    ("PartyId", "ID", &["iMIS ID", "Contact ID", "Member ID", "Customer ID"], TEXT, 10),
    ("ACTIVITY_TYPE", "Activity Type", &["Type"], TEXT, 10),
    ("TRANSACTION_DATE", "Transaction Date", &["Date"], DATE, 0),
    ("EFFECTIVE_DATE", "Effective Date", &[], DATE, 0),
    ("THRU_DATE", "Thru Date", &["Through Date"], DATE, 0),
    ("TICKLER_DATE", "Tickler Date", &["Reminder Date", "Tickler"], DATE, 0),
    ("NEXT_INSTALL_DATE", "Next Install Date", &["Next Installment Date"], DATE, 0),
    ("PRODUCT_CODE", "Product Code", &["Subtype"], TEXT, 31),
    ("OTHER_CODE", "Other Code", &[], TEXT, 30),
    ("DESCRIPTION", "Description", &[], TEXT, 255),
    ("SOURCE_SYSTEM", "Source System", &[], TEXT, 10),
    ("SOURCE_CODE", "Source Code", &["Source"], TEXT, 40),
    ("QUANTITY", "Quantity", &[], QUANTITY, 0),
    ("UNITS", "Units", &[], QUANTITY, 0),
    ("AMOUNT", "Amount", &[], MONEY, 0),
    ("TAXABLE_VALUE", "Taxable Value", &[], MONEY, 0),
    ("CATEGORY", "Category", &[], TEXT, 15),
    ("MEMBER_TYPE", "Member Type", &["Customer Type", "Customer Type Code"], TEXT, 5),
    ("ACTION_CODES", "Action Codes", &["Action"], TEXT, 255),
    ("PAY_METHOD", "Pay Method", &["Payment Method"], TEXT, 50),
    ("NOTE", "Note", &["Notes"], TEXT, 0),
    ("NOTE_2", "Note 2", &["Follow-up"], TEXT, 0),
    ("BATCH_NUM", "Batch", &["Batch Number"], TEXT, 15),
    ("CO_ID", "Co ID", &["Organization ID", "Company ID"], TEXT, 10),
    ("OTHER_ID", "Other ID", &[], TEXT, 10),
    ("SOLICITOR_ID", "Solicitor ID", &[], TEXT, 10),
    ("INTENT_TO_EDIT", "Intent To Edit", &[], TEXT, 80),
    ("UF_1", "UF1", &["User Field 1"], TEXT, 255),
    ("UF_2", "UF2", &["User Field 2"], TEXT, 255),
    ("UF_3", "UF3", &["User Field 3"], TEXT, 255),
    ("UF_4", "UF4", &["User Field 4"], USER_NUMBER, 0),
    ("UF_5", "UF5", &["User Field 5"], USER_NUMBER, 0),
    ("UF_6", "UF6", &["User Field 6"], DATE, 0),
    ("UF_7", "UF7", &["User Field 7"], DATE, 0),
    ("ORIGINATING_TRANS_NUM", "Originating Trans Num", &["Originating Transaction Number"], WHOLE, 0),
    ("ATTACH_SEQN", "Attach Seqn", &[], WHOLE, 0),
    ("ATTACH_TOTAL", "Attach Total", &[], WHOLE, 0),
    ("GRACE_PERIOD", "Grace Period", &[], WHOLE, 0),
    ("ORG_CODE", "Org Code", &["Financial Entity", "Entity Code", "Org"], TEXT, 5),
    ("CAMPAIGN_CODE", "Campaign Code", &["Campaign"], TEXT, 10),
    ("STATUS_CODE", "Status Code", &["Status"], TEXT, 1),
    ("MEM_TRIB_CODE", "Memorial/Tribute Code", &["Memorial Tribute Code", "Member Tribute Code"], TEXT, 10),
];

static COLUMNS: LazyLock<Vec<Column>> = LazyLock::new(|| {
    let recurring = ("RECURRING_REQUEST", "Recurring Request", &[][..], ColumnType::Boolean, 0);
    ROWS.into_iter().chain([recurring]).map(column).collect()
});

/// Every column of an activity. The lengths are those of the vendor's 2017 schema: the fallback where a
/// site's own metadata cannot be had. `PartyId`, `ACTIVITY_TYPE` and `TRANSACTION_DATE` are required; a
/// blank date means the delivery's (see [`crate::record::convert`]).
pub fn columns() -> &'static [Column] {
    &COLUMNS
}

fn column((name, caption, aliases, kind, longest): Row) -> Column {
    Column {
        name: name.to_owned(),
        caption: Some(caption.to_owned()),
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        kind,
        max_length: (longest > 0).then_some(longest),
        required: matches!(name, "PartyId" | "ACTIVITY_TYPE" | "TRANSACTION_DATE"),
        identity: name == "SEQN",
        read_only: name == "SEQN",
        values: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::column_named;

    fn check(written: &str, expected: Option<&str>) {
        let found = column_named(columns(), written).map(|column| column.name.as_str());
        assert_eq!(found, expected, "the column that {written:?} means");
    }

    #[test]
    fn a_column_goes_by_property_label_and_alias_in_any_spelling() {
        for (written, expected) in [
            ("ID", "PartyId"),
            ("iMIS ID", "PartyId"),
            ("PARTY_ID", "PartyId"),
            ("contactid", "PartyId"),
            ("ActivityType", "ACTIVITY_TYPE"),
            ("Activity Type", "ACTIVITY_TYPE"),
            ("ACTIVITY_TYPE", "ACTIVITY_TYPE"),
            ("UF4", "UF_4"),
            ("UF_4", "UF_4"),
            ("UserField4", "UF_4"),
            ("Description", "DESCRIPTION"),
            ("Note", "NOTE"),
            ("Note 2", "NOTE_2"),
            ("FollowUp", "NOTE_2"),
            ("Follow-up", "NOTE_2"),
            ("ReminderDate", "TICKLER_DATE"),
            ("Organization ID", "CO_ID"),
            ("MemberTributeCode", "MEM_TRIB_CODE"),
            ("Recurring Request", "RECURRING_REQUEST"),
        ] {
            check(written, Some(expected));
        }
        check("Colour", None);
        check("", None);
    }

    #[test]
    fn no_two_columns_answer_to_one_name() {
        let mut seen = std::collections::HashMap::new();
        for column in columns() {
            let names = column.aliases.iter().chain([&column.name]).chain(&column.caption);
            for name in names {
                let other = seen.insert(crate::record::plain(name), &column.name);
                assert!(other.is_none_or(|other| *other == column.name), "{name} means two columns");
            }
        }
    }
}
