//! A leg at work: runs its flow from one turn to the next until the provider has something to do.

use std::sync::Arc;
use std::time::Duration;

use crate::carrier::Sid;
use crate::carrier::webhook::{LegStatus, Recording, Webhook};
use crate::dispatch::Input;
use crate::domain::{CallId, CallbackId, Language, Line, Phone, RequestId};
use crate::exchange::doors::{self, Door};
use crate::exchange::drive::{self, Ring};
use crate::exchange::outbox::Errand;
use crate::exchange::session::common;
use crate::exchange::speech::Speaker;
use crate::exchange::standing::{Doing, Recorded, Standing};
use crate::exchange::steps::{self, Found};
use crate::exchange::{Exchange, Failure, Moment, callback, status};
use crate::flow::{Event, Flows, Position, Turn, Utterance, Vars, Wait};
use crate::store::{Call, NewCall, Role, Tx};
use crate::twiml::Verb;

/// Longest conversation, seconds. Twice what people need; the provider's own limit is four hours.
const LONGEST_CALL_SECONDS: u32 = 2 * 3600;

/// How long a number of the organisation's choice rings.
const TRANSFER_RING: Duration = Duration::from_secs(30);

/// More doors than any honest flow opens within one answer.
const MOST_DOORS: usize = 30;

/// One leg while one webhook about it is answered.
pub(super) struct Leg<'a, 'tx, 'db> {
    pub(super) moment: &'a Moment,
    pub(super) tx: &'tx mut Tx<'db>,
    pub(super) line: &'a Line,
    pub(super) call: Call,
    pub(super) standing: Standing,
    pub(super) flows: Arc<Flows>,
    /// The step that is being answered.
    pub(super) step: u32,
    /// A telephone that the search already wants rung, until the flow is back at its object.
    pub(super) to_ring: Option<Ring>,
    /// The two are to be joined when this document ends.
    pub(super) joined: bool,
    /// Whether anybody hears what is answered. For somebody who has hung up nothing is begun.
    pub(super) present: bool,
}

/// A telephone that was picked up, and what its owner hears.
pub(super) struct Opening<'a> {
    /// The leg: whose it is, and how it came about.
    pub(super) call: NewCall,
    /// The flow that it begins with.
    pub(super) flow: &'a str,
    /// In which language.
    pub(super) language: Language,
    /// What that flow is told besides what every flow is.
    pub(super) vars: Vars,
}

impl Exchange {
    /// Keys, silence or a recording on a leg; answers what comes next.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn leg(&self, call: CallId, step: u32, webhook: Webhook) -> Result<String, Failure> {
        let told = (call, step, webhook.recording.is_some().then(|| webhook.clone()));
        let done = self.one_webhook(move |moment, tx| {
            let (call, standing) = match steps::find(tx, call, step, &webhook)? {
                Found::Repeat(answer) => return Ok(answer),
                Found::Over => return steps::hang_up(),
                Found::Waiting(leg) => *leg,
            };
            if standing.steered.is_some() && !matches!(webhook.status, LegStatus::Over(_)) {
                let leg = Leg::load(moment, tx, call, standing, step)?;
                return leg.go_where_the_desk_wants(webhook.fingerprint);
            }
            let event = match standing.doing {
                Doing::Record => Event::Recorded { seconds: seconds_of(&webhook) },
                Doing::Keys => match &webhook.digits {
                    Some(keys) => Event::Keys(keys.clone()),
                    None => Event::Silence,
                },
                // This step is another address's.
                Doing::Ring { .. }
                | Doing::RingCaller { .. }
                | Doing::Transfer
                | Doing::Nothing => {
                    return Err(Failure::UnknownLeg);
                }
            };
            let gone = matches!(webhook.status, LegStatus::Over(_));
            if gone {
                status::leg_over(moment, tx, &call)?;
            }
            if gone && webhook.recording.is_none() {
                return steps::hang_up();
            }
            let mut leg = Leg::load(moment, tx, call, standing, step)?;
            leg.present &= !gone;
            leg.take(webhook.recording.clone());
            leg.go_on(event, webhook.fingerprint)
        });
        self.or_unheard(done.await, told)
    }
}

