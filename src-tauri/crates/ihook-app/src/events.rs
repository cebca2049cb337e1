//! Tells screens what changed. An event carries a topic that maps to what a screen has loaded, never data.

use serde::Serialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use ts_rs::TS;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// Runs were added or moved on.
    Runs,
    /// A request was refused, or one that had been was released.
    Deliveries,
    /// A workflow was saved, published, moved to another state.
    Workflows,
    /// A connection was saved, or its state changed.
    Connections,
    /// Settings were saved.
    Settings,
    /// A workflow, or the program itself, asks for a desktop notification.
    Notice,
    /// Events were lost: anything may have changed.
    All,
}

impl Topic {
    /// Those that a read can depend on.
    pub(crate) const OF_DATA: [Self; 5] =
        [Self::Runs, Self::Deliveries, Self::Workflows, Self::Connections, Self::Settings];

    /// The name on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Deliveries => "deliveries",
            Self::Workflows => "workflows",
            Self::Connections => "connections",
            Self::Settings => "settings",
            Self::Notice => "notice",
            Self::All => "all",
        }
    }
}

/// What a notification says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Notice {
    /// A few words.
    pub title: String,
    /// A sentence.
    pub message: String,
}

/// A change; `id` narrows it to one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "AppEvent", optional_fields)]
pub struct Event {
    /// What changed.
    pub topic: Topic,
    /// Which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// With the topic `notice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

impl Event {
    /// What is told in place of events that were lost.
    #[must_use]
    pub fn everything() -> Self {
        Self { topic: Topic::All, id: None, notice: None }
    }
}

/// The next event, or [`Event::everything`] where some were lost; none once the application is gone.
pub async fn next_event(events: &mut broadcast::Receiver<Event>) -> Option<Event> {
    match events.recv().await {
        Ok(event) => Some(event),
        Err(RecvError::Lagged(_lost)) => Some(Event::everything()),
        Err(RecvError::Closed) => None,
    }
}

/// Where events are announced. A listener that falls behind loses the oldest and loads afresh.
#[derive(Clone, Debug)]
pub struct Events(broadcast::Sender<Event>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::channel(1024).0)
    }
}

impl Events {
    /// Announces a change of one thing.
    #[expect(clippy::needless_pass_by_value, reason = "ids are copied, names are borrowed")]
    pub fn changed(&self, topic: Topic, id: impl ToString) {
        // In a burst with no window open this is not worth the words.
        if self.0.receiver_count() > 0 {
            self.send(Event { topic, id: Some(id.to_string()), notice: None });
        }
    }

    /// Announces a change of unknown extent.
    pub fn all_changed(&self, topic: Topic) {
        self.send(Event { topic, id: None, notice: None });
    }

    /// Announces something to be shown to a person.
    pub fn notice(&self, notice: Notice) {
        self.send(Event { topic: Topic::Notice, id: None, notice: Some(notice) });
    }

    /// Calls a person to the dashboard, where the reason stands.
    pub(crate) fn alarm(&self, title: &str) {
        let message = "Open the dashboard to see why.".to_owned();
        self.notice(Notice { title: title.to_owned(), message });
    }

    /// From now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }

    fn send(&self, event: Event) {
        // Nobody listening is no fault.
        let _ = self.0.send(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_missed_events_is_told_that_anything_may_have_changed_and_then_what_did() {
        let events = Events::default();
        let mut listener = events.subscribe();
        for run in 0..2000 {
            events.changed(Topic::Runs, run);
        }
        assert_eq!(next_event(&mut listener).await, Some(Event::everything()));
        let after = next_event(&mut listener).await.unwrap();
        assert_eq!((after.topic, after.id.as_deref()), (Topic::Runs, Some("976")), "the oldest that is left");
        drop(events);
        while next_event(&mut listener).await.is_some() {}
    }
}
