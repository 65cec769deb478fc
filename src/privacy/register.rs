//! The register of processing (GDPR article 30) that the software prints about itself.
//!
//! Made from the same lists as the software acts on: what is done and where it stands, how long it
//! is kept, who may see it, what is written down about that. It never says what is not so.

use super::activities::{ACTIVITIES, Activity, Words};
use super::{BACKUP_DAYS, Block, Paper, rule};
use crate::domain::{Deed, Language, Right, Role};

/// What a register says about where it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The names of the lines.
    pub lines: Vec<String>,
    /// The telephone provider, by its name.
    pub provider: String,
    /// The day, such as `2026-11-24`.
    pub day: String,
}

/// The register, in this language.
pub fn register(around: &Surroundings, language: Language) -> Paper {
    let say = |words: Words| language.one_of(words).to_owned();
    let mut blocks = vec![
        Block::Text(say(INTRODUCTION)),
        Block::Points(vec![
            format!("{}: {}", say(LINES), around.lines.join(", ")),
            format!("{}: {}", say(PROVIDER), around.provider),
            format!("{}: {}", say(PRINTED), around.day),
            say(TO_FILL_IN),
        ]),
    ];
    for activity in ACTIVITIES {
        blocks.push(Block::Heading(say(activity.name)));
        blocks.push(about(activity, language));
        if !activity.kept.is_empty() {
            blocks.push(periods(activity, language));
        }
    }
    blocks.push(Block::Heading(say(RECIPIENTS)));
    blocks.push(Block::Points(RECIPIENT_POINTS.iter().map(|words| say(*words)).collect()));
    blocks.push(Block::Heading(say(SECURITY)));
    blocks.push(Block::Points(MEASURES.iter().map(|words| say(*words)).collect()));
    blocks.push(Block::Text(match language {
        Language::Nl => format!(
            "Reservekopieën worden hooguit {BACKUP_DAYS} dagen bewaard. Na het terugzetten wordt iedereen die \
             intussen stopte opnieuw gewist, en alles wat te oud is."
        ),
        Language::En => format!(
            "Back-ups are kept {BACKUP_DAYS} days at most. After one is restored, everybody who stopped \
             meanwhile is erased again, and everything that is too old."
        ),
    }));
    blocks.push(Block::Heading(say(WHO_MAY)));
    blocks.push(rights(language));
    blocks.push(Block::Heading(say(TRAIL)));
    blocks.push(Block::Text(
        Deed::ALL.iter().map(|deed| deed.sentence(language)).collect::<Vec<_>>().join("; ") + ".",
    ));
    blocks.push(Block::Heading(say(RIGHTS_OF_PEOPLE)));
    blocks.push(Block::Points(PEOPLE_MAY.iter().map(|words| say(*words)).collect()));
    Paper { language, title: say(TITLE), blocks }
}

fn about(activity: &Activity, language: Language) -> Block {
    let say = |words: Words| language.one_of(words).to_owned();
    let row = |what: Words, cell: String| vec![say(what), cell];
    Block::Table {
        head: vec![String::new(), String::new()],
        rows: vec![
            row(["Doel", "Purpose"], say(activity.purpose)),
            row(["Van wie", "Whose data"], say(activity.whose)),
            row(["Gegevens", "Data"], say(activity.data)),
            row(["Grondslag", "Legal ground"], say(activity.ground)),
            row(["Bewaard", "Kept"], say(activity.beside)),
            row(["Tabellen", "Tables"], activity.tables.join(", ")),
        ],
    }
}

fn periods(activity: &Activity, language: Language) -> Block {
    let head = [
        ["Wat", "What"],
        ["Hooguit", "At most"],
        ["Vanaf", "From"],
        ["Waarom", "Why"],
        ["Bron", "Source"],
    ];
    let row = |kept: &_| {
        let rule = rule(*kept);
        vec![
            rule.what(language).to_owned(),
            rule.period(language),
            rule.from(language).to_owned(),
            rule.why(language).to_owned(),
            rule.source.to_owned(),
        ]
    };
    Block::Table {
        head: head.map(|words| language.one_of(words).to_owned()).into(),
        rows: activity.kept.iter().map(row).collect(),
    }
}

fn rights(language: Language) -> Block {
    let mut head = vec![language.pick("Wie aan het loket mag", "Who at the desk may").to_owned()];
    head.extend(Role::ALL.iter().map(|role| language.one_of(role_name(*role)).to_owned()));
    let yes = language.pick("ja", "yes");
    let row = |right: &Right| {
        let mut cells = vec![language.one_of(right_name(*right)).to_owned()];
        cells.extend(
            Role::ALL.iter().map(|role| if role.may(*right) { yes } else { "–" }.to_owned()),
        );
        cells
    };
    Block::Table { head, rows: Right::ALL.iter().map(row).collect() }
}

fn role_name(role: Role) -> Words {
    match role {
        Role::Operator => ["medewerker", "operator"],
        Role::Coordinator => ["coördinator", "coordinator"],
        Role::Administrator => ["beheerder", "administrator"],
    }
}

