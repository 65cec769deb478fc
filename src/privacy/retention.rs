//! How long what is kept: the one place.
//!
//! A period is a promise: nothing is older. What is erased at night goes in the last night before
//! its period is over, so that a round a day is enough ([`Rule::due_before`]).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{Language, Timestamp};

const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// A kind of data that is kept for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// What was keyed and answered on a leg, and where its flow stood.
    CallState,
    /// A caller's own few words.
    VoiceNote,
    /// A message that was seen to.
    HandledMessage,
    /// The sound of any message.
    MessageSound,
    /// A few words of colleagues.
    DeskNote,
    /// The number that somebody called from, or was called on.
    Number,
    /// What was asked, and who was rung for it.
    Request,
    /// That there was a telephone call, without its number.
    Call,
    /// What happened to which request.
    Journal,
    /// What was promised and kept.
    Promise,
    /// Extra closing days, notices and hours set by hand that are over.
    DeskSetting,
    /// Somebody who was signed up and never confirmed it.
    Unconfirmed,
    /// Somebody who was silent for a year, and did not say then whether they still take part.
    Silent,
    /// Somebody who stopped.
    Stopped,
    /// That somebody had agreed, and withdrew it.
    ConsentProof,
    /// Who did what at the desk.
    Audit,
    /// Somebody who no longer works at the desk.
    FormerOperator,
    /// A question on the web that nobody confirmed on their telephone.
    WebQuestion,
    /// That somebody said that a question on the web was not theirs.
    NotTheirs,
    /// That somebody was signed up from elsewhere than their own telephone.
    SignUpTally,
    /// That somebody would rather not be brought together again with whoever called.
    Apart,
    /// What somebody offered on the board.
    PostedOffer,
    /// Who was logged in at the desk.
    Session,
    /// Who was logged in on their own pages, and codes that were spoken for it.
    OwnSession,
    /// That data were erased, and how many.
    Forgotten,
    /// Voice flows that no call is on any more.
    OldFlows,
}

/// How long one kind is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What.
    pub kept: Kept,
    /// The most that it is kept, days.
    pub days: u16,
    /// How many days before that a round erases it: at least one, as there is one round a day.
    pub early: u16,
    words: [[&'static str; 3]; 2],
    /// Where the period comes from.
    pub source: &'static str,
}

impl Rule {
    /// What it is, in a few words.
    pub fn what(&self, language: Language) -> &'static str {
        language.one_of(self.words)[0]
    }

    /// From when the days are counted.
    pub fn from(&self, language: Language) -> &'static str {
        language.one_of(self.words)[1]
    }

    /// Why so long and no longer.
    pub fn why(&self, language: Language) -> &'static str {
        language.one_of(self.words)[2]
    }

    /// What is from before this moment is erased now.
    pub fn due_before(&self, now: Timestamp) -> Timestamp {
        now - A_DAY * u32::from(self.days - self.early)
    }

    /// Nothing from before this moment is there any more, given a round a day.
    pub fn gone_before(&self, now: Timestamp) -> Timestamp {
        now - A_DAY * u32::from(self.days)
    }

    /// The period in words: `14 dagen`, `2 jaar`.
    pub fn period(&self, language: Language) -> String {
        let (number, [one, more]) = match (self.days, language) {
            (days, Language::Nl) if days % 365 == 0 => (days / 365, ["jaar", "jaar"]),
            (days, Language::En) if days % 365 == 0 => (days / 365, ["year", "years"]),
            (days, Language::Nl) => (days, ["dag", "dagen"]),
            (days, Language::En) => (days, ["day", "days"]),
        };
        format!("{number} {}", if number == 1 { one } else { more })
    }
}

/// Back-ups are kept no longer than this, days: a message must not live on in one.
pub const BACKUP_DAYS: u16 = 14;

/// The rule of a kind.
pub fn rule(kept: Kept) -> &'static Rule {
    RULES.iter().find(|rule| rule.kept == kept).expect("a test sees that every kind has its rule")
}

const GDPR_5: &str = "AVG art. 5 lid 1 c, e";
const GDPR_17: &str = "AVG art. 17";

