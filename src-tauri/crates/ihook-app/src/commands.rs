//! The one table of commands: name, request, response, body. The desktop's `rpc`, the HTTP host and the
//! TypeScript types all derive from it.

mod action_preview;
mod cancel;
mod connection_delete;
mod connections;
mod deliveries;
mod drafts;
mod dry_run;
mod editor;
mod failures;
mod file_summary;
mod keeping;
mod meanwhile;
mod members;
pub(crate) mod metadata;
mod pause;
mod repair;
mod reruns;
mod run_detail;
mod runs;
mod sample;
mod secrets;
mod selection;
mod sender;
mod sender_secret;
mod side;
mod standing;
mod status;
mod suggest;
mod system;
mod times;
mod undo;
mod unlock;
mod versions;
mod workflow_file;
mod workflow_save;
mod workflows;

use ihook_engine::json::{self, JsonFault};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::App;
use crate::error::{Code, WireError};

pub(crate) use file_summary::FileSummaries;
pub use standing::Standing;
pub(crate) use unlock::learn_secrets;

/// A request or a response without members.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub(crate) struct Nothing {}

macro_rules! commands {
    ($($name:ident: $request:ty => $response:ty = $body:path;)*) => {
        /// Finds the command and answers it.
        pub(crate) async fn dispatch(app: &App, name: &str, request: Value) -> Result<Value, WireError> {
            match name {
                $(stringify!($name) => {
                    let request: $request = parse(request)?;
                    let response: $response = Box::pin($body(app, request)).await?;
                    answer(&response)
                })*
                _ => Err(WireError::new(Code::UnknownCommand, format!("There is no command {name}."))),
            }
        }

        /// The commands as a TypeScript interface, with every type they name.
        #[must_use]
        pub fn bindings() -> String {
            let mut types = crate::commands::types::Types::default();
            let mut rows = String::new();
            $({
                let (request, response) = (types.name::<$request>(), types.name::<$response>());
                rows.push_str(&format!(
                    "  {}: {{ request: {request}; response: {response} }};\n",
                    stringify!($name)
                ));
            })*
            types.file(&rows)
        }
    };
}

mod types;