fn right_name(right: Right) -> Words {
    match right {
        Right::OwnAccount => {
            ["het eigen wachtwoord en de eigen sessies beheren", "look after their own account"]
        }
        Right::WatchCalls => ["gesprekken en zoektochten volgen", "watch calls and searches"],
        Right::SteerCalls => ["gesprekken overnemen of bijsturen", "take over or steer calls"],
        Right::WorkOnRequests => ["vragen zien en afhandelen", "see and work on requests"],
        Right::KeepPromises => {
            ["berichten beluisteren en terugbellen", "hear messages and ring back"]
        }
        Right::CareForParticipants => [
            "deelnemers zien (nummers afgeschermd), verbeteren, pauzeren of laten stoppen",
            "see participants (numbers masked), correct, pause or stop them",
        ],
        Right::OpenAndClose => ["het loket openen of sluiten", "open or close the desk"],
        Right::SeeReports => ["verslagen zien", "see reports"],
        Right::SeeAudit => {
            ["zien wie wat bekeek of veranderde", "see who looked at or changed what"]
        }
        Right::ManageOperators => {
            ["collega's toevoegen of uitzetten", "add or switch off colleagues"]
        }
    }
}

const TITLE: Words = ["Register van verwerkingen", "Register of processing"];
const INTRODUCTION: Words = [
    "Dit register drukt de telefooncentrale over zichzelf af, uit dezelfde lijsten als waarnaar zij werkt. \
     Het beschrijft wat de software met gegevens van mensen doet (AVG art. 30).",
    "The exchange prints this register about itself, from the same lists that it works by. It describes \
     what the software does with people's data (GDPR art. 30).",
];
const LINES: Words = ["Lijnen", "Lines"];
const PROVIDER: Words = ["Telefoonaanbieder", "Telephone provider"];
const PRINTED: Words = ["Afgedrukt op", "Printed on"];
const TO_FILL_IN: Words = [
    "Zelf aan te vullen: naam en contactgegevens van de verantwoordelijke organisatie en van haar \
     functionaris gegevensbescherming.",
    "To be added by hand: name and contact details of the organisation responsible and of its data \
     protection officer.",
];
const RECIPIENTS: Words = ["Ontvangers", "Recipients"];
const RECIPIENT_POINTS: &[Words] = &[
    [
        "De telefoonaanbieder: de nummers van beide kanten van een gesprek, wat wordt uitgesproken en ingetoetst. Sluit een \
      verwerkersovereenkomst, met opslag in de EU. Ingesproken berichten worden meteen opgehaald en daar gewist.",
        "The telephone provider: the numbers of both ends of a call, what is spoken and keyed. Make a processor agreement, with \
      storage in the EU. Recordings are fetched at once and deleted there.",
    ],
    [
        "De ene buur krijgt van de andere geen naam, nummer of adres.",
        "Neither neighbour gets the other's name, number or address.",
    ],
    [
        "Verder niemand; er gaat niets naar landen buiten de EU, tenzij de telefoonaanbieder daar opslaat.",
        "Nobody else; nothing goes outside the EU, unless the telephone provider stores there.",
    ],
];
const SECURITY: Words = ["Beveiliging", "Security"];
const MEASURES: &[Words] = &[
    [
        "Alles staat in één bestand dat alleen de eigenaar van de dienst kan lezen; de sleutel staat in een bestand ernaast en \
      gaat apart in de reservekopie.",
        "Everything is in one file that only its owner can read; the key is in a file beside it and goes into the back-up apart.",
    ],
    [
        "Berichten en de geheimen van de tweede stap zijn versleuteld (ChaCha20-Poly1305); wachtwoorden zijn Argon2id-hashes.",
        "Messages and the secrets of second steps are sealed (ChaCha20-Poly1305); passwords are Argon2id hashes.",
    ],
    [
        "Gewiste gegevens worden ook in het bestand zelf overschreven.",
        "Erased data are overwritten in the file as well.",
    ],
    [
        "Nummers zijn op het scherm afgeschermd; een nummer laten zien komt in het logboek.",
        "Numbers are masked on screen; having one shown goes to the trail.",
    ],
    [
        "In technische logs en meetwaarden staat nooit een nummer, naam of ingetoetst cijfer.",
        "A number, name or keyed digit is never in a technical log or a metric.",
    ],
    [
        "Berichten van de telefoonaanbieder zonder geldige handtekening hebben geen gevolg.",
        "What comes from the telephone provider without a valid signature has no effect.",
    ],
    [
        "Inloggen met wachtwoord en tweede stap, met een rem op raden; een collega die wordt uitgezet is meteen uitgelogd.",
        "Logging in with password and second step, guessing is slowed; a colleague who is switched off is out at once.",
    ],
];
const WHO_MAY: Words = ["Wie wat mag", "Who may do what"];
const TRAIL: Words = ["Wat in het logboek van het loket komt", "What goes to the desk's trail"];
const RIGHTS_OF_PEOPLE: Words = ["Rechten van mensen", "Rights of people"];
const PEOPLE_MAY: &[Words] = &[
    [
        "Inzien en meenemen: burenhulp export person NUMMER (JSON, en een bladzijde om af te drukken).",
        "See and take along: burenhulp export person NUMBER (JSON, and a page to print).",
    ],
    [
        "Verbeteren: aan het loket, of met burenhulp import participants.",
        "Correct: at the desk, or with burenhulp import participants.",
    ],
    [
        "Stoppen en gewist worden: toets 4 als er gebeld wordt, aan het loket, of met burenhulp stop NUMMER.",
        "Stop and be erased: key 4 when rung, at the desk, or with burenhulp stop NUMBER.",
    ],
    [
        "Even niet: een pauze. Er zijn geen besluiten met grote gevolgen zonder mens; wie het eerst gebeld wordt is een \
      telling van afstand en gewoonten, en het loket kan laten zien waarom.",
        "Not for now: a pause. Nothing of consequence is decided without a human; who is rung first is a count of distance and \
      habits, and the desk can show why.",
    ],
    [
        "Klagen kan bij de organisatie en bij de Autoriteit Persoonsgegevens.",
        "Complaints go to the organisation and to the Dutch Data Protection Authority.",
    ],
];
