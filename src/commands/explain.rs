//! `burenhulp explain`: who would be rung for a question, in which order, and why everybody else not.
//!
//! Rings nobody and changes nothing. Names stay out of it, numbers are masked: the list may be
//! printed and talked about. It is for the organisation, never for a caller: a reason such as "the
//! two are not to be brought together" is nobody else's business (R8).

mod stored;
mod table;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, anyhow, ensure};

use crate::config::FILE_NAME;
use crate::domain::{
    Language, Line, Numbering, ParticipantId, Phone, Postcode, ServiceId, Timestamp,
};

use table::Table;

/// Tell who would be rung, in which order, and why
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  \
    burenhulp explain --line +31700002586 --postcode 2584 --service company\n  \
    burenhulp explain --line +31700002586 --postcode 2584 --service dog --at 2026-04-27T10:00:00+02:00\n  \
    burenhulp explain --line +31700002586 --postcode 2584 --service dog --background")]
pub struct Explain {
    /// The line that is called
    #[arg(long, value_name = "NUMBER")]
    pub line: String,
    /// Where the caller is, four digits
    #[arg(long)]
    pub postcode: String,
    /// What the caller asks, an id of the catalogue
    #[arg(long, value_name = "ID")]
    pub service: String,
    /// When: an RFC 3339 time, or a date for its first minute [default: now]
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The caller's number, who is then no candidate [default: withheld]
    #[arg(long, value_name = "NUMBER")]
    pub from: Option<String>,
    /// Whoever helps is asked to go inside too
    #[arg(long)]
    pub inside: bool,
    /// As a search in the background asks, whose caller is called back: as far as it ever looks
    #[arg(long)]
    pub background: bool,
    /// Language of the reasons, nl or en
    #[arg(long, default_value = "en")]
    pub language: String,
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

/// The question that is explained.
#[derive(Debug, Clone, PartialEq)]
pub struct Question<'a> {
    /// The line.
    pub line: &'a Line,
    /// Where.
    pub postcode: Postcode,
    /// What.
    pub service: ServiceId,
    /// When.
    pub at: Timestamp,
    /// Who calls, if they show it.
    pub from: Option<Phone>,
    /// Whoever helps is asked to go inside too.
    pub inside: bool,
    /// The caller is called back.
    pub background: bool,
    /// The language of the reasons.
    pub language: Language,
}

/// One person and why they stand where they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Who.
    pub participant: ParticipantId,
    /// Their number; printed masked.
    pub phone: Phone,
    /// From the place of the question to theirs, metres; `None`: not known.
    pub distance_m: Option<u32>,
    /// The reason in words, in the language of the question.
    pub why: String,
}

/// Everybody, with a reason.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explanation {
    /// Who would be rung, the first one first.
    pub order: Vec<Told>,
    /// Who would not be.
    pub passed_over: Vec<Told>,
}

impl Explain {
    /// Reads the question, has it answered by `choose` (the store's candidates, ranked), and
    /// prints the answer.
    ///
    /// # Errors
    /// When the question cannot be asked on these lines, with what to do; when `choose` or `out`
    /// fails.
    pub fn run(
        &self,
        lines: &[Line],
        numbering: Numbering,
        now: Timestamp,
        choose: &mut dyn FnMut(&Question<'_>) -> anyhow::Result<Explanation>,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let question = self.question(lines, numbering, now)?;
        let explanation = choose(&question)?;
        out.write_all(shown(&question, &explanation).as_bytes())?;
        Ok(())
    }

    fn question<'a>(
        &self,
        lines: &'a [Line],
        numbering: Numbering,
        now: Timestamp,
    ) -> anyhow::Result<Question<'a>> {
        let number = Phone::parse_desk(&self.line, numbering).context("--line")?;
        let line = lines.iter().find(|line| line.number == number).ok_or_else(|| {
            let known: Vec<_> =
                lines.iter().map(|line| format!("{} ({})", line.number, line.name)).collect();
            anyhow!("--line: this is none of the lines; they are {}", known.join(", "))
        })?;
        let service = ServiceId::parse(&self.service).context("--service")?;
        ensure!(
            line.services.contains(&service),
            "--service: nobody can ask for this on {}; they can ask for {}",
            line.name,
            line.services.iter().map(ServiceId::as_str).collect::<Vec<_>>().join(", ")
        );
        let at = match &self.at {
            None => now,
            Some(text) => Timestamp::parse(text)
                .context("--at: write a time like 2026-04-27T10:00:00+02:00, or a date")?,
        };
        Ok(Question {
            line,
            postcode: Postcode::parse(&self.postcode).context("--postcode")?,
            service,
            at,
            from: self
                .from
                .as_deref()
                .map(|from| Phone::parse(from, numbering).context("--from"))
                .transpose()?,
            inside: self.inside,
            background: self.background,
            language: Language::parse(&self.language).context("--language: write nl or en")?,
        })
    }
}

