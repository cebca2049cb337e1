//! What the window shows when the application cannot start: what happened and what to do, never a crash.

use std::fmt;
use std::path::PathBuf;

use ihook_app::StartError;
use ihook_app::error::OpenError;
use tauri::http::{HeaderValue, Request, Response};
use tauri::{Manager, Runtime, UriSchemeContext, Url};

use crate::host::{First, Host};

/// The page has a scheme of its own, because the UI is of no use without the application.
pub(crate) const SCHEME: &str = "ihook-start";

const PAGE: &str = include_str!("failure.html");
const AGAIN: &str = "/again";
/// Followed by the place of a backup in the list.
const RESTORE: &str = "/restore/";
const ANEW: &str = "/anew";

/// Why there is no application.
#[derive(Clone, Debug)]
pub(crate) struct StartFailure {
    /// What happened and what to do, for the person at the window.
    advice: &'static str,
    /// The system's words, smaller.
    detail: String,
    /// Backups that could be put in the database's place, newest first.
    backups: Vec<PathBuf>,
    /// Whether the database is lost, so that an empty one could take its place.
    lost: bool,
    /// Whether only room on the disk is missing.
    disk_full: bool,
}

impl StartFailure {
    pub(crate) fn no_data_directory() -> Self {
        let advice = "The system does not say where your data belongs. Set IHOOK_DATA_DIR to a folder and start iHook again.";
        Self::plain(advice, String::new())
    }

    fn plain(advice: &'static str, detail: String) -> Self {
        Self { advice, detail, backups: Vec::new(), lost: false, disk_full: false }
    }

    /// Whether it may pass by itself.
    pub(crate) fn is_temporary(&self) -> bool {
        self.disk_full
    }

    pub(crate) fn sandbox(error: &dyn fmt::Display) -> Self {
        Self::plain("The sandbox's data could not be opened. Nothing of it was changed.", error.to_string())
    }

    pub(crate) fn other(error: &dyn fmt::Display) -> Self {
        Self::plain("What has been received so far is safe in the data folder.", error.to_string())
    }

    fn html(&self) -> String {
        // Text from outside comes last, so that nothing in it is taken for a placeholder.
        PAGE.replace("{again}", AGAIN)
            .replace("{advice}", self.advice)
            .replace("{backups}", &self.offers())
            .replace("{detail}", &escaped(&self.detail))
    }

    /// A link for each backup, and one for none.
    fn offers(&self) -> String {
        let link = |(place, backup): (usize, &PathBuf)| {
            let name = backup.file_name().unwrap_or_default().to_string_lossy();
            let name = escaped(&name).replace('{', "&#123;");
            format!("<li><a class=\"plain\" href=\"{RESTORE}{place}\">Restore {name}</a></li>")
        };
        let mut links: String = self.backups.iter().enumerate().map(link).collect();
        if self.lost {
            links.push_str(&format!(
                "<li><a class=\"plain\" href=\"{ANEW}\">Start with an empty database</a></li>"
            ));
        }
        if links.is_empty() { links } else { format!("<ul>{links}</ul>") }
    }
}

impl From<StartError> for StartFailure {
    /// The options of `ihook serve`, which some of the application's messages name, are no help in a window.
    fn from(error: StartError) -> Self {
        match error {
            full if full.is_disk_full() => Self {
                disk_full: true,
                ..Self::plain(
                    "The disk is full. Webhooks are answered so that their senders keep them. iHook starts by itself \
                     once there is room.",
                    full.to_string(),
                )
            },
            StartError::InUse { path } => Self::plain(
                "iHook is already open. Use the window that is there, or close it and try again.",
                format!("The data folder is {path}"),
            ),
            StartError::Address { address, reason, .. } => Self::plain(
                "Another program uses the address on which iHook receives webhooks. Close that program and try again.",
                format!("{address}: {reason}"),
            ),
            StartError::Store { error, copies, .. } => {
                let lost = matches!(*error, OpenError::Lost { .. });
                let advice = if lost {
                    "The database is gone. If it was moved, put it back and try again. Else a backup can take its \
                     place, or an empty database: without the workflows and runs that were in the one before."
                } else {
                    "The database cannot be opened. It was left as it is. A backup can be put in its place; the \
                     database that is there now is kept beside it."
                };
                Self { advice, detail: error.to_string(), backups: copies, lost, disk_full: false }
            }
            other => Self::other(&other),
        }
    }
}

