//! Every code that a step can fail or wait with, and who can fix it. The one list: the application's words and the
//! screens' are held to it by their compilers.

use serde::Serialize;

/// Who can fix a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Owner {
    /// The system that sends.
    Sender,
    /// iMIS, or its staff.
    Imis,
    /// Whoever edits the workflow.
    Workflow,
    /// This computer.
    Computer,
}

impl Owner {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Sender, Self::Imis, Self::Workflow, Self::Computer];

    /// As on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Imis => "imis",
            Self::Workflow => "workflow",
            Self::Computer => "computer",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $owner:ident;)*) => {
        /// Why a step failed, for programs. Stable: a code that was ever stored stays.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As stored and as on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// Who can fix it.
            #[must_use]
            pub fn owner(self) -> Owner {
                match self {
                    $(Self::$name => Owner::$owner,)*
                }
            }
        }
    };
}

codes! {
    /// The payload does not match the schema.
    Schema = "schema", Sender;
    /// iMIS has no such member.
    UnknownMember = "unknownMember", Sender;
    /// Something that is needed is empty.
    EmptyField = "emptyField", Sender;
    /// A value to look records up by is empty.
    BlankCriterion = "blankCriterion", Sender;
    /// A date cannot be read.
    BadDate = "badDate", Sender;
    /// A value is of another type than its field.
    WrongType = "wrongType", Sender;
    /// A value is longer, or larger, than its field.
    TooLong = "tooLong", Sender;
    /// A template cannot be rendered.
    Template = "template", Workflow;
    /// A limit of time, size or number was reached.
    Limits = "limits", Workflow;
    /// Checking the payload against the schema takes too much work.
    TooCostly = "tooCostly", Workflow;
    /// An item of a list failed.
    LoopItem = "loopItem", Workflow;
    /// iMIS has no such field, or does not let it be written.
    UnknownField = "unknownField", Workflow;
    /// A gate ended the run as a failure.
    Gate = "gate", Workflow;
    /// The action is switched off, and fails then.
    Disabled = "disabled", Workflow;
    /// The site has no such panel.
    PanelUnknown = "panelUnknown", Imis;
    /// The panel belongs to something else than a member.
    PanelParent = "panelParent", Workflow;
    /// The member has the one row that the panel takes.
    PanelHasRow = "panelHasRow", Imis;
    /// iMIS refused it.
    Refused = "refused", Imis;
    /// No request can be made of what the templates gave: an address, a path or a header.
    NotBuilt = "notBuilt", Workflow;
    /// A request to another system failed.
    Http = "http", Computer;
    /// Whether the record was written is being looked up.
    InDoubt = "inDoubt", Imis;
    /// A person has to decide.
    Held = "held", Workflow;
}

impl std::str::FromStr for ErrorCode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_as_they_are_written() {
        for code in ErrorCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert!(code.as_str().chars().all(|letter| letter.is_ascii_alphabetic()), "{code:?}");
        }
        assert_eq!("panelUnsupported".parse::<ErrorCode>(), Err(()));
    }
}
