//! The workflows that the interface offers to begin with: each imports without problems and does what its own
//! samples say.

use std::path::PathBuf;

use ihook_tests::TestApp;
use serde_json::{Value, json};

fn starters() -> Vec<(String, Value)> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/workflow/starters");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn every_starter_imports_without_problems_and_does_what_its_samples_say() {
    let app = TestApp::start().await;
    app.call("connection_metadata", json!({ "name": "sandbox" })).await;
    let starters = starters();
    assert!(starters.len() >= 9, "there are {}", starters.len());
    for (name, file) in starters {
        let made = app.import(&file).await;
        assert_eq!(made["problems"], json!([]), "{name} has nothing to look at");
        assert_eq!(made["changes"], json!([]), "{name} is written in today's form");
        let mut tried = 0;
        for scenario in file["scenarios"].as_array().unwrap() {
            let what = format!("{name}: {}", scenario["name"]);
            // A sample without an expectation needs a system that is not here.
            let Some(answer) = scenario["expect"]["answer"].as_u64() else { continue };
            let answered = app.post(&made["url"], &scenario["payload"]).await;
            assert_eq!(u64::from(answered.status), answer, "{what}: {}", answered.json());
            let run = app.settle(&answered.run_id()).await;
            assert_eq!(run["run"]["status"], scenario["expect"]["status"], "{what}: {}", run["run"]["error"]);
            tried += 1;
        }
        assert!(tried >= 2, "{name} shows what goes well and what does not");
    }
    app.stop().await;
}