/// The whole answer, in the language of the question.
fn shown(question: &Question<'_>, explanation: &Explanation) -> String {
    let words = Words::of(question.language);
    let Question { line, postcode, service, at, .. } = question;
    let inside = if question.inside { words.inside } else { "" };
    let local = at.local().format("%Y-%m-%d %H:%M");
    let mut text = format!("{}: {service}{inside}, {postcode}, {local}\n", line.name);
    if !line.area.contains(postcode) {
        text += &format!("{}\n", words.outside);
    }
    if line.coordinator_first.contains(postcode) {
        text += &format!("{}\n", words.coordinator);
    }
    if question.background {
        text += &format!("{}\n", words.background(line));
    }
    text += &match &explanation.order[..] {
        [] => format!("\n{}\n", words.nobody),
        order => format!("\n{}\n{}", words.order, listed(order, words, true)),
    };
    if !explanation.passed_over.is_empty() {
        let passed_over = listed(&explanation.passed_over, words, false);
        text += &format!("\n{}\n{passed_over}", words.passed_over);
    }
    text + &format!("\n{}\n", words.not_listed)
}

fn listed(people: &[Told], words: &Words, numbered: bool) -> String {
    let mut table = Table::default();
    for (place, told) in (1..).zip(people) {
        let place = if numbered { format!("{place}.") } else { "-".to_owned() };
        let distance = match told.distance_m {
            Some(metres) => words.distance(metres),
            None => words.distance_unknown.to_owned(),
        };
        let who = format!("{} {}", words.participant, told.participant);
        table.row([place, who, told.phone.to_string(), distance, told.why.clone()]);
    }
    table.to_string()
}

/// What surrounds the reasons, in one language.
struct Words {
    order: &'static str,
    passed_over: &'static str,
    nobody: &'static str,
    outside: &'static str,
    coordinator: &'static str,
    not_listed: &'static str,
    participant: &'static str,
    inside: &'static str,
    distance_unknown: &'static str,
    decimal: char,
}

impl Words {
    fn of(language: Language) -> &'static Self {
        match language {
            Language::Nl => &Self {
                order: "Wie gebeld wordt, op volgorde:",
                passed_over: "Wie niet gebeld wordt:",
                nobody: "Er wordt niemand gebeld.",
                outside: "Deze postcode hoort niet bij de lijn: wie daar belt, krijgt het loket.",
                coordinator: "Hier gaat de coördinator voor: er wordt niemand gebeld voordat die heeft gekeken.",
                not_listed: "Niet genoemd: wie dit niet aanbiedt, en wie verder dan 20 km weg woont.",
                participant: "deelnemer",
                inside: " (ook mee naar binnen)",
                distance_unknown: "afstand onbekend",
                decimal: ',',
            },
            Language::En => &Self {
                order: "Would be rung, in this order:",
                passed_over: "Would not be rung:",
                nobody: "Nobody would be rung.",
                outside: "This postcode is outside the line's area: a caller there gets the desk.",
                coordinator: "The coordinator goes first here: nobody is rung before they have looked.",
                not_listed: "Not listed: who does not offer this, and who lives more than 20 km away.",
                participant: "participant",
                inside: " (inside too)",
                distance_unknown: "distance unknown",
                decimal: '.',
            },
        }
    }

    /// How a search in the background goes on.
    fn background(&self, line: &Line) -> String {
        let hours = line.background_budget.as_secs() / 3600;
        let (most, at_once) = (line.background_max_attempts, line.ring_at_once);
        match self.decimal {
            ',' => format!(
                "Op de achtergrond: {hours} uur lang binnen de beltijden, hooguit {most} mensen, {at_once} \
                 tegelijk. Wie nu rust of niet kan, komt daarna nog aan de beurt."
            ),
            _ => format!(
                "In the background: for {hours} h within ringing hours, {most} people at most, {at_once} at \
                 once. Whoever rests or cannot now has their turn later."
            ),
        }
    }

    /// Kilometres with one decimal.
    fn distance(&self, metres: u32) -> String {
        let tenths = (metres + 50) / 100;
        format!("{}{}{} km", tenths / 10, self.decimal, tenths % 10)
    }
}

#[cfg(test)]
mod tests;
