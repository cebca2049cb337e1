//! Whether the work on a delivery may take long, judged by cheap facts before it is begun.

use super::{Plan, Step};

/// Bytes of a body that is read within a millisecond (docs/architecture.md).
pub const MAX_LIGHT: usize = 32 * 1024;

/// Bytes of a body times values in the schemas that it meets: below that a validation is short, whatever they say.
const MAX_LIGHT_PRODUCT: u64 = 4 * 1024 * 1024;

/// Actions that are worked off within a millisecond.
const MAX_LIGHT_ACTIONS: usize = 100;

/// What a part of a plan may cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// It may take long over any payload: a schema that leads back to itself, looks around or is made in the run; a
    /// loop, also one in a template; very many actions.
    is_always_heavy: bool,
    /// Values in the schemas.
    schema: u64,
}

impl Weight {
    /// Of something that may take long over any payload.
    pub(super) const HEAVY: Self = Self { is_always_heavy: true, schema: 0 };

    /// Of a schema with so many values.
    pub(super) fn of_schema(values: u64) -> Self {
        Self { is_always_heavy: false, schema: values }
    }

    /// Of something that is short where `is_heavy` does not hold.
    pub(super) fn heavy_if(is_heavy: bool) -> Self {
        Self { is_always_heavy: is_heavy, schema: 0 }
    }

    fn and(self, other: Self) -> Self {
        Self {
            is_always_heavy: self.is_always_heavy || other.is_always_heavy,
            schema: self.schema.saturating_add(other.schema),
        }
    }

    /// Whether the work may take over a millisecond where the body has so many bytes.
    #[must_use]
    pub fn is_heavy(self, bytes: usize) -> bool {
        self.is_always_heavy
            || bytes > MAX_LIGHT
            || self.schema.saturating_mul(bytes as u64) > MAX_LIGHT_PRODUCT
    }
}

/// Of everything that a run does by itself.
pub(super) fn of_run(steps: &[Step]) -> Weight {
    let many = Weight::heavy_if(steps.len() > MAX_LIGHT_ACTIONS);
    steps.iter().map(of_step).fold(many, Weight::and)
}

/// Of what is done within the request: the idempotency key and the leading schema checks.
pub(super) fn of_request(plan: &Plan) -> Weight {
    let key = Weight::heavy_if(plan.idempotency.as_ref().is_some_and(super::Template::is_heavy));
    let validations = plan.steps.iter().filter(|step| matches!(step, Step::Validate(_)));
    let fixed =
        validations.filter(|step| matches!(step, Step::Validate(validation) if validation.is_fixed()));
    fixed.map(of_step).fold(key, Weight::and)
}

fn of_step(step: &Step) -> Weight {
    match step {
        Step::Validate(validation) => validation.weight(),
        Step::Fields(templates) => Weight::heavy_if(templates.iter().any(super::Template::is_heavy)),
        Step::Gate(gate) => Weight::heavy_if(gate.is_heavy()),
        Step::Http { url, headers, body, .. } => Weight::heavy_if(
            url.is_heavy()
                || headers.iter().any(|(_, header)| header.is_heavy())
                || body.as_ref().is_some_and(super::JsonTemplate::is_heavy),
        ),
        Step::Get { path, query } => {
            Weight::heavy_if(path.is_heavy() || query.iter().any(|(_, template)| template.is_heavy()))
        }
        Step::ForEach(_) => Weight::HEAVY,
        Step::Notify { title, message } => Weight::heavy_if(title.is_heavy() || message.is_heavy()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::plan::Plan;

    /// Whether the request and the run are heavy over a body of so many bytes.
    fn check(actions: &Value, bytes: usize, expected: (bool, bool)) {
        let file = json!({"format": "ihook.workflow/1", "name": "W", "connection": "sandbox",
            "trigger": {"type": "webhook"}, "actions": actions});
        let plan = Plan::from_file(&file).unwrap();
        let found = (plan.request_weight().is_heavy(bytes), plan.run_weight().is_heavy(bytes));
        assert_eq!(found, expected, "{bytes} bytes: {}", file["actions"]);
    }

    fn judged_by(schema: &Value) -> Value {
        json!([{"id": "v", "type": "jsonSchemaValidation", "schema": schema}])
    }

    fn gate(expression: &str) -> Value {
        json!([{"id": "g", "type": "gate", "expression": expression}])
    }

    #[test]
    fn what_may_take_long_is_known_before_it_is_begun() {
        let plain =
            judged_by(&json!({"properties": {"memberId": {"type": "string", "pattern": "^[0-9]+$"}}}));
        check(&plain, 500, (false, false));
        check(&plain, 32 * 1024, (false, false));
        check(&plain, 32 * 1024 + 1, (true, true));
        check(&judged_by(&json!({"properties": {"a": {"$ref": "#"}}})), 2, (true, true));
        check(&judged_by(&json!({"pattern": "^(?!x)"})), 2, (true, true));
        check(&judged_by(&json!({"const": "{{ memberId }}"})), 2, (false, true));
        let many: serde_json::Map<String, Value> =
            (0..2_000).map(|n| (format!("f{n}"), json!({"type": "null"}))).collect();
        check(&judged_by(&json!({"properties": many})), 500, (false, false));
        check(&judged_by(&json!({"properties": many})), 5_000, (true, true));
        check(&gate("memberId == '7'"), 500, (false, false));
        check(&gate("{% for i in list %}x{% endfor %}"), 500, (false, true));
        check(&gate("{% if a %}{% tablerow i in list %}x{% endtablerow %}{% endif %}"), 500, (false, true));
        check(&gate("{{ (1..9) | join }}"), 500, (false, false));
        check(
            &json!([{"id": "e", "type": "forEach", "list": "/l", "as": "i", "actions": gate("true")}]),
            2,
            (false, true),
        );
        let one = |n| json!({"id": format!("g{n}"), "type": "gate", "expression": "true"});
        check(&(0..100).map(one).collect(), 2, (false, false));
        check(&(0..101).map(one).collect(), 2, (false, true));
    }
}
