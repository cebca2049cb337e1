//! The effects that write nothing to iMIS: reads, requests to other systems, notices.

use ihook_engine::activity;
use ihook_engine::record::{self, Column, Field, Times};
use ihook_engine::run::{Outcome, Task};
use ihook_imis::wire::PagedResult;
use ihook_store::StoreError;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::LazyLock;

use super::drive::{Drive, Flow};
use crate::events::Notice;

/// The columns of an activity, none of them required: a search may name any.
fn searchable() -> &'static [Column] {
    static COLUMNS: LazyLock<Vec<Column>> = LazyLock::new(|| {
        activity::columns().iter().map(|column| Column { required: false, ..column.clone() }).collect()
    });
    &COLUMNS
}

/// Like activities fetched at most.
const MOST_LIKE: u32 = 500;

/// How many records an answer stands for: all that a collection has, also those of other pages.
fn count_of(answer: &Value) -> u64 {
    match PagedResult::read(answer) {
        Some(page) => page.total.max(page.offset + u64::try_from(page.items.len()).unwrap_or(0)),
        None => u64::from(!answer.is_null()),
    }
}

impl Drive<'_> {
    pub(super) async fn imis_get(
        &mut self,
        task: &Task,
        path: &str,
        query: &[(String, String)],
    ) -> Result<Flow, StoreError> {
        let site = match self.site().await {
            Ok(site) => site,
            Err(error) => return Ok(Flow::Leave(Box::new(self.unavailable(error)?))),
        };
        Ok(match site.client.fetch(path, query).await {
            Ok(fetched) => {
                self.note_exchange(task, &fetched.exchange);
                let count = count_of(&fetched.value);
                let body = self.app.redactor().value(fetched.value);
                let output = json!({ "statusCode": fetched.status, "count": count, "body": body });
                Flow::Go(Outcome::Done { output, record_key: None })
            }
            Err(failed) => {
                self.note_exchange(task, &failed.exchange);
                self.read_failed(&failed)
            }
        })
    }

    /// Looks for activities that have all these values, when no other run that looked for the same is still to end.
    pub(super) async fn count_like(
        &mut self,
        task: &Task,
        fields: &[Field],
        within_hours: Option<u32>,
    ) -> Result<Flow, StoreError> {
        let site = match self.site().await {
            Ok(site) => site,
            Err(error) => return Ok(Flow::Leave(Box::new(self.unavailable(error)?))),
        };
        let received_at = Timestamp::from_millisecond(self.run.received_at).unwrap_or(Timestamp::UNIX_EPOCH);
        let times = Times { site: &site.time, received_at };
        let typed = match record::convert(searchable(), fields, &times) {
            Ok(typed) => typed,
            Err(error) => return Ok(Flow::Go(Outcome::Failed(error))),
        };
        if let Some(aside) = self.take_guard(task, &typed).await? {
            return Ok(Flow::Leave(Box::new(aside)));
        }
        let mut filters: Vec<(String, String)> =
            typed.iter().map(|field| (field.name.clone(), format!("eq:{}", field.value))).collect();
        if let Some(hours) = within_hours {
            let from = received_at - SignedDuration::from_hours(i64::from(hours));
            let from =
                from.to_zoned_datetime(site.time.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S").to_string();
            filters.push(("TRANSACTION_DATE".to_owned(), format!("ge:{from}")));
        }
        Ok(match site.client.rows("Activity", &filters, MOST_LIKE).await {
            Ok(page) => {
                let keys: Vec<Value> = page.records.iter().map(|row| Value::String(row.key_text())).collect();
                let output = json!({ "count": keys.len(), "keys": keys });
                Flow::Go(Outcome::Done { output, record_key: None })
            }
            Err(failed) => {
                self.note_exchange(task, &failed.exchange);
                self.read_failed(&failed)
            }
        })
    }

    pub(super) fn notify(&self, title: &str, message: &str) -> Flow {
        let notice = Notice { title: title.to_owned(), message: message.to_owned() };
        self.app.events().notice(notice);
        Flow::Go(Outcome::Done { output: json!({ "title": title, "message": message }), record_key: None })
    }
}