fn seconds_of(webhook: &Webhook) -> u32 {
    webhook.recording.as_ref().map_or(0, |recording| recording.seconds)
}

impl<'a, 'tx, 'db> Leg<'a, 'tx, 'db> {
    /// A leg as it was stored.
    pub(super) fn load(
        moment: &'a Moment,
        tx: &'tx mut Tx<'db>,
        call: Call,
        standing: Standing,
        step: u32,
    ) -> Result<Self, Failure> {
        let line = moment.line_of(&call)?;
        let flows = moment.context.flows.of(standing.position.version(), tx)?;
        let present = call.ended_at.is_none();
        let (to_ring, joined) = (None, false);
        Ok(Self { moment, tx, line, call, standing, flows, step, to_ring, joined, present })
    }

    /// A leg that is opened, with the first turn of its flow: told once, since a repeat of the webhook
    /// finds the leg.
    pub(super) fn open(
        moment: &'a Moment,
        tx: &'tx mut Tx<'db>,
        flows: Arc<Flows>,
        opening: Opening<'_>,
    ) -> Result<(Self, Turn), Failure> {
        let call = tx.open_call(&opening.call)?;
        let mut vars = common(tx, moment.line_of(&call)?, moment.now)?;
        vars.extend(opening.vars);
        let (position, turn) = flows.start(opening.flow, opening.language, vars)?;
        Ok((Self::begin(moment, tx, call, position, flows)?, turn))
    }

    /// A leg at the beginning of its flow.
    pub(super) fn begin(
        moment: &'a Moment,
        tx: &'tx mut Tx<'db>,
        call: Call,
        position: Position,
        flows: Arc<Flows>,
    ) -> Result<Self, Failure> {
        let line = moment.line_of(&call)?;
        let (standing, present) = (Standing::at(position), call.ended_at.is_none());
        let (step, to_ring, joined) = (0, None, false);
        Ok(Self { moment, tx, line, call, standing, flows, step, to_ring, joined, present })
    }

    /// Takes up the recording that was made, if one was.
    pub(super) fn take(&mut self, recording: Option<Recording>) {
        if let Some(Recording { url, sid, seconds, .. }) = recording {
            let sid = sid.and_then(|sid| Sid::parse(&sid).ok());
            self.standing.recording = Some(Recorded { url, sid, seconds });
        }
    }

    /// The recording at hand if it is long enough to hold anything; a shorter one is deleted at the
    /// provider, since nobody will ever ask for it.
    pub(super) fn recording_of_at_least(
        &mut self,
        seconds: u32,
    ) -> Result<Option<Recorded>, Failure> {
        match self.standing.recording.take() {
            Some(Recorded { seconds: long, sid: Some(sid), .. }) if long < seconds => {
                Errand::DeleteRecording { sid }.post(self.moment, self.tx)?;
                Ok(None)
            }
            other => Ok(other.filter(|recording| recording.seconds >= seconds)),
        }
    }

    /// Resumes the flow and answers with what follows.
    pub(super) fn go_on(mut self, event: Event, fingerprint: [u8; 16]) -> Result<String, Failure> {
        let turn = self.resume(event)?;
        self.answer(turn, fingerprint)
    }

    /// Plays `turn` and what follows it, writes the answer down and gives it.
    pub(super) fn answer(mut self, turn: Turn, fingerprint: [u8; 16]) -> Result<String, Failure> {
        let verbs = self.play(turn)?;
        self.stop_what_the_flow_left()?;
        let (standing, now) = (&self.standing, self.moment.now);
        steps::answer(self.tx, &self.call, self.step, fingerprint, standing, &verbs, now)
    }

