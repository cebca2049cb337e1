use super::*;

#[test]
fn a_schema_that_does_less_than_it_seems_to_is_shown() {
    let one = |schema: Value, expected: &[(&str, &str)]| {
        let expected: Vec<_> = expected.iter().map(|(path, message)| (*path, "schema", *message)).collect();
        check(
            json!([{"id": "v", "type": "jsonSchemaValidation", "schema": schema}, {"id": "g", "type": "gate", "expression": "a"}]),
            &expected,
        );
    };
    one(json!({"properties": {"a": {"format": "email"}}}), &[]);
    one(json!({}), &[("/actions/0/schema", "The schema is empty: every payload passes.")]);
    let phone = "The format \"phone\" is not checked: nobody knows it. A \"pattern\" says what the text must look like.";
    let at = format!("At /properties/a: {phone}");
    let schema = json!({"properties": {"a": {"format": "phone"}}});
    one(schema.clone(), &[("/actions/0/schema/properties/a/format", &at)]);
    one(json!(schema.to_string()), &[("/actions/0/schema", &at)]);
    one(json!({"format": "phone"}), &[("/actions/0/schema/format", phone)]);
    let code = |at: &str| {
        format!(
            "The schema has template code{at}: each run renders it first. So nothing is refused before the answer; what \
             does not fit fails its run."
        )
    };
    one(
        json!({"properties": {"a": {"const": "{{ run.id }}"}}}),
        &[("/actions/0/schema/properties/a/const", &code(" at /properties/a/const"))],
    );
    one(json!("{\"const\": \"{{ run.id }}\"}"), &[("/actions/0/schema", &code(""))]);
}
