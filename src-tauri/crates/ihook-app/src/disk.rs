//! Whether a directory lies on this computer: SQLite's locks and its write-ahead log cannot be trusted on a
//! network drive.

use std::path::Path;

/// The kind of network drive that the directory lies on.
#[cfg(target_os = "linux")]
pub(crate) fn network_drive(dir: &Path) -> Option<&'static str> {
    // The numbers of statfs(2).
    match rustix::fs::statfs(dir).ok()?.f_type & 0xFFFF_FFFF {
        0x6969 => Some("NFS"),
        0x517B | 0xFF53_4D42 | 0xFE53_4D42 => Some("SMB"),
        0x5346_414F => Some("AFS"),
        0x00C3_6400 => Some("Ceph"),
        _ => None,
    }
}

/// The kind of network drive that the directory lies on: a name of the form `\\server\share`.
#[cfg(windows)]
pub(crate) fn network_drive(dir: &Path) -> Option<&'static str> {
    use std::path::{Component, Prefix};
    match dir.canonicalize().ok()?.components().next()? {
        Component::Prefix(prefix) if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)) => {
            Some("network share")
        }
        _ => None,
    }
}

/// Not known here.
#[cfg(not(any(target_os = "linux", windows)))]
pub(crate) fn network_drive(_dir: &Path) -> Option<&'static str> {
    None
}

/// What is said of a data directory on a network drive.
pub(crate) fn notice(kind: &str, dir: &Path) -> String {
    format!(
        "The data directory {} lies on a network drive ({kind}). When its connection breaks, deliveries can be \
         lost. Move it to a disk of this computer.",
        dir.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_directory_is_local() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(network_drive(dir.path()), None);
        assert_eq!(network_drive(Path::new("/no/such/place")), None);
    }
}
