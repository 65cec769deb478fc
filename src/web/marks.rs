//! How a ring stands or turned out: a colour, a sign and a word, the same wherever it is shown.

use crate::dispatch::AttemptResult;
use crate::domain::Language;
use crate::store::AttemptSeen;

/// What is shown for one ring. The class gives a colour, and never stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
}

impl Mark {
    /// The mark of a ring, in this language.
    pub(super) fn of(seen: &AttemptSeen, language: Language) -> Self {
        let [class, sign, nl, en] = match seen.result {
            None if seen.accepted_at.is_some() => ["yes", "✓", "ja, verbonden", "yes, connected"],
            None if seen.picked_up_at.is_some() => {
                ["busy", "?", "hoort de vraag", "hears the question"]
            }
            None if seen.dialled => ["busy", "…", "gaat over", "rings"],
            None => ["busy", "…", "wordt zo gebeld", "is rung next"],
            Some(AttemptResult::Connected) => ["yes", "✓", "ja, verbonden", "yes, connected"],
            Some(AttemptResult::LateYes) => ["yes", "✓", "ja, maar te laat", "yes, but too late"],
            Some(AttemptResult::NotJoined) => {
                ["none", "–", "ja, niet verbonden", "yes, not connected"]
            }
            Some(AttemptResult::Declined) => ["no", "✕", "nu niet", "not now"],
            Some(AttemptResult::NotToday) => ["no", "✕", "vandaag niet meer", "not again today"],
            Some(AttemptResult::Stopped) => {
                ["no", "✕", "doet niet meer mee", "stopped taking part"]
            }
            Some(AttemptResult::Paused) => ["no", "✕", "neemt pauze", "takes a pause"],
            Some(AttemptResult::WantsDesk) => {
                ["no", "✕", "wil het loket spreken", "wants the desk"]
            }
            Some(AttemptResult::HungUp) => ["no", "✕", "hing op", "hung up"],
            Some(AttemptResult::Voicemail) => {
                ["none", "–", "stil of voicemail", "silent or voicemail"]
            }
            Some(AttemptResult::NoAnswer) => ["none", "–", "nam niet op", "no answer"],
            Some(AttemptResult::Busy) => ["none", "–", "in gesprek", "engaged"],
            Some(AttemptResult::Failed) => ["none", "–", "niet bereikbaar", "out of reach"],
            Some(AttemptResult::CallerEnded) => ["none", "–", "beller stopte", "caller stopped"],
            Some(AttemptResult::Lost) => ["none", "–", "niets meer gehoord", "nothing heard"],
            Some(AttemptResult::NotPlaced) => ["none", "–", "niet gebeld", "was not rung"],
        };
        Self { class, sign, word: language.pick(nl, en) }
    }
}
