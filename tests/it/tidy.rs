//! The shape of the project: which crate may use which, and where SQL, Tauri and the clock live.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Direct dependencies among our own crates, and all names of the others.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().clone();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    packages
        .iter()
        .map(|package| {
            let used = package["dependencies"].as_array().unwrap().iter();
            (name(package), used.filter(|used| used["kind"].is_null()).map(name).collect())
        })
        .collect()
}

#[test]
fn crates_use_only_what_lies_below_them() {
    let allowed = BTreeMap::from([
        ("ihook-engine", vec![]),
        ("ihook-store", vec![]),
        ("ihook-imis", vec!["ihook-engine"]),
        ("ihook-sandbox", vec!["ihook-imis", "ihook-engine"]),
        ("ihook-app", vec!["ihook-engine", "ihook-store", "ihook-imis"]),
        ("ihook-cli", vec!["ihook-app", "ihook-sandbox", "ihook-imis"]),
        ("ihook-desktop", vec!["ihook-app", "ihook-sandbox"]),
        ("xtask", vec![]),
    ]);
    for (name, used) in dependencies() {
        // Tests and measurements look at everything.
        if name == "ihook-tests" || name == "ihook-bench" {
            continue;
        }
        let ours: Vec<_> = used.iter().filter(|name| name.starts_with("ihook-")).collect();
        let allowed = allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} is not in the table"));
        for used in ours {
            assert!(allowed.contains(&used.as_str()), "{name} must not use {used}");
        }
    }
}

#[test]
fn sql_tauri_and_http_routes_each_live_in_one_place() {
    let mut all = dependencies();
    // Its bare handler is what the program is compared with, not a part of it.
    all.remove("ihook-bench");
    let users = |library: &str| -> Vec<_> {
        all.iter().filter(|(_, used)| used.contains(library)).map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!(
        users("rusqlite"),
        ["ihook-sandbox", "ihook-store"],
        "the sandbox keeps iMIS's data, not ours"
    );
    assert_eq!(users("tauri"), ["ihook-desktop"]);
    assert_eq!(users("axum"), ["ihook-app", "ihook-sandbox"]);
    assert_eq!(users("keyring"), ["ihook-app"]);
}

#[test]
fn the_engine_does_no_io() {
    let used = &dependencies()["ihook-engine"];
    for library in ["tokio", "reqwest", "rusqlite", "axum", "tracing"] {
        assert!(!used.contains(library), "the engine must not use {library}");
    }
}

#[test]
fn files_stay_small() {
    let mut long = Vec::new();
    let mut open = vec![root().join("src-tauri"), root().join("tests"), root().join("ui/src")];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let skip = ["target", "node_modules", "dist", "gen", "output"];
                if !skip.iter().any(|name| path.ends_with(name)) {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "ts" || kind == "tsx")
                && !path.ends_with("bindings.ts")
            {
                let lines = std::fs::read_to_string(&path).unwrap().lines().count();
                if lines > 500 {
                    long.push((lines, path));
                }
            }
        }
    }
    assert!(long.is_empty(), "split these: {long:?}");
}
