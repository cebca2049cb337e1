//! What dependencies may be: deny.toml, as far as cargo itself can tell.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use super::root;

/// The texts of one list in deny.toml: every quoted one of lines that are no comment.
fn listed(policy: &str, name: &str) -> Vec<Vec<String>> {
    let (_, list) = policy.split_once(&format!("\n{name} = [")).unwrap();
    let list = list.split_once("\n]\n").or_else(|| list.split_once("]\n")).unwrap().0;
    let lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(quoted).collect()
}

fn quoted(line: &str) -> Vec<String> {
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn policy() -> String {
    std::fs::read_to_string(root().join("deny.toml")).unwrap()
}

/// Name, version and source of every package in Cargo.lock, those of other systems too. Ours have no source.
fn locked() -> Vec<(String, String, Option<String>)> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let value = |package: &str, name: &str| {
        let start = format!("{name} = ");
        package.lines().find_map(|line| quoted(line.strip_prefix(&start)?).pop())
    };
    let packages = lock.split("[[package]]\n").skip(1);
    packages
        .map(|package| {
            let required = |name| value(package, name).unwrap();
            (required("name"), required("version"), value(package, "source"))
        })
        .collect()
}

fn cargo(arguments: &[&str]) -> Option<String> {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

/// All packages, as far as they are on this computer: those for other systems only where somebody fetched them, as
/// continuous integration does.
fn packages() -> Vec<Value> {
    let asked = ["metadata", "--format-version", "1", "--offline", "--locked"];
    let metadata = cargo(&asked).unwrap_or_else(|| {
        let about = cargo(&["--version", "--verbose"]).unwrap();
        let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        cargo(&[&asked[..], &["--filter-platform", host]].concat()).unwrap()
    });
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether one of the ways that an SPDX expression leaves is on the list. Old ones write `/` for `OR`.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any(&words, &mut at, allowed) && at == words.len()
}

fn any(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut holds = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= all(words, at, allowed);
    }
    holds
}

fn all(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut holds = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(words, at, allowed);
    }
    holds
}

fn one(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let holds = any(words, at, allowed);
        let is_closed = words.get(*at) == Some(&")");
        *at += 1;
        return holds && is_closed;
    }
    let mut license = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        license = words[*at - 1..words.len().min(*at + 2)].join(" ");
        *at += 2;
    }
    allowed.contains(&license)
}

#[test]
fn every_package_has_a_license_that_is_accepted() {
    let allowed = listed(&policy(), "allow").concat();
    let packages = packages();
    assert!(packages.len() > 100, "the packages are there");
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(|license| is_allowed(license, &allowed)))
        .map(|package| format!("{} ({})", package["name"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "no license of deny.toml: {refused:?}");
}

#[test]
fn every_package_comes_from_the_registry_or_is_ours() {
    let registries: Vec<String> =
        listed(&policy(), "allow-registry").concat().iter().map(|url| format!("registry+{url}")).collect();
    let ours = super::dependencies();
    let foreign: Vec<String> = locked()
        .into_iter()
        .filter(|(name, _, source)| match source {
            Some(source) => !registries.contains(source),
            None => !ours.contains_key(name),
        })
        .map(|(name, version, source)| format!("{name} {version} {source:?}"))
        .collect();
    assert!(foreign.is_empty(), "from elsewhere: {foreign:?}");
}

#[test]
fn banned_packages_are_not_there_and_single_ones_once() {
    let policy = policy();
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _, _) in locked() {
        *versions.entry(name).or_default() += 1;
    }
    let rules = policy.lines().filter(|line| line.trim_start().starts_with("{ crate = "));
    let mut rules_seen = 0;
    for rule in rules {
        let name = quoted(rule).pop().unwrap();
        let most = usize::from(rule.contains("deny-multiple-versions = true"));
        let found = versions.get(&name).copied().unwrap_or_default();
        assert!(found <= most, "deny.toml: {name} is there {found} times, and may be {most} times");
        rules_seen += 1;
    }
    assert!(rules_seen > 5, "the rules are where they are looked for");
}

#[test]
fn expressions_of_licenses_are_read() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    let check = |expression: &str, expected: bool| {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    };
    check("MIT", true);
    check("GPL-3.0", false);
    check("GPL-3.0 OR MIT", true);
    check("GPL-3.0/MIT", true);
    check("GPL-3.0 AND MIT", false);
    check("(GPL-3.0 OR MIT) AND ISC", true);
    check("MIT AND (GPL-3.0 OR ISC)", true);
    check("GPL-3.0 OR MIT AND GPL-2.0", false);
    check("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true);
    check("Apache-2.0", false);
    check("(MIT", false);
    check("", false);
}
