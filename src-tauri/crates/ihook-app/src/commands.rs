//! The one table of commands: access, name, request, response, body, topics. Dispatch for the desktop's `rpc` and
//! the HTTP host, the TypeScript types, and what a screen reads anew all derive from it.

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
mod secrets_move;
mod selection;
mod sender;
mod sender_secret;
mod side;
mod standing;
mod status;
mod suggest;
mod system;
mod table;
mod times;
mod types;
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
use crate::events::Topic;
use crate::heavy::beside;

pub(crate) use file_summary::FileSummaries;
pub(crate) use secrets_move::names as secret_names;
pub use standing::Standing;
use table::{Access, Command};
pub(crate) use unlock::learn_secrets;

/// A request or a response without members.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub(crate) struct Nothing {}

macro_rules! commands {
    ($($access:ident $name:ident: $request:ty => $response:ty = $body:path [$($topic:ident),*];)*) => {
        /// The rows of the table in order, without their types.
        const TABLE: &[Command] = &[$(Command {
            name: stringify!($name),
            access: Access::$access,
            topics: &[$(Topic::$topic),*],
        }),*];

        /// Finds the command and answers it.
        pub(crate) async fn dispatch(app: &App, name: &str, request: Value) -> Result<Value, WireError> {
            match name {
                $(stringify!($name) => {
                    // Here, so that commands begin in the order in which they came.
                    let request: $request = parse(request)?;
                    let response: $response = Box::pin($body(app, request)).await?;
                    beside(move || answer(&response)).await
                })*
                _ => Err(WireError::new(Code::UnknownCommand, format!("There is no command {name}."))),
            }
        }

        /// The commands as TypeScript: an interface with every type they name, and what refreshes what.
        #[must_use]
        pub fn bindings() -> String {
            let mut types = types::Types::default();
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

commands! {
    Read app_info: Nothing => system::AppInfo = system::app_info [Settings];
    Write workflow_import: workflow_save::WorkflowImport => workflow_save::WorkflowImported = workflow_save::import [Workflows];
    Read workflow_export: workflows::ById => workflows::WorkflowFile = workflows::export [];
    Read workflow_list: Nothing => status::WorkflowList = status::list [Runs, Workflows];
    ReadOne workflow_get: workflows::WorkflowGet => workflows::WorkflowDetail = workflows::get [Workflows];
    Write workflow_save: workflow_save::WorkflowSave => workflow_save::WorkflowSaved = workflow_save::save [Workflows];
    Read workflow_compare: versions::WorkflowCompare => versions::WorkflowCompared = versions::compare [];
    Write workflow_restore: versions::WorkflowRestore => workflow_save::WorkflowSaved = versions::restore [Workflows];
    ReadOne workflow_check: workflow_file::WorkflowCheck => workflow_file::WorkflowChecked = workflow_file::check [Workflows];
    Read workflow_dry_run: dry_run::WorkflowDryRun => dry_run::DryRun = dry_run::dry_run [];
    Write workflow_set_status: workflows::SetStatus => workflows::StatusSet = workflows::set_status [Workflows, Runs];
    Read standing: Nothing => standing::Stands = standing::standing [Workflows, Settings];
    Write pause_all: pause::PauseAll => pause::PausedAll = pause::all [Workflows, Runs];
    ReadOne workflow_url: workflows::ById => workflows::WorkflowUrl = workflows::url [Workflows];
    Write workflow_regenerate_url: workflows::RegenerateUrl => workflows::NewUrl = workflows::regenerate_url [Workflows];
    ReadOne workflow_secret: workflows::ById => sender_secret::SenderSecret = sender_secret::get [Workflows];
    Write workflow_secret_remove: workflows::ById => Nothing = sender_secret::remove [Workflows];
    Write workflow_set_secret: sender_secret::SetSecret => Nothing = sender_secret::set [Workflows];
    Write workflow_delete: workflows::ById => Nothing = workflows::delete [Workflows, Runs];
    Write draft_save: drafts::DraftSave => Nothing = drafts::save [];
    Read draft_list: drafts::DraftListRequest => drafts::DraftList = drafts::list [];
    Write draft_discard: drafts::DraftDiscard => Nothing = drafts::discard [];
    Read run_list: runs::RunListRequest => runs::RunList = runs::list [Runs];
    ReadOne run_get: runs::RunById => run_detail::RunDetail = run_detail::get [Runs];
    Preview run_rerun: reruns::RunRerun => reruns::RunReran = reruns::rerun [Runs];
    Write run_cancel: runs::RunById => cancel::RunCancelled = cancel::cancel [Runs];
    Preview run_cancel_many: cancel::RunCancelMany => cancel::RunsCancelled = cancel::cancel_many [Runs];
    Write run_resolve: repair::RunResolve => repair::RunRepaired = repair::resolve [Runs];
    Write run_retry_now: runs::RunById => repair::RunRepaired = repair::retry_now [Runs];
    Write run_undo: undo::RunUndo => repair::RunRepaired = undo::undo [Runs];
    Write run_release: reruns::RunRelease => reruns::Rerun = reruns::release [Runs];
    Read delivery_list: deliveries::DeliveryListRequest => deliveries::DeliveryList = deliveries::list [Deliveries];
    Read delivery_groups: Nothing => deliveries::DeliveryGroups = deliveries::groups [Deliveries, Workflows];
    Read delivery_get: deliveries::DeliveryById => deliveries::DeliveryDetail = deliveries::get [Deliveries];
    Write delivery_release: deliveries::DeliveryRelease => deliveries::DeliveryReleased = deliveries::release [Deliveries, Runs];
    Preview delivery_release_many: deliveries::DeliveryReleaseMany => deliveries::DeliveriesReleased = deliveries::release_many [Deliveries, Runs];
    Read connection_list: Nothing => connections::ConnectionList = connections::list [Connections];
    Write connection_save: connections::ConnectionSave => connections::ConnectionSaved = connections::save [Connections, Workflows];
    Write connection_delete: connections::ByName => Nothing = connection_delete::delete [Connections, Workflows];
    Write connection_test: connections::ByName => connections::ConnectionTested = connections::test [Connections];
    Read connection_metadata: metadata::MetadataRequest => metadata::Metadata = metadata::get [Connections];
    Read member_list: members::MemberListRequest => members::MemberList = members::list [];
    Read member_suggest: suggest::MemberSuggest => suggest::Suggestions = suggest::suggest [];
    Read member_get: members::MemberGet => members::MemberDetail = members::get [Runs];
    Write sender_send: sender::SenderSend => sender::SenderAnswer = sender::send [Runs];
    Write sender_batch: sender::SenderBatch => sender::SenderAnswers = sender::batch [Runs];
    Write sandbox_faults: members::SandboxFaults => members::FaultList = members::faults [];
    Write sample_remove: Nothing => sample::SampleRemoved = sample::remove [Workflows, Runs, Deliveries];
    Read schema_from_samples: editor::SchemaFromSamples => editor::InferredSchema = editor::schema_from_samples [];
    Read template_preview: editor::TemplatePreview => editor::PreviewText = editor::template_preview [];
    Read action_preview: action_preview::ActionPreview => action_preview::ActionPreviewed = action_preview::preview [];
    Read legacy_convert: editor::LegacyConvert => editor::LegacyConverted = editor::legacy_convert [];
    Read stats: status::StatsRequest => status::Stats = status::stats [Runs];
    Read failure_groups: failures::FailureGroupsRequest => failures::FailureGroups = failures::groups [Runs];
    Read secret_list: Nothing => secrets::SecretList = secrets::list [Workflows, Settings];
    Write secrets_retry: Nothing => unlock::SecretsState = unlock::retry [Connections, Runs, Settings];
    Read secrets_kept: Nothing => secrets_move::SecretsKept = secrets_move::kept [Settings];
    Write secrets_move: secrets_move::SecretsMove => secrets_move::SecretsMoved = secrets_move::move_all [Settings, Connections];
    Write secret_set: system::SecretSet => Nothing = system::secret_set [Settings];
    Read settings_get: Nothing => system::SettingsAnswer = system::settings_get [Settings];
    Write settings_save: system::SettingsSave => system::SettingsAnswer = system::settings_save [Settings];
    Read audit_list: runs::Page => system::AuditList = system::audit_list [Deliveries, Workflows, Connections, Settings];
    Write backup: keeping::BackupRequest => keeping::BackupMade = keeping::backup [Settings];
    Write restore: keeping::RestoreRequest => keeping::Restored = keeping::put_back [Runs, Deliveries, Workflows, Connections, Settings];
    Write clock_confirm: Nothing => Nothing = keeping::clock_confirm [Settings];
    Read database_health: Nothing => keeping::DatabaseHealth = keeping::health [Settings];
    Write member_erase: keeping::MemberErase => keeping::MemberErased = keeping::member_erase [Runs, Deliveries, Settings];
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

/// Does work that can take longer than an async thread may be held, for other requests wait for those; `what` is what
/// broke off where it panics.
async fn off_thread<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, WireError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_panicked| WireError::new(Code::Internal, format!("{what} broke off. Try again.")))
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
