//! One request's answer: what panics is answered 500, and the connection's place is given up when it is due.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::FutureExt;
use http_body_util::{Either, Empty};
use hyper::body::{Body, Frame, SizeHint};
use hyper::{Response, StatusCode};
use tower::{Service, ServiceExt};

use crate::stream::Watch;
use crate::{AnswerBody, Lasting};

/// Has the request answered, and tells the watch when that is done.
pub(crate) async fn answer<R, B: AnswerBody>(
    answers: impl Service<R, Response = Response<B>, Error = Infallible>,
    request: R,
    watch: Arc<Watch>,
) -> Result<Response<Watched<B>>, Infallible> {
    let due = Due(watch);
    // Nothing that panicked is used again but what is guarded where it lies.
    let answered = AssertUnwindSafe(async { answers.oneshot(request).await }).catch_unwind().await;
    let (parts, body) = match answered {
        Ok(Ok(response)) => {
            let (parts, body) = response.into_parts();
            (parts, Either::Left(body))
        }
        Ok(Err(never)) => match never {},
        Err(_panic) => {
            tracing::error!("listen.answer_panicked");
            let mut response = Response::new(Either::Right(Empty::new()));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response.into_parts()
        }
    };
    let due = parts.extensions.get::<Lasting>().map(|_| due);
    Ok(Response::from_parts(parts, Watched { body, _due: due }))
}

/// The request counts as answered when this is dropped.
struct Due(Arc<Watch>);

impl Drop for Due {
    fn drop(&mut self) {
        self.0.answered();
    }
}

/// An answer's body, which may keep its connection's place.
pub(crate) struct Watched<B> {
    body: Either<B, Empty<Bytes>>,
    _due: Option<Due>,
}

impl<B: AnswerBody> Body for Watched<B> {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use tower::service_fn;

    use super::*;
    use crate::stream::tests::watch_of_a_whole_request;

    #[tokio::test]
    async fn a_lasting_answer_keeps_its_place_until_its_body_ends_and_any_other_until_it_is_made() {
        for lasting in [false, true] {
            let watch = Arc::new(watch_of_a_whole_request());
            assert!(watch.is_answering());
            let answers = service_fn(async |()| {
                let mut response = Response::new(Empty::new());
                if lasting {
                    response.extensions_mut().insert(Lasting);
                }
                Ok(response)
            });
            let Ok(response) = answer(answers, (), Arc::clone(&watch)).await;
            assert_eq!(watch.is_answering(), lasting);
            drop(response);
            assert!(!watch.is_answering(), "the body is gone, whether it was sent or the connection ended");
        }
    }
}