/// Every rule, in the order in which a round goes by them.
#[rustfmt::skip] // a table
pub const RULES: [Rule; 26] = [
    Rule { kept: Kept::CallState, days: 2, early: 1, source: GDPR_5, words: [
        ["Ingetoetste cijfers en gegeven antwoorden in een gesprek", "het einde van het gesprek",
         "Zo kan een gesprek na een storing verdergaan; daarna is het nergens meer voor nodig."],
        ["Keyed digits and answers in a call", "the end of the call",
         "So that a call can go on after a failure; after that nothing needs them."]] },
    Rule { kept: Kept::VoiceNote, days: 2, early: 1, source: GDPR_5, words: [
        ["De eigen woorden van een beller", "het inspreken",
         "Ze gaan weg zodra de zoektocht klaar is; dit is het vangnet voor als dat misging."],
        ["A caller's own words", "the recording",
         "They go when the search ends; this is the net for when that failed."]] },
    Rule { kept: Kept::HandledMessage, days: 3, early: 1, source: GDPR_5, words: [
        ["Een bericht dat is afgehandeld, met geluid en nummer", "het afhandelen",
         "Drie dagen om een vergissing te herstellen."],
        ["A message that was seen to, with its sound and number", "its being seen to",
         "Three days to put a mistake right."]] },
    Rule { kept: Kept::MessageSound, days: 14, early: 1, source: GDPR_5, words: [
        ["Het geluid van elk bericht, ook als het nog niet is afgehandeld", "het inspreken",
         "Wat iemand zei is persoonlijk; de belofte om terug te bellen blijft staan."],
        ["The sound of every message, also one that was not seen to", "its being left",
         "What somebody said is personal; the promise to ring back stands."]] },
    Rule { kept: Kept::DeskNote, days: 14, early: 1, source: GDPR_5, words: [
        ["Een korte notitie van het loket", "het opschrijven",
         "Een notitie is voor de afspraak van deze week, niet over een mens."],
        ["A short note of the desk", "its being written",
         "A note is about this week's agreement, not about a person."]] },
    Rule { kept: Kept::Number, days: 30, early: 1, source: GDPR_5, words: [
        ["Het telefoonnummer bij een gesprek", "het einde van het gesprek of de vraag",
         "Om terug te kunnen bellen, en om misbruik te herkennen. Wat nog is beloofd, houdt zijn nummer tot het is nagekomen; een vraag voor later houdt het tot wij ervoor hebben gezocht."],
        ["The telephone number of a call", "the end of the call or the request",
         "To be able to ring back, and to recognise misuse. What is still promised keeps its number until it is kept; a request for later keeps it until we have searched for it."]] },
    Rule { kept: Kept::Request, days: 90, early: 1, source: GDPR_5, words: [
        ["Een vraag, en wie daarvoor zijn gebeld", "het einde van de vraag",
         "Om het vragen eerlijk te verdelen en om iets te kunnen uitzoeken. Daarna blijven alleen aantallen."],
        ["A request, and who was rung for it", "the end of the request",
         "To spread asking fairly, and to be able to look something up. After that only counts remain."]] },
    Rule { kept: Kept::Call, days: 90, early: 1, source: GDPR_5, words: [
        ["Dat er een gesprek was, zonder nummer", "het einde van het gesprek",
         "Om storingen uit te zoeken met de telefoonaanbieder."],
        ["That there was a call, without its number", "the end of the call",
         "To look into failures together with the telephone provider."]] },
    Rule { kept: Kept::Journal, days: 90, early: 1, source: GDPR_5, words: [
        ["Het logboek van zoektochten: woorden en rijnummers", "de gebeurtenis",
         "Om te kunnen zien wat er met een vraag is gebeurd."],
        ["The journal of searches: words and row numbers", "the event",
         "To see what happened to a request."]] },
    Rule { kept: Kept::Promise, days: 90, early: 1, source: GDPR_5, words: [
        ["Een belofte die is nagekomen", "het nakomen",
         "Om te kunnen laten zien dat beloften worden nagekomen. Een open belofte blijft tot iemand haar nakomt."],
        ["A promise that was kept", "its being kept",
         "To show that promises are kept. An open one stays until somebody keeps it."]] },
    Rule { kept: Kept::DeskSetting, days: 90, early: 1, source: GDPR_5, words: [
        ["Sluitingsdagen en mededelingen die voorbij zijn, en wie ze invoerde", "de laatste dag",
         "Om te kunnen nagaan waarom het loket toen dicht was."],
        ["Closing days and notices that are over, and who entered them", "the last day",
         "To see why the desk was closed then."]] },
    Rule { kept: Kept::Unconfirmed, days: 7, early: 1, source: "AVG art. 7; dubbele aanmelding", words: [
        ["Iemand die is aangemeld en dat niet op de eigen telefoon bevestigde", "de aanmelding",
         "Zonder bevestiging is er geen toestemming."],
        ["Somebody who was signed up and did not confirm it on their own telephone", "the sign-up",
         "Without confirmation there is no consent."]] },
    Rule { kept: Kept::Silent, days: 395, early: 1, source: GDPR_5, words: [
        ["Iemand van wie een jaar niets werd gehoord, en die daarna niet liet weten of hij of zij nog meedoet", "het laatste contact, of het einde van een pauze",
         "Na twaalf maanden vraagt de centrale het: hooguit drie keer, in een maand. Wie pauze heeft tot hij of zij zelf belt, wordt ook dan niet gebeld."],
        ["Somebody of whom nothing was heard for a year, and who did not say after that whether they still take part", "the last contact, or the end of a pause",
         "After twelve months the exchange asks: three times at most, within a month. Whoever pauses until they call is not rung then either."]] },
    Rule { kept: Kept::Stopped, days: 7, early: 7, source: GDPR_17, words: [
        ["Alle gegevens van iemand die stopte", "het stoppen",
         "In de eerste nacht erna; zeven dagen is de belofte. Wie dan net nog een open vraag heeft, wordt eerst geholpen."],
        ["All data of somebody who stopped", "the stop",
         "In the first night after; seven days is the promise. Whoever has a question open just then is helped first."]] },
    Rule { kept: Kept::ConsentProof, days: 730, early: 1, source: "AVG art. 7 lid 1", words: [
        ["Het bewijs van een ingetrokken toestemming, zonder naam en nummer", "het intrekken",
         "Om te kunnen bewijzen dat iemand ooit ja zei, en wanneer dat ophield."],
        ["The proof of a consent that was withdrawn, without name and number", "the withdrawal",
         "To be able to prove that somebody once said yes, and when that ended."]] },
    Rule { kept: Kept::Audit, days: 365, early: 1, source: "AVG art. 5 lid 2, art. 32", words: [
        ["Wie aan het loket wat bekeek of veranderde", "de handeling",
         "Om nieuwsgierigheid en vergissingen te kunnen nagaan."],
        ["Who looked at or changed what at the desk", "the deed",
         "To look into curiosity and mistakes."]] },
    Rule { kept: Kept::FormerOperator, days: 730, early: 1, source: GDPR_5, words: [
        ["Een medewerker van het loket die er niet meer werkt", "de laatste dag",
         "Zolang er nog handelingen met die naam in het logboek staan."],
        ["Somebody who no longer works at the desk", "the last day",
         "As long as deeds with their name are in the trail."]] },
    Rule { kept: Kept::WebQuestion, days: 7, early: 1, source: GDPR_5, words: [
        ["Een vraag van de website die niet op de eigen telefoon werd bevestigd, met het nummer", "het insturen",
         "Zonder bevestiging is het geen vraag; zo lang wordt herkend dat met een nummer vaak is gevraagd."],
        ["A question of the website that was not confirmed on their own telephone, with the number", "its being sent",
         "Without confirmation it is no request; for so long it is recognised that a number is asked with often."]] },
    Rule { kept: Kept::NotTheirs, days: 30, early: 1, source: "AVG art. 6 lid 1 f", words: [
        ["Dat iemand zei dat een vraag van de website niet van hen was (een versleutelde hash van het nummer)", "dat gesprek",
         "Zo lang belt de centrale dat nummer niet meer voor een vraag van de website."],
        ["That somebody said that a question of the website was not theirs (a keyed hash of the number)", "that call",
         "For so long the exchange does not ring that number for a question of the website."]] },
    Rule { kept: Kept::SignUpTally, days: 3, early: 1, source: "AVG art. 6 lid 1 f", words: [
        ["Dat er iemand is aangemeld, zonder het nummer (van wie daarvoor belde een versleutelde hash)", "het aanmelden",
         "Om te merken dat iemand het ene nummer na het andere opgeeft."],
        ["That somebody was signed up, without the number (of whoever called for it a keyed hash)", "the sign-up",
         "To notice that somebody gives one number after the other."]] },
    Rule { kept: Kept::Apart, days: 730, early: 1, source: "AVG art. 6 lid 1 f", words: [
        ["Dat een deelnemer liever niet meer met een beller in contact komt (een versleutelde hash van het nummer)", "het zeggen",
         "Zo lang brengt de centrale die twee niet meer bij elkaar. De een noch de ander ziet het."],
        ["That a participant would rather not meet a caller again (a keyed hash of the number)", "its being said",
         "For so long the exchange does not bring the two together. Neither of them sees it."]] },
    Rule { kept: Kept::PostedOffer, days: 7, early: 1, source: GDPR_5, words: [
        ["Wat iemand op het prikbord aanbood", "de dag waarvoor het was",
         "Een week om te zien hoe het afliep; daarna telt alleen het aantal. Is het gemeld, dan blijft het tot het loket ernaar keek."],
        ["What somebody offered on the board", "the day that it was for",
         "A week to see how it ended; after that only the count matters. If it was reported, it stays until the desk looked at it."]] },
    Rule { kept: Kept::Session, days: 2, early: 1, source: GDPR_5, words: [
        ["Wie aan het loket was ingelogd", "de laatste klik",
         "Een sessie is na een werkdag voorbij."],
        ["Who was logged in at the desk", "the last click",
         "A session is over after a working day."]] },
    Rule { kept: Kept::OwnSession, days: 2, early: 1, source: GDPR_5, words: [
        ["Wie op de eigen pagina was ingelogd, en een code om in te loggen", "de laatste klik",
         "Inloggen geldt hooguit een halve dag, een code vijf minuten."],
        ["Who was logged in on their own page, and a code to log in by", "the last click",
         "A log-in holds for half a day at most, a code for five minutes."]] },
    Rule { kept: Kept::Forgotten, days: 730, early: 1, source: "AVG art. 5 lid 2", words: [
        ["Dat er is gewist, en hoeveel (alleen aantallen)", "het wissen",
         "Om te kunnen laten zien dat deze termijnen worden gehouden."],
        ["That something was erased, and how much (counts only)", "the erasing",
         "To show that these periods are kept."]] },
    Rule { kept: Kept::OldFlows, days: 2, early: 2, source: GDPR_5, words: [
        ["Oude versies van de gesproken teksten (geen persoonsgegevens)", "het laatste gesprek ermee",
         "Een gesprek gaat verder met de teksten waarmee het begon."],
        ["Old versions of the spoken texts (no personal data)", "the last call on them",
         "A call goes on with the texts that it began with."]] },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::unkind_word;

    #[test]
    fn every_kind_has_one_rule_and_a_round_a_day_keeps_its_promise() {
        for (at, rule) in RULES.iter().enumerate() {
            assert!(RULES[..at].iter().all(|other| other.kept != rule.kept), "{:?}", rule.kept);
            assert!(rule.early >= 1 && rule.early <= rule.days, "{:?}", rule.kept);
        }
        let now = Timestamp(1_795_510_800_000);
        let number = rule(Kept::Number);
        assert_eq!(number.due_before(now).0 - number.gone_before(now).0, 86_400_000);
        assert_eq!(
            rule(Kept::Stopped).due_before(now),
            now,
            "whoever stopped goes the first night"
        );
    }

    #[test]
    fn the_rules_are_told_kindly_in_both_languages() {
        for rule in &RULES {
            for language in Language::ALL {
                for text in [rule.what(language), rule.from(language), rule.why(language)] {
                    assert!(!text.is_empty());
                    assert_eq!(unkind_word(text, language), None, "{text}");
                }
            }
        }
        assert_eq!(rule(Kept::ConsentProof).period(Language::Nl), "2 jaar");
        assert_eq!(rule(Kept::HandledMessage).period(Language::Nl), "3 dagen");
        assert_eq!(rule(Kept::Audit).period(Language::En), "1 year");
    }
}