impl fmt::Display for StartFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.advice, self.detail)
    }
}

/// Where the page is. Windows has no schemes of a program's own: there they are hosts.
pub(crate) fn address() -> Option<Url> {
    let address =
        if cfg!(windows) { format!("http://{SCHEME}.localhost/") } else { format!("{SCHEME}://localhost/") };
    Url::parse(&address).ok()
}

/// Answers the page. Its button asks for it once more, at the address that makes the application start again.
#[expect(clippy::needless_pass_by_value, reason = "the signature is Tauri's")]
pub(crate) fn page<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
) -> Response<Vec<u8>> {
    let host = context.app_handle().state::<Host>();
    let failure = host.failure();
    let path = request.uri().path();
    if path == AGAIN {
        host.start_again(None);
    } else if path == ANEW {
        host.start_again(Some(First::Anew));
    } else if let Some(place) = path.strip_prefix(RESTORE).and_then(|place| place.parse::<usize>().ok()) {
        let backup = failure.as_ref().and_then(|failure| failure.backups.get(place).cloned());
        host.start_again(backup.map(First::Restore));
    }
    let html = failure.map_or_else(String::new, |failure| failure.html());
    let mut response = Response::new(html.into_bytes());
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_to_do_and_shows_words_as_text() {
        let html =
            StartFailure::from(StartError::InUse { path: "/data/<b>\"x\"&{advice}".to_owned() }).html();
        assert!(html.contains("iHook is already open."), "{html}");
        assert!(
            html.contains("/data/&lt;b&gt;&quot;x&quot;&amp;{advice}"),
            "nothing in a path is markup: {html}"
        );
    }

    #[test]
    fn backups_of_a_damaged_database_are_offered() {
        let error = StartFailure {
            advice: "",
            detail: String::new(),
            backups: vec!["/data/ihook.before-update-1-1.db".into(), "/data/<{detail}>.db".into()],
            lost: false,
            disk_full: false,
        };
        let html = error.html();
        assert!(!html.contains(ANEW), "only where there is no database: {html}");
        assert!(html.contains("href=\"/restore/0\">Restore ihook.before-update-1-1.db<"), "{html}");
        assert!(html.contains("href=\"/restore/1\">Restore &lt;&#123;detail}&gt;.db<"), "{html}");
    }

    #[test]
    fn a_lost_database_can_be_begun_anew() {
        let error = Box::new(OpenError::Lost { path: "/data/ihook.db".into() });
        let lost = StartError::Store { error, data_dir: "/data".into(), copies: Vec::new() };
        let html = StartFailure::from(lost).html();
        assert!(html.contains("href=\"/anew\">Start with an empty database<"), "{html}");
        assert!(html.contains("/data/ihook.db is missing") && !html.contains("--"), "{html}");
    }

    #[test]
    fn a_full_disk_is_tried_again_and_offers_no_backup() {
        let reason = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let failure = StartFailure::from(StartError::Directory { path: "/data".to_owned(), reason });
        assert!(failure.is_temporary(), "{failure}");
        assert!(failure.to_string().contains("The disk is full."), "{failure}");
    }

    #[test]
    fn a_taken_port_names_no_command_line_option() {
        let (address, reason) = ("127.0.0.1:8787".to_owned(), "in use".to_owned());
        let error = StartError::Address { address, purpose: "webhooks", flag: "--listen", reason };
        let words = StartFailure::from(error).to_string();
        assert!(words.contains("127.0.0.1:8787") && !words.contains("--"), "{words}");
    }
}
