//! How much of the pipeline objects of one run is shown: large ones in part, so that no screen chokes on them.

use serde_json::{Map, Value};

/// Bytes of one object that is shown whole.
const WHOLE: usize = 256 * 1024;
/// Bytes of all objects of a run.
const ALL: usize = 8 * 1024 * 1024;
/// Bytes of an object that is cut.
const PART: usize = 8 * 1024;
/// Characters kept of a long text in an object that is cut.
const TEXT: usize = 200;
/// Levels kept in an object that is cut.
const LEVELS: u32 = 6;

/// What is left.
pub(super) struct Room {
    left: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { left: ALL }
    }
}

impl Room {
    /// The object, or as much of it as there is room for; and whether it was cut.
    pub(super) fn show(&mut self, object: &Map<String, Value>) -> (Value, bool) {
        let mut room = WHOLE.min(self.left);
        let given = room;
        if members_fit(object, &mut room) {
            self.left -= given - room;
            return (Value::Object(object.clone()), false);
        }
        let given = PART.min(self.left);
        let mut room = given;
        let part = cut_members(object, &mut room, LEVELS);
        self.left -= given - room;
        (part, true)
    }
}

/// Takes `bytes` of the room, if there is as much.
fn take(room: &mut usize, bytes: usize) -> bool {
    let fits = *room >= bytes;
    *room = room.saturating_sub(bytes);
    fits
}

/// Whether all of it fits, about as JSON would need it.
fn fits(value: &Value, room: &mut usize) -> bool {
    match value {
        Value::Null | Value::Bool(_) => take(room, 5),
        Value::Number(number) => take(room, number.as_str().len()),
        Value::String(text) => take(room, text.len() + 3),
        Value::Array(items) => take(room, 2) && items.iter().all(|item| fits(item, room)),
        Value::Object(members) => members_fit(members, room),
    }
}

fn members_fit(members: &Map<String, Value>, room: &mut usize) -> bool {
    take(room, 2) && members.iter().all(|(name, value)| take(room, name.len() + 4) && fits(value, room))
}

fn cut(value: &Value, room: &mut usize, levels: u32) -> Value {
    match value {
        Value::String(text) => {
            let kept: String = text.chars().take(TEXT).collect();
            take(room, kept.len() + 6);
            Value::String(if kept.len() < text.len() { format!("{kept}…") } else { kept })
        }
        Value::Array(items) if levels == 0 => Value::String(format!("({} items)", items.len())),
        Value::Object(members) if levels == 0 => Value::String(format!("({} members)", members.len())),
        Value::Array(items) => {
            let mut kept = Vec::new();
            for item in items {
                if !take(room, 4) {
                    kept.push(Value::String(format!("… {} more", items.len() - kept.len())));
                    break;
                }
                kept.push(cut(item, room, levels - 1));
            }
            Value::Array(kept)
        }
        Value::Object(members) => cut_members(members, room, levels - 1),
        Value::Number(number) if number.as_str().len() > TEXT => {
            Value::String(format!("(a number of {} digits)", number.as_str().len()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            take(room, 24);
            value.clone()
        }
    }
}

fn cut_members(members: &Map<String, Value>, room: &mut usize, levels: u32) -> Value {
    let mut kept = Map::new();
    for (name, value) in members {
        if !take(room, name.len() + 4) {
            kept.insert("…".to_owned(), Value::String(format!("{} more", members.len() - kept.len())));
            break;
        }
        kept.insert(name.clone(), cut(value, room, levels));
    }
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(object: &Value, is_cut: bool) -> Value {
        let mut room = Room::default();
        let (shown, cut) = room.show(object.as_object().unwrap());
        assert_eq!(cut, is_cut);
        assert!(
            shown.to_string().len() <= if cut { 2 * PART } else { WHOLE },
            "{} bytes",
            shown.to_string().len()
        );
        if !cut {
            assert_eq!(&shown, object);
        }
        shown
    }

    #[test]
    fn what_is_small_is_whole_and_what_is_large_is_cut() {
        check(&json!({"a": [1, 2.50, null, "x"], "b": {"c": true}}), false);
        check(&json!({"a": "x".repeat(250_000)}), false);
        let long = check(&json!({"id": "7", "a": "x".repeat(1_000_000)}), true);
        assert_eq!(long["id"], "7");
        assert_eq!(long["a"].as_str().map(|text| text.chars().count()), Some(TEXT + 1));
        let many: Map<String, Value> = (0..100_000).map(|n| (format!("k{n}"), json!(n))).collect();
        check(&Value::Object(many), true);
        check(&json!({"list": (0..100_000).collect::<Vec<_>>()}), true);
        let mut deep = json!("x".repeat(300_000));
        for _ in 0..60 {
            deep = json!({"d": [deep]});
        }
        check(&deep, true);
    }

    #[test]
    fn a_run_with_many_steps_shows_a_bounded_amount() {
        let object = json!({"a": "x".repeat(200_000)});
        let (mut room, mut bytes) = (Room::default(), 0);
        for _ in 0..1000 {
            bytes += room.show(object.as_object().unwrap()).0.to_string().len();
        }
        assert!(bytes < ALL + ALL / 2, "{bytes} bytes");
    }
}
