//! What a saved connection may not become.

use ihook_store::connection;

use crate::App;
use crate::error::WireError;
use crate::passwords::{self, Kept};
use crate::sites::SANDBOX;

/// Refuses what would make the built-in sandbox something else, or something else look like it.
pub(super) async fn stays_sandbox(
    app: &App,
    name: &str,
    username: &str,
    base_url: &str,
) -> Result<(), WireError> {
    if name != SANDBOX {
        return Err(WireError::bad_request(format!(
            "name: \"{name}\" is too like the built-in sandbox; choose another."
        )));
    }
    let now = app.store().read(|database| connection::get(database, SANDBOX)).await?;
    if now.username != username {
        return Err(WireError::bad_request(format!("username: that of the sandbox is {}.", now.username)));
    }
    if now.base_url != base_url {
        return Err(WireError::bad_request(format!(
            "baseUrl: the built-in sandbox stays at {}. For another address, add a connection.",
            now.base_url
        )));
    }
    Ok(())
}

/// Refuses a connection without a password for where it leads.
pub(super) async fn has_password(app: &App, name: &str, base_url: &str) -> Result<(), WireError> {
    match passwords::read(app.vault(), name, base_url).await? {
        Kept::Here(_) => Ok(()),
        Kept::Nothing => Err(WireError::bad_request("password must not be empty for a new connection.")),
        Kept::Elsewhere(there) => Err(WireError::bad_request(format!(
            "password must be entered again: the one that is kept belongs to {there}."
        ))),
    }
}
