//! Callers who wait while one neighbour after another does not pick up.

use crate::client::{Call, Recorded, Wire, attribute, call};
use crate::servers::Town;

/// Somebody on the telephone, for whom a neighbour is rung.
pub(crate) struct Waiting {
    sid: String,
    number: u64,
    postcode: u16,
    rung: u32,
    /// What the exchange answered last: it rings somebody.
    said: String,
}

impl Waiting {
    /// Dials, chooses, and waits.
    pub(crate) async fn begin(wire: &mut Wire, town: &Town) -> Self {
        let mut call = call(wire, town);
        let mut said = call.post("/voice/incoming", call.about(None, "ringing", &[])).await;
        while attribute(&said, "Number url").is_none() {
            let action = attribute(&said, "action").expect("a question");
            let postcode = call.postcode.to_string();
            let keys = if said.contains("numDigits=\"4\"") { &postcode } else { "1" };
            said = call.post(&action, call.about(None, "in-progress", &[("Digits", keys)])).await;
        }
        Self { sid: call.sid, number: call.number, postcode: call.postcode, rung: 1, said }
    }

    /// Nobody picks up: the answer rings the next. Whether there was one.
    pub(crate) async fn rings_out(&mut self, wire: &mut Wire) -> bool {
        let (sid, recorded) = (self.sid.clone(), Recorded::default());
        let Self { number, postcode, .. } = *self;
        let mut call = Call { wire, sid, number, postcode, recorded };
        let action = attribute(&self.said, "action").expect("an action");
        let ended = [("DialCallStatus", "no-answer"), ("DialBridged", "false")];
        self.said = call.post(&action, call.about(None, "in-progress", &ended)).await;
        self.rung += 1;
        attribute(&self.said, "Number url").is_some()
    }

    /// The number of the leg, as the board names its row.
    pub(crate) fn row(&self) -> String {
        let action = attribute(&self.said, "action").expect("an action");
        let (_, path) = action.split_once("/voice/dialled/").expect("a dial");
        format!("c{}", path.split('/').next().unwrap_or_default())
    }
}
