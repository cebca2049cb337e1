//! A misspelt class is no error anywhere: the thing is merely not styled. So the sheets are compared with their users.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::Regex;

use super::{files, root};

/// The classes that a sheet gives a look, those of libraries left out.
fn defined(sheet: &str) -> BTreeSet<String> {
    let foreign = Regex::new(r#"(?s)/\*.*?\*/|"[^"]*"|:global\([^)]*\)"#).unwrap();
    let own = foreign.replace_all(sheet, "");
    let class = Regex::new(r"\.([a-zA-Z]\w*)").unwrap();
    class.captures_iter(&own).map(|found| found[1].to_owned()).collect()
}

/// Every sheet that a component imports, with the classes it takes from there; None where it picks them by a value.
fn taken(component: &Path, text: &str) -> Vec<(PathBuf, Option<BTreeSet<String>>)> {
    let import = Regex::new(r#"import (\w+) from "(\.[^"]*\.module\.css)""#).unwrap();
    import
        .captures_iter(text)
        .map(|found| {
            let sheet = component.parent().unwrap().join(&found[2]).canonicalize().unwrap();
            let member = Regex::new(&format!(r"\b{}\.(\w+)", &found[1])).unwrap();
            let names = member.captures_iter(text).map(|found| found[1].to_owned()).collect();
            (sheet, (!text.contains(&format!("{}[", &found[1]))).then_some(names))
        })
        .collect()
}

#[test]
fn every_class_that_a_component_takes_is_defined_and_none_is_left_over() {
    let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    let all: Vec<_> = files(&[root().join("ui/src")]);
    let ends = |path: &&PathBuf, end: &str| path.to_str().unwrap().ends_with(end);
    let sheets: BTreeMap<_, _> = all
        .iter()
        .filter(|path| ends(path, ".module.css"))
        .map(|path| (path.canonicalize().unwrap(), defined(&read(path))))
        .collect();
    assert!(sheets.len() > 20, "the sheets are where they are looked for");
    let (mut unused, mut unknown) = (sheets.clone(), Vec::new());
    for component in all.iter().filter(|path| ends(path, ".tsx")) {
        for (sheet, names) in taken(component, &read(component)) {
            let left = unused.get_mut(&sheet).unwrap();
            let Some(names) = names else {
                left.clear();
                continue;
            };
            unknown.extend(names.difference(&sheets[&sheet]).map(|name| (component, name.clone())));
            left.retain(|name| !names.contains(name));
        }
    }
    unused.retain(|_, left| !left.is_empty());
    assert!(unknown.is_empty(), "not in their sheets: {unknown:?}");
    assert!(unused.is_empty(), "nobody takes these: {unused:?}");
}
