//! The exchange put together from its rooms: once here, for `serve`, the demo and the tests alike.

use std::sync::Arc;
use std::time::Duration;

use crate::carrier::client::{Access, BadAccess};
use crate::carrier::dialect::Kind;
use crate::carrier::signature::Secrets;
use crate::carrier::{Carrier, RestCarrier};
use crate::config::{Config, Provider, ProviderKind, Secret};
use crate::exchange::{Addresses, Clock, Context, Exchange, Recordings, Shelf};
use crate::flow::Flows;
use crate::store::Store;
use crate::store::key::Keys;
use crate::telemetry::Metrics;
use crate::web::App;
use crate::web::desk::{Board, Desk};
use crate::web::hooks::Gate;
use crate::web::portal::Portal;

/// What an exchange is made of besides its configuration.
pub struct Rooms {
    /// What is said.
    pub flows: Flows,
    /// All state.
    pub store: Arc<Store>,
    /// What makes addresses of voice notes.
    pub keys: Keys,
    /// The provider's REST side.
    pub carrier: Arc<dyn Carrier>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What the technician sees.
    pub metrics: Arc<Metrics>,
}

/// An exchange with its web side. Nothing is asked or answered yet.
pub fn exchange(config: &Config, rooms: Rooms) -> App {
    let dialect = kind(config.provider.kind).dialect();
    let context = Context {
        addresses: Addresses::below(&config.public_url),
        lines: config.lines.clone(),
        referrals: config.referrals.clone(),
        numbering: config.numbering,
        capabilities: dialect.capabilities(),
        call_interval: Duration::from_secs(1) / config.provider.calls_per_second,
        flows: Arc::new(Shelf::with(rooms.flows)),
        recordings: Recordings::of(config.flows.as_deref()),
        token_key: rooms.keys.voice_notes,
        message_key: rooms.keys.messages,
    };
    let gate = Gate {
        dialect,
        secrets: Secrets::new(config.provider.webhook_keys.iter().map(Secret::reveal)),
        public_url: config.public_url.clone(),
    };
    let desk = Desk::new(&config.desk, &config.public_url, rooms.keys.second_factors);
    let exchange = Exchange::new(context, rooms.store, rooms.carrier, rooms.clock, rooms.metrics);
    let exchange = Arc::new(exchange);
    let board = Arc::new(Board::on(Arc::clone(&exchange)));
    let portal = Arc::new(Portal::new(&config.lines, &config.public_url));
    App { exchange, gate: Arc::new(gate), desk: Arc::new(desk), portal, board }
}

/// The provider of the configuration, over HTTP.
///
/// # Errors
/// [`BadAccess`] when no client can be made of the settings.
pub fn carrier(provider: &Provider) -> Result<RestCarrier, BadAccess> {
    RestCarrier::new(Access {
        kind: kind(provider.kind),
        account: provider.account.clone(),
        token: provider.auth_token.reveal().to_owned(),
        api_base: provider.api_base.clone(),
        application: provider.application.clone(),
    })
}

fn kind(kind: ProviderKind) -> Kind {
    match kind {
        ProviderKind::Twilio => Kind::Twilio,
        ProviderKind::SignalWire => Kind::SignalWire,
        ProviderKind::Telnyx => Kind::Telnyx,
    }
}
