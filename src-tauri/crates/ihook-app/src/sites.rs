//! iMIS sites in use: a client each, with what was learnt of members and panels.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use ihook_engine::activity;
use ihook_engine::record::SiteTime;
use ihook_engine::record::{Column, Panel};
use ihook_engine::step_error::{ErrorCode, StepError};
use ihook_engine::time::DateOrder;
use ihook_imis::{Client, Credentials, Failed, Limits, Party};
use ihook_store::{StoreError, connection, step};
use jiff::tz::TimeZone;
use lru::LruCache;
use url::Url;
use zeroize::Zeroizing;

use crate::App;
use crate::clock::{Moment, Now};
use crate::commands::metadata::cached;
use crate::outgoing::Outgoing;
use crate::pace::{MINUTE, Pace};
use crate::passwords::{self, Kept};
use crate::secrets::SecretsError;
use crate::worker::Intent;

/// The built-in connection, which always exists.
pub(crate) const SANDBOX: &str = "sandbox";
/// The sandbox's account is no secret: anyone on this computer may look into it.
const SANDBOX_ACCOUNT: &str = "sandbox";
/// Where it is found when this program does not run it.
const SANDBOX_URL: &str = "http://127.0.0.1:8789";
/// How long a member once seen is taken to be there.
const MEMBER_KEPT: Duration = Duration::from_secs(5 * 60);
/// Members remembered of one site.
const MEMBERS_KEPT: NonZeroUsize = NonZeroUsize::new(50_000).unwrap();

