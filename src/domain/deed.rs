//! What is written in the audit trail: who did what, about whom. Words and row numbers, never
//! content.

use serde::{Deserialize, Serialize};

use super::{CallId, Language, OperatorId, ParticipantId, Phone, RequestId};

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident, $nl:literal, $en:literal;)*) => {
        /// Something that an operator did. Another one is one line here: the name, and what the
        /// audit page says, in Dutch and in English ("Anneke ...").
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Deed {
            $($(#[$doc])* #[doc = $en] $name,)*
        }

        impl Deed {
            /// Every deed.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What the audit page says, after the operator's name.
            pub fn sentence(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Nl) => $nl, (Self::$name, Language::En) => $en,)*
                }
            }
        }
    };
}

deeds! {
    // logging in
    LoggedIn, "logde in", "logged in";
    LoggedOut, "logde uit", "logged out";
    LoggedOutEverywhere, "logde overal uit", "logged out everywhere";
    PasswordChanged, "kreeg een ander wachtwoord", "got another password";
    SecondFactorSet, "kreeg een tweede stap bij het inloggen", "got a second step for logging in";
    SecondFactorReset, "raakte de tweede stap bij het inloggen kwijt", "lost the second step for logging in";
    RecoveryCodeUsed, "gebruikte een noodcode", "used a recovery code";
    // operators
    OperatorAdded, "voegde een collega toe", "added a colleague";
    OperatorSwitchedOff, "zette een collega uit", "switched a colleague off";
    OperatorSwitchedOn, "zette een collega weer aan", "switched a colleague on again";
    OperatorRoleChanged, "gaf een collega een andere rol", "gave a colleague another role";
    OperatorScopeChanged, "veranderde de lijnen of gebieden van een collega", "changed the lines or areas of a colleague";
    OperatorPasswordReset, "gaf een collega een nieuw wachtwoord", "gave a colleague a new password";
    OperatorSecondFactorReset, "haalde de tweede stap van een collega weg", "took away a colleague's second step";
    // people who take part
    ParticipantSeen, "bekeek een deelnemer", "looked at a participant";
    DigitsSearched, "zocht op cijfers van een telefoonnummer of postcode", "searched by digits of a telephone number or postcode";
    NumberShown, "liet een telefoonnummer zien", "had a telephone number shown";
    ParticipantSignedUp, "voerde een aanmelding in", "entered a sign-up";
    ParticipantChanged, "verbeterde gegevens van een deelnemer", "corrected a participant's details";
    ParticipantPaused, "zette een deelnemer op pauze", "paused a participant";
    ParticipantResumed, "haalde een deelnemer van pauze", "ended a participant's pause";
    ParticipantStopped, "liet een deelnemer stoppen", "stopped a participant";
    Approved, "liet een deelnemer toe voor een dienst", "approved of a participant for a service";
    ApprovalWithdrawn, "trok een toelating in", "withdrew an approval";
    CertificateSeen, "noteerde dat een bewijs is gezien", "noted that a certificate was seen";
    CertificateWithdrawn, "haalde een gezien bewijs weg", "took a certificate away";
    AgeSeen, "noteerde dat een leeftijd is gezien", "noted that an age was seen";
    AgeWithdrawn, "haalde een leeftijd weg", "took an age away";
    PersonErased, "liet iemand overal wissen", "had somebody erased everywhere";
    PersonExported, "haalde iemands eigen gegevens op, om mee te geven", "fetched somebody's own data, to hand over";
    BackupRestored, "zette een reservekopie terug", "restored a back-up";
    // live calls
    CallTakenOver, "nam een gesprek over", "took a call over";
    RangThisOne, "liet iemand als volgende bellen", "had somebody rung next";
    Skipped, "sloeg iemand over", "skipped somebody";
    GaveUp, "stopte een zoektocht", "ended a search";
    ChoiceSeen, "bekeek wie er gebeld wordt, en waarom", "looked at who is rung, and why";
    SentenceSaid, "liet een zin uitspreken", "had a sentence spoken";
    // requests
    RequestSeen, "bekeek een vraag", "looked at a request";
    RequestEntered, "voerde een vraag in", "entered a request";
    RequestChanged, "veranderde een vraag", "changed a request";
    RequestClaimed, "nam een vraag op zich", "claimed a request";
    RequestHandedBack, "gaf een vraag terug", "handed a request back";
    RequestEnded, "rondde een vraag af", "ended a request";
    RouteChanged, "veranderde waar de coördinator voorgaat", "changed where the coordinator goes first";
    RequestPutOnBoard, "zette een vraag op het prikbord", "put a request on the board";
    OfferTakenDown, "haalde een aanbod van het prikbord", "took an offer off the board";
    LeftOnBoard, "keek naar iets op het prikbord en liet het staan", "looked at something on the board and left it there";
    RequestTakenOffBoard, "haalde een vraag van het prikbord", "took a request off the board";
    HelpersSeen, "bekeek wie iemand eerder hielp", "looked at who helped somebody before";
    SearchStarted, "liet de centrale zoeken", "had the exchange search";
    // messages and promises
    MessageHeard, "beluisterde een bericht", "listened to a message";
    MessageDeleted, "verwijderde een bericht", "deleted a message";
    MessageFetchedAgain, "vroeg een opname nog een keer op", "asked for a recording once more";
    PromiseSeen, "bekeek een belofte", "looked at a promise";
    NoteWritten, "schreef een notitie", "wrote a note";
    PromiseClaimed, "nam een belofte op zich", "claimed a promise";
    PromiseHandedBack, "gaf een belofte terug", "handed a promise back";
    PromiseKept, "kwam een belofte na", "kept a promise";
    CalledBack, "belde terug", "called back";
    CallBackEnded, "brak terugbellen af", "broke off calling back";
    // the desk
    SeatSet, "koos een eigen toestel", "chose a telephone of their own";
    DeskOpened, "opende het loket", "opened the desk";
    DeskClosed, "sloot het loket", "closed the desk";
    DeskByHours, "liet het loket weer de gewone tijden volgen", "let the desk follow its hours again";
    ClosingDayAdded, "voerde een sluitingsdag in", "entered a closing day";
    ClosingDayRemoved, "haalde een sluitingsdag weg", "removed a closing day";
    NoticeSet, "zette een mededeling op de lijn", "put a notice on the line";
    NoticeRemoved, "haalde een mededeling weg", "removed a notice";
    // reports
    ReportExported, "nam een verslag mee als bestand", "took a report along as a file";
}

