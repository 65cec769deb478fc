//! The table of addresses, by who asks.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::routing::{any, get, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::exchange::{FALLBACK, INCOMING, STATUS};
use crate::web::{App, desk, health, hooks, portal};

/// Every address of the exchange.
pub fn router(app: App) -> Router {
    let provider = Router::new()
        // Given to the provider by the organisation.
        .route(INCOMING, post(hooks::incoming))
        .route(FALLBACK, post(hooks::fallback))
        .route("/voice/fallback/dialled", post(hooks::fallback_dialled))
        .route("/voice/fallback/message", post(hooks::fallback_message))
        .route("/voice/fallback/recorded", post(hooks::fallback_recorded))
        .route(STATUS, post(hooks::line_status))
        // Handed out in answers: `exchange::Addresses` writes them.
        .route("/voice/leg/{call}/{step}", post(hooks::leg))
        .route("/voice/dialled/{call}/{step}/{attempt}", post(hooks::dialled))
        .route("/voice/transferred/{call}/{step}", post(hooks::transferred))
        .route("/voice/screening/{attempt}", post(hooks::screening))
        .route("/voice/attempt/{attempt}", post(hooks::attempt_status))
        .route("/voice/callback/{callback}", post(hooks::callback))
        .route("/voice/callback/{callback}/status", post(hooks::callback_status))
        .route("/voice/dialled-caller/{call}/{step}/{callback}", post(hooks::dialled_caller))
        .route("/voice/called-back/{desk_call}/status", post(hooks::called_back_status))
        .route("/voice/placed/{placed}", post(hooks::placed))
        .route("/voice/placed/{placed}/status", post(hooks::placed_status))
        .route("/voice/recording/{call}/{step}", post(hooks::recording))
        // Sounds, which providers fetch without a signature.
        .route("/voice/note/{token}", get(hooks::note))
        .route("/voice/audio/{name}", get(hooks::audio))
        .route("/voice/{*rest}", any(hooks::unknown));
    let technician = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics));
    // A panic is our fault and must not take the connection along.
    provider
        .merge(technician)
        .merge(desk::router(&app))
        .merge(portal::router(&app))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

/// What a listener is served with: handlers know which address asks.
pub fn service(router: Router) -> IntoMakeServiceWithConnectInfo<Router, SocketAddr> {
    router.into_make_service_with_connect_info()
}
