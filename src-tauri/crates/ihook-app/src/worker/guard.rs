//! From a look for a like record to the end of what may write it, runs that look for the same go one after the
//! other: otherwise two deliveries at once would both find nothing, and both write.

use ihook_engine::record::TypedField;
use ihook_engine::run::Task;
use ihook_store::run::Run;
use ihook_store::run::guard::{self, GuardKey, Taken};
use ihook_store::{RunId, StoreError};
use sha2::{Digest, Sha256};

use super::drive::{Aside, Drive};

/// What this attempt knows of the guard that its run holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Guard {
    /// It holds none.
    None,
    /// It holds one until its end or its next look: of the run itself, of an earlier attempt, or of an item whose
    /// record is in doubt.
    ToTheEnd,
    /// It holds one until this item of a loop ends.
    Item(u32),
}

impl Guard {
    /// As the run's row has it.
    pub(super) fn of(run: &Run) -> Self {
        if run.holds_guard { Self::ToTheEnd } else { Self::None }
    }

    pub(super) fn is_held(self) -> bool {
        !matches!(self, Self::None)
    }

    /// Nobody knows whether this item's record was written: the guard is kept until that is known.
    pub(super) fn in_doubt(&mut self, item: Option<u32>) {
        if let (Self::Item(held), Some(item)) = (*self, item)
            && held == item
        {
            *self = Self::ToTheEnd;
        }
    }
}

impl Drive<'_> {
    /// Takes the guard of what is looked for; why the run waits, where another holds it.
    pub(super) async fn take_guard(
        &mut self,
        task: &Task,
        criteria: &[TypedField],
    ) -> Result<Option<Aside>, StoreError> {
        let (seq, connection, key) = (self.run.seq, self.run.connection.clone(), key(criteria));
        let reason = waits_for(self.run.id);
        let taken = self.record(None, move |tx| guard::take(tx, seq, &connection, key, &reason)).await?;
        match taken {
            Taken::Held { is_awaited } => {
                self.guard = task.item.map_or(Guard::ToTheEnd, Guard::Item);
                self.pass_on(is_awaited);
                Ok(None)
            }
            Taken::By(other) => Ok(Some(Aside { awaits: Some(key), ..Aside::waiting(waits_for(other)) })),
        }
    }

    /// Gives back the guard of an item that has ended, before anything is done for `item`.
    pub(super) async fn leave_item(&mut self, item: Option<u32>) -> Result<(), StoreError> {
        let Guard::Item(held) = self.guard else { return Ok(()) };
        if item == Some(held) {
            return Ok(());
        }
        let seq = self.run.seq;
        let is_awaited = self.record(None, move |tx| guard::release(tx, seq)).await?;
        self.guard = Guard::None;
        self.pass_on(is_awaited);
        Ok(())
    }

    fn pass_on(&self, is_awaited: bool) {
        if is_awaited {
            self.app.workers().look_again(self.app, &self.run.connection);
        }
    }
}

/// Names what is looked for: the same for criteria that iMIS finds the same records by, in whatever order and case
/// they are written.
fn key(criteria: &[TypedField]) -> GuardKey {
    let named =
        |field: &TypedField| (field.name.to_lowercase(), field.value.to_string().trim().to_lowercase());
    let mut named: Vec<_> = criteria.iter().map(named).collect();
    named.sort();
    GuardKey(Sha256::digest(serde_json::json!(named).to_string().as_bytes()).into())
}

fn waits_for(other: RunId) -> String {
    format!("Run {other} looks for the same record and has not ended: this run looks after it.")
}

#[cfg(test)]
mod tests {
    use ihook_engine::record::FieldValue;

    use super::*;

    fn of(criteria: &[(&str, &str)]) -> GuardKey {
        let field = |(name, value): &(&str, &str)| TypedField {
            name: (*name).to_owned(),
            written: String::new(),
            value: FieldValue::Text((*value).to_owned()),
        };
        key(&criteria.iter().map(field).collect::<Vec<_>>())
    }

    #[test]
    fn equal_criteria_have_one_name_and_others_have_others() {
        let one = of(&[("PartyId", "1"), ("UF_1", "Keynote")]);
        for (same, criteria) in [
            (true, &[("UF_1", "keynote "), ("PARTYID", "1")][..]),
            (false, &[("PartyId", "1")]),
            (false, &[("PartyId", "1"), ("UF_1", "")]),
            (false, &[("PartyId", "1"), ("UF_2", "Keynote")]),
            (false, &[("PartyId", "Keynote"), ("UF_1", "1")]),
            (false, &[("PartyId", "1\",\"UF_1"), ("UF_1", "Keynote")]),
        ] {
            assert_eq!(of(criteria) == one, same, "{criteria:?}");
        }
    }
}
