//! Every store keeps the same promises; a keyring that hangs or takes nothing holds nobody up.

use std::sync::mpsc;

use super::place::takes_secrets;
use super::*;

/// Every store keeps this promise.
fn check(secrets: &dyn Secrets) {
    assert!(secrets.get("hook.1").unwrap().is_none());
    secrets.set("hook.1", "first 🎫").unwrap();
    secrets.set("hook.1", "second ü").unwrap();
    secrets.set("hook.2", &"x".repeat(3000)).unwrap();
    assert_eq!(secrets.get("hook.1").unwrap().unwrap().as_str(), "second ü");
    assert_eq!(secrets.get("hook.2").unwrap().unwrap().len(), 3000);
    secrets.delete("hook.1").unwrap();
    secrets.delete("hook.1").unwrap();
    assert!(secrets.get("hook.1").unwrap().is_none());
    secrets.delete("hook.2").unwrap();
}

#[test]
fn a_secret_is_refused_only_where_the_store_cannot_take_it() {
    let check = |room: Room, value: &str, fits: bool| {
        let found = room.check(value);
        assert_eq!(found.is_ok(), fits, "{room:?} {}", value.len());
        if let Err(error) = found {
            assert!(error.to_string().contains("too long"), "{error}");
        }
    };
    check(Room::Wide, &"x".repeat(65_536), true);
    check(Room::Wide, &"x".repeat(65_537), false);
    check(Room::CredentialManager, &"x".repeat(1280), true);
    check(Room::CredentialManager, &"x".repeat(1281), false);
    // One character of three bytes in UTF-8 is two in UTF-16; one outside the first plane is four in both.
    check(Room::CredentialManager, &"€".repeat(1280), true);
    check(Room::CredentialManager, &"🎫".repeat(640), true);
    check(Room::CredentialManager, &"🎫".repeat(641), false);
}

/// A keyring that asks for its password and waits.
#[derive(Debug)]
struct Asking(Mutex<mpsc::Receiver<()>>);

impl Secrets for Asking {
    fn get(&self, _name: &str) -> Result<Option<Zeroizing<String>>, SecretsError> {
        let _ = self.0.lock().unwrap().recv();
        Ok(None)
    }
    fn set(&self, _name: &str, _value: &str) -> Result<(), SecretsError> {
        Ok(())
    }
    fn delete(&self, _name: &str) -> Result<(), SecretsError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_keyring_that_waits_for_its_password_holds_nobody_up() {
    let (answer, asked) = mpsc::channel();
    let home = Home::of(&SecretsKind::Memory, Path::new(""));
    let kept = Kept { place: SecretsPlace::Keyring, notice: None };
    let patient = Vault::of(Arc::new(Asking(Mutex::new(asked))), home, kept);
    let vault = Vault { patience: Duration::ZERO, ..patient.clone() };
    let error = vault.get("a").await.unwrap_err();
    assert!(error.to_string().contains("unlock it"), "{error}");
    let error = vault.set("a", "b").await.unwrap_err();
    assert!(error.to_string().contains("still"), "no second call joins the first: {error}");
    answer.send(()).unwrap();
    while vault.is_stuck() {
        tokio::task::yield_now().await;
    }
    patient.set("a", "b").await.unwrap();
}

#[test]
fn a_keyring_that_takes_nothing_in_time_is_told_from_one_that_does() {
    let (_answer, asked) = mpsc::channel();
    let asking: Arc<dyn Secrets> = Arc::new(Refusing(Some(Mutex::new(asked))));
    let error = takes_secrets(&asking, Duration::ZERO).unwrap_err();
    assert!(error.to_string().contains("not answered"), "{error}");
    let refusing: Arc<dyn Secrets> = Arc::new(Refusing(None));
    let error = takes_secrets(&refusing, PATIENCE).unwrap_err();
    assert!(error.to_string().contains("no collection"), "{error}");
    let memory: Arc<dyn Secrets> = Arc::new(memory::Memory::default());
    takes_secrets(&memory, PATIENCE).unwrap();
}

/// A keyring without a collection, at once or after it was waited for.
#[derive(Debug)]
struct Refusing(Option<Mutex<mpsc::Receiver<()>>>);

impl Secrets for Refusing {
    fn get(&self, _name: &str) -> Result<Option<Zeroizing<String>>, SecretsError> {
        Ok(None)
    }
    fn set(&self, _name: &str, _value: &str) -> Result<(), SecretsError> {
        if let Some(asked) = &self.0 {
            let _ = asked.lock().unwrap().recv();
        }
        Err(SecretsError::Locked("no collection".to_owned()))
    }
    fn delete(&self, _name: &str) -> Result<(), SecretsError> {
        Ok(())
    }
}

#[test]
fn memory_keeps_secrets() {
    check(&memory::Memory::default());
}

#[test]
fn the_encrypted_file_keeps_secrets_and_shows_none() {
    let dir = tempfile::tempdir().unwrap();
    let (file, notice) = file::EncryptedFile::open(dir.path(), None).unwrap();
    assert!(notice.unwrap().contains("as safe as"), "a key file is only as safe as its directory");
    check(&file);
    file.set("imis.live", "hunter2-ünïcode").unwrap();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("hunter2"));
    }
    let (again, _) = file::EncryptedFile::open(dir.path(), None).unwrap();
    assert_eq!(again.get("imis.live").unwrap().unwrap().as_str(), "hunter2-ünïcode");
}

#[test]
fn a_key_file_that_a_full_disk_left_empty_is_no_key() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("secrets.key"), "").unwrap();
    let (file, _) = file::EncryptedFile::open(dir.path(), None).unwrap();
    file.set("a", "b").unwrap();
    assert!(file::EncryptedFile::open(dir.path(), Some(&Zeroizing::new(String::new()))).is_err());
}

#[test]
fn another_key_does_not_open_the_file_and_does_not_harm_it() {
    let dir = tempfile::tempdir().unwrap();
    let key = |text: &str| Some(Zeroizing::new(text.to_owned()));
    let (file, _) = file::EncryptedFile::open(dir.path(), key("one key").as_ref()).unwrap();
    file.set("a", "b").unwrap();
    assert!(file::EncryptedFile::open(dir.path(), key("another").as_ref()).is_err());
    let (file, _) = file::EncryptedFile::open(dir.path(), key("one key").as_ref()).unwrap();
    assert_eq!(file.get("a").unwrap().unwrap().as_str(), "b");
}

#[tokio::test]
async fn a_keyring_that_does_not_answer_at_a_later_start_is_waited_for_and_no_file_is_begun() {
    let dir = tempfile::tempdir().unwrap();
    let kind = SecretsKind::KeyringOrFile { key: None };
    let vault = Vault::open(&kind, dir.path(), false).unwrap();
    assert_eq!(vault.place(), SecretsPlace::Keyring);
    // Where the test command has started a keyring, there is nothing wrong.
    if let Err(error) = vault.get("hook/1").await {
        assert!(error.to_string().contains("keyring"), "{error}");
    }
    assert!(!are_filed(dir.path()), "a file would count from then on");
}
