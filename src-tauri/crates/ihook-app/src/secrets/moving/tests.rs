//! Whatever goes wrong, and wherever the program is killed, every secret can be read from the place that the next
//! start opens.

use std::path::Path;
use std::sync::Mutex;

use super::super::memory::Memory;
use super::super::place::Home;
use super::*;

/// A keyring of the test's own that outlives the program, and refuses what a test wants.
#[derive(Debug, Default)]
struct Pretended {
    kept: Memory,
    refuses: Mutex<Option<(&'static str, Refusal)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    Get,
    Set,
    /// Takes it and gives something else back.
    Mangle,
    Delete,
}

impl Pretended {
    fn refuse(&self, name: &'static str, refusal: Refusal) {
        *self.refuses.lock().unwrap() = Some((name, refusal));
    }

    fn does_refuse(&self, name: &str, refusal: Refusal) -> bool {
        self.refuses.lock().unwrap().is_some_and(|refused| refused == (name, refusal))
    }

    fn fault(&self, name: &str, refusal: Refusal) -> Result<(), SecretsError> {
        if self.does_refuse(name, refusal) { Err(SecretsError::Locked("refused".to_owned())) } else { Ok(()) }
    }
}

impl Secrets for Pretended {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, SecretsError> {
        self.fault(name, Refusal::Get)?;
        self.kept.get(name)
    }
    fn set(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        self.fault(name, Refusal::Set)?;
        let value = if self.does_refuse(name, Refusal::Mangle) { "?" } else { value };
        self.kept.set(name, value)
    }
    fn delete(&self, name: &str) -> Result<(), SecretsError> {
        self.fault(name, Refusal::Delete)?;
        self.kept.delete(name)
    }
}

const ALL: [(&str, &str); 4] = [
    ("connection/live", "https://a\npass 🎫"),
    ("hook/1", "token"),
    ("secret/key", "k\tü"),
    ("sender/1", "s"),
];

/// A computer with a keyring, and the key that the program was given.
struct Desk {
    dir: tempfile::TempDir,
    keyring: Arc<Pretended>,
    key: Option<Zeroizing<String>>,
}

impl Desk {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), keyring: Arc::default(), key: None }
    }

    /// As a start of the program opens it.
    fn start(&self) -> Vault {
        EncryptedFile::tidy(self.dir.path());
        let keyring = Arc::clone(&self.keyring);
        let home = Home {
            data_dir: self.dir.path().to_owned(),
            key: self.key.clone(),
            fixed: None,
            open_keyring: Box::new(move || Ok(Arc::clone(&keyring) as Arc<dyn Secrets>)),
        };
        if EncryptedFile::exists(self.dir.path()) {
            let (file, notice) = EncryptedFile::open(self.dir.path(), self.key.as_ref()).unwrap();
            return Vault::of(Arc::new(file), home, Kept { place: SecretsPlace::File, notice });
        }
        let keyring = Arc::clone(&self.keyring) as Arc<dyn Secrets>;
        Vault::of(keyring, home, Kept { place: SecretsPlace::Keyring, notice: None })
    }

    fn files(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn in_keyring(&self) -> usize {
        self.keyring.kept.names().unwrap().len()
    }
}

fn known() -> Vec<String> {
    ALL.iter().map(|(name, _)| (*name).to_owned()).chain(["secret/never-set".to_owned()]).collect()
}

async fn fill(vault: &Vault) {
    for (name, value) in ALL {
        vault.set(name, value).await.unwrap();
    }
}

async fn assert_whole(vault: &Vault, place: SecretsPlace) {
    assert_eq!(vault.place(), place);
    for (name, value) in ALL {
        assert_eq!(vault.get(name).await.unwrap().as_deref().map(String::as_str), Some(value), "{name}");
    }
}

fn filed(dir: &Path) -> bool {
    EncryptedFile::exists(dir)
}

#[tokio::test]
async fn secrets_move_there_and_back_and_the_next_start_finds_them() {
    for key in [None, Some(Zeroizing::new("a key".to_owned()))] {
        let desk = Desk { key: key.clone(), ..Desk::new() };
        let vault = desk.start();
        fill(&vault).await;
        let moved = vault.move_to(SecretsPlace::File, known()).await.unwrap();
        assert_eq!((moved.count, moved.left, desk.in_keyring()), (4, 0, 0), "the keyring has none any more");
        assert_whole(&vault, SecretsPlace::File).await;
        assert_eq!(vault.notice().is_some(), key.is_none(), "a key file is only as safe as its directory");
        assert_whole(&desk.start(), SecretsPlace::File).await;
        vault.set("secret/later", "new").await.unwrap();
        vault.delete("secret/later").await.unwrap();
        desk.keyring.kept.set("secret/later", "of an earlier time").unwrap();

        let vault = desk.start();
        let mut names = known();
        names.push("secret/later".to_owned());
        let moved = vault.move_to(SecretsPlace::Keyring, names).await.unwrap();
        assert_eq!((moved.count, moved.left, desk.in_keyring()), (4, 0, 4), "what was deleted stays deleted");
        assert_whole(&vault, SecretsPlace::Keyring).await;
        assert_eq!(desk.files(), Vec::<String>::new(), "neither file nor key is left");
        assert_whole(&desk.start(), SecretsPlace::Keyring).await;
        let error = vault.move_to(SecretsPlace::Keyring, known()).await.unwrap_err();
        assert!(matches!(error, Unmoved::There), "{error}");
    }
}

