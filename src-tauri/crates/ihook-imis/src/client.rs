//! The client of one site and one account.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use reqwest::redirect::Policy;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::exchange::Exchange;
use crate::failure::{Failed, FailureClass};
use crate::record::{Inserted, NewRecord, Target};
use crate::send::{Answered, Call, send};
use crate::site::Site;
use crate::token::Tokens;
use crate::wire::{PagedResult, Party, Record, is_contract, is_missing, key_parts, text};

/// iMIS caps pages at this size without saying so.
pub(crate) const PAGE: u32 = 500;

/// An account of the site.
#[derive(Clone)]
pub struct Credentials {
    /// The user name.
    pub username: String,
    /// The password, wiped from memory when dropped.
    pub password: Zeroizing<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).field("password", &"…").finish()
    }
}

/// What one exchange may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// To find, call and secure the connection.
    pub connect: Duration,
    /// From the first byte sent to the last byte read, connecting included.
    pub whole: Duration,
    /// The longest answer that is read.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), whole: Duration::from_secs(60), body_bytes: 8 * 1024 * 1024 }
    }
}

/// One page of records, gathered from as many pages of iMIS as the limit took.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// The records, at most as many as asked for.
    pub records: Vec<Record>,
    /// How many there are in iMIS.
    pub total: u64,
}

/// The answer to a GET on the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// A 2xx status.
    pub status: u16,
    /// The JSON; null where there was no body.
    pub value: Value,
    /// What went over the wire.
    pub exchange: Exchange,
}

/// A client of one connection; clones share its token.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    pub(crate) site: Site,
    pub(crate) credentials: Credentials,
    pub(crate) limits: Limits,
    pub(crate) tokens: Tokens,
    pub(crate) learn: Option<Learn>,
    /// The proxy on the way to the site, as `host:port`.
    pub(crate) proxy: Option<String>,
}

