//! The shape of the project: which crate may use which, and where SQL, Tauri and the clock live.

mod behavior;
mod classes;
mod packages;
mod references;
mod spawns;

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
        ("ihook-listen", vec![]),
        ("ihook-sandbox", vec!["ihook-imis", "ihook-engine", "ihook-listen"]),
        ("ihook-app", vec!["ihook-engine", "ihook-store", "ihook-imis", "ihook-listen"]),
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
    assert_eq!(
        users("hyper-util"),
        ["ihook-app", "ihook-listen"],
        "the application reads the system's proxies with it"
    );
    let serving = files(&[root().join("src-tauri")]).into_iter().filter(|path| {
        let is_rust = path.extension().is_some_and(|ending| ending == "rs");
        is_rust && std::fs::read_to_string(path).unwrap().contains("hyper::server::")
    });
    let crates: BTreeSet<_> = serving.map(|path| crate_of(&path)).collect();
    assert_eq!(crates, BTreeSet::from(["ihook-listen".to_owned()]), "one accept loop serves every listener");
}

/// The name of the crate that a file below `src-tauri/crates` belongs to.
fn crate_of(path: &Path) -> String {
    let place = path.strip_prefix(root().join("src-tauri").join("crates")).unwrap_or(path);
    place.iter().next().unwrap_or_default().to_string_lossy().into_owned()
}

#[test]
fn the_engine_does_no_io() {
    let used = &dependencies()["ihook-engine"];
    for library in ["tokio", "reqwest", "rusqlite", "axum", "tracing"] {
        assert!(!used.contains(library), "the engine must not use {library}");
    }
}

/// Every file below these directories that somebody wrote.
fn files(directories: &[PathBuf]) -> Vec<PathBuf> {
    let made = ["target", "node_modules", "dist", "gen", "output"];
    let (mut open, mut found) = (directories.to_vec(), Vec::new());
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_dir() {
                found.push(path);
            } else if !made.iter().any(|name| path.ends_with(name)) {
                open.push(path);
            }
        }
    }
    found
}

#[test]
fn files_stay_small() {
    let mut long = Vec::new();
    for path in files(&[root().join("src-tauri"), root().join("tests"), root().join("ui/src")]) {
        let is_code = path.extension().is_some_and(|kind| kind == "rs" || kind == "ts" || kind == "tsx");
        if is_code && !path.ends_with("bindings.ts") {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            if lines > 500 {
                long.push((lines, path));
            }
        }
    }
    assert!(long.is_empty(), "split these: {long:?}");
}
