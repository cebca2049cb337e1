//! A run's steps are counted before the first, and a loop costs what its items weigh.

use std::time::{Duration, Instant};

use super::*;

fn loop_over(list: &str, actions: Value) -> Value {
    json!({"id": "each", "type": "forEach", "list": list, "as": "who", "actions": actions})
}

/// The steps of a run over so many items, and how it ended.
fn count(actions: Value, items: usize) -> (usize, String) {
    let payload = json!({"list": vec![0; items]});
    let (_, steps, next) = run(&plan(actions), payload, Vec::new(), &mut done);
    (steps.len(), ending(&next))
}

#[test]
fn a_run_with_too_many_steps_fails_before_the_first() {
    let gates = json!([{"id": "a", "type": "gate", "expression": "false"}, {"id": "b", "type": "gate", "expression": "false"}]);
    // Two outside, the loop among them.
    let actions = json!([notify("first"), loop_over("/list", gates)]);
    assert_eq!(count(actions.clone(), 24_999), (50_000, "Succeeded".to_owned()));
    let (steps, end) = count(actions, 25_000);
    assert_eq!(steps, 1, "only the loop's own failure: nothing was done");
    assert_eq!(
        end,
        "failed at each: \"For Each\" would take 50000 steps (25000 items, 2 actions each): a run may have at \
         most 50000."
    );
}

#[test]
fn loops_count_together_and_only_where_they_run() {
    let gate = |id: &str| json!([{"id": id, "type": "gate", "expression": "false"}]);
    let second = |enabled: bool| {
        let second = with(loop_over("/list", gate("b")), "id", json!("again"));
        json!([loop_over("/list", gate("a")), with(second, "enabled", json!(enabled))])
    };
    assert_eq!(count(second(true), 30_000).0, 1);
    assert_eq!(count(second(false), 30_000).0, 30_002, "a loop that is off takes one step");
}

#[test]
fn a_list_that_a_step_made_is_counted_when_it_is_known() {
    let actions = json!([
        {"id": "get", "type": "imisGet", "path": "Party", "outputProperty": "found"},
        with(loop_over("/found/Items", json!([notify("each one")])), "onFailure", json!("continue")),
        notify("last")
    ]);
    let mut host = |task: &Task| match task.action_id.as_str() {
        "get" => Outcome::Done { output: json!({"Items": vec![0; 50_000]}), record_key: None },
        _ => done(task),
    };
    let (tasks, steps, _) = run(&plan(actions), json!({}), Vec::new(), &mut host);
    let steps: Vec<String> = steps.iter().map(told).collect();
    assert_eq!(steps, ["0 get Succeeded", "1 each Failed limits", "2 last Succeeded"]);
    assert_eq!(tasks.len(), 2, "no item was begun");
}

#[test]
fn an_item_sees_nothing_of_the_item_before() {
    let notify = |id: &str| {
        let title = "{{ who.n }} out={{ input.out.of }} name={{ input.name.of | default: name }}";
        json!({"id": id, "type": "notify", "title": title, "message": "m"})
    };
    let actions = json!([loop_over(
        "/list",
        json!([
            notify("before"),
            with(notify("a"), "outputProperty", json!("out")),
            with(notify("b"), "outputProperty", json!("name")),
            notify("after")
        ])
    )]);
    let payload = json!({"name": "Ann", "list": [{"n": 1}, {"n": 2}]});
    let (tasks, _, _) = run(&plan(actions), payload, Vec::new(), &mut done);
    let titles = tasks.iter().map(|task| match &task.effect {
        Effect::Notify { title, .. } => title.as_str(),
        _ => "",
    });
    let expected = |n: u32| {
        [
            format!("{n} out= name=Ann"),
            format!("{n} out= name=Ann"),
            format!("{n} out=a name=Ann"),
            format!("{n} out=a name=b"),
        ]
    };
    assert_eq!(titles.collect::<Vec<_>>(), [expected(1), expected(2)].concat());
}

#[test]
fn a_loop_costs_items_and_members_not_their_product() {
    let gate = json!([{"id": "a", "type": "gate", "expression": "who == 1", "outputProperty": "out"}]);
    let mut payload: Map<String, Value> = (0..40_000).map(|n| (format!("k{n}"), Value::Null)).collect();
    payload.insert("list".to_owned(), json!(vec![0; 40_000]));
    let began = Instant::now();
    let mut machine =
        Machine::new(plan(json!([loop_over("/list", gate)])), delivery(Value::Object(payload)), Vec::new());
    assert_eq!(machine.next(), Next::Finish(Verdict::Succeeded));
    assert_eq!(machine.take_done().len(), 40_001);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
