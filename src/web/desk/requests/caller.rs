//! Whoever is on the telephone with the desk, as far as their call tells: the form for a new request
//! begins with it.
//!
//! Their number stays masked, as everywhere. The form names the call, and the number is read from
//! there when it comes back, unless another one was typed.

use super::super::board::first_name;
use super::super::fault::Fault;
use super::super::signed_in::{Fields, SignedIn};
use super::ONE_LOOK;
use crate::domain::{About, CallId, Deed, Phone, Postcode};
use crate::store::{OnThePhone, StoreError};
use crate::web::App;

/// The name of the field, in the form and in the address.
pub(super) const FIELD: &str = "gesprek";

/// Somebody on the telephone, and the leg that they are on.
pub(super) struct Caller {
    pub(super) call: CallId,
    pub(super) known: OnThePhone,
}

impl Caller {
    /// The caller whose leg is named here, if they are for this operator to see.
    pub(super) async fn named_in(
        app: &App,
        you: &SignedIn,
        form: &Fields,
    ) -> Result<Option<Self>, Fault> {
        let Ok(call) = form.get(FIELD).parse().map(CallId) else { return Ok(None) };
        let known = app.exchange.store().read(move |tx| tx.on_the_phone(call)).await?;
        let theirs = known.filter(|known| you.operator.sees(&known.line, known.postcode));
        Ok(theirs.map(|known| Self { call, known }))
    }

    /// Their number, if it can be called back.
    pub(super) fn phone(&self) -> Option<&Phone> {
        self.known.phone.as_ref()
    }

    /// The form as their call fills it in.
    pub(super) fn filled_in(&self, app: &App, you: &SignedIn) -> Fields {
        let known = &self.known;
        let line = app.exchange.context().line(known.line.e164());
        let works_in = |place: &Postcode| line.is_some_and(|line| line.area.contains(place));
        let own = known.participant.as_ref().and_then(|(_, _, place)| *place);
        let own = own.filter(|place| you.operator.sees(&known.line, Some(*place)));
        let place = known.postcode.or(own).filter(works_in);
        let name = known.participant.as_ref().map_or("", |(_, name, _)| first_name(name));
        let fields = [
            (FIELD, self.call.to_string()),
            ("via", "telefoon".to_owned()),
            ("naam", name.to_owned()),
            ("dienst", known.service.as_ref().map_or(String::new(), ToString::to_string)),
            ("postcode", place.map_or(String::new(), |place| place.to_string())),
            ("lijn", known.line.e164().to_owned()),
            ("taal", known.language.map_or(String::new(), |taal| taal.code().to_owned())),
            ("aan_de_lijn", if known.seat.is_some() { "ja" } else { "" }.to_owned()),
        ];
        Fields::of(fields.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// Writes down that a participant was looked at; several looks within a while are one.
    pub(super) async fn looked_at(&self, app: &App, you: &SignedIn) -> Result<(), Fault> {
        let Some((who, ..)) = self.known.participant else { return Ok(()) };
        let (now, by) = (app.exchange.now(), you.operator.id);
        let written = app.exchange.store().write(move |tx| {
            let about = About::Participant(who);
            if !tx.audited_since(by, Deed::ParticipantSeen, &about, now - ONE_LOOK)? {
                tx.audit(by, Deed::ParticipantSeen, &about, now)?;
            }
            Ok::<_, StoreError>(())
        });
        Ok(written.await?)
    }
}