/// What a deed was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Nothing but whoever did it.
    Nothing,
    /// A colleague.
    Operator(OperatorId),
    /// Somebody who takes part.
    Participant(ParticipantId),
    /// A request.
    Request(RequestId),
    /// A leg.
    Call(CallId),
    /// A message, by its row.
    Message(i64),
    /// A promise, by its row.
    Promise(i64),
    /// A line, by its own number.
    Line(Phone),
}

impl About {
    /// As it is stored: `participant:12`, `line:+31700002586`; empty for nothing.
    pub fn text(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Operator(id) => format!("operator:{id}"),
            Self::Participant(id) => format!("participant:{id}"),
            Self::Request(id) => format!("request:{id}"),
            Self::Call(id) => format!("call:{id}"),
            Self::Message(row) => format!("message:{row}"),
            Self::Promise(row) => format!("promise:{row}"),
            Self::Line(number) => format!("line:{}", number.e164()),
        }
    }

    /// Reads [`About::text`].
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Nothing);
        }
        let (kind, which) = text.split_once(':')?;
        if kind == "line" {
            return Phone::from_stored(which).ok().map(Self::Line);
        }
        let row = which.parse().ok()?;
        Some(match kind {
            "operator" => Self::Operator(OperatorId(row)),
            "participant" => Self::Participant(ParticipantId(row)),
            "request" => Self::Request(RequestId(row)),
            "call" => Self::Call(CallId(row)),
            "message" => Self::Message(row),
            "promise" => Self::Promise(row),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::unkind_word;

    #[test]
    fn what_a_deed_was_about_reads_back() {
        let line = Phone::from_stored("+31700002586").expect("a line");
        for about in [
            About::Nothing,
            About::Operator(OperatorId(3)),
            About::Participant(ParticipantId(12)),
            About::Request(RequestId(1)),
            About::Call(CallId(9)),
            About::Message(4),
            About::Promise(5),
            About::Line(line),
        ] {
            assert_eq!(About::parse(&about.text()), Some(about));
        }
        for odd in ["participant", "participant:", "participant:x", "person:1", "line:112"] {
            assert_eq!(About::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn every_deed_is_told_kindly_in_both_languages() {
        for deed in Deed::ALL {
            for language in Language::ALL {
                assert_eq!(unkind_word(deed.sentence(language), language), None, "{deed:?}");
            }
        }
    }
}
