//! The application, whoever hosts it: receives deliveries, runs workflows, answers commands.
//!
//! A host (the desktop window, `ihook serve`, a test) builds a [`Config`], calls [`start`] and talks to the
//! [`App`] it gets: [`App::call`] for the command table, [`App::events`] for what changed.

mod behind;
pub mod clock;
pub mod commands;
pub mod config;
mod disk;
pub mod doctor;
pub mod endpoints;
mod erase;
pub mod error;
pub mod events;
mod files;
mod handles;
mod heavy;
mod instance;
mod known_time;
mod listeners;
pub mod log;
mod memory;
pub mod outgoing;
mod pace;
mod passwords;
pub mod plans;
mod receive;
pub mod redact;
mod restore;
mod retention;
mod rpc;
mod search;
pub mod secrets;
mod seed;
mod set_up;
pub mod settings;
mod sites;
mod start;
mod stored;
mod supervise;
mod ui_files;
mod upkeep;
mod worker;

pub use commands::Standing;
pub use config::{Config, SecretsKind};
pub use error::{Code, StartError, WireError};
pub use instance::{AdminAddress, admin_address};
pub use listeners::{Listeners, listen};
pub use restore::restore;
pub use set_up::start_anew;
pub use start::{Running, start};
pub use supervise::supervise;

use std::path::PathBuf;
use std::sync::Arc;

use ihook_engine::plan::Plan;
use ihook_store::{Store, StoreError, WorkflowId};
use serde_json::Value;
use tokio::sync::broadcast;

use clock::{Clock, Moment};
use commands::FileSummaries;
use endpoints::Endpoints;
use events::{Event, Events};
use heavy::Heavy;
use known_time::KnownTime;
use outgoing::{Outgoing, SystemProxies};
use plans::{PlanError, Plans};
use receive::{RateLimits, RefusalLog, Rush, SenderSecrets};
use redact::Redactor;
use secrets::Vault;
use settings::Settings;
use sites::Sites;
use upkeep::Upkeep;
use worker::Workers;

/// The running application. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    vault: Vault,
    plans: Plans,
    file_summaries: FileSummaries,
    endpoints: Endpoints,
    settings: Settings,
    known_time: KnownTime,
    sites: Sites,
    rate_limits: RateLimits,
    rush: Rush,
    heavy: Heavy,
    refusals: RefusalLog,
    sender_secrets: SenderSecrets,
    workers: Workers,
    events: Events,
    upkeep: Upkeep,
    facts: Facts,
}

/// What never changes while the program runs.
#[derive(Debug)]
struct Facts {
    data_dir: PathBuf,
    /// Where hooks are received, without a trailing slash.
    hooks_url: String,
    sandbox_url: Option<String>,
    proxies: SystemProxies,
    /// Nothing of this process was before.
    started_at: Moment,
}

impl App {
    /// Answers the command `name`; see [`commands`] for the table.
    ///
    /// # Errors
    /// A wire error with a stable code.
    pub async fn call(&self, name: &str, request: Value) -> Result<Value, WireError> {
        commands::dispatch(self, name, request).await.map_err(|error| self.redactor().wire_error(error))
    }

    /// What changes from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    fn vault(&self) -> &Vault {
        &self.0.vault
    }

    fn redactor(&self) -> &Redactor {
        self.vault().redactor()
    }

    fn plans(&self) -> &Plans {
        &self.0.plans
    }

    fn file_summaries(&self) -> &FileSummaries {
        &self.0.file_summaries
    }

    fn endpoints(&self) -> &Endpoints {
        &self.0.endpoints
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn known_time(&self) -> &KnownTime {
        &self.0.known_time
    }

    fn sites(&self) -> &Sites {
        &self.0.sites
    }

    /// How requests leave this computer now.
    fn outgoing(&self) -> Outgoing {
        Outgoing::of(self.settings().stored().values.outgoing_proxy.as_deref(), &self.facts().proxies)
    }

    fn rate_limits(&self) -> &RateLimits {
        &self.0.rate_limits
    }

    fn rush(&self) -> &Rush {
        &self.0.rush
    }

    fn heavy(&self) -> &Heavy {
        &self.0.heavy
    }

    fn refusals(&self) -> &RefusalLog {
        &self.0.refusals
    }

    fn sender_secrets(&self) -> &SenderSecrets {
        &self.0.sender_secrets
    }

    fn workers(&self) -> &Workers {
        &self.0.workers
    }

    fn events(&self) -> &Events {
        &self.0.events
    }

    fn upkeep(&self) -> &Upkeep {
        &self.0.upkeep
    }

    fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// A workflow's compiled version. One that was used before is at hand, without leaving the thread.
    async fn plan(&self, id: WorkflowId, number: u32) -> Result<Arc<Plan>, PlanError> {
        if let Some(plan) = self.plans().known(id, number) {
            return Ok(plan);
        }
        let app = self.clone();
        tokio::task::spawn_blocking(move || app.plans().get_blocking(app.store(), id, number))
            .await
            .unwrap_or_else(|_panicked| Err(StoreError::Stopped.into()))
    }

    /// Tells the workers of a connection that there is something to do.
    fn wake(&self, connection: &str) {
        self.0.workers.wake(self, connection);
    }

    /// Puts in force what was saved of the settings; all of them.
    async fn reload_settings(&self) -> Result<Arc<settings::Stored>, WireError> {
        let app = self.clone();
        tokio::task::spawn_blocking(move || app.0.settings.reload_blocking(&app.0.store))
            .await
            .map_err(|_panicked| WireError::new(Code::Internal, "The settings could not be reloaded."))?
            .map_err(WireError::from)
    }

    /// Takes over a change of workflows or tokens into what the listener sees.
    async fn reload_endpoints(&self) -> Result<(), WireError> {
        let app = self.clone();
        tokio::task::spawn_blocking(move || app.0.endpoints.reload_blocking(&app.0.store, &app.0.plans))
            .await
            .map_err(|_panicked| WireError::new(Code::Internal, "The endpoints could not be reloaded."))??;
        self.redactor().learn_tokens(self.endpoints().tokens());
        Ok(())
    }
}
