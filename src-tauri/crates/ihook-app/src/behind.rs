//! What stands behind the open listeners: the application, or the reason why there is none at the moment.

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::App;
use crate::error::WireError;

/// Shared by the listeners and whoever starts and stops the application.
#[derive(Clone, Debug)]
pub(crate) struct Behind(Arc<RwLock<State>>);

#[derive(Debug)]
enum State {
    Open {
        app: App,
        requests: TaskTracker,
    },
    /// With the reason, in a sentence for those who hold the admin token.
    Closed(String),
}

/// The application for the length of one request, which its end waits for.
pub(crate) struct Inside {
    pub(crate) app: App,
    _request: TaskTrackerToken,
}

impl Inside {
    /// Answers a command; the application does not end before that is done.
    pub(crate) async fn call(self, name: &str, request: Value) -> Result<Value, WireError> {
        self.app.call(name, request).await
    }
}

impl Behind {
    /// Nothing yet.
    pub(crate) fn closed(reason: &str) -> Self {
        Self(Arc::new(RwLock::new(State::Closed(reason.to_owned()))))
    }

    /// The application, for one request.
    ///
    /// # Errors
    /// The reason why there is none.
    pub(crate) fn enter(&self) -> Result<Inside, String> {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open { app, requests } => Ok(Inside { app: app.clone(), _request: requests.token() }),
            State::Closed(reason) => Err(reason.clone()),
        }
    }

    /// From now on requests go to `app`.
    pub(crate) fn open(&self, app: App) {
        self.set(State::Open { app, requests: TaskTracker::new() });
    }

    /// Lets no more requests in. The future ends once those inside have their answers.
    pub(crate) fn close(&self, reason: &str) -> impl Future<Output = ()> + use<> {
        let before = self.set(State::Closed(reason.to_owned()));
        async move {
            if let State::Open { requests, .. } = before {
                requests.close();
                requests.wait().await;
            }
        }
    }

    fn set(&self, state: State) -> State {
        std::mem::replace(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner), state)
    }
}