/// Is given every token that a site hands out, so that the caller can keep it out of what is recorded.
pub type Learn = Box<dyn Fn(&str) + Send + Sync>;

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.inner;
        f.debug_struct("Client")
            .field("site", &inner.site.root())
            .field("credentials", &inner.credentials)
            .field("limits", &inner.limits)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client with the usual limits. `http` comes from [`Client::http`]; several clients may share it. `proxy` is
    /// the one that `http` takes to this site, as `host:port`: for sentences.
    #[must_use]
    pub fn new(
        http: reqwest::Client,
        site: Site,
        credentials: Credentials,
        learn: Option<Learn>,
        proxy: Option<String>,
    ) -> Self {
        let (limits, tokens) = (Limits::default(), Tokens::default());
        Self { inner: Arc::new(Inner { http, site, credentials, limits, tokens, learn, proxy }) }
    }

    /// A client with limits of one's own. The time to connect is the `http` client's.
    #[must_use]
    pub fn with_limits(http: reqwest::Client, site: Site, credentials: Credentials, limits: Limits) -> Self {
        let tokens = Tokens::default();
        let inner = Inner { http, site, credentials, limits, tokens, learn: None, proxy: None };
        Self { inner: Arc::new(inner) }
    }

    /// The HTTP client all connections can share, with the usual limits.
    ///
    /// # Errors
    /// Where TLS cannot be set up on this computer.
    pub fn http() -> Result<reqwest::Client, reqwest::Error> {
        Self::http_with(&Limits::default())
    }

    /// The HTTP client with limits of one's own.
    ///
    /// It follows no redirect, takes no proxy from its surroundings, and drops connections idle for 20 s: an
    /// insert on an older one could be cut without anyone knowing whether it arrived.
    ///
    /// # Errors
    /// Where TLS cannot be set up on this computer.
    pub fn http_with(limits: &Limits) -> Result<reqwest::Client, reqwest::Error> {
        Self::http_builder(limits).build()
    }

    /// The same, to be changed before it is built.
    pub fn http_builder(limits: &Limits) -> reqwest::ClientBuilder {
        // Fails only where a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .user_agent(concat!("iHook/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            .timeout(limits.whole)
            .pool_idle_timeout(Duration::from_secs(20))
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .tcp_nodelay(true)
    }

    /// The site this client talks to.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.inner.site
    }

    /// A member by iMIS ID; nothing where there is none.
    ///
    /// # Errors
    /// Everything but iMIS's own 404.
    pub async fn party(&self, id: &str) -> Result<Option<Party>, Failed> {
        let id = id.trim();
        if id.is_empty() {
            return Ok(None);
        }
        let url = self.inner.site.record_url("Party", &[id.to_owned()]);
        let Some((answered, json)) = self.find(Call::get(url)).await? else { return Ok(None) };
        // A server that ignores ?EntityId= answers with a list of everybody: only the one asked for counts.
        let found: Vec<Party> = match (PagedResult::read(&json), Party::read(&json)) {
            (Some(page), _) => page.items.iter().filter_map(Party::read).collect(),
            (None, Some(party)) => vec![party],
            (None, None) => return Err(answered.something_else(&self.inner.site)),
        };
        Ok(found.into_iter().find(|party| party.id.trim().eq_ignore_ascii_case(id)))
    }

    /// Members by the beginning of their ID or e-mail address or by part of their name, with the total number.
    ///
    /// # Errors
    /// Every failure of the read.
    pub async fn parties(&self, search: Option<&str>, limit: u32) -> Result<(Vec<Party>, u64), Failed> {
        let search = search.map(str::trim).filter(|search| !search.is_empty());
        let filter = search.map(|search| {
            let (name, operator) = if search.contains('@') {
                ("Email", "startsWith")
            } else if search.bytes().all(|byte| byte.is_ascii_digit()) {
                ("PartyId", "startsWith")
            } else {
                ("Name", "contains")
            };
            (name.to_owned(), format!("{operator}:{search}"))
        });
        let (items, total) = self.pages("Party", filter.as_slice(), limit, PAGE).await?;
        Ok((items.iter().filter_map(Party::read).collect(), total))
    }

    /// Inserts a record, once. It is sent again in one case only: the server refused the token (401), so that
    /// nothing was done, and a fresh one was to be had.
    ///
    /// # Errors
    /// [`Failed::class`] says whether the record may be there all the same.
    pub async fn insert(&self, record: &NewRecord) -> Result<Inserted, Failed> {
        let url = self.inner.site.entity_url(record.target.entity(), &[]);
        let call = Call { method: Method::POST, url, body: Some(record.body()) };
        let answered = self.call(&call).await?;
        let json = answered.json(&self.inner.site)?;
        let stored = Some(&json).filter(|json| is_contract(json)).and_then(Record::read);
        let Some(stored) = stored.filter(|stored| record.target.identifies(stored)) else {
            return Err(answered.unproven(&self.inner.site, &json));
        };
        let key = match &record.target {
            Target::Panel { single: true, .. } => Some(record.party_id.clone()),
            Target::Activity => stored.activity_key(),
            Target::Panel { single: false, .. } => None,
        };
        Ok(Inserted { key, exchange: answered.exchange })
    }

    /// Records of a business object that pass all filters, following pages up to `limit`.
    ///
    /// A filter is a property and a value, which may begin with an operator of iMIS (`ge:2026-01-01`).
    ///
    /// # Errors
    /// Every failure of the reads.
    pub async fn rows(&self, entity: &str, filters: &[(String, String)], limit: u32) -> Result<Page, Failed> {
        let (items, total) = self.pages(entity, filters, limit, PAGE).await?;
        Ok(Page { records: items.iter().filter_map(Record::read).collect(), total })
    }

    /// A GET on a path below `/api/`, as `query` or `/api/Party/101`: its status and JSON.
    ///
    /// # Errors
    /// Every answer that is not 2xx and of a form that iMIS answers in; a path that leaves the API is
    /// [`FailureClass::NotBuilt`].
    pub async fn get(&self, path: &str, query: &[(String, String)]) -> Result<(u16, Value), Failed> {
        let fetched = self.fetch(path, query).await?;
        Ok((fetched.status, fetched.value))
    }

    /// As [`Client::get`], with what went over the wire.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn fetch(&self, path: &str, query: &[(String, String)]) -> Result<Fetched, Failed> {
        let site = &self.inner.site;
        let url = site
            .path_url(path, query)
            .map_err(|sentence| Failed::new(FailureClass::NotBuilt, sentence, Exchange::default()))?;
        let (answered, value) = self.read(&Call::get(url)).await?;
        Ok(Fetched { status: answered.status.as_u16(), value, exchange: answered.exchange })
    }

    /// One record by its key as [`Record::key_text`] writes it; nothing where there is none.
    ///
    /// # Errors
    /// Every failure of the read but iMIS's own 404.
    pub async fn record(&self, target: &Target, key: &str) -> Result<Option<Record>, Failed> {
        let entity = target.entity();
        if *target == Target::Activity {
            let page = self.rows(entity, &[("SEQN".to_owned(), format!("eq:{key}"))], 1).await?;
            return Ok(page.records.into_iter().find(|record| record.key_text() == key));
        }
        let url = self.inner.site.record_url(entity, &key_parts(key));
        let Some((_, json)) = self.find(Call::get(url)).await? else { return Ok(None) };
        let found = match PagedResult::read(&json) {
            Some(page) => page.items.iter().filter_map(Record::read).collect(),
            None => Vec::from_iter(Record::read(&json)),
        };
        // A server that ignores ?EntityId= answers with all rows: only the one asked for counts.
        Ok(found.into_iter().find(|record| record.key_text() == key))
    }

    /// Deletes one record by its key as [`Record::key_text`] writes it.
    ///
    /// # Errors
    /// As an insert: in doubt where the outcome is not known; 404 is [`FailureClass::Refused`].
    pub async fn delete(&self, entity: &str, key: &str) -> Result<(), Failed> {
        let url = self.inner.site.record_url(entity, &key_parts(key));
        self.call(&Call { method: Method::DELETE, url, body: None }).await.map(|_| ())
    }

    /// One call with a token, renewed once on 401; success only.
    pub(crate) async fn call(&self, call: &Call) -> Result<Answered, Failed> {
        self.send(call).await?.success(&self.inner.site, &call.method)
    }

    /// The same, whatever the answer.
    async fn send(&self, call: &Call) -> Result<Answered, Failed> {
        let inner = &self.inner;
        let token = inner.token().await?;
        let mut answered = send(inner, call, &token).await?;
        if answered.status.as_u16() == 401 {
            let token = inner.renewed(&token).await?;
            answered = send(inner, call, &token).await?;
        }
        Ok(answered)
    }

    /// A read: its answer, and the JSON in it, which is iMIS's by its form.
    async fn read(&self, call: &Call) -> Result<(Answered, Value), Failed> {
        let answered = self.send(call).await?;
        self.own(answered)
    }

    /// As [`Self::read`]; nothing where iMIS itself says that there is no such record.
    pub(crate) async fn find(&self, call: Call) -> Result<Option<(Answered, Value)>, Failed> {
        let answered = self.send(&call).await?;
        if answered.status.as_u16() != 404 {
            return self.own(answered).map(Some);
        }
        let is_missing = answered.body.as_deref().is_ok_and(is_missing);
        if is_missing { Ok(None) } else { Err(answered.something_else(&self.inner.site)) }
    }

    fn own(&self, answered: Answered) -> Result<(Answered, Value), Failed> {
        let site = &self.inner.site;
        let answered = answered.success(site, &Method::GET)?;
        let json = answered.json(site)?;
        if is_contract(&json) { Ok((answered, json)) } else { Err(answered.something_else(site)) }
    }

    /// The items of a collection up to `limit`, asked for in pages of at most `page`, and the total.
    pub(crate) async fn pages(
        &self,
        entity: &str,
        filters: &[(String, String)],
        limit: u32,
        page: u32,
    ) -> Result<(Vec<Value>, u64), Failed> {
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut items: Vec<Value> = Vec::new();
        let mut offset = 0;
        loop {
            let left = limit.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX));
            let mut query = filters.to_vec();
            query.push(("limit".to_owned(), left.min(page).max(1).to_string()));
            query.push(("offset".to_owned(), offset.to_string()));
            let answered = self.call(&Call::get(self.inner.site.entity_url(entity, &query))).await?;
            let json = answered.json(&self.inner.site)?;
            let page = Some(&json).filter(|json| is_contract(json)).and_then(PagedResult::read);
            let Some(mut result) = page else {
                let seen = text(&json).unwrap_or_default();
                let sentence = format!(
                    "iMIS did not answer: something else answered at {}, not with a list of {entity} but with {}",
                    self.inner.site.host(),
                    seen.chars().take(80).collect::<String>()
                );
                return Err(Failed::new(FailureClass::SomethingElse, sentence, answered.exchange));
            };
            items.append(&mut result.items);
            match result.next {
                // A server that sends the same page for ever must not be followed for ever.
                Some(next) if items.len() < wanted && next > offset => offset = next,
                _ => {
                    items.truncate(wanted);
                    return Ok((items, result.total));
                }
            }
        }
    }
}