    /// Another flow of the same version, from its beginning, in the language of this one.
    fn go_over_to(&mut self, flow: &str, vars: Vars) -> Result<Turn, Failure> {
        let language = self.standing.position.language();
        let (position, turn) = self.flows.start(flow, language, vars)?;
        self.standing.position = position;
        Ok(turn)
    }

    /// What another call waited for when it was left.
    fn go_on_at(&mut self, position: Position) -> Result<Turn, Failure> {
        let (position, turn) = self.flows.again(position)?;
        self.standing.position = position;
        Ok(turn)
    }

    fn resume(&mut self, event: Event) -> Result<Turn, Failure> {
        // A failure ends this answer, and what is stored stays as it was.
        let position = std::mem::take(&mut self.standing.position);
        let (position, turn) = self.flows.resume(position, event)?;
        self.standing.position = position;
        Ok(turn)
    }

    /// One document: everything that is heard until the flow needs the telephone again.
    fn play(&mut self, mut turn: Turn) -> Result<Vec<Verb>, Failure> {
        let mut spoken = self.words_of_the_desk();
        for _ in 0..MOST_DOORS {
            spoken.append(&mut turn.spoken);
            turn = match turn.wait {
                Wait::Object { name, params } => match doors::open(self, &name, &params)? {
                    Door::Returned(vars) => self.resume(Event::Returned(vars))?,
                    Door::Rings(ring) => return Ok(self.ring(&spoken, ring, name)),
                    Door::RingsCaller(callback, phone) => {
                        return Ok(self.ring_caller(&spoken, callback, phone, name));
                    }
                    Door::Dials { phone, ring, reports_to } => {
                        return Ok(self.dial(&spoken, phone, ring, Some(reports_to)));
                    }
                    Door::Flow { name, vars } => self.go_over_to(&name, vars)?,
                    Door::GoesOn(position) => self.go_on_at(*position)?,
                },
                Wait::Transfer { dest } => match self.transfer(&spoken, &dest) {
                    Some(verbs) => return Ok(verbs),
                    None => self.resume(Event::Returned(doors::refused()))?,
                },
                wait => return Ok(self.wait(&spoken, wait)),
            };
        }
        Err(Failure::NoSuchDoor("an end".into()))
    }

    /// The verbs of a turn that waits for the person, or ends.
    fn wait(&mut self, spoken: &[Utterance], wait: Wait) -> Vec<Verb> {
        let mut verbs = self.speak(spoken);
        let addresses = &self.moment.context.addresses;
        let next = self.step + 1;
        match wait {
            Wait::Keys { digits, timeout, barge_in } => {
                self.standing.doing = Doing::Keys;
                let action = addresses.step(self.call.id, next);
                // A key interrupts only what is spoken inside.
                let prompts = if barge_in { std::mem::take(&mut verbs) } else { Vec::new() };
                verbs.push(Verb::Gather { prompts, digits, timeout, action });
                verbs
            }
            Wait::Record { max_seconds, final_silence, beep } => {
                self.standing.doing = Doing::Record;
                verbs.push(Verb::Record {
                    max_seconds,
                    final_silence,
                    beep,
                    action: addresses.step(self.call.id, next),
                    status_callback: addresses.recording(self.call.id, next),
                });
                verbs
            }
            // Only an accepted yes lets a document merely end: that joins the two. Everything
            // else, and silence above all, runs into a hang-up.
            Wait::Exit if self.joined => {
                self.standing.doing = Doing::Nothing;
                verbs
            }
            Wait::Exit | Wait::Disconnect | Wait::Object { .. } | Wait::Transfer { .. } => {
                self.standing.doing = Doing::Nothing;
                verbs.push(Verb::Hangup);
                verbs
            }
        }
    }

