//! What whoever was rung about a sign-up answers.

use crate::domain::ParticipantId;
use crate::exchange::Failure;
use crate::exchange::leg::Leg;

/// They signed up: from now on they take part. Whether that was still open.
pub(in crate::exchange) fn confirm(
    leg: &mut Leg<'_, '_, '_>,
    who: ParticipantId,
) -> Result<bool, Failure> {
    Ok(leg.tx.confirm_sign_up(who, &leg.call.sid, leg.moment.now)?)
}

/// It was somebody else: nothing is left of it. What this call itself leaves is erased when it is
/// over.
pub(in crate::exchange) fn it_was_not_me(
    leg: &mut Leg<'_, '_, '_>,
    who: ParticipantId,
) -> Result<(), Failure> {
    Ok(leg.tx.it_was_not_them(who, leg.moment.now)?)
}
