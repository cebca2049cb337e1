//! What code and docs refer to: every path, page and anchor that they name is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::{files, root};

/// Where somebody wrote something, beside the files at the root and at the root of the interface.
const DIRECTORIES: [&str; 9] =
    ["src-tauri", "ui/src", "ui/public", "tests", "docs", "icons", ".github", ".ci", ".cargo"];
/// Data that tests read, to the byte: whatever it names is somebody else's.
const DATA: [&str; 3] =
    ["tests/fixtures/", "tests/fuzz/", "src-tauri/crates/ihook-engine/tests/golden_liquid/"];
/// Made by a build, so not always there.
const MADE: [&str; 4] = ["ui/dist", "ui/node_modules", "tests/e2e/output", "src-tauri/gen"];

/// A file: a bare name of a source or a page, or a path to a file of any kind. With the anchor behind it.
static FILE: LazyLock<Regex> = LazyLock::new(|| {
    let (source, any) = ("rs|ts|tsx|mjs|sql|css|toml|yml|md", "json|png|svg|db|html|js|txt|ico|icns");
    let bare = format!(r"(?:[\w.-]+/)*[\w.-]*\w\.(?:{source})");
    let path = format!(r"(?:[\w.@-]+/)+[\w.@-]*\w\.(?:{any})");
    Regex::new(&format!(r"(?:^|[^\w./@-])({bare}|{path})(?:#([\w-]+))?(?:$|[^\w/-])")).unwrap()
});
/// A place below one of the repository's own directories.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\w./-])((?:src-tauri|ui|tests|docs|icons|\.github|\.ci|\.cargo)/[\w./-]*[\w-])")
        .unwrap()
});
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"https?://\S+").unwrap());

/// Every file of the repository by its path from the root, with `/` between its parts.
struct Repository {
    files: BTreeSet<String>,
    /// Every directory, and every end of a path: `run/found.rs` stands for the file that it is the end of.
    known: BTreeSet<String>,
}

impl Repository {
    fn read() -> Self {
        let mut found = files(&DIRECTORIES.map(|name| root().join(name)));
        for directory in [root(), root().join("ui")] {
            let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
            found.extend(entries.filter(|path| path.is_file()));
        }
        let name = |path: &PathBuf| path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        let files: BTreeSet<String> = found.iter().map(name).collect();
        let mut known = BTreeSet::new();
        for file in &files {
            let mut path = file.as_str();
            loop {
                known.extend(ends(path).map(str::to_owned));
                match path.rsplit_once('/') {
                    Some((directory, _)) => path = directory,
                    None => break,
                }
            }
        }
        Self { files, known }
    }

    fn has(&self, path: &str) -> bool {
        let plain = path.trim_start_matches("../").trim_start_matches("./");
        self.known.contains(plain) || MADE.iter().any(|made| plain.starts_with(made))
    }

    /// Names and texts of those that end in one of these, data aside.
    fn texts<'a>(&'a self, kinds: &'a [&str]) -> impl Iterator<Item = (&'a str, String)> {
        let is_text = |file: &&String| {
            let kind = file.rsplit('.').next().unwrap_or_default();
            kinds.contains(&kind) && !DATA.iter().any(|data| file.starts_with(data))
        };
        self.files.iter().filter(is_text).map(|file| {
            let text = std::fs::read_to_string(root().join(file)).unwrap();
            (file.as_str(), text)
        })
    }
}

/// `a/b/c`, `b/c`, `c`.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once(path).chain(path.match_indices('/').map(|(at, _)| &path[at + 1..]))
}

/// What a line says to people: all of a page's, the comment of a line of code.
fn words<'a>(kind: &str, line: &'a str) -> Option<&'a str> {
    static CODE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|\s)//[/!]?\s(.*)$|^\s*\{?(?:/\*+|\*)\s(.*)$").unwrap());
    static SQL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"--\s(.*)$").unwrap());
    static HASH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|\s)#\s(.*)$").unwrap());
    let comment = match kind {
        "md" => return Some(line),
        "sql" => &SQL,
        "toml" | "yml" => &HASH,
        _ => &CODE,
    };
    let found = comment.captures(line)?;
    found.iter().skip(1).flatten().next().map(|words| words.as_str())
}

