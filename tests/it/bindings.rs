//! TypeScript's types derive from the command table.

#[test]
fn the_bindings_of_the_ui_are_those_of_the_command_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/api/bindings.ts");
    let wanted = ihook_app::commands::bindings();
    let there = std::fs::read_to_string(path).unwrap_or_default();
    if there != wanted {
        std::fs::write(path, &wanted).unwrap();
        panic!("ui/src/api/bindings.ts was out of date and has been written anew: look at it and commit it");
    }
}
