//! Row identities, one type each, so that an attempt can never be passed where a call is meant.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(
            /// The row number in the database; positive, never used again.
            pub i64,
        );

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A person known to the exchange.
    ParticipantId
);
id!(
    /// Somebody's question: a service at a place.
    RequestId
);
id!(
    /// One candidate being rung once for one request.
    AttemptId
);
id!(
    /// A leg: one telephone call of the provider, ours to answer.
    CallId
);
id!(
    /// Somebody who works at the desk.
    OperatorId
);
id!(
    /// One ring of a caller who is called back.
    CallbackId
);
id!(
    /// A call that the exchange places itself; the key that goes with it to the provider.
    PlacedId
);
id!(
    /// A question that was filled in on the web, before it is a request.
    QuestionId
);
id!(
    /// What somebody offers on the board.
    OfferId
);
