//! Wipes what SQLite leaves behind in the unused middle of its pages.
//!
//! `secure_delete` overwrites what is deleted. But when SQLite shares the rows of a full page out among its
//! neighbours, old copies of them stay in the part of the page that is no longer used, and nothing overwrites
//! those when the rows are deleted later. About one removed value in a thousand is still in the file then. The
//! unused middle means nothing to SQLite, so wiping it changes nothing that is stored; it goes through SQLite's
//! own pages (the table `sqlite_dbpage`), so that caches, log and transactions know of it.
//! The layout is that of <https://www.sqlite.org/fileformat2.html#b_tree_pages>.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;

/// From here on the number of an overflow page's successor could look like the type of a page: 64 GiB.
const MAX_PAGES: u32 = 1 << 24;

/// Of the `count` pages from `from` on, those with something in their unused middle; and where to go on, when
/// there are more.
///
/// # Errors
/// As SQLite reports them.
pub fn stale(connection: &Connection, from: u32, count: u32) -> Result<(Vec<u32>, Option<u32>), StoreError> {
    let pages: u32 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let end = from.saturating_add(count).min(pages.saturating_add(1));
    if pages >= MAX_PAGES {
        return Ok((Vec::new(), None));
    }
    let mut found = Vec::new();
    let mut query = connection.prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?1")?;
    for number in from..end {
        let stale = query.query_row([number], |row| Ok(unused(number, row.get_ref(0)?.as_blob()?).is_some()));
        if stale.optional()?.unwrap_or_default() {
            found.push(number);
        }
    }
    Ok((found, (end <= pages).then_some(end)))
}

/// Wipes the unused middle of these pages.
///
/// # Errors
/// As SQLite reports them.
pub fn wipe(tx: &Connection, pages: &[u32]) -> Result<(), StoreError> {
    let mut query = tx.prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?1")?;
    let mut update = tx.prepare_cached("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1")?;
    for number in pages {
        // Looked at again: it may have been put to another use since.
        let data: Option<Vec<u8>> = query.query_row([number], |row| row.get(0)).optional()?;
        if let Some(mut data) = data
            && let Some(range) = unused(*number, &data)
        {
            data[range].fill(0);
            update.execute(params![number, data])?;
        }
    }
    Ok(())
}

/// The unused middle of a page of rows or keys, when something is in it; `None` for every other page.
fn unused(number: u32, page: &[u8]) -> Option<Range<usize>> {
    if is_of_vacuum(number, page.len()) {
        return None;
    }
    let header = if number == 1 { 100 } else { 0 };
    let two = |at: usize| Some(usize::from(u16::from_be_bytes([*page.get(at)?, *page.get(at + 1)?])));
    let pointers = header
        + match page.get(header)? {
            2 | 5 => 12,
            10 | 13 => 8,
            _ => return None,
        };
    let end = match two(header + 5)? {
        0 => 65536,
        end => end,
    };
    let (free, cells) = (two(header + 1)?, two(header + 3)?);
    let start = pointers + 2 * cells;
    // Whatever does not fit the layout is left alone.
    let whole = start <= end
        && end <= page.len()
        && (free == 0 || free >= end)
        && (0..cells).all(|cell| two(pointers + 2 * cell).is_some_and(|at| (end..page.len()).contains(&at)));
    (whole && page[start..end].iter().any(|byte| *byte != 0)).then_some(start..end)
}

/// Whether the page is one of those that incremental vacuum keeps its own notes on, or the one that only
/// serves for locks.
fn is_of_vacuum(number: u32, size: usize) -> bool {
    let Ok(size) = u32::try_from(size) else { return true };
    let lock = 0x4000_0000 / size.max(1) + 1;
    let span = size / 5 + 1;
    let map = number.saturating_sub(2) / span * span + 2;
    number == lock || number == map || (map == lock && number == map + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, open};

    #[test]
    fn only_the_unused_middle_of_a_well_formed_page_is_found() {
        let mut page = vec![0_u8; 512];
        page[0] = 13;
        page[4] = 1;
        page[5..7].copy_from_slice(&500_u16.to_be_bytes());
        page[8..10].copy_from_slice(&500_u16.to_be_bytes());
        page[500..].fill(9);
        assert_eq!(unused(7, &page), None, "nothing is left in it");
        page[200] = b'x';
        assert_eq!(unused(7, &page), Some(10..500));
        assert_eq!(unused(2, &page), None, "a page of vacuum's own");
        page[8..10].copy_from_slice(&100_u16.to_be_bytes());
        assert_eq!(unused(7, &page), None, "a row in the middle: not the layout");
        page[0] = 0;
        assert_eq!(unused(7, &page), None, "no page of rows");
    }

    /// Random in the same way each time.
    fn number(seed: &mut u64) -> u64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *seed >> 24
    }

    fn fill(tx: &Connection, removed: bool, seed: &mut u64, runs: i64) -> Result<(), StoreError> {
        for _ in 0..500 {
            let word = if removed { "removed" } else { "kept" };
            let text = format!("{:x}-{word}-{:x}", number(seed) % 256, number(seed));
            let body = text.repeat(usize::try_from(number(seed) % 40).unwrap_or_default());
            tx.execute("INSERT INTO search VALUES (0, ?1, ?2)", params![text, runs])?;
            tx.execute(
                "INSERT INTO audit (at, action, subject, detail) VALUES (0, ?1, '', ?2)",
                params![word, body],
            )?;
        }
        Ok(())
    }

    #[tokio::test]
    async fn after_a_sweep_no_removed_text_is_left_and_everything_else_is_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ihook.db");
        let store = Store::open(&path).unwrap();
        let mut seed = 1;
        for round in 0..40 {
            let mut now = seed;
            store.write(move |tx| fill(tx, round % 4 == 0, &mut now, round)).await.unwrap();
            seed = number(&mut seed);
        }
        let removed = store.write(|tx| {
            tx.execute("DELETE FROM audit WHERE action = 'removed'", [])?;
            Ok(tx.execute("DELETE FROM search WHERE value LIKE '%removed%'", [])?)
        });
        assert_eq!(removed.await.unwrap(), 5000);
        let count = "SELECT (SELECT count(*) FROM search), (SELECT sum(length(detail)) FROM audit)";
        let counted = |connection: &Connection| {
            Ok(connection.query_row(count, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?)
        };
        let before = store.read(counted).await.unwrap();
        let (mut from, mut wiped) = (Some(1), 0);
        while let Some(page) = from {
            let (stale, next) = store.read(move |connection| stale(connection, page, 100)).await.unwrap();
            wiped += stale.len();
            store.write(move |tx| wipe(tx, &stale)).await.unwrap();
            from = next;
        }
        assert!(wiped > 0, "without the sweep something would be left");
        assert_eq!(store.read(counted).await.unwrap(), before);
        assert!(store.empty_log().await);
        store.close_blocking();
        let verdict: String =
            open::foreign(&path).unwrap().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
        let bytes = std::fs::read(&path).unwrap();
        let left = bytes.windows(9).filter(|window| window == b"-removed-").count();
        assert_eq!(left, 0, "copies of removed values");
        assert!(bytes.windows(6).any(|window| window == b"-kept-"));
    }
}
