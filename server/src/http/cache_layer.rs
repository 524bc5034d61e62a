//! The outermost layer: it assigns the request ids, and responds with a cached page if there is one.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use tokio_util::sync::CancellationToken;
use tower::{ServiceExt, service_fn};

use super::{page_cache::PageCache, request_id};
use crate::ops::shutdown;

/// The router behind the page cache.
struct Front {
    router: Router,
    kept: Option<PageCache>,
    stopping: CancellationToken,
}

/// Returns a router that responds from the page cache `kept`, if there is one, or from `router`. While the program is
/// `stopping`, it asks clients to close their connections.
pub(crate) fn before(router: Router, kept: Option<PageCache>, stopping: CancellationToken) -> Router {
    let front = Arc::new(Front {
        router,
        kept,
        stopping,
    });
    Router::new().fallback_service(service_fn(move |request| {
        let front = Arc::clone(&front);
        async move { Ok::<_, Infallible>(front.answer(request).await) }
    }))
}

impl Front {
    async fn answer(&self, mut request: Request) -> Response {
        let id = request_id::give(&mut request);
        let router = self.router.clone();
        let mut response = match &self.kept {
            Some(kept) => kept.answer(request, router).await,
            None => passed_on(request, router).await,
        };
        shutdown::last_answer(&self.stopping, &mut response);
        request_id::show(id, &mut response);
        response
    }
}

/// Returns the response of `router`.
pub(crate) async fn passed_on(request: Request, router: Router) -> Response {
    router.oneshot(request).await.into_response()
}
