//! What the window shows when the application cannot start: what happened and what to do, never a crash.

use std::fmt;
use std::path::PathBuf;

use ihook_app::StartError;
use tauri::http::{HeaderValue, Request, Response};
use tauri::{Manager, Runtime, UriSchemeContext, Url};

use crate::host::Host;

/// The page has a scheme of its own, because the UI is of no use without the application.
pub(crate) const SCHEME: &str = "ihook-start";

const PAGE: &str = include_str!("failure.html");
const AGAIN: &str = "/again";
/// Followed by the place of a backup in the list.
const RESTORE: &str = "/restore/";

/// Why there is no application.
#[derive(Clone, Debug)]
pub(crate) struct StartFailure {
    /// What happened and what to do, for the person at the window.
    advice: &'static str,
    /// The system's words, smaller.
    detail: String,
    /// Backups that could be put in the database's place, newest first.
    backups: Vec<PathBuf>,
}

impl StartFailure {
    pub(crate) fn no_data_directory() -> Self {
        let advice = "The system does not say where your data belongs. Set IHOOK_DATA_DIR to a folder and start iHook again.";
        Self { advice, detail: String::new(), backups: Vec::new() }
    }

    pub(crate) fn sandbox(error: &dyn fmt::Display) -> Self {
        Self {
            advice: "The sandbox's data could not be opened. Nothing of it was changed.",
            detail: error.to_string(),
            backups: Vec::new(),
        }
    }

    pub(crate) fn other(error: &dyn fmt::Display) -> Self {
        Self {
            advice: "What has been received so far is safe in the data folder.",
            detail: error.to_string(),
            backups: Vec::new(),
        }
    }

    fn html(&self) -> String {
        // Text from outside comes last, so that nothing in it is taken for a placeholder.
        PAGE.replace("{again}", AGAIN)
            .replace("{advice}", self.advice)
            .replace("{backups}", &self.offers())
            .replace("{detail}", &escaped(&self.detail))
    }

    /// A link for each backup.
    fn offers(&self) -> String {
        let link = |(place, backup): (usize, &PathBuf)| {
            let name = backup.file_name().unwrap_or_default().to_string_lossy();
            let name = escaped(&name).replace('{', "&#123;");
            format!("<li><a class=\"plain\" href=\"{RESTORE}{place}\">Restore {name}</a></li>")
        };
        let links: String = self.backups.iter().enumerate().map(link).collect();
        if links.is_empty() { links } else { format!("<ul>{links}</ul>") }
    }
}

impl From<StartError> for StartFailure {
    /// The options of `ihook serve`, which some of the application's messages name, are no help in a window.
    fn from(error: StartError) -> Self {
        match error {
            StartError::InUse { path } => Self {
                advice: "iHook is already open. Use the window that is there, or close it and try again.",
                detail: format!("The data folder is {path}"),
                backups: Vec::new(),
            },
            StartError::Address { address, reason, .. } => Self {
                advice: "Another program uses the address on which iHook receives webhooks. Close that program and try again.",
                detail: format!("{address}: {reason}"),
                backups: Vec::new(),
            },
            StartError::Store { error, copies, .. } => Self {
                advice: "The database cannot be opened. It was left as it is. A backup can be put in its place; \
                         the database that is there now is kept beside it.",
                detail: error.to_string(),
                backups: copies,
            },
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
    } else if let Some(place) = path.strip_prefix(RESTORE).and_then(|place| place.parse::<usize>().ok()) {
        host.start_again(failure.as_ref().and_then(|failure| failure.backups.get(place).cloned()));
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
        };
        let html = error.html();
        assert!(html.contains("href=\"/restore/0\">Restore ihook.before-update-1-1.db<"), "{html}");
        assert!(html.contains("href=\"/restore/1\">Restore &lt;&#123;detail}&gt;.db<"), "{html}");
    }

    #[test]
    fn a_taken_port_names_no_command_line_option() {
        let (address, reason) = ("127.0.0.1:8787".to_owned(), "in use".to_owned());
        let error = StartError::Address { address, purpose: "webhooks", flag: "--listen", reason };
        let words = StartFailure::from(error).to_string();
        assert!(words.contains("127.0.0.1:8787") && !words.contains("--"), "{words}");
    }
}
