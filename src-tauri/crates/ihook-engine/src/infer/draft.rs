//! Goes over all samples at once, field by field; every value is looked at once.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::kinds::{Kinds, Role};
use super::{ENOUGH, Evidence, FEWER, MAX_VALUES, Used};
use crate::workflow::pointer_step;

/// Deeper values are not described: a schema of twice as many levels is the deepest that can be saved.
const MAX_DEPTH: usize = 14;
/// Bytes of all paths together: a long name stands in the path of everything below it.
const MAX_PATHS: usize = 2 * 1024 * 1024;

/// A value and the sample it is from.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) sample: usize,
    pub(super) value: &'a Value,
}

impl Seen<'_> {
    /// The items of a list.
    fn items(self) -> impl Iterator<Item = Self> {
        let items = self.value.as_array().map_or(&[][..], Vec::as_slice);
        items.iter().map(move |value| Seen { sample: self.sample, value })
    }
}

/// In how many samples these values stand, which are in the order of the samples.
pub(super) fn samples_of(seen: &[Seen<'_>]) -> usize {
    seen.chunk_by(|one, next| one.sample == next.sample).count()
}

/// What is made of the samples.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) evidence: Vec<Evidence>,
    /// Values looked at.
    pub(super) steps: usize,
    path_bytes: usize,
    samples: usize,
}

/// The objects, or the lists, that a field stands in.
struct Whole {
    total: usize,
    /// `samples`, or `items`.
    noun: String,
}

impl Draft {
    /// The keywords that hold for all payloads.
    pub(super) fn payloads(&mut self, samples: &[Value], used: &Used) -> Result<Map<String, Value>, String> {
        let seen: Vec<Seen<'_>> =
            samples.iter().enumerate().map(|(sample, value)| Seen { sample, value }).collect();
        self.samples = samples.len();
        self.look_at(seen.len())?;
        let mut keywords = Kinds::of(&seen, Role::Payload).keywords;
        self.inside(&seen, &[used], "", 0, &mut keywords)?;
        Ok(keywords)
    }

    /// What lies in these values.
    fn inside(
        &mut self,
        seen: &[Seen<'_>],
        used: &[&Used],
        path: &str,
        depth: usize,
        keywords: &mut Map<String, Value>,
    ) -> Result<(), String> {
        if depth >= MAX_DEPTH {
            return Ok(());
        }
        self.members(seen, used, path, depth, keywords)?;
        let items: Vec<Seen<'_>> = seen.iter().copied().flat_map(Seen::items).collect();
        if items.is_empty() {
            return Ok(());
        }
        self.look_at(items.len())?;
        let mut of_items = Kinds::of(&items, Role::Other).keywords;
        self.inside(&items, &Used::items(used), &format!("{path}/*"), depth + 1, &mut of_items)?;
        keywords.insert("items".to_owned(), Value::Object(of_items));
        Ok(())
    }

    fn members(
        &mut self,
        seen: &[Seen<'_>],
        used: &[&Used],
        path: &str,
        depth: usize,
        keywords: &mut Map<String, Value>,
    ) -> Result<(), String> {
        let objects: Vec<Seen<'_>> = seen.iter().copied().filter(|seen| seen.value.is_object()).collect();
        let (mut fields, mut places) = (Vec::<(&String, Vec<Seen<'_>>)>::new(), HashMap::new());
        for Seen { sample, value } in objects.iter().copied() {
            for (name, value) in value.as_object().into_iter().flatten() {
                self.look_at(1)?;
                let place = *places.entry(name).or_insert(fields.len());
                if place == fields.len() {
                    fields.push((name, Vec::new()));
                }
                fields[place].1.push(Seen { sample, value });
            }
        }
        if fields.is_empty() {
            return Ok(());
        }
        let (whole, is_enough) = (self.whole(&objects, path), samples_of(&objects) >= ENOUGH);
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (name, seen) in fields {
            let path = format!("{path}/{}", pointer_step(name));
            let used = Used::member(used, name);
            let is_always_there = seen.len() == whole.total;
            let role = if is_always_there && !used.is_empty() { Role::Needed } else { Role::Other };
            let is_required = role == Role::Needed || is_always_there && is_enough;
            let kinds = Kinds::of(&seen, role);
            self.note(&path, &kinds, &whole, seen.len(), is_required.then_some(role))?;
            let mut below = kinds.keywords;
            self.inside(&seen, &used, &path, depth + 1, &mut below)?;
            if is_required {
                required.push(Value::from(name.as_str()));
            }
            properties.insert(name.clone(), Value::Object(below));
        }
        keywords.insert("properties".to_owned(), Value::Object(properties));
        if !required.is_empty() {
            keywords.insert("required".to_owned(), Value::Array(required));
        }
        Ok(())
    }

    fn whole(&self, objects: &[Seen<'_>], path: &str) -> Whole {
        let noun = if path.split('/').any(|step| step == "*") {
            "items".to_owned()
        } else if objects.len() < self.samples {
            format!("samples that have {}", path.trim_start_matches('/').replace('/', "."))
        } else {
            "samples".to_owned()
        };
        Whole { total: objects.len(), noun }
    }

    /// Notes what was seen of a field; `required`: why it is, where it is.
    fn note(
        &mut self,
        path: &str,
        kinds: &Kinds,
        whole: &Whole,
        present: usize,
        required: Option<Role>,
    ) -> Result<(), String> {
        let Whole { total, noun } = whole;
        let mut words = vec![format!("seen in {present} of {total} {noun}")];
        if kinds.blank > 0 {
            words.push(format!("blank in {}", kinds.blank));
        }
        if let Some(options) = kinds.options {
            words.push(format!("{options} different values"));
        }
        words.push(match required {
            Some(Role::Needed) => "required because this workflow uses it".to_owned(),
            Some(_) => "required".to_owned(),
            None if present == *total => "too few to require".to_owned(),
            None => "optional".to_owned(),
        });
        let note = words.join(", ");
        self.path_bytes += path.len() + note.len();
        if self.path_bytes > MAX_PATHS {
            return Err(format!("The samples have too many different fields for one schema. {FEWER}"));
        }
        self.evidence.push(Evidence {
            path: path.to_owned(),
            kind: kinds.words.clone(),
            present,
            blank: kinds.blank,
            total: *total,
            required: required.is_some(),
            sure: kinds.sure,
            note,
        });
        Ok(())
    }

    fn look_at(&mut self, values: usize) -> Result<(), String> {
        self.steps += values;
        if self.steps > MAX_VALUES {
            return Err(format!("The samples hold more than {MAX_VALUES} values. Choose fewer samples."));
        }
        Ok(())
    }
}
