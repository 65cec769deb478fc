//! Writing TwiML: the only module that knows it. One document answers one webhook.
//!
//! Pure: verbs in, text out. Of what was written, only the words are ever read back ([`said()`]), for
//! the desk; carrying a document out is the simulated carrier's business and shares nothing with this. What is written is what every provider of the family understands; whether a provider
//! can screen at all, and how much longer than asked it rings, the caller must know.

mod document;
mod said;
mod text;

pub use document::{MAX_BYTES, TooLong, document};
pub use said::{Said, said};

use crate::domain::Phone;

/// One instruction to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Speak.
    Say {
        /// Plain text; escaped, stripped of control characters and cut into pieces that a voice
        /// accepts here. Empty text is not written.
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
        /// Only `Say`, `Play` and `Pause`; anything else is left out, because a provider would
        /// refuse the whole document for it.
        prompts: Vec<Verb>,
        /// End after this many keys; `None`: `#` or a pause ends it. With `Some(1)` every key
        /// counts, `#` too: a key that was pressed is not silence.
        digits: Option<u8>,
        /// Seconds of silence after the prompts, 1 or more.
        timeout: u8,
        /// Absolute address that gets the keys.
        action: String,
    },
    /// Record what is said after a tone.
    Record {
        /// Longest, seconds, 2 or more.
        max_seconds: u16,
        /// Seconds of silence that end it, 1 or more.
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
        /// Whom.
        number: Phone,
        /// The number shown: the line's own (R8).
        caller_id: Phone,
        /// Seconds that the telephone really rings, 10 to 600.
        ring_seconds: u32,
        /// Seconds that the provider adds to what is asked (about 5 at Twilio); subtracted here.
        ring_surplus_seconds: u32,
        /// Longest conversation, seconds, 60 to 14,400.
        time_limit: u32,
        /// Absolute address asked when the dial is over; without one, the next verb is carried out.
        action: Option<String>,
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

#[cfg(test)]
mod tests;