    /// Rings a candidate; the flow waits at its object.
    fn ring(&mut self, spoken: &[Utterance], ring: Ring, object: String) -> Vec<Verb> {
        let mut verbs = self.speak(spoken);
        let addresses = &self.moment.context.addresses;
        verbs.push(Verb::Dial {
            number: ring.phone,
            caller_id: self.line.number.clone(),
            ring_seconds: u32::try_from(ring.ring.as_secs()).unwrap_or(u32::MAX),
            ring_surplus_seconds: self.moment.context.capabilities.ring_surplus_seconds,
            time_limit: LONGEST_CALL_SECONDS,
            action: Some(addresses.dialled(self.call.id, self.step + 1, ring.attempt)),
            screening: Some(addresses.screening(ring.attempt)),
            status_callback: Some(addresses.attempt_status(ring.attempt)),
        });
        self.standing.doing = Doing::Ring { request: ring.request, attempt: ring.attempt, object };
        verbs
    }

    /// Rings the caller, from the leg of the neighbour who said yes.
    fn ring_caller(
        &mut self,
        spoken: &[Utterance],
        callback: CallbackId,
        phone: Phone,
        object: String,
    ) -> Vec<Verb> {
        let mut verbs = self.speak(spoken);
        let addresses = &self.moment.context.addresses;
        verbs.push(Verb::Dial {
            number: phone,
            caller_id: self.line.number.clone(),
            ring_seconds: u32::try_from(callback::RING.as_secs()).unwrap_or(u32::MAX),
            ring_surplus_seconds: self.moment.context.capabilities.ring_surplus_seconds,
            time_limit: LONGEST_CALL_SECONDS,
            action: Some(addresses.dialled_caller(self.call.id, self.step + 1, callback)),
            screening: Some(addresses.callback(callback)),
            status_callback: Some(addresses.callback_status(callback)),
        });
        self.standing.doing = Doing::RingCaller { callback, object };
        verbs
    }

    /// Puts through to a number that the organisation wrote into its flow, if the gate lets it.
    fn transfer(&mut self, spoken: &[Utterance], dest: &str) -> Option<Vec<Verb>> {
        let number = dest.strip_prefix("tel:")?;
        let phone = Phone::parse(number, self.moment.context.numbering).ok()?;
        let may_dial = self.moment.context.may_dial(&phone);
        if self.call.role != Role::Caller || !self.present || !may_dial {
            return None;
        }
        Some(self.dial(spoken, phone, TRANSFER_RING, None))
    }

    /// Dials a telephone and waits until its call is over.
    fn dial(
        &mut self,
        spoken: &[Utterance],
        phone: Phone,
        ring: Duration,
        reports_to: Option<String>,
    ) -> Vec<Verb> {
        let mut verbs = self.speak(spoken);
        verbs.push(Verb::Dial {
            number: phone,
            caller_id: self.line.number.clone(),
            ring_seconds: u32::try_from(ring.as_secs()).unwrap_or(u32::MAX),
            ring_surplus_seconds: self.moment.context.capabilities.ring_surplus_seconds,
            time_limit: LONGEST_CALL_SECONDS,
            action: Some(self.moment.context.addresses.transferred(self.call.id, self.step + 1)),
            screening: None,
            status_callback: reports_to,
        });
        self.standing.doing = Doing::Transfer;
        verbs
    }

    fn speak(&self, spoken: &[Utterance]) -> Vec<Verb> {
        let context = &self.moment.context;
        let can_pause = context.capabilities.pause;
        let (addresses, recordings) = (&context.addresses, &context.recordings);
        Speaker { line: self.line, addresses, recordings, can_pause }.verbs(spoken)
    }

    /// A flow that went elsewhere while the search had somebody in hand lets that person go.
    fn stop_what_the_flow_left(&mut self) -> Result<(), Failure> {
        if let Some(ring) = self.to_ring.take() {
            drive::feed(self.moment, self.tx, ring.request, Input::CallerStopped)?;
        }
        Ok(())
    }

    /// Ends the searches of a caller who no longer waits for them.
    pub(super) fn stop_search(&mut self, request: Option<RequestId>) -> Result<(), Failure> {
        if let Some(request) = request {
            drive::feed(self.moment, self.tx, request, Input::CallerStopped)?;
        }
        Ok(())
    }
}
