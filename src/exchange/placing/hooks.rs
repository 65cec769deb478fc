//! What the provider says about a placed call: that somebody picked up, and how it goes. Either may
//! come before the answer to the order itself, twice, late, or about a second call made by mistake.

use super::asking::watch;
use super::{let_go, placed_over, purpose};
use crate::carrier::Sid;
use crate::carrier::webhook::{LegStatus, Webhook};
use crate::domain::{Language, PlacedId};
use crate::exchange::outbox::Errand;
use crate::exchange::{Exchange, Failure, Moment, steps};
use crate::store::{Placed, PlacedState, Tx};
use crate::twiml::{self, Verb};

impl Exchange {
    /// Somebody picked up a call that the exchange placed.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn placed(&self, placed: PlacedId, webhook: Webhook) -> Result<String, Failure> {
        self.one_webhook(move |moment, tx| {
            let Some(placed) = recognised(moment, tx, placed, &webhook)? else {
                return steps::hang_up();
            };
            if let Some(call) = tx.call_by_sid(&webhook.call_sid)? {
                return match tx.answer_given(call.id, 0)? {
                    Some(given) => Ok(given.answer),
                    None => steps::hang_up(),
                };
            }
            if placed.unwanted || placed.state == PlacedState::Over {
                return no_longer_needed(moment, &placed);
            }
            tx.placed_answered(placed.id)?;
            watch(moment, tx, &Placed { state: PlacedState::Answered, ..placed.clone() })?;
            purpose::picked_up(moment, tx, &placed, &webhook)
        })
        .await
    }

    /// How a call goes that the exchange placed.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then, and a repeat of the report is welcome.
    pub async fn placed_status(&self, placed: PlacedId, webhook: Webhook) -> Result<(), Failure> {
        self.one_webhook(move |moment, tx| {
            match (recognised(moment, tx, placed, &webhook)?, webhook.status) {
                (Some(placed), LegStatus::Over(ending)) => placed_over(moment, tx, &placed, ending),
                _ => Ok(()),
            }
        })
        .await
    }
}

/// The placed call that a webhook speaks of. Its id is learned here when the answer to the order
/// has not come, or never will; none when the leg is another than ours, which is then let go.
fn recognised(
    moment: &Moment,
    tx: &mut Tx<'_>,
    id: PlacedId,
    webhook: &Webhook,
) -> Result<Option<Placed>, Failure> {
    let placed = tx.placed(id)?.ok_or(Failure::UnknownLeg)?;
    match &placed.sid {
        Some(sid) if *sid == webhook.call_sid => Ok(Some(placed)),
        Some(_) => {
            second_leg(moment, tx, &placed, webhook)?;
            Ok(None)
        }
        None if placed.tries == 0 || tx.knows_sid(&webhook.call_sid)? => Err(Failure::UnknownLeg),
        None => {
            tx.placed_has_sid(id, &webhook.call_sid)?;
            let placed = tx.placed(id)?.ok_or(Failure::UnknownLeg)?;
            watch(moment, tx, &placed)?;
            if placed.unwanted {
                let_go(moment, tx, &placed)?;
            }
            Ok(Some(placed))
        }
    }
}

/// The provider made the call although it had been looked up in vain, and then made it again. One
/// of the two rings on; this one is stopped.
fn second_leg(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    webhook: &Webhook,
) -> Result<(), Failure> {
    // Only an order that was given more than once can have led to it; anything else is a mix-up.
    if placed.tries < 2 {
        return Err(Failure::UnknownLeg);
    }
    tracing::error!(placed = placed.id.0, "placed.made_twice: the second call is stopped");
    match (webhook.status, Sid::parse(&webhook.call_sid)) {
        (LegStatus::Over(_), _) | (_, Err(_)) => Ok(()),
        (_, Ok(sid)) => Errand::HangUp { sid }.post(moment, tx),
    }
}

/// Whoever picks up a call that nobody needs any more hears so.
fn no_longer_needed(moment: &Moment, placed: &Placed) -> Result<String, Failure> {
    let line = moment.context.line(placed.line.e164()).ok_or(Failure::UnknownLine)?;
    let mut verbs: Vec<Verb> = line
        .languages
        .iter()
        .map(|language| Verb::Say {
            text: match language {
                Language::Nl => {
                    format!("Dag, dit is {}. Het is al opgelost. Dank u wel.", line.name)
                }
                Language::En => {
                    format!("Hello, this is {}. It has been solved already. Thank you.", line.name)
                }
            },
            language: language.tag(),
            voice: line.voice.get(language).cloned(),
        })
        .collect();
    verbs.push(Verb::Hangup);
    Ok(twiml::document(&verbs)?)
}
