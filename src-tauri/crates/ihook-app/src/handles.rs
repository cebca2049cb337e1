//! Open files and connections: the usual limit is made for programs with few.

/// As many as are of use; some systems refuse a request for more than they have.
#[cfg(unix)]
const WANTED: u64 = 10_240;

/// Raises this process's limit as far as it may itself. Where that fails the usual limit stands.
#[cfg(unix)]
pub(crate) fn raise_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(WANTED, |most| most.min(WANTED));
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    limit.current = Some(wanted);
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, wanted, "handles.limit_stays");
    }
}

/// Windows sets no such limit.
#[cfg(not(unix))]
pub(crate) fn raise_limit() {}
