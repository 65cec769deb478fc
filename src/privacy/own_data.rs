//! Everything about one person, as JSON and as a page that they can read.

use serde_json::{Map, Value, json};

use crate::domain::{CertificateKind, DayPart, Deed, Hours, Language, Phone, Timestamp, week_plan};
use crate::privacy::{Block, Paper};

/// One kind of what is known about somebody: rows of named values. A name that ends in `_at` is a
/// moment, UTC milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Which kind, a word.
    pub what: &'static str,
    /// The names of the values, in the order in which they are read.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Map<String, Value>>,
}

/// As JSON: moments in RFC 3339 on the Dutch clock, everything else as it is stored.
pub fn json(phone: &Phone, known: &[Known], now: Timestamp) -> Value {
    let mut data = Map::new();
    for part in known {
        let rows = part.rows.iter().map(|row| {
            let told = |(name, value): (&String, &Value)| (name.clone(), moment(name, value));
            Value::Object(row.iter().map(told).collect())
        });
        data.insert(part.what.to_owned(), rows.collect());
    }
    json!({ "number": phone.e164(), "written_at": written(now), "data": data })
}

/// What something is called that stands in the data by its id: `service` or `line`, and the id.
pub type Called<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// As a page, in this language.
pub fn paper(
    phone: &Phone,
    known: &[Known],
    called: Called<'_>,
    now: Timestamp,
    language: Language,
) -> Paper {
    let say = |words: [&'static str; 2]| words[usize::from(language == Language::En)];
    let mut blocks =
        vec![Block::Text(format!("{}: {}. {}", say(NUMBER), phone.e164(), say(INTRODUCTION)))];
    if known.is_empty() {
        blocks.push(Block::Text(say(NOTHING).to_owned()));
    }
    for part in known {
        blocks.push(Block::Heading(say(title(part.what)).to_owned()));
        let columns = &part.columns;
        let head = columns.iter().map(|name| say(label(name)).to_owned()).collect();
        let cell = |row: &Map<String, Value>, name: &str| match row.get(name) {
            Some(Value::Null) | None => String::new(),
            Some(value) if name.ends_with("_at") => shown(value),
            Some(Value::String(text)) => {
                in_words(name, text, called, language).unwrap_or_else(|| text.clone())
            }
            Some(value)
                if matches!(
                    name,
                    "consented" | "worked_out" | "on_board" | "taken_up" | "inside"
                ) =>
            {
                say(if value.as_i64() == Some(1) { ["ja", "yes"] } else { ["nee", "no"] })
                    .to_owned()
            }
            Some(value) if name == "day_part" => {
                let part = DayPart::ALL.into_iter().find(|it| value == it.number());
                part.map_or_else(String::new, |part| say(when(part)).to_owned())
            }
            Some(value) => value.to_string(),
        };
        let rows = part.rows.iter().map(|row| columns.iter().map(|name| cell(row, name)).collect());
        blocks.push(Block::Table { head, rows: rows.collect() });
    }
    blocks.push(Block::Text(format!("{} {}.", say(MADE), now.local().format("%Y-%m-%d %H:%M"))));
    Paper { language, title: say(TITLE).to_owned(), blocks }
}

/// A word or an id of the database, said as people say it; `None` for what people wrote themselves.
fn in_words(name: &str, text: &str, called: Called<'_>, language: Language) -> Option<String> {
    let say = |words: [&'static str; 2]| words[usize::from(language == Language::En)];
    match name {
        "name" | "notes" | "proof" | "organisation" | "referred_to" => None,
        "service" | "line" => called(name, text),
        "hours" => Some(week_plan::in_words(&Hours::parse(text).ok()?, language)),
        "languages" => {
            let spoken: Option<Vec<&str>> =
                text.split(';').map(|it| told(name, it).map(say)).collect();
            Some(spoken?.join(", "))
        }
        "certificate_kind" => Some(CertificateKind::parse(text)?.name(language).to_owned()),
        "what" => {
            let deed = serde_json::from_value::<Deed>(text.into()).ok()?;
            Some(deed.sentence(language).to_owned())
        }
        _ => told(name, text).map(|it| say(it).to_owned()),
    }
}

fn when(part: DayPart) -> [&'static str; 2] {
    match part {
        DayPart::WeekdayMorning => ["doordeweekse ochtend", "weekday morning"],
        DayPart::WeekdayAfternoon => ["doordeweekse middag", "weekday afternoon"],
        DayPart::WeekdayEvening => ["doordeweekse avond", "weekday evening"],
        DayPart::WeekendMorning => ["weekendochtend", "weekend morning"],
        DayPart::WeekendAfternoon => ["weekendmiddag", "weekend afternoon"],
        DayPart::WeekendEvening => ["weekendavond", "weekend evening"],
    }
}

fn moment(name: &str, value: &Value) -> Value {
    match value.as_i64().filter(|_| name.ends_with("_at")) {
        Some(at) => written(Timestamp(at)).into(),
        None => value.clone(),
    }
}

fn written(at: Timestamp) -> String {
    at.local().to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}

fn shown(value: &Value) -> String {
    let at = value.as_i64().map(Timestamp);
    at.map_or_else(String::new, |at| at.local().format("%Y-%m-%d %H:%M").to_string())
}

const TITLE: [&str; 2] =
    ["Wat de telefooncentrale van u weet", "What the exchange knows about you"];
const NUMBER: [&str; 2] = ["Telefoonnummer", "Telephone number"];
const INTRODUCTION: [&str; 2] = [
    "Hieronder staat alles wat over dit nummer wordt bewaard. Over anderen staat er niets in. Klopt iets niet, \
     of wilt u dat het weg is? Zeg het tegen het loket. Een ingesproken bericht kunt u daar ook zelf beluisteren.",
    "Below is everything that is kept about this number. There is nothing about others in it. Is something wrong, \
     or should it go? Tell the desk. You can also hear a message that you left there.",
];
const NOTHING: [&str; 2] =
    ["Er wordt niets over dit nummer bewaard.", "Nothing is kept about this number."];
const MADE: [&str; 2] = ["Gemaakt op", "Made on"];

/// What a kind of data is called.
pub fn title(what: &str) -> [&'static str; 2] {
    match what {
        "participant" => ["Zo doet u mee", "How you take part"],
        "offers" => ["Wat u graag doet", "What you like to do"],
        "would_like" => ["Wat u zelf graag zou vragen", "What you would like to ask"],
        "asked_to_join" => {
            ["Wanneer u is gevraagd om mee te doen", "When you were asked to take part"]
        }
        "signed_others_up" => {
            ["Wanneer u een ander nummer aanmeldde", "When you signed another number up"]
        }
        "sign_up" => ["Uw aanmelding, nog niet bevestigd", "Your sign-up, not confirmed yet"],
        "still_there" => [
            "Of u nog meedoet: dat vragen wij u nog",
            "Whether you still take part: we are to ask you",
        ],
        "admissions" => ["Waarvoor het loket u toeliet", "What the desk approved of"],
        "age" => ["Hoe oud u minstens bent", "How old you are at least"],
        "consents" => ["Uw toestemming", "Your consent"],
        "stop" => ["U bent gestopt", "You stopped"],
        "habits" => ["Hoe vaak u opnam", "How often you picked up"],
        "pairs" => ["Met hoeveel mensen het goed ging", "With how many people it went well"],
        "kept_apart" => {
            ["Met hoeveel mensen liever niet meer", "With how many people rather not again"]
        }
        "rings" => ["Wanneer u bent gebeld", "When you were rung"],
        "calls" => ["Gesprekken", "Calls"],
        "requests" => ["Wat u vroeg", "What you asked"],
        "entered" => ["Wat daarbij is opgeschreven", "What was written down with it"],
        "web_questions" => ["Wat u op de website vroeg", "What you asked on the website"],
        "posted_offers" => ["Wat u op het prikbord aanbood", "What you offered on the board"],
        "board_reports" => ["Wat u op het prikbord meldde", "What you reported on the board"],
        "reported" => [
            "Hoe vaak iets van u op het prikbord werd gemeld",
            "How often something of yours on the board was reported",
        ],
        "taken_down" => {
            ["Wat het loket van het prikbord haalde", "What the desk took off the board"]
        }
        "messages" => ["Berichten die u insprak", "Messages that you left"],
        "promises" => ["Wat u is beloofd", "What you were promised"],
        "seen_by_the_desk" => [
            "Wanneer het loket uw gegevens bekeek of veranderde",
            "When the desk looked at your data or changed them",
        ],
        _ => ["", ""],
    }
}

/// What stands in the database as a word, in plain words; `None` for what people wrote themselves.
fn told(name: &str, word: &str) -> Option<[&'static str; 2]> {
    Some(match (name, word) {
        ("why", "commercial") => ["om geld te verdienen", "to earn money"],
        ("why", "unkind_or_unsafe") => ["niet aardig of niet veilig", "not kind or not safe"],
        ("why", "not_meant_for") => ["daar is het prikbord niet voor", "not what the board is for"],
        ("why", "other") => ["iets anders", "something else"],
        ("kind", "desk") => ["het loket spreken", "speaking to the desk"],
        ("outcome", "desk") => ["het loket nam het over", "the desk took over"],
        ("outcome", "stopped") => ["u koos iets anders", "you chose something else"],
        ("source", "counter") => ["aan de balie", "at the counter"],
        ("source", "organisation") => ["via een organisatie", "through an organisation"],
        ("source", "board") => ["op het prikbord", "on the board"],
        ("agreed_how", "spoken") => ["in een gesprek", "in a conversation"],
        ("agreed_how", "written") => ["schriftelijk", "in writing"],
        ("settled_how", "done") => ["gelukt", "worked out"],
        ("settled_how", "referred") => ["doorverwezen", "referred"],
        ("settled_how", "could_not") => ["niet gelukt", "did not work out"],
        (_, "phone") => ["per telefoon", "by telephone"],
        (_, "web") => ["op de website", "on the website"],
        (_, "desk") => ["via het loket", "through the desk"],
        (_, "paper") => ["op papier", "on paper"],
        (_, "nl") => ["Nederlands", "Dutch"],
        (_, "en") => ["Engels", "English"],
        ("why", "unanswered") => ["vijf keer niet opgenomen", "five times no answer"],
        ("why", "silent") => ["een jaar niets gehoord", "nothing heard for a year"],
        (_, "being_rung") => ["gebeld worden", "being rung"],
        (_, "incoming") => ["u belde", "you called"],
        (_, "placed" | "dialled") => ["wij belden u", "we called you"],
        (_, "neighbour") => ["een vraag aan een buur", "a request to a neighbour"],
        (_, "until") => ["tot een dag", "until a day"],
        (_, "until_they_call") => ["tot u weer begint", "until you begin again"],
        (_, "stop_not_confirmed") => ["u wilde stoppen", "you wanted to stop"],
        (_, "said") => ["u zei het", "you said so"],
        (_, "seen") => ["het loket zag het", "the desk saw it"],
        (_, "connected") => ["verbonden", "connected"],
        (_, "late_yes") => ["ja, toen het al was opgelost", "yes, when it was solved already"],
        (_, "not_joined") => ["ja, maar de ander was weg", "yes, but the other had gone"],
        (_, "declined") => ["nu niet", "not now"],
        (_, "not_today") => ["vandaag niet", "not today"],
        (_, "stopped") => ["u stopte", "you stopped"],
        (_, "paused") => ["u nam pauze", "you took a pause"],
        (_, "wants_desk") => ["u wilde het loket spreken", "you wanted the desk"],
        (_, "hung_up") => ["opgehangen", "hung up"],
        (_, "no_answer") => ["niet opgenomen", "no answer"],
        (_, "voicemail") => ["stil of voicemail", "silent or voicemail"],
        (_, "busy") => ["in gesprek", "engaged"],
        ("sound", "too_large" | "lost") => ["niet meer bewaard", "no longer kept"],
        (_, "failed" | "lost") => ["niet bereikt", "not reached"],
        (_, "not_placed") => ["toch niet gebeld", "not rung after all"],
        (_, "caller_left" | "caller_ended") => ["de beller stopte", "the caller stopped"],
        (_, "nobody" | "used_up") => ["geen buur gevonden", "no neighbour found"],
        ("kept_how", "not_reached") => ["niet bereikt", "not reached"],
        (_, "not_reached") => ["wij bereikten u niet", "we did not reach you"],
        (_, "not_needed") => ["niet meer nodig", "no longer needed"],
        (_, "spoken") => ["gesproken", "spoken"],
        (_, "passed_on") => ["doorgegeven", "passed on"],
        (_, "desk_answers") => ["het loket belt terug", "the desk rings back"],
        (_, "ring_neighbour_back") => ["het loket belt u", "the desk rings you"],
        (_, "coordinator_arranges") => ["de coördinator regelt het", "the coordinator arranges it"],
        (_, "waiting" | "here") => ["wordt bewaard", "is kept"],
        _ => return None,
    })
}

/// What a value is called.
fn label(name: &str) -> [&'static str; 2] {
    match name {
        "name" => ["naam", "name"],
        "phone" => ["nummer", "number"],
        "postcode" => ["postcode", "postcode"],
        "hours" => ["uren", "hours"],
        "languages" | "language" => ["taal", "language"],
        "min_m" => ["minstens (meter)", "at least (metres)"],
        "max_m" => ["hooguit (meter)", "at most (metres)"],
        "max_per_day" => ["per dag", "a day"],
        "max_per_week" => ["per week", "a week"],
        "consented" => ["toestemming", "consent"],
        "verified_at" => ["bevestigd", "confirmed"],
        "pause_kind" => ["pauze", "pause"],
        "pause_until_at" => ["pauze tot", "pause until"],
        "last_asked_at" => ["laatst gevraagd", "last asked"],
        "answered" => ["antwoorden", "answers"],
        "yeses" => ["keer ja", "times yes"],
        "unanswered" => ["niet opgenomen, op rij", "no answer, in a row"],
        "in_touch_at" => ["laatste contact", "last in touch"],
        "created_at" | "since_at" => ["sinds", "since"],
        "why" => ["waarom", "why"],
        "service" => ["dienst", "service"],
        "approved_at" => ["toegelaten", "approved"],
        "certificate_kind" => ["bewijs", "certificate"],
        "certificate_seen_at" => ["gezien", "seen"],
        "certificate_expires_at" => ["verloopt", "runs out"],
        "at_least" => ["jaren, minstens", "years, at least"],
        "known_by" => ["hoe bekend", "how known"],
        "known_at" => ["sinds", "since"],
        "purpose" => ["waarvoor", "what for"],
        "text_version" => ["tekst", "text"],
        "channel" => ["hoe", "how"],
        "given_at" => ["gegeven", "given"],
        "withdrawn_at" => ["ingetrokken", "withdrawn"],
        "withdrawn_by" => ["ingetrokken via", "withdrawn by"],
        "stopped_at" => ["gestopt", "stopped"],
        "day_part" => ["dagdeel", "part of the day"],
        "rings" => ["gebeld", "rung"],
        "picked_up" => ["opgenomen", "picked up"],
        "happy_with" | "rather_not" => ["aantal", "how many"],
        "rung_at" => ["gebeld", "rung"],
        "result" | "outcome" | "settled_how" => ["afloop", "outcome"],
        "picked_up_at" => ["opgenomen", "picked up"],
        "accepted_at" => ["ja gezegd", "said yes"],
        "ended_at" | "closed_at" => ["einde", "end"],
        "started_at" | "opened_at" | "begun_at" => ["begin", "begin"],
        "proof" => ["bewijs", "proof"],
        "tries" => ["keer gebeld", "times rung"],
        "rings_at" => ["wordt gebeld", "will be rung"],
        "direction" => ["richting", "direction"],
        "line" => ["lijn", "line"],
        "kind" => ["soort", "kind"],
        "worked_out" => ["gelukt", "worked out"],
        "left_at" => ["ingesproken", "left"],
        "seconds" => ["seconden", "seconds"],
        "sound" => ["geluid", "sound"],
        "made_at" | "done_at" => ["op", "on"],
        "due_at" => ["voor", "due"],
        "kept_at" => ["nagekomen", "kept"],
        "kept_how" => ["hoe", "how"],
        "notes" => ["notities", "notes"],
        "what" => ["wat", "what"],
        "asked_at" => ["gevraagd", "asked"],
        "inside" => ["mee naar binnen", "goes inside"],
        "wanted_at" => ["voor", "for"],
        "on_board" => ["op het prikbord", "on the board"],
        "source" => ["hoe het kwam", "how it came"],
        "organisation" => ["organisatie", "organisation"],
        "agreed_on" => ["akkoord op", "agreed on"],
        "agreed_how" => ["akkoord gezegd", "agreed how"],
        "referred_to" => ["doorverwezen naar", "referred to"],
        "settled_at" => ["afgerond", "settled"],
        "reported_at" => ["gemeld", "reported"],
        "times" => ["hoe vaak", "how often"],
        "taken_at" => ["eraf gehaald", "taken down"],
        "posted_at" => ["aangeboden", "offered"],
        "day" => ["dag", "day"],
        "taken_up" => ["iemand ging erop in", "somebody took it up"],
        _ => ["", ""],
    }
}