/// Why a connection cannot be used now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unavailable {
    /// No connection has this name.
    #[error(
        "There is no connection named \"{0}\": add it under Connections, or choose another in the workflow."
    )]
    Unknown(String),
    /// No password was entered, or it was lost with the keyring.
    #[error("The connection \"{0}\" has no password: enter it under Connections.")]
    NoPassword(String),
    /// The password was entered for another address.
    #[error(
        "The password of the connection \"{name}\" was entered for {there}, and the connection leads to {here} now: \
         enter it again under Connections."
    )]
    PasswordElsewhere {
        /// The connection.
        name: String,
        /// The origin that it was entered for.
        there: String,
        /// Where the connection leads.
        here: String,
    },
    /// The stored address or time zone cannot be used.
    #[error("The connection \"{name}\" cannot be used: {reason}")]
    Settings {
        /// The connection.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The secret store does not answer.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A connection with its client.
#[derive(Debug)]
pub(crate) struct Site {
    /// As stored.
    pub(crate) row: connection::Connection,
    /// Signs in when first used.
    pub(crate) client: Client,
    /// How times are read there.
    pub(crate) time: SiteTime,
    members: Mutex<LruCache<String, (Moment, Arc<Party>)>>,
    panels: Mutex<HashMap<String, Arc<Panel>>>,
    /// Of an activity, as the site last told them.
    columns: Mutex<Arc<Vec<Column>>>,
    /// How long the last insert took to be answered, in milliseconds; less than nothing before the first.
    answered_in: AtomicI64,
    /// Its cap, with the inserts of the last minute, which outlive a change of the connection.
    pub(crate) pace: Option<(u32, Arc<Pace>)>,
}

/// Every site that was used since it was last changed.
#[derive(Debug)]
pub(crate) struct Sites {
    http: RwLock<reqwest::Client>,
    open: Mutex<HashMap<String, Arc<Site>>>,
    /// How often something was forgotten: what was read before that is not remembered.
    forgotten: AtomicU64,
    paces: Mutex<HashMap<String, Arc<Pace>>>,
}

impl Sites {
    pub(crate) fn new(outgoing: &Outgoing) -> Result<Self, reqwest::Error> {
        let http = RwLock::new(outgoing.client()?);
        Ok(Self { http, open: Mutex::default(), forgotten: AtomicU64::new(0), paces: Mutex::default() })
    }

    /// For requests that go to no iMIS: the program's own listener, its sandbox.
    pub(crate) fn http(&self) -> reqwest::Client {
        self.http.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on requests leave this computer another way: no connection of before is used again.
    pub(crate) fn leave_by(&self, outgoing: &Outgoing) -> Result<(), reqwest::Error> {
        *self.http.write().unwrap_or_else(PoisonError::into_inner) = outgoing.client()?;
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    /// The site of the connection `name`.
    pub(crate) async fn get(&self, app: &App, name: &str) -> Result<Arc<Site>, Unavailable> {
        if let Some(site) = self.open.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(Arc::clone(site));
        }
        let forgotten = self.forgotten.load(Ordering::Acquire);
        let key = name.to_owned();
        let row = match app.store().read(move |database| connection::get(database, &key)).await {
            Ok(row) => row,
            Err(StoreError::NotFound) => return Err(Unavailable::Unknown(name.to_owned())),
            Err(error) => return Err(error.into()),
        };
        let password = if name == SANDBOX {
            Zeroizing::new(SANDBOX_ACCOUNT.to_owned())
        } else {
            match passwords::read(app.vault(), name, &row.base_url).await? {
                Kept::Here(password) => password,
                Kept::Nothing => return Err(Unavailable::NoPassword(name.to_owned())),
                Kept::Elsewhere(there) => {
                    let (name, here) = (name.to_owned(), row.base_url);
                    return Err(Unavailable::PasswordElsewhere { name, there, here });
                }
            }
        };
        let pace = self.pace(app, &row).await?;
        let site = Arc::new(self.build(row, pace, password, app)?);
        if let Some(known) = cached(app, name).await {
            site.learn_activity_columns(known.engine_columns());
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if self.forgotten.load(Ordering::Acquire) == forgotten {
            open.insert(name.to_owned(), Arc::clone(&site));
        }
        drop(open);
        Ok(site)
    }

    /// How inserts are paced. Without a cap none is counted; with a new one, and after a start, what the database
    /// knows of the last minute counts.
    async fn pace(
        &self,
        app: &App,
        row: &connection::Connection,
    ) -> Result<Option<(u32, Arc<Pace>)>, StoreError> {
        let known = || self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(cap) = row.writes_per_minute else {
            known().remove(&row.name);
            return Ok(None);
        };
        if let Some(pace) = known().get(&row.name) {
            return Ok(Some((cap, Arc::clone(pace))));
        }
        let (name, now) = (row.name.clone(), Now::of(app.clock()));
        let since = now.wall.saturating_sub(i64::try_from(MINUTE.as_millis()).unwrap_or(i64::MAX));
        let late = app.store().read(move |database| step::late_writes(database, &name, since)).await?;
        let answered =
            late.iter().flat_map(|write| answers(write, now)).filter(|at| now.moment.since(*at) < MINUTE);
        let fresh = Arc::new(Pace::resumed(answered));
        // Someone else may have been quicker.
        Ok(Some((cap, Arc::clone(known().entry(row.name.clone()).or_insert(fresh)))))
    }

    fn build(
        &self,
        row: connection::Connection,
        pace: Option<(u32, Arc<Pace>)>,
        password: Zeroizing<String>,
        app: &App,
    ) -> Result<Site, Unavailable> {
        let unusable = |reason: String| Unavailable::Settings { name: row.name.clone(), reason };
        let address = ihook_imis::Site::parse(&row.base_url).map_err(unusable)?;
        let time = time_of(&row).map_err(unusable)?;
        let credentials = Credentials { username: row.username.clone(), password };
        let (redactor, entry) = (app.redactor().clone(), format!("bearer/{}", row.name));
        let learn = Box::new(move |token: &str| redactor.learn(&entry, token));
        let proxy = Url::parse(address.root()).ok().and_then(|url| app.outgoing().proxy_name(&url));
        let client = Client::new(self.http(), address, credentials, Some(learn), proxy);
        Ok(Site {
            row,
            client,
            time,
            members: Mutex::new(LruCache::new(MEMBERS_KEPT)),
            panels: Mutex::default(),
            columns: Mutex::new(Arc::new(activity::columns().to_vec())),
            pace,
            answered_in: AtomicI64::new(-1),
        })
    }

    /// How long the site took to answer the last insert, in milliseconds, where there was one.
    pub(crate) fn answered_in(&self, name: &str) -> Option<u64> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        u64::try_from(open.get(name)?.answered_in.load(Ordering::Relaxed)).ok()
    }

    /// Forgets the site, because its address, account or password changed.
    pub(crate) fn forget(&self, name: &str) {
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    /// Makes sure that the sandbox connection is there and points to where the sandbox now listens.
    pub(crate) async fn seed_sandbox(&self, app: &App) -> Result<(), StoreError> {
        let url = app.facts().sandbox_url.clone();
        let zone = TimeZone::system();
        let zone = zone.iana_name().unwrap_or("UTC").to_owned();
        app.store()
            .write(move |tx| {
                let row = match connection::get(tx, SANDBOX) {
                    Ok(row) => row,
                    Err(StoreError::NotFound) => connection::Connection {
                        name: SANDBOX.to_owned(),
                        base_url: String::new(),
                        username: String::new(),
                        time_zone: zone,
                        date_order: None,
                        max_concurrent: 16,
                        writes_per_minute: None,
                        kind: connection::Kind::Sandbox,
                    },
                    Err(error) => return Err(error),
                };
                // Whatever a restored database says of it: it is the sandbox of this computer.
                let is_here = ihook_imis::Site::parse(&row.base_url).is_ok_and(|site| site.is_loopback());
                let stored = Some(&row.base_url).filter(|_| is_here).cloned();
                let base_url = url.or(stored).unwrap_or_else(|| SANDBOX_URL.to_owned());
                let (username, kind) = (SANDBOX_ACCOUNT.to_owned(), connection::Kind::Sandbox);
                connection::save(tx, &connection::Connection { base_url, username, kind, ..row })
            })
            .await?;
        // Where it comes late, a client of the address before may be in use.
        self.forget(SANDBOX);
        Ok(())
    }
}

/// How times are read at the connection's site.
///
/// # Errors
/// A sentence: this computer does not know the zone.
pub(crate) fn time_of(row: &connection::Connection) -> Result<SiteTime, String> {
    let zone = TimeZone::get(&row.time_zone).map_err(|error| error.to_string())?;
    Ok(SiteTime { zone, date_order: date_order_of(row) })
}

/// The order of dates that was chosen, or the one that is usual in the connection's zone.
pub(crate) fn date_order_of(row: &connection::Connection) -> DateOrder {
    match row.date_order {
        Some(connection::DateOrder::MonthDay) => DateOrder::MonthDay,
        Some(connection::DateOrder::DayMonth) => DateOrder::DayMonth,
        None => DateOrder::of_zone(&row.time_zone),
    }
}

impl Site {
    /// Names the site that a record was written to. The sandbox is the same one at whatever port it listens.
    pub(crate) fn identity(&self) -> String {
        identity_of(&self.row.name, self.client.site())
    }

    /// Remembers how long an insert took to be answered, in milliseconds.
    pub(crate) fn note_answer(&self, ms: u64) {
        self.answered_in.store(i64::try_from(ms).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// The member with this ID. One that was seen lately is not asked for again; one that was not there is.
    pub(crate) async fn member(&self, id: &str, now: Moment) -> Result<Option<Arc<Party>>, Failed> {
        {
            let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((seen, party)) = members.get(id)
                && now.since(*seen) < MEMBER_KEPT
            {
                return Ok(Some(Arc::clone(party)));
            }
        }
        let Some(party) = self.client.party(id).await? else { return Ok(None) };
        let party = Arc::new(party);
        let seen = (now, Arc::clone(&party));
        self.members.lock().unwrap_or_else(PoisonError::into_inner).put(id.to_owned(), seen);
        Ok(Some(party))
    }

    /// The panel with this name. `fresh` asks the site again.
    pub(crate) async fn panel(&self, name: &str, fresh: bool) -> Result<Option<Arc<Panel>>, Failed> {
        let key = name.to_lowercase();
        if !fresh && let Some(panel) = self.panels.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Some(Arc::clone(panel)));
        }
        let Some(panel) = self.client.panel(name).await? else { return Ok(None) };
        let panel = Arc::new(panel);
        self.panels.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&panel));
        Ok(Some(panel))
    }

    /// The columns of an activity with the lengths of this site, as far as it told them.
    pub(crate) fn activity_columns(&self) -> Arc<Vec<Column>> {
        Arc::clone(&self.columns.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over what the site says of its activities.
    pub(crate) fn learn_activity_columns(&self, columns: Vec<Column>) {
        *self.columns.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(columns);
    }
}

/// When each request of a write was answered at the latest, as far as the database knows. Of one that went out
/// several times only the last is known, and stands for all: a little wait too much is no harm. What seems yet to
/// come was noted by a clock that was set back since: it may have been just now.
fn answers(write: &step::LateWrite, now: Now) -> impl Iterator<Item = Moment> + use<> {
    let sent_at = Intent::read(&write.intent).and_then(|intent| intent.sent_at);
    let at = sent_at.map(|sent_at| match write.finished_at {
        Some(finished_at) => {
            let ago = u64::try_from(now.wall.saturating_sub(finished_at)).unwrap_or(0);
            now.moment - Duration::from_millis(ago)
        }
        None => now.moment.min(Moment::from_millis(sent_at) + Limits::default().whole),
    });
    std::iter::repeat_n(at, usize::try_from(write.attempts).unwrap_or(1)).flatten()
}

/// [`Site::identity`] of a connection that need not be in use, or to be had; none for an address that is none.
pub(crate) fn identity(row: &connection::Connection) -> Option<String> {
    Some(identity_of(&row.name, &ihook_imis::Site::parse(&row.base_url).ok()?))
}

fn identity_of(connection: &str, site: &ihook_imis::Site) -> String {
    if connection == SANDBOX { SANDBOX.to_owned() } else { site.root().to_owned() }
}

/// Why no row is written of a panel that the site does not list.
pub(crate) fn panel_unknown(name: &str) -> StepError {
    StepError::new(
        ErrorCode::PanelUnknown,
        format!(
            "iMIS has no panel named {name}, or it is not available via the REST API. Nothing was written."
        ),
    )
}

/// Whether iHook writes rows of the panel.
///
/// # Errors
/// When they belong to something else than a member.
pub(crate) fn writable(panel: &Panel) -> Result<(), StepError> {
    panel
        .writable()
        .map_err(|reason| StepError::new(ErrorCode::PanelParent, format!("{reason} Nothing was written.")))
}
