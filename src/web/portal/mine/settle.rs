//! Writing down what somebody settles for themselves.

use crate::domain::ParticipantId;
use crate::store::{NewParticipant, Put, StoreError, Tx, Whose};
use crate::web::App;
use crate::web::fault::Fault;

/// Changes how somebody takes part, in one transaction with `also`. They were in touch: rings that
/// nobody answered are forgotten.
pub(super) async fn settle(
    app: &App,
    who: ParticipantId,
    change: impl FnOnce(&mut NewParticipant) + Send + 'static,
    also: impl FnOnce(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static,
) -> Result<(), Fault> {
    let now = app.exchange.now();
    let settled = app.exchange.store().write(move |tx| {
        let person = tx.person(who, &Whose::Everybody, now)?.ok_or(Fault::SessionOver)?;
        let mut changed = person.known.clone();
        change(&mut changed);
        if tx.correct_person(&person.known, changed, now)? == Put::Stopped {
            return Err(Fault::SessionOver);
        }
        tx.in_touch(who, now)?;
        also(tx)?;
        Ok::<_, Fault>(())
    });
    settled.await
}