#[tokio::test]
async fn a_place_that_refuses_any_secret_leaves_all_where_they_were() {
    for (name, _) in ALL {
        for refusal in [Refusal::Set, Refusal::Mangle, Refusal::Get] {
            let desk = Desk::new();
            fill(&desk.start()).await;
            desk.start().move_to(SecretsPlace::File, known()).await.unwrap();
            let vault = desk.start();
            desk.keyring.refuse(name, refusal);
            let error = vault.move_to(SecretsPlace::Keyring, known()).await.unwrap_err();
            assert!(error.to_string().contains("Nothing was moved"), "{error}");
            assert_whole(&vault, SecretsPlace::File).await;
            assert_whole(&desk.start(), SecretsPlace::File).await;
            assert_eq!(desk.in_keyring(), 0, "{name} {refusal:?}: nothing lies about");
        }
        let desk = Desk::new();
        let vault = desk.start();
        fill(&vault).await;
        desk.keyring.refuse(name, Refusal::Get);
        vault.move_to(SecretsPlace::File, known()).await.unwrap_err();
        assert!(!filed(desk.dir.path()), "one that cannot be read is not left behind");
        *desk.keyring.refuses.lock().unwrap() = None;
        assert_whole(&vault, SecretsPlace::Keyring).await;
    }
}

#[tokio::test]
async fn a_secret_that_the_old_place_does_not_let_go_is_counted_and_used_no_more() {
    let desk = Desk::new();
    let vault = desk.start();
    fill(&vault).await;
    desk.keyring.refuse("secret/key", Refusal::Delete);
    let moved = vault.move_to(SecretsPlace::File, known()).await.unwrap();
    assert_eq!((moved.count, moved.left), (4, 1));
    assert_whole(&desk.start(), SecretsPlace::File).await;
}

#[tokio::test]
async fn a_directory_that_takes_no_file_leaves_all_in_the_keyring() {
    let desk = Desk::new();
    let vault = desk.start();
    fill(&vault).await;
    // Nothing can be renamed over a directory with something in it.
    std::fs::create_dir_all(desk.dir.path().join("secrets.json.staged/x")).unwrap();
    vault.move_to(SecretsPlace::File, known()).await.unwrap_err();
    assert_whole(&vault, SecretsPlace::Keyring).await;
    assert_whole(&desk.start(), SecretsPlace::Keyring).await;
    assert_eq!(desk.in_keyring(), 4);
}

#[tokio::test]
async fn killed_between_any_two_steps_the_next_start_finds_every_secret() {
    // To the file: before it counts, and before the keyring is emptied.
    let desk = Desk::new();
    let vault = desk.start();
    fill(&vault).await;
    let from = vault.inner().await;
    let (names, all) = vault.read_all(&from, known()).await.unwrap();
    EncryptedFile::stage(desk.dir.path(), None, &all).unwrap();
    assert_whole(&desk.start(), SecretsPlace::Keyring).await;
    assert_eq!(desk.files(), ["secrets.key"], "what did not count is gone");
    EncryptedFile::stage(desk.dir.path(), None, &all).unwrap();
    EncryptedFile::publish(desk.dir.path()).unwrap();
    assert_whole(&desk.start(), SecretsPlace::File).await;
    assert_eq!(desk.in_keyring(), 4, "still there, and counting no more");

    // To the keyring: before the file counts no more, and before it is gone.
    desk.keyring.kept.set("secret/key", "stale").unwrap();
    let vault = desk.start();
    let keyring = Arc::clone(&desk.keyring) as Arc<dyn Secrets>;
    for number in 0..=all.len() {
        vault.copy_to_keyring(&keyring, &all[..number].to_vec(), &[]).await.unwrap();
        assert_whole(&desk.start(), SecretsPlace::File).await;
    }
    vault.copy_to_keyring(&keyring, &all, &names).await.unwrap();
    EncryptedFile::retire(desk.dir.path()).unwrap();
    assert_whole(&desk.start(), SecretsPlace::Keyring).await;
    assert_eq!(desk.files(), Vec::<String>::new(), "the next start clears up");
}

#[tokio::test]
async fn a_start_that_names_the_place_is_held_to() {
    let dir = tempfile::tempdir().unwrap();
    let kind = crate::config::SecretsKind::File { key: None };
    let vault = Vault::open(&kind, dir.path(), true).unwrap();
    assert!(vault.can_move().unwrap_err().to_string().contains("--secrets file"));
    let error = vault.move_to(SecretsPlace::Keyring, Vec::new()).await.unwrap_err();
    assert!(matches!(error, Unmoved::Fixed(_)), "{error}");
}

#[tokio::test]
async fn what_is_changed_while_all_are_moved_is_changed_where_they_are_then() {
    let desk = Desk::new();
    let vault = desk.start();
    fill(&vault).await;
    let changing = tokio::spawn({
        let vault = vault.clone();
        async move {
            for number in 0..50 {
                vault.set("secret/key", &format!("v{number}")).await.unwrap();
                let found = vault.get("secret/key").await.unwrap();
                assert_eq!(*found.unwrap(), format!("v{number}"), "none is lost");
            }
        }
    });
    for to in [SecretsPlace::File, SecretsPlace::Keyring, SecretsPlace::File] {
        vault.move_to(to, known()).await.unwrap();
    }
    changing.await.unwrap();
    assert_eq!(*desk.start().get("secret/key").await.unwrap().unwrap(), "v49");
}