commands! {
    app_info: Nothing => system::AppInfo = system::app_info;
    workflow_import: workflow_save::WorkflowImport => workflow_save::WorkflowImported = workflow_save::import;
    workflow_export: workflows::ById => workflows::WorkflowFile = workflows::export;
    workflow_list: Nothing => status::WorkflowList = status::list;
    workflow_get: workflows::WorkflowGet => workflows::WorkflowDetail = workflows::get;
    workflow_save: workflow_save::WorkflowSave => workflow_save::WorkflowSaved = workflow_save::save;
    workflow_compare: versions::WorkflowCompare => versions::WorkflowCompared = versions::compare;
    workflow_restore: versions::WorkflowRestore => workflow_save::WorkflowSaved = versions::restore;
    workflow_check: workflow_file::WorkflowCheck => workflow_file::WorkflowChecked = workflow_file::check;
    workflow_dry_run: dry_run::WorkflowDryRun => dry_run::DryRun = dry_run::dry_run;
    workflow_set_status: workflows::SetStatus => workflows::StatusSet = workflows::set_status;
    standing: Nothing => standing::Stands = standing::standing;
    pause_all: pause::PauseAll => pause::PausedAll = pause::all;
    workflow_url: workflows::ById => workflows::WorkflowUrl = workflows::url;
    workflow_regenerate_url: workflows::RegenerateUrl => workflows::NewUrl = workflows::regenerate_url;
    workflow_secret: workflows::ById => sender_secret::SenderSecret = sender_secret::get;
    workflow_secret_remove: workflows::ById => Nothing = sender_secret::remove;
    workflow_set_secret: sender_secret::SetSecret => Nothing = sender_secret::set;
    workflow_delete: workflows::ById => Nothing = workflows::delete;
    draft_save: drafts::DraftSave => Nothing = drafts::save;
    draft_list: drafts::DraftListRequest => drafts::DraftList = drafts::list;
    draft_discard: drafts::DraftDiscard => Nothing = drafts::discard;
    run_list: runs::RunListRequest => runs::RunList = runs::list;
    run_get: runs::RunById => run_detail::RunDetail = run_detail::get;
    run_rerun: reruns::RunRerun => reruns::RunReran = reruns::rerun;
    run_cancel: runs::RunById => cancel::RunCancelled = cancel::cancel;
    run_cancel_many: cancel::RunCancelMany => cancel::RunsCancelled = cancel::cancel_many;
    run_resolve: repair::RunResolve => repair::RunRepaired = repair::resolve;
    run_retry_now: runs::RunById => repair::RunRepaired = repair::retry_now;
    run_undo: undo::RunUndo => repair::RunRepaired = undo::undo;
    run_release: reruns::RunRelease => reruns::Rerun = reruns::release;
    delivery_list: deliveries::DeliveryListRequest => deliveries::DeliveryList = deliveries::list;
    delivery_groups: Nothing => deliveries::DeliveryGroups = deliveries::groups;
    delivery_get: deliveries::DeliveryById => deliveries::DeliveryDetail = deliveries::get;
    delivery_release: deliveries::DeliveryRelease => deliveries::DeliveryReleased = deliveries::release;
    delivery_release_many: deliveries::DeliveryReleaseMany => deliveries::DeliveriesReleased = deliveries::release_many;
    connection_list: Nothing => connections::ConnectionList = connections::list;
    connection_save: connections::ConnectionSave => connections::ConnectionSaved = connections::save;
    connection_delete: connections::ByName => Nothing = connection_delete::delete;
    connection_test: connections::ByName => connections::ConnectionTested = connections::test;
    connection_metadata: metadata::MetadataRequest => metadata::Metadata = metadata::get;
    member_list: members::MemberListRequest => members::MemberList = members::list;
    member_suggest: suggest::MemberSuggest => suggest::Suggestions = suggest::suggest;
    member_get: members::MemberGet => members::MemberDetail = members::get;
    sender_send: sender::SenderSend => sender::SenderAnswer = sender::send;
    sender_batch: sender::SenderBatch => sender::SenderAnswers = sender::batch;
    sandbox_faults: members::SandboxFaults => members::FaultList = members::faults;
    sample_remove: Nothing => sample::SampleRemoved = sample::remove;
    schema_from_samples: editor::SchemaFromSamples => editor::InferredSchema = editor::schema_from_samples;
    template_preview: editor::TemplatePreview => editor::PreviewText = editor::template_preview;
    action_preview: action_preview::ActionPreview => action_preview::ActionPreviewed = action_preview::preview;
    legacy_convert: editor::LegacyConvert => editor::LegacyConverted = editor::legacy_convert;
    stats: status::StatsRequest => status::Stats = status::stats;
    failure_groups: failures::FailureGroupsRequest => failures::FailureGroups = failures::groups;
    secret_list: Nothing => secrets::SecretList = secrets::list;
    secrets_retry: Nothing => unlock::SecretsState = unlock::retry;
    secret_set: system::SecretSet => Nothing = system::secret_set;
    settings_get: Nothing => system::SettingsAnswer = system::settings_get;
    settings_save: system::SettingsSave => system::SettingsAnswer = system::settings_save;
    audit_list: runs::Page => system::AuditList = system::audit_list;
    backup: keeping::BackupRequest => keeping::BackupMade = keeping::backup;
    restore: keeping::RestoreRequest => keeping::Restored = keeping::put_back;
    clock_confirm: Nothing => Nothing = keeping::clock_confirm;
    database_health: Nothing => keeping::DatabaseHealth = keeping::health;
    member_erase: keeping::MemberErase => keeping::MemberErased = keeping::member_erase;
}

/// A command's request as it comes from outside; blank is none. JSON under the rules for payloads: the same names
/// are refused, wherever they stand.
///
/// # Errors
/// `badRequest`, with the place of the fault.
pub fn read_request(bytes: &[u8]) -> Result<Value, WireError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    json::parse_request(bytes).map_err(|JsonFault { message, line, column }| {
        WireError::bad_request(format!("The request is not JSON: {message} at line {line} column {column}."))
    })
}

/// A payload that came with a request.
fn payload(value: Value) -> Result<Map<String, Value>, WireError> {
    if json::is_too_deep(&value) {
        let message = format!("payload is nested more than {} levels deep.", json::MAX_DEPTH);
        return Err(WireError::bad_request(message));
    }
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(WireError::bad_request("payload must be a JSON object.")),
    }
}

/// Reads a request; what does not fit is told with its place.
fn parse<T: DeserializeOwned>(request: Value) -> Result<T, WireError> {
    let request = if request.is_null() { Value::Object(Map::new()) } else { request };
    serde_path_to_error::deserialize(request).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { String::new() } else { format!("{path}: ") };
        WireError::bad_request(format!("The request cannot be read: {place}{}.", error.inner()))
    })
}

fn answer(response: &impl Serialize) -> Result<Value, WireError> {
    serde_json::to_value(response).map_err(|error| WireError::new(Code::Internal, error.to_string()))
}

/// An identifier in a request.
fn id<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, WireError> {
    text.parse().map_err(|_not_an_id| WireError::not_found(what))
}
