//! The copies that lie beside the database: made before an update, or set aside by a restore.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::open;

/// Copies made before an update that are kept.
const KEPT: usize = 3;
const BEFORE_UPDATE: &str = ".before-update-";
const REPLACED: &str = ".replaced-";

/// Why a copy was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By an update of the program, which changed the schema.
    BeforeUpdate,
    /// By a restore, which put another database in its place.
    Replaced,
}

/// One copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Why it was made.
    pub kind: Kind,
    /// Its size.
    pub bytes: u64,
    /// When it was written.
    pub modified: SystemTime,
}

/// Those beside the database at `path`, newest first.
#[must_use]
pub fn list(path: &Path) -> Vec<CopyFile> {
    let Some((dir, stem)) = path.parent().zip(path.file_stem()) else { return Vec::new() };
    let stem = stem.to_string_lossy();
    let kind = |name: &str| {
        let rest = name.strip_prefix(&*stem)?.strip_suffix(".db")?;
        if rest.starts_with(BEFORE_UPDATE) {
            Some(Kind::BeforeUpdate)
        } else {
            rest.starts_with(REPLACED).then_some(Kind::Replaced)
        }
    };
    let mut found: Vec<_> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let kind = kind(&entry.file_name().to_string_lossy())?;
            let known = entry.metadata().ok()?;
            Some(CopyFile { path: entry.path(), kind, bytes: known.len(), modified: known.modified().ok()? })
        })
        .collect();
    found.sort_by(|a, b| b.modified.cmp(&a.modified).then_with(|| b.path.cmp(&a.path)));
    found
}

/// Removes the copies made before updates beyond the last three.
pub(crate) fn prune(path: &Path) {
    for old in list(path).into_iter().filter(|copy| copy.kind == Kind::BeforeUpdate).skip(KEPT) {
        remove(&old);
    }
}

/// Removes the copies made before updates that were written before `before`: retention holds for them too.
/// How many.
pub fn remove_older(path: &Path, before: SystemTime) -> usize {
    let old = list(path).into_iter().filter(|copy| copy.modified < before && copy.kind == Kind::BeforeUpdate);
    old.map(|copy| remove(&copy)).filter(|removed| *removed).count()
}

fn remove(copy: &CopyFile) -> bool {
    match fs::remove_file(&copy.path) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, path = %copy.path.display(), "store.copy_not_removed");
            false
        }
    }
}

/// A name for the copy before an update from schema `version`, that no earlier copy has.
pub(crate) fn before_update(path: &Path, version: i64) -> PathBuf {
    free(path, &format!("{BEFORE_UPDATE}{version}"))
}

/// A name for the database that a restore replaces; `stamp` is the time in letters that a file name can have.
pub(crate) fn replaced(path: &Path, stamp: &str) -> PathBuf {
    free(path, &format!("{REPLACED}{stamp}"))
}

fn free(path: &Path, middle: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let named = |number: u64| path.with_file_name(format!("{stem}{middle}-{number}.db"));
    let is_free = |candidate: &PathBuf| !candidate.exists() && !open::beside(candidate, "-wal").exists();
    (1..).map(named).find(is_free).unwrap_or_else(|| named(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_three_copies_before_updates_are_kept_and_no_name_is_used_twice() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        for name in ["ihook.db", "other.before-update-1-1.db", "ihook.replaced-20270101-1.db"] {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        for _ in 0..5 {
            fs::write(before_update(&path, 1), "x").unwrap();
        }
        assert_eq!(list(&path).len(), 6, "another database's copies are not ours");
        prune(&path);
        let names: Vec<_> = list(&path)
            .into_iter()
            .filter(|copy| copy.kind == Kind::BeforeUpdate)
            .map(|copy| copy.path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names.len(), 3);
        assert!(names.contains(&"ihook.before-update-1-5.db".to_owned()), "{names:?}");
        assert_eq!(list(&path).iter().filter(|copy| copy.kind == Kind::Replaced).count(), 1);
    }
}
