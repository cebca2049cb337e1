//! Being asked to stop: SIGTERM and Ctrl+C, or Ctrl+C and the closing console on Windows.

/// Ends when the program is asked to stop.
#[cfg(unix)]
pub(crate) async fn stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}

/// Ends when the program is asked to stop.
#[cfg(windows)]
pub(crate) async fn stop() -> std::io::Result<()> {
    let mut close = tokio::signal::windows::ctrl_close()?;
    let mut shutdown = tokio::signal::windows::ctrl_shutdown()?;
    tokio::select! {
        _ = close.recv() => Ok(()),
        _ = shutdown.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}