/// The anchors that headings of a page make, as GitHub makes them.
fn anchors(page: &str) -> BTreeSet<String> {
    let (mut in_code, mut times) = (false, BTreeMap::new());
    let mut found = BTreeSet::new();
    for line in page.lines() {
        in_code ^= line.starts_with("```");
        let text = line.trim_start_matches('#');
        let level = line.len() - text.len();
        if in_code || !(1..=6).contains(&level) || !text.starts_with(' ') {
            continue;
        }
        let letters = text.trim().to_lowercase();
        let letters = letters.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor: String = letters.map(|c| if c == ' ' { '-' } else { c }).collect();
        let before = times.entry(anchor.clone()).and_modify(|times| *times += 1).or_insert(0);
        found.insert(if *before == 0 { anchor } else { format!("{anchor}-{before}") });
    }
    found
}

/// The paths, with their anchors, that a line names.
fn named(line: &str) -> Vec<(String, Option<String>)> {
    let line = ADDRESS.replace_all(line, "");
    let (mut found, mut at) = (Vec::new(), 0);
    // One after the other: what stands between two names belongs to both.
    while let Some(captures) = FILE.captures_at(&line, at) {
        let path = captures.get(1).unwrap();
        found.push((path.as_str().to_owned(), captures.get(2).map(|anchor| anchor.as_str().to_owned())));
        at = captures.get(2).unwrap_or(path).end();
    }
    found.extend(PLACE.captures_iter(&line).map(|captures| (captures[1].to_owned(), None)));
    found
}

#[test]
fn every_path_and_anchor_that_code_or_docs_name_exists() {
    let repository = Repository::read();
    let kinds = ["rs", "ts", "tsx", "mjs", "js", "css", "sql", "toml", "yml", "md"];
    let mut missing = Vec::new();
    for (file, text) in repository.texts(&kinds) {
        let kind = file.rsplit('.').next().unwrap_or_default();
        let lines = text.lines().enumerate();
        for (number, words) in lines.filter_map(|(at, line)| Some((at + 1, words(kind, line)?))) {
            for (path, anchor) in named(words) {
                let page = root().join(&path);
                let has_anchor = |anchor: &String| {
                    // A link within docs is told from where its page lies; the next test looks at those.
                    !page.is_file() || anchors(&std::fs::read_to_string(&page).unwrap()).contains(anchor)
                };
                if !repository.has(&path) || !anchor.iter().all(has_anchor) {
                    missing.push(format!(
                        "{file}:{number}: {path}{}",
                        anchor.map_or_else(String::new, |a| format!("#{a}"))
                    ));
                }
            }
        }
    }
    assert!(missing.is_empty(), "these are named and not there:\n{}", missing.join("\n"));
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let repository = Repository::read();
    let mut broken = Vec::new();
    let mut pages = 0;
    for (file, text) in repository.texts(&["md"]) {
        pages += 1;
        for target in link.captures_iter(&text).map(|found| found[1].to_owned()) {
            if target.contains("://") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let page = match path {
                "" => root().join(file),
                path => root().join(Path::new(file).parent().unwrap()).join(path),
            };
            let leads = page.exists()
                && (anchor.is_empty() || anchors(&std::fs::read_to_string(&page).unwrap()).contains(anchor));
            if !leads {
                broken.push(format!("{file}: {target}"));
            }
        }
    }
    assert!(pages >= 10, "the pages are where they are looked for");
    assert!(broken.is_empty(), "these lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn names_are_found_in_comments_and_not_in_code() {
    let check = |kind: &str, line: &str, expected: &[&str]| {
        let found: Vec<String> =
            words(kind, line).map(named).unwrap_or_default().into_iter().map(|(path, _)| path).collect();
        assert_eq!(found, expected, "{line}");
    };
    check(
        "rs",
        "/// As `run/found.rs` and docs/behavior.md#search say.",
        &["run/found.rs", "docs/behavior.md", "docs/behavior.md"],
    );
    check(
        "rs",
        r#"let file = "some/other.rs"; // see retention.rs, scrub.rs"#,
        &["retention.rs", "scrub.rs"],
    );
    check("rs", r#"let page = "https://example.org/page.md";"#, &[]);
    check("ts", " * Read by `ui/src/api/sse.ts`.", &["ui/src/api/sse.ts", "ui/src/api/sse.ts"]);
    check("toml", "key = 1 # in deny.toml", &["deny.toml"]);
    check("md", "`secrets.json`, `ihook.replaced-….db` and https://example.org/a.md", &[]);
}

#[test]
fn anchors_are_made_of_headings() {
    let page =
        "# What it does\n## `run_list`, and more!\n```sh\n# no heading\n```\n## Same\n### Same\n#none\n";
    let expected = ["what-it-does", "run_list-and-more", "same", "same-1"];
    assert_eq!(anchors(page), expected.map(str::to_owned).into());
}
