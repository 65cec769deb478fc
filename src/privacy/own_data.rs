//! Everything about one person, as JSON and as a page that they can read.

use serde_json::{Map, Value, json};

use crate::domain::{Language, Phone, Timestamp};
use crate::privacy::{Block, Paper};

/// One kind of what is known about somebody: rows of named values. A name that ends in `_at` is a
/// moment, UTC milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Which kind, a word.
    pub what: &'static str,
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

/// As a page, in this language.
pub fn paper(phone: &Phone, known: &[Known], now: Timestamp, language: Language) -> Paper {
    let say = |words: [&'static str; 2]| words[usize::from(language == Language::En)];
    let mut blocks =
        vec![Block::Text(format!("{}: {}. {}", say(NUMBER), phone.e164(), say(INTRODUCTION)))];
    if known.is_empty() {
        blocks.push(Block::Text(say(NOTHING).to_owned()));
    }
    for part in known {
        blocks.push(Block::Heading(say(title(part.what)).to_owned()));
        let Some(first) = part.rows.first() else { continue };
        let columns: Vec<&String> = first.keys().collect();
        let head = columns.iter().map(|name| say(label(name)).to_owned()).collect();
        let cell = |row: &Map<String, Value>, name: &str| match row.get(name) {
            Some(Value::Null) | None => String::new(),
            Some(value) if name.ends_with("_at") => shown(value),
            Some(Value::String(text)) if !matches!(name, "name" | "notes" | "proof") => {
                told(text).map_or_else(|| text.clone(), |it| say(it).to_owned())
            }
            Some(Value::String(text)) => text.clone(),
            Some(value) if name == "consented" || name == "worked_out" => {
                say(if value.as_i64() == Some(1) { ["ja", "yes"] } else { ["nee", "no"] })
                    .to_owned()
            }
            Some(value) => value.to_string(),
        };
        let rows = part.rows.iter().map(|row| columns.iter().map(|name| cell(row, name)).collect());
        blocks.push(Block::Table { head, rows: rows.collect() });
    }
    blocks.push(Block::Text(format!("{} {}.", say(MADE), now.local().format("%Y-%m-%d %H:%M"))));
    Paper { language, title: say(TITLE).to_owned(), blocks }
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
        "sign_up" => ["Uw aanmelding, nog niet bevestigd", "Your sign-up, not confirmed yet"],
        "admissions" => ["Waarvoor het loket u toeliet", "What the desk approved of"],
        "age" => ["Hoe oud u minstens bent", "How old you are at least"],
        "consents" => ["Uw toestemming", "Your consent"],
        "stop" => ["U bent gestopt", "You stopped"],
        "habits" => ["Hoe vaak u opnam", "How often you picked up"],
        "pairs" => ["Met hoeveel mensen het goed ging", "With how many people it went well"],
        "rings" => ["Wanneer u bent gebeld", "When you were rung"],
        "calls" => ["Gesprekken", "Calls"],
        "requests" => ["Wat u vroeg", "What you asked"],
        "web_questions" => ["Wat u op de website vroeg", "What you asked on the website"],
        "posted_offers" => ["Wat u op het prikbord aanbood", "What you offered on the board"],
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
fn told(word: &str) -> Option<[&'static str; 2]> {
    Some(match word {
        "phone" => ["per telefoon", "by telephone"],
        "web" => ["op de website", "on the website"],
        "desk" => ["via het loket", "through the desk"],
        "paper" => ["op papier", "on paper"],
        "nl" => ["Nederlands", "Dutch"],
        "en" => ["Engels", "English"],
        "being_rung" => ["gebeld worden", "being rung"],
        "incoming" => ["u belde", "you called"],
        "placed" | "dialled" => ["wij belden u", "we called you"],
        "neighbour" => ["een vraag aan een buur", "a request to a neighbour"],
        "connected" => ["verbonden", "connected"],
        "declined" => ["nu niet", "not now"],
        "no_answer" => ["niet opgenomen", "no answer"],
        "voicemail" => ["stil of voicemail", "silent or voicemail"],
        "caller_left" | "caller_ended" => ["de beller stopte", "the caller stopped"],
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
        "created_at" => ["sinds", "since"],
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
        "happy_with" => ["aantal", "how many"],
        "rung_at" => ["gebeld", "rung"],
        "result" | "outcome" => ["afloop", "outcome"],
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
        "wanted_at" => ["voor", "for"],
        "on_board" => ["op het prikbord", "on the board"],
        "posted_at" => ["aangeboden", "offered"],
        "day" => ["dag", "day"],
        "taken_up" => ["iemand ging erop in", "somebody took it up"],
        _ => ["", ""],
    }
}
