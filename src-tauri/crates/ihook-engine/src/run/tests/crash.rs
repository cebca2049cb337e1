//! For any workflow, any answers and a program that dies again and again: the run ends as it would have without,
//! and no step's record is written twice.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::prelude::*;

use super::replay::{Shape, build, host, payload, shape};
use super::*;

/// A step as the host keeps it: with an intent on disk before its request leaves.
#[derive(Debug, Clone)]
enum Row {
    Ended(Box<StepResult>),
    /// The request may be on its way.
    Begun(StepKey),
    /// The request certainly changed nothing.
    Waiting(StepKey),
}

/// What befalls one effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Answered,
    /// The host dies before the request arrives.
    DiesBefore,
    /// The host dies with the request done.
    DiesAfter,
    /// No answer comes, and nothing was done.
    LostBefore,
    /// No answer comes, and it was done.
    LostAfter,
    /// Certainly nothing was done: the run is left to be tried again.
    Away,
}

/// The disk, the other side, and chance.
struct World {
    rows: BTreeMap<u32, Row>,
    written: BTreeMap<(String, Option<u32>), u32>,
    seed: u64,
    effects: u64,
    trouble: u64,
}

impl World {
    /// Trouble comes often at first and then no more, so that every run comes to its end.
    fn fate(&mut self) -> Fate {
        self.effects += 1;
        let mut hasher = DefaultHasher::new();
        (self.seed, self.effects).hash(&mut hasher);
        if self.effects > self.trouble {
            return Fate::Answered;
        }
        match hasher.finish() % 9 {
            0 => Fate::DiesBefore,
            1 => Fate::DiesAfter,
            2 => Fate::LostBefore,
            3 => Fate::LostAfter,
            4 => Fate::Away,
            _ => Fate::Answered,
        }
    }

    /// Looks up what was begun, as the worker does after a restart: done is taken over, the rest goes again.
    fn settle(&mut self, steps: &[StepResult]) {
        let begun: Vec<(u32, StepKey)> = self
            .rows
            .iter()
            .filter_map(|(index, row)| match row {
                Row::Begun(key) => Some((*index, key.clone())),
                Row::Ended(_) | Row::Waiting(_) => None,
            })
            .collect();
        for (index, key) in begun {
            let row = if self.written.contains_key(&(key.action_id.clone(), key.item)) {
                let done = steps.iter().find(|step| step.action_id == key.action_id && step.item == key.item);
                Row::Ended(Box::new(StepResult { index, ..done.unwrap().clone() }))
            } else {
                Row::Waiting(key)
            };
            self.rows.insert(index, row);
        }
    }

    /// One attempt at the run, from what is on the disk; its end, when it came to one.
    fn attempt(&mut self, plan: &Arc<Plan>) -> Result<Option<Next>, TestCaseError> {
        let recorded = self.rows.values().filter_map(|row| match row {
            Row::Ended(result) => Some(StepResult::clone(result)),
            Row::Begun(_) | Row::Waiting(_) => None,
        });
        let open = self.rows.iter().filter_map(|(index, row)| match row {
            Row::Begun(key) | Row::Waiting(key) => Some((key.clone(), *index)),
            Row::Ended(_) => None,
        });
        let mut machine =
            Machine::new(Arc::clone(plan), delivery(payload()), recorded.collect()).with_open(open);
        let mut answer = host(self.seed, false);
        let mut pending: Vec<StepResult> = Vec::new();
        loop {
            let next = machine.next();
            pending.extend(machine.take_done());
            let Next::Do(task) = next else {
                self.keep(&mut pending)?;
                return Ok(Some(next).filter(|next| matches!(next, Next::Finish(_))));
            };
            self.keep(&mut pending)?;
            let key = StepKey { action_id: task.action_id.clone(), item: task.item };
            self.put(task.index, Row::Begun(key.clone()))?;
            let fate = self.fate();
            let outcome = answer(&task);
            let arrives = matches!(fate, Fate::Answered | Fate::DiesAfter | Fate::LostAfter);
            if arrives && matches!(outcome, Outcome::Done { .. }) {
                *self.written.entry((key.action_id.clone(), key.item)).or_default() += 1;
            }
            match fate {
                Fate::Answered => machine.resume(outcome),
                Fate::DiesBefore | Fate::DiesAfter => return Ok(None),
                Fate::LostBefore | Fate::LostAfter => machine.resume(Outcome::InDoubt),
                Fate::Away => {
                    self.put(task.index, Row::Waiting(key))?;
                    return Ok(None);
                }
            }
        }
    }

    fn keep(&mut self, pending: &mut Vec<StepResult>) -> Result<(), TestCaseError> {
        pending.drain(..).try_for_each(|result| self.put(result.index, Row::Ended(Box::new(result))))
    }

    /// A number is one step's for ever.
    fn put(&mut self, index: u32, row: Row) -> Result<(), TestCaseError> {
        let key = |row: &Row| match row {
            Row::Ended(result) => StepKey { action_id: result.action_id.clone(), item: result.item },
            Row::Begun(key) | Row::Waiting(key) => key.clone(),
        };
        if let Some(known) = self.rows.get(&index) {
            prop_assert_eq!(key(known), key(&row), "number {} is another step's", index);
        }
        self.rows.insert(index, row);
        Ok(())
    }
}

fn survives(shapes: &[Shape], seed: u64, trouble: u64) -> Result<(), TestCaseError> {
    let plan = plan(build(shapes, "a"));
    let (_, steps, next) = run(&plan, payload(), Vec::new(), &mut host(seed, false));
    let mut world = World { rows: BTreeMap::new(), written: BTreeMap::new(), seed, effects: 0, trouble };
    let end = loop {
        if let Some(end) = world.attempt(&plan)? {
            break end;
        }
        world.settle(&steps);
    };
    prop_assert_eq!(end, next, "the same end");
    for (step, times) in &world.written {
        prop_assert_eq!(*times, 1, "{:?} is written once", step);
    }
    let told = |step: &StepResult| (step.action_id.clone(), step.item, step.status, step.output.clone());
    let mut expected: Vec<_> = steps.iter().map(told).collect();
    let mut found = Vec::new();
    for row in world.rows.values() {
        let Row::Ended(result) = row else {
            return Err(TestCaseError::fail(format!("a step was left open: {row:?}")));
        };
        found.push(told(result));
    }
    expected.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    found.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    prop_assert_eq!(found, expected, "the same steps");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn dying_again_and_again_it_ends_the_same_and_writes_once(
        shapes in prop::collection::vec(shape(1), 1..6), seed in any::<u64>(), trouble in 0_u64..30
    ) {
        survives(&shapes, seed, trouble)?;
    }
}
