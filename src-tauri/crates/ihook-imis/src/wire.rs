//! The JSON of iMIS, read tolerantly and written strictly; it serves the client and the sandbox alike.
//!
//! iMIS speaks Newtonsoft JSON with type names: `$type` is written first in every object, lists are
//! `{"$type": …, "$values": […]}`, and numbers, booleans and GUIDs inside property bags are
//! `{"$type": …, "$value": …}`. Readers take wrapped and plain forms and ignore the case of member names.

mod activity_type;
mod definition;
mod origin;
mod page;
mod party;
mod record;
mod validation;
mod value;

/// The types that columns are described with, for those who only know this crate.
pub use ihook_engine::record::{Column, ColumnType, FieldValue, Panel, PanelKind, TypedField};

pub use activity_type::ActivityType;
pub use definition::{definition_json, read_columns, read_definition};
pub(crate) use origin::{Origin, bare, is_contract, is_missing, refusal};
pub use page::PagedResult;
pub use party::Party;
pub(crate) use record::key_parts;
pub use record::{Record, identity_json};
pub use validation::{FieldFault, error_text, read_faults, validation_json};
pub use value::{decimal, encode, list, member, plain, text, typed_list, wrap};

/// The `$type` of a generic entity.
pub const GENERIC_ENTITY: &str = "Asi.Soa.Core.DataContracts.GenericEntityData, Asi.Contracts";
/// The `$type` of a validation result.
pub const VALIDATION_RESULTS: &str = "Asi.Soa.Core.DataContracts.ValidationResultsData, Asi.Contracts";
/// The element type of lists of strings.
pub(crate) const STRINGS: &str =
    "System.Collections.ObjectModel.Collection`1[[System.String, mscorlib]], mscorlib";
/// The `$type` of a bag of properties.
pub(crate) const PROPERTIES: &str = "Asi.Soa.Core.DataContracts.GenericPropertyDataCollection, Asi.Contracts";
/// The `$type` of one property.
pub(crate) const PROPERTY: &str = "Asi.Soa.Core.DataContracts.GenericPropertyData, Asi.Contracts";
