//! What is done with people's data, and in which tables that stands. Every table is named here once;
//! a test reads `schema.sql` and says which is not.

use crate::privacy::Kept;

/// Words in Dutch and in English.
pub(super) type Words = [&'static str; 2];

/// One thing that is done with people's data.
pub(super) struct Activity {
    pub(super) name: Words,
    /// What for.
    pub(super) purpose: Words,
    /// Whose data.
    pub(super) whose: Words,
    /// Which data.
    pub(super) data: Words,
    /// On what legal ground.
    pub(super) ground: Words,
    pub(super) tables: &'static [&'static str],
    pub(super) kept: &'static [Kept],
    /// For how long, as far as that is no number of days.
    pub(super) beside: Words,
}

#[rustfmt::skip] // sentences
pub(super) const ACTIVITIES: &[Activity] = &[
    Activity {
        name: ["Meedoen", "Taking part"],
        purpose: ["Weten wie graag iets doet voor een ander, waar, wat en wanneer, en diegene daarvoor bellen.",
                  "Knowing who likes to do something for somebody, where, what and when, and ringing them for it."],
        whose: ["Deelnemers", "Participants"],
        data: ["Telefoonnummer, voornaam, viercijferige postcode (thuis en van hooguit twee andere plekken), wat iemand aanbiedt, of dat ook binnen mag, en wat iemand zelf graag zou vragen, uren, talen, grenzen, pauze, toestemming, hoe vaak iemand opnam en ja zei, wanneer iemand voor het laatst iets liet horen, met wie het goed ging en met wie liever niet. Geen adres, geen geboortedatum, niets over gezondheid, geen redenen.",
               "Telephone number, first name, four-digit postcode (of home and of at most two other places), what somebody offers, whether inside too, and would like to ask, hours, languages, limits, pause, consent, how often they picked up and said yes, when they were last in touch, with whom it went well and with whom rather not. No address, no date of birth, nothing about health, no reasons."],
        ground: ["Toestemming (AVG art. 6 lid 1 a), bevestigd op de eigen telefoon; intrekken kan met één toets.",
                 "Consent (GDPR art. 6(1)(a)), confirmed on their own telephone; withdrawn with one key."],
        tables: &["participant", "consent", "offer", "habit", "block", "klik", "admission", "age",
                  "own_session", "spoken_code", "sign_up", "sign_up_tally", "still_there", "would_like", "apart"],
        kept: &[Kept::Unconfirmed, Kept::SignUpTally, Kept::Silent, Kept::Stopped, Kept::ConsentProof, Kept::Apart, Kept::OwnSession],
        beside: ["Zolang iemand meedoet.", "As long as somebody takes part."],
    },
    Activity {
        name: ["Gesprekken", "Calls"],
        purpose: ["Een beller verstaan en te woord staan, en na een storing verdergaan waar het gesprek was.",
                  "Understanding and answering a caller, and going on after a failure where the call was."],
        whose: ["Bellers, deelnemers die gebeld worden", "Callers, participants who are rung"],
        data: ["Telefoonnummer (als het getoond wordt), ingetoetste cijfers, begin en einde, een eventuele ingesproken toelichting. Gesprekken worden nooit opgenomen.",
               "Telephone number (if shown), keyed digits, begin and end, a few spoken words if any. Conversations are never recorded."],
        ground: ["Uitvoeren wat de beller vraagt (AVG art. 6 lid 1 b of f).",
                 "Doing what the caller asks (GDPR art. 6(1)(b) or (f))."],
        tables: &["call", "step", "note", "placed", "callback", "desk_call", "outbox", "provider_trouble", "flow_version"],
        kept: &[Kept::CallState, Kept::VoiceNote, Kept::Number, Kept::Call, Kept::OldFlows],
        beside: ["Opdrachten aan de telefoonaanbieder: tot ze zijn uitgevoerd, hooguit twee dagen.",
                 "Orders to the telephone provider: until they are done, two days at most."],
    },
    Activity {
        name: ["Vragen en zoeken", "Requests and searching"],
        purpose: ["Iemand in de buurt vinden voor een vraag, eerlijk verdeeld, en kunnen uitleggen waarom wie is gebeld.",
                  "Finding somebody nearby for a request, spread fairly, and being able to explain why who was rung."],
        whose: ["Bellers, deelnemers die gebeld worden", "Callers, participants who are rung"],
        data: ["De dienst, de viercijferige postcode, wie is gebeld en hoe dat afliep (zonder reden), of het gelukt is.",
               "The service, the four-digit postcode, who was rung and how that ended (without a reason), whether it worked out."],
        ground: ["Uitvoeren wat de beller vraagt; voor wie gebeld wordt: toestemming.",
                 "Doing what the caller asks; for whoever is rung: consent."],
        tables: &["request", "machine", "timer", "attempt", "event", "wish", "intake", "settlement"],
        kept: &[Kept::Request, Kept::Journal],
        beside: ["Een open vraag: tot zij klaar is.", "An open request: until it is done."],
    },
    Activity {
        name: ["Vragen op de website, en het prikbord", "Questions on the website, and the board"],
        purpose: ["Een vraag van de website eerst laten bevestigen op de eigen telefoon; buren die meedoen laten zien wat er gevraagd en aangeboden wordt, zonder naam of plaats.",
                  "Having a question of the website confirmed on their own telephone first; showing neighbours who take part what is asked and offered, without a name or a place."],
        whose: ["Wie iets vraagt op de website, deelnemers", "Whoever asks on the website, participants"],
        data: ["Tot de bevestiging: telefoonnummer, dienst, viercijferige postcode, moment. Op het prikbord: dienst, ongeveer hoe ver, moment. Van een aanbod: dienst, dag, viercijferige postcode. Van een melding dat iets er niet hoort: wie dat zei (voor niemand te zien), en één van vier redenen; wat het loket eraf haalde, en waarom.",
               "Until it is confirmed: telephone number, service, four-digit postcode, moment. On the board: service, roughly how far, moment. Of an offer: service, day, four-digit postcode. Of a report that something does not belong there: who said so (shown to nobody), and one of four reasons; what the desk took down, and why."],
        ground: ["Uitvoeren wat iemand vraagt; op het prikbord alleen met instemming.",
                 "Doing what somebody asks; on the board only if they agree."],
        tables: &["web_question", "on_board", "posted_offer", "board_report", "taken_down"],
        kept: &[Kept::WebQuestion, Kept::PostedOffer],
        beside: ["Een bevestigde vraag is een vraag als alle andere. Een melding gaat weg met waar zij over gaat, en uiterlijk met de belofte om ernaar te kijken.",
                 "A question that was confirmed is a request like any other. A report goes with what it is about, and with the promise to look at it at the latest."],
    },
    Activity {
        name: ["Berichten en beloften", "Messages and promises"],
        purpose: ["Terugbellen wie een bericht achterliet of aan wie iets is beloofd.",
                  "Ringing back whoever left a message or was promised something."],
        whose: ["Bellers, deelnemers", "Callers, participants"],
        data: ["Het ingesproken bericht (versleuteld), het nummer, wat is beloofd en voor wanneer, een notitie van hooguit 140 tekens.",
               "The spoken message (sealed), the number, what was promised for when, a note of 140 characters at most."],
        ground: ["Uitvoeren wat de beller vraagt.", "Doing what the caller asks."],
        tables: &["message", "message_sound", "promise", "desk_note"],
        kept: &[Kept::HandledMessage, Kept::MessageSound, Kept::DeskNote, Kept::Promise],
        beside: ["Een open belofte: tot zij is nagekomen.", "An open promise: until it is kept."],
    },
    Activity {
        name: ["Werken aan het loket", "Working at the desk"],
        purpose: ["Alleen binnenlaten wie er werkt, en kunnen nagaan wie wat bekeek of veranderde.",
                  "Letting in only those who work there, and being able to see who looked at or changed what."],
        whose: ["Medewerkers van het loket", "People who work at the desk"],
        data: ["Naam, rol, lijnen of gebieden, wachtwoord en tweede stap (alleen als hash of versleuteld), sessies, handelingen met moment en rijnummer.",
               "Name, role, lines or areas, password and second step (only as a hash or sealed), sessions, deeds with moment and row number."],
        ground: ["Gerechtvaardigd belang: beveiliging (AVG art. 6 lid 1 f, art. 32).",
                 "Legitimate interest: security (GDPR art. 6(1)(f), art. 32)."],
        tables: &["operator", "operator_line", "operator_area", "seat", "recovery_code", "session", "audit",
                  "closing_day", "notice", "desk_by_hand", "coordinator_first"],
        kept: &[Kept::Session, Kept::Audit, Kept::FormerOperator, Kept::DeskSetting],
        beside: ["Zolang iemand er werkt.", "As long as somebody works there."],
    },
    Activity {
        name: ["Niet meer bellen, en wissen", "Not ringing again, and erasing"],
        purpose: ["Wie stopte nooit meer bellen, ook niet na een oud bestand of een teruggezette reservekopie; kunnen laten zien dat er is gewist.",
                  "Never ringing again whoever stopped, not after an old file or a restored back-up either; being able to show that data were erased."],
        whose: ["Wie stopte", "Whoever stopped"],
        data: ["Een versleutelde hash van het nummer met het moment van stoppen (het nummer zelf is er niet uit te lezen); net zo, wie eenmaal is gevraagd om mee te doen; aantallen gewiste rijen.",
               "A keyed hash of the number with the moment of the stop (the number itself cannot be read from it); in the same way, who was asked once to take part; counts of erased rows."],
        ground: ["Wettelijke plicht en gerechtvaardigd belang (AVG art. 6 lid 1 c en f, art. 17, art. 21).",
                 "Legal obligation and legitimate interest (GDPR art. 6(1)(c) and (f), art. 17, art. 21)."],
        tables: &["stop_list", "key_check", "forgotten", "asked_to_join", "not_theirs"],
        kept: &[Kept::Forgotten, Kept::NotTheirs],
        beside: ["De hash van wie stopte, en van wie eenmaal is gevraagd: zolang de lijn bestaat, want anders zou iemand weer gebeld of weer gevraagd kunnen worden.",
                 "The hash of whoever stopped, and of whoever was asked once: as long as the line exists, or somebody could be rung, or asked, again."],
    },
    Activity {
        name: ["Tellen", "Counting"],
        purpose: ["Laten zien hoe het gaat: verslagen, zonder mensen erin.",
                  "Showing how it goes: reports, without people in them."],
        whose: ["Niemand: alleen aantallen; groepen kleiner dan vijf worden niet getoond",
                "Nobody: counts only; groups smaller than five are not shown"],
        data: ["Aantallen per dag en per maand, per lijn, dienst en postcode.",
               "Counts a day and a month, by line, service and postcode."],
        ground: ["Geen persoonsgegevens.", "No personal data."],
        tables: &["line_habit", "report_day", "report_month", "place"],
        kept: &[],
        beside: ["Onbeperkt.", "Without limit."],
    },
];
