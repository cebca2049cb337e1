//! A user of this computer with a message bus and a keyring of their own, for tests of the real keyring.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A message bus of the test's own, without anything that starts by itself, and a keyring on it.
#[derive(Debug)]
pub struct Desk {
    /// A directory of its own.
    pub place: TempDir,
    bus: Child,
    address: String,
    keyring: Option<Child>,
}

impl Desk {
    /// One without a keyring.
    ///
    /// # Panics
    /// When there is no message bus.
    #[must_use]
    pub fn new() -> Self {
        let place = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let config = place.path().join("bus.conf");
        let listen = format!("<listen>unix:dir={}</listen>", place.path().display());
        let allow =
            r#"<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>"#;
        let text = format!(
            "<busconfig><type>session</type>{listen}<policy context=\"default\">{allow}</policy></busconfig>"
        );
        std::fs::write(&config, text).unwrap();
        let mut bus = Command::new("dbus-daemon");
        bus.arg(format!("--config-file={}", config.display())).args([
            "--nofork",
            "--print-address=1",
            "--nopidfile",
        ]);
        let mut bus = bus.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { place, bus, address: address.trim().to_owned(), keyring: None }
    }

    /// Gives a command this user's surroundings.
    pub fn env<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", self.place.path())
            .env("XDG_RUNTIME_DIR", self.place.path())
            .env_remove("XDG_DATA_HOME")
            .env_remove("DISPLAY")
    }

    /// Starts the keyring, open: it closes again with [`Desk::lock`].
    ///
    /// # Panics
    /// When it does not come up.
    pub fn start_keyring(&mut self) {
        let mut daemon = Command::new("gnome-keyring-daemon");
        daemon.args(["--foreground", "--unlock", "--components=secrets"]);
        let daemon = self.env(&mut daemon).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = daemon.spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"throw-away").unwrap();
        self.keyring = Some(child);
        let began = Instant::now();
        while self.is_locked() != Some(false) {
            assert!(began.elapsed() < Duration::from_secs(30), "the keyring did not come up");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends the keyring as a crash would.
    ///
    /// # Panics
    /// When it cannot be ended.
    pub fn stop_keyring(&mut self) {
        if let Some(mut child) = self.keyring.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    fn send(&self, path: &str, arguments: &[&str]) -> String {
        let mut send = Command::new("dbus-send");
        send.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", path]).args(arguments);
        String::from_utf8_lossy(&self.env(&mut send).output().unwrap().stdout).into_owned()
    }

    fn is_locked(&self) -> Option<bool> {
        let property = [
            "org.freedesktop.DBus.Properties.Get",
            "string:org.freedesktop.Secret.Collection",
            "string:Locked",
        ];
        let said = self.send("/org/freedesktop/secrets/aliases/default", &property);
        let word = said.split_whitespace().last()?;
        word.parse().ok()
    }

    /// Locks the keyring.
    ///
    /// # Panics
    /// When it stays open.
    pub fn lock(&self) {
        let collection = "array:objpath:/org/freedesktop/secrets/collection/login";
        self.send("/org/freedesktop/secrets", &["org.freedesktop.Secret.Service.Lock", collection]);
        assert_eq!(self.is_locked(), Some(true));
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop_keyring();
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

/// Whether there is a keyring to test with; where the test command runs there must be.
///
/// # Panics
/// When the test command promised one, and there is none.
#[expect(clippy::disallowed_methods, reason = "how the test command says that it has installed a keyring")]
#[must_use]
pub fn has_keyring() -> bool {
    let found = ["gnome-keyring-daemon", "dbus-daemon", "dbus-send"].iter().all(|name| {
        Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    });
    assert!(found || std::env::var_os("IHOOK_TEST_KEYRING").is_none(), "the test command promised a keyring");
    found
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}
