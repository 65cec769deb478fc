//! Why an order of the desk was not carried out, in words for whoever gave it.

use crate::dispatch::choose::PassedOver;
use crate::domain::Language;

/// Why an order of the desk was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There is no such search.
    NoSuchSearch,
    /// The search has ended: a colleague was first, or it was over by itself.
    Ended,
    /// Somebody has said yes.
    SaidYes,
    /// The caller has hung up, or no longer waits.
    CallerGone,
    /// That ring is over.
    RingOver,
    /// The network has not told yet that the telephone rings.
    NotRingingYet,
    /// The search may not ring anybody any more.
    NoMoreRings,
    /// Another person was chosen to be next.
    AnotherIsNext,
    /// This person was chosen to be next already.
    NextAlready,
    /// This person may not be asked now.
    MayNotBeAsked(PassedOver),
    /// The desk's telephone rings or talks for us already.
    SeatTaken,
    /// The desk's telephone is of a kind that is not rung.
    SeatNotAllowed,
    /// The caller has hung up and left no number.
    NoNumber,
    /// There is no such promise.
    NoSuchPromise,
    /// The promise was kept already.
    KeptAlready,
    /// A colleague has taken the promise on.
    ColleagueHasIt,
    /// No number is known that the exchange may ring.
    NoNumberToRing,
    /// Nobody is called back for it now.
    NobodyCallsBack,
    /// There are no words.
    NothingToSay,
    /// The sentence is too long.
    TooLong,
    /// The sentence holds signs that cannot be spoken.
    Markup,
    /// The sentence holds a telephone number.
    Number,
    /// Enough waits to be heard.
    EnoughSaid,
    /// The same sentence waits to be heard.
    SaidAlready,
}

impl Why {
    /// What happened, and what can be done next.
    pub fn in_words(self, language: Language) -> String {
        let (nl, en) = match self {
            Self::NoSuchSearch => ("Deze zoektocht is er niet.", "There is no such search."),
            Self::Ended => (
                "De zoektocht is al voorbij. Misschien was een collega eerder.",
                "The search has ended already. Perhaps a colleague was first.",
            ),
            Self::SaidYes => (
                "Er heeft net iemand ja gezegd. De beller wordt verbonden.",
                "Somebody has just said yes. The caller is being connected.",
            ),
            Self::CallerGone => (
                "De beller heeft opgehangen of wacht niet meer. Bel zelf terug.",
                "The caller has hung up or no longer waits. Call back instead.",
            ),
            Self::RingOver => {
                ("Deze telefoon gaat niet meer over.", "This telephone does not ring any more.")
            }
            Self::NotRingingYet => (
                "De telefoon gaat nog niet over. Probeer het zo nog een keer.",
                "The telephone does not ring yet. Try again in a moment.",
            ),
            Self::NoMoreRings => (
                "In deze zoektocht is iedereen gebeld die gebeld mag worden.",
                "This search has rung as many people as it may.",
            ),
            Self::AnotherIsNext => (
                "Een collega koos net iemand anders als volgende.",
                "A colleague has just chosen somebody else to be next.",
            ),
            Self::NextAlready => (
                "Dit was al zo, misschien door een collega: deze buur wordt hierna gebeld.",
                "It was so already, perhaps by a colleague: this neighbour is rung next.",
            ),
            Self::MayNotBeAsked(why) => {
                return match language {
                    Language::Nl => format!("Kan nu niet: {}.", why.in_words(language)),
                    Language::En => format!("Not possible now: {}.", why.in_words(language)),
                };
            }
            Self::SeatTaken => (
                "Deze telefoon van het loket is in gesprek. Kies een andere.",
                "This telephone of the desk is engaged. Choose another.",
            ),
            Self::SeatNotAllowed => (
                "Dit nummer kan de centrale niet bellen. Kies een andere telefoon van het loket.",
                "The exchange cannot ring this number. Choose another telephone of the desk.",
            ),
            Self::NoNumber => (
                "De beller heeft opgehangen en liet geen nummer achter.",
                "The caller has hung up and left no number.",
            ),
            Self::NoSuchPromise => ("Deze belofte is er niet.", "There is no such promise."),
            Self::KeptAlready => {
                ("Deze belofte is al nagekomen.", "This promise has been kept already.")
            }
            Self::ColleagueHasIt => (
                "Een collega heeft deze belofte op zich genomen.",
                "A colleague has taken this promise on.",
            ),
            Self::NoNumberToRing => (
                "Er is geen nummer bekend dat de centrale kan bellen. Luister het bericht af.",
                "No number is known that the exchange can ring. Listen to the message.",
            ),
            Self::NobodyCallsBack => (
                "Hiervoor wordt nu niet gebeld. Misschien was het gesprek net voorbij.",
                "Nobody is being called back for this now. Perhaps the call was just over.",
            ),
            Self::NothingToSay => ("Typ eerst een zin.", "Type a sentence first."),
            Self::TooLong => (
                "De zin is te lang: hoogstens 200 tekens.",
                "The sentence is too long: at most 200 characters.",
            ),
            Self::Markup => (
                "De tekens < en > kunnen niet worden voorgelezen. Haal ze weg.",
                "The signs < and > cannot be spoken. Take them out.",
            ),
            Self::Number => (
                "Er staat een telefoonnummer in de zin. Dat zeggen wij niet tegen een beller.",
                "There is a telephone number in the sentence. We do not tell a caller those.",
            ),
            Self::EnoughSaid => (
                "De beller krijgt al drie zinnen te horen. Wacht even.",
                "The caller will hear three sentences already. Wait a moment.",
            ),
            Self::SaidAlready => (
                "De beller krijgt deze zin al te horen, misschien van een collega.",
                "The caller will hear this sentence already, perhaps from a colleague.",
            ),
        };
        language.pick(nl, en).to_owned()
    }
}
