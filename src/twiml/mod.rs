//! Writing TwiML: the only module that knows it. One document answers one webhook.
//!
//! Pure: verbs in, text out. Reading TwiML is the simulated carrier's business and shares nothing
//! with this.

/// One instruction to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Speak.
    Say {
        /// Plain text; escaped and stripped of control characters here.
        text: String,
        /// BCP 47 tag, `nl-NL`.
        language: &'static str,
        /// The provider's voice; `None`: the account's default.
        voice: Option<String>,
    },
    /// Play a sound.
    Play {
        /// Absolute address.
        url: String,
    },
    /// Silence, in whole seconds.
    Pause {
        /// 1 or more.
        seconds: u32,
    },
    /// Wait for keys while `prompts` are spoken. Silence comes back too (`actionOnEmptyResult`).
    Gather {
        /// Only `Say`, `Play` and `Pause`.
        prompts: Vec<Verb>,
        /// End after this many keys; `None`: `#` or a pause ends it.
        digits: Option<u8>,
        /// Seconds of silence after the prompts.
        timeout: u8,
        /// Absolute address that gets the keys.
        action: String,
    },
    /// Record what is said after a tone.
    Record {
        /// Longest, seconds.
        max_seconds: u16,
        /// Seconds of silence that end it.
        final_silence: u8,
        /// Whether a tone sounds first.
        beep: bool,
        /// Absolute address that is asked what comes next.
        action: String,
        /// Absolute address that is told when the sound can be fetched.
        status_callback: String,
    },
    /// Ring one number and join it with this leg, after it was screened.
    Dial {
        /// Whom, E.164.
        number: String,
        /// The number shown, E.164: the line's own (R8).
        caller_id: String,
        /// Seconds that the telephone really rings; the provider's surplus of about 5 s is
        /// subtracted here.
        ring_seconds: u32,
        /// Longest conversation, seconds.
        time_limit: u32,
        /// Absolute address asked when the dial is over.
        action: String,
        /// Absolute address asked when the number picked up; it decides whether they are joined.
        screening: Option<String>,
        /// Absolute address told how this leg goes.
        status_callback: Option<String>,
    },
    /// Go on with the document at this absolute address.
    Redirect {
        /// Absolute address.
        url: String,
    },
    /// End this leg.
    Hangup,
    /// Do not even answer the call.
    Reject,
}
