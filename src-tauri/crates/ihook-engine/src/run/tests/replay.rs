//! For any workflow: cut off after any effect and begun again from what was recorded, it does the same.

use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
pub(super) struct Shape {
    kind: u8,
    follow: u8,
    disabled: u8,
    target: usize,
    puts: bool,
    inner: Vec<Self>,
}

pub(super) fn shape(depth: u32) -> BoxedStrategy<Shape> {
    let inner = if depth == 0 {
        Just(Vec::new()).boxed()
    } else {
        prop::collection::vec(shape(depth - 1), 1..4).boxed()
    };
    (0_u8..7, 0_u8..4, 0_u8..8, 0_usize..4, any::<bool>(), inner)
        .prop_map(|(kind, follow, disabled, target, puts, inner)| Shape {
            kind,
            follow,
            disabled,
            target,
            puts,
            inner,
        })
        .boxed()
}

pub(super) fn build(shapes: &[Shape], prefix: &str) -> Value {
    let id = |at: usize| format!("{prefix}{at}");
    let actions = shapes.iter().enumerate().map(|(at, shape)| {
        let mut action = match shape.kind {
            0 => json!({"type": "jsonSchemaValidation", "schema": {"required": ["a"]}, "errorProperty": "errors"}),
            1 => json!({"type": "jsonSchemaValidation", "schema": {"required": ["missing"]}, "errorProperty": "errors"}),
            2 => json!({"type": "gate", "expression": "out.n == 1"}),
            3 if !shape.inner.is_empty() => {
                let inner = build(&shape.inner, &format!("{prefix}{at}_"));
                json!({"type": "forEach", "list": "/list", "as": "item", "actions": inner})
            }
            4 => json!({"type": "insertActivity", "fields": {"ID": "{{ item.id | default: a }}", "ActivityType": "A"}}),
            _ => json!({"type": "notify", "title": "{{ out.n }}-{{ item.id }}", "message": "{{ errors.size }}"}),
        };
        action["id"] = json!(id(at));
        let later = at + 1 + shape.target;
        let go = if later < shapes.len() { json!({"goTo": id(later)}) } else { json!("continue") };
        action["onFailure"] = [json!("fail"), json!("succeed"), json!("continue"), go.clone()][usize::from(shape.follow)].clone();
        if shape.kind == 2 && shape.follow == 3 && later < shapes.len() {
            action["outcome"] = go.clone();
        }
        if shape.disabled == 0 {
            action["enabled"] = json!(false);
            action["whenDisabled"] = [json!("skip"), json!("fail"), go, json!("succeed")][shape.target].clone();
        }
        if shape.puts && shape.kind != 0 && shape.kind != 1 {
            action["outputProperty"] = json!("out");
        }
        action
    });
    actions.collect()
}

/// A host whose answer depends on the step alone, as a real one's does once it is recorded.
pub(super) fn host(seed: u64, doubts: bool) -> impl FnMut(&Task) -> Outcome {
    move |task| {
        let mut hasher = DefaultHasher::new();
        (seed, &task.action_id, task.item).hash(&mut hasher);
        let number = hasher.finish();
        if doubts && number.is_multiple_of(5) {
            return Outcome::InDoubt;
        }
        match (number / 5) % 3 {
            0 => Outcome::Failed(StepError::new(
                crate::step_error::ErrorCode::Refused,
                format!("No {}.", task.action_id),
            )),
            n => Outcome::Done { output: json!({"n": n}), record_key: Some(n.to_string()) },
        }
    }
}

pub(super) fn payload() -> Value {
    json!({"a": "1", "list": [{"id": "x"}, {"id": "y"}, {"id": ""}]})
}

proptest! {
    #[test]
    fn cut_off_anywhere_it_goes_on_the_same(shapes in prop::collection::vec(shape(1), 1..6), seed in any::<u64>()) {
        let plan = plan(build(&shapes, "a"));
        let (tasks, steps, next) = run(&plan, payload(), Vec::new(), &mut host(seed, false));
        for cut in 0..=tasks.len() {
            let mut machine = Machine::new(Arc::clone(&plan), delivery(payload()), Vec::new());
            let mut recorded = Vec::new();
            let mut before = Vec::new();
            let mut answer = host(seed, false);
            while let (Next::Do(task), true) = (machine.next(), before.len() < cut) {
                machine.resume(answer(&task));
                recorded.extend(machine.take_done());
                before.push(task);
            }
            let stored = serde_json::to_string(&recorded).unwrap();
            let recorded: Vec<StepResult> = serde_json::from_str(&stored).unwrap();
            let (after, rest, end) = run(&plan, payload(), recorded.clone(), &mut answer);
            before.extend(after);
            prop_assert_eq!(&before, &tasks, "the same effects, each once");
            prop_assert_eq!([recorded, rest].concat(), steps.clone(), "the same steps");
            prop_assert_eq!(end, next.clone(), "the same end");
        }
    }

    #[test]
    fn effects_in_doubt_change_nothing_but_the_order(shapes in prop::collection::vec(shape(1), 1..6), seed in any::<u64>()) {
        let plan = plan(build(&shapes, "a"));
        let (tasks, steps, next) = run(&plan, payload(), Vec::new(), &mut host(seed, false));
        let (mut seen, mut recorded) = (Vec::new(), Vec::<StepResult>::new());
        let end = loop {
            let (more, rest, end) = run(&plan, payload(), recorded.clone(), &mut host(seed, true));
            seen.extend(more.clone());
            recorded.extend(rest);
            let Next::Unsettled(open) = &end else { break end };
            for key in open {
                let task = more.iter().find(|t| t.action_id == key.action_id && t.item == key.item).unwrap();
                let settled = steps.iter().find(|s| s.action_id == key.action_id && s.item == key.item).unwrap();
                recorded.push(StepResult { index: task.index, ..settled.clone() });
            }
        };
        prop_assert_eq!(end, next);
        let sorted = |tasks: &[Task]| {
            let mut keys: Vec<_> = tasks.iter().map(|t| (t.action_id.clone(), t.item)).collect();
            keys.sort();
            keys
        };
        prop_assert_eq!(sorted(&seen), sorted(&tasks), "each effect once");
        let mut numbers: Vec<u32> = recorded.iter().map(|step| step.index).collect();
        numbers.sort_unstable();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), steps.len(), "each step once, each with its own number");
    }

    #[test]
    fn any_recorded_steps_are_survived(shapes in prop::collection::vec(shape(1), 1..6), seed in any::<u64>(), keep in any::<u64>()) {
        let plan = plan(build(&shapes, "a"));
        let (_, steps, _) = run(&plan, payload(), Vec::new(), &mut host(seed, false));
        let kept: Vec<StepResult> = steps.into_iter().enumerate().filter(|(at, _)| keep >> (at % 64) & 1 == 1).map(|(_, s)| s).collect();
        let (_, rest, end) = run(&plan, payload(), kept.clone(), &mut host(seed ^ 1, false));
        prop_assert!(matches!(end, Next::Finish(_)));
        for step in &rest {
            let is_new = !kept.iter().any(|known| known.action_id == step.action_id && known.item == step.item);
            prop_assert!(is_new && !kept.iter().any(|known| known.index == step.index));
        }
    }
}
