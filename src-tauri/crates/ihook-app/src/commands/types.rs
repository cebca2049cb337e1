//! TypeScript for the command table, written by the types themselves.

use std::collections::BTreeMap;

use ihook_engine::signature::SCHEMES;
use ihook_engine::step_error::{ErrorCode, Owner};
use ihook_engine::workflow::{Handshake, SecretUse};
use ihook_store::{connection, run, step, workflow};
use ts_rs::{Config, TS, TypeVisitor};

use super::TABLE;
use super::table::{Access, Command};
use crate::events::{Event, Topic};

/// Declarations by name.
#[derive(Debug, Default)]
pub(super) struct Types(BTreeMap<String, String>);

impl Types {
    /// The name of `T` in TypeScript; its declaration is kept, with those of everything it uses.
    pub(super) fn name<T: TS + 'static + ?Sized>(&mut self) -> String {
        self.visit::<T>();
        T::name(&config())
    }

    /// The whole file, with `commands` as the rows of the table.
    pub(super) fn file(mut self, commands: &str) -> String {
        self.name::<Event>();
        let mut text = String::from(
            "// Generated from the command table in src-tauri/crates/ihook-app by a test, which writes it anew when\n\
             // it is out of date.\n\n",
        );
        let names =
            |all: &[&str]| all.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" | ");
        let workflow: Vec<_> = workflow::Status::ALL.iter().map(|s| s.as_str()).collect();
        let run: Vec<_> = run::Status::ALL.iter().map(|s| s.as_str()).collect();
        let step: Vec<_> = step::Status::ALL.iter().map(|s| s.as_str()).collect();
        let kind: Vec<_> = connection::Kind::ALL.iter().map(|s| s.as_str()).collect();
        let orders: Vec<_> = connection::DateOrder::ALL.iter().map(|s| s.as_str()).collect();
        text.push_str(&format!("export type DateOrder = {};\n", names(&orders)));
        text.push_str(&format!("export type ConnectionKind = {};\n", names(&kind)));
        text.push_str(&format!("export type WorkflowStatus = {};\n", names(&workflow)));
        text.push_str(&format!("export type RunStatus = {};\n", names(&run)));
        text.push_str(&format!("export type StepStatus = {};\n", names(&step)));
        let owners: Vec<_> = Owner::ALL.iter().map(|owner| owner.as_str()).collect();
        let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        text.push_str(&format!("export type Owner = {};\n", names(&owners)));
        text.push_str(&format!("export type StepErrorCode = {};\n\n", names(&codes)));
        text.push_str("/** Who can fix what a code stands for. */\n");
        text.push_str("export const owners: Record<StepErrorCode, Owner> = {\n");
        for code in ErrorCode::ALL {
            text.push_str(&format!("  {}: \"{}\",\n", code.as_str(), code.owner().as_str()));
        }
        text.push_str("};\n\n");
        text.push_str(&lists());
        text.push_str(&refreshing());
        for declaration in self.0.values() {
            text.push_str(declaration);
            text.push('\n');
        }
        text.push_str(&format!("\nexport interface Commands {{\n{commands}}}\n\n"));
        // What every command may answer instead.
        text.push_str("export type WireError = { code: string; message: string; details?: unknown };\n");
        text
    }
}

/// Which reads a topic makes stale, which of them are about one thing, and which topics a write changes.
fn refreshing() -> String {
    let quoted =
        |names: Vec<&str>| names.iter().map(|name| format!("    \"{name}\",\n")).collect::<Vec<_>>().concat();
    let named = |is_wanted: &dyn Fn(&Command) -> bool| {
        quoted(TABLE.iter().filter(|command| is_wanted(command)).map(|command| command.name).collect())
    };
    let mut text = String::from(
        "/** The reads that an event of a topic makes stale. Query keys are `[command, request]`. */\n\
         export const reads = {\n",
    );
    for topic in Topic::OF_DATA {
        let rows = named(&|command| command.is_read() && command.topics.contains(&topic));
        text.push_str(&format!("  {}: [\n{rows}  ],\n", topic.as_str()));
    }
    text.push_str(
        "} as const satisfies Record<string, (keyof Commands)[]>;\n\
         /** Reads about the thing that the request's `id` names: only events about that thing concern them. */\n\
         export const readsOne: ReadonlySet<string> = new Set<keyof Commands>([\n",
    );
    text.push_str(&named(&|command| command.access == Access::ReadOne));
    text.push_str(
        "]);\n/** The topics that a write changes. */\n\
         export const changes: Partial<Record<keyof Commands, (keyof typeof reads)[]>> = {\n",
    );
    for command in TABLE.iter().filter(|command| command.is_write() && !command.topics.is_empty()) {
        let topics = command.topics.iter().map(|topic| topic.as_str()).collect();
        text.push_str(&format!("  {}: [\n{}  ],\n", command.name, quoted(topics)));
    }
    text.push_str("};\n\n");
    text
}

/// What the engine knows in tables: how senders sign, and how they check an address.
fn lists() -> String {
    let number = |number: Option<u32>| number.map_or_else(|| "null".to_owned(), |number| number.to_string());
    let mut text = String::from("export const signatureSchemes = [\n");
    for scheme in SCHEMES {
        text.push_str(&format!(
            "  {{ id: \"{}\", usedAs: \"{}\", hasTime: {}, toleranceSeconds: {} }},\n",
            scheme.id,
            SecretUse::of_scheme(scheme).as_str(),
            scheme.has_stamp(),
            number(scheme.tolerance)
        ));
    }
    text.push_str("] as const;\nexport const handshakes = [\n");
    for (name, _) in Handshake::ALL {
        text.push_str(&format!("  \"{name}\",\n"));
    }
    text.push_str("] as const;\n\n");
    text
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let config = config();
        // Built-in types have no file of their own and need no declaration.
        if T::output_path().is_none() {
            T::visit_dependencies(self);
            T::visit_generics(self);
            return;
        }
        let name = T::ident(&config);
        if self.0.contains_key(&name) {
            return;
        }
        self.0.insert(name.clone(), String::new());
        let declaration = format!("export {}", T::decl(&config));
        self.0.insert(name, laid_out(&declaration));
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// One line for each comment and each member.
fn laid_out(declaration: &str) -> String {
    let mut text = String::new();
    for line in declaration.lines().map(str::trim) {
        match line {
            "/**" => text.push_str("\n  /** "),
            "*/" => text.push_str(" */\n  "),
            line => match line.strip_prefix("* ") {
                // A comment of several lines is one sentence here.
                Some(words) if !text.ends_with("/** ") => text.push_str(&format!(" {words}")),
                Some(words) => text.push_str(words),
                None => text.push_str(line),
            },
        }
    }
    text
}

fn config() -> Config {
    Config::new().with_large_int("number")
}
