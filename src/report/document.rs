//! A report in words of one language: figures, and sections with a plot and a table under it. The
//! text on a terminal, the CSV and the page are all written from this.

mod people;
mod searching;
mod sections;

use std::collections::BTreeMap;

use super::conceal::Total;
use super::plot::Plot;
use super::words::{self, NOTHING, number, percent, seconds};
use super::{Period, Report};
use crate::domain::{Language, Phone, Postcode, ServiceId};

/// How things are called in the language of the document.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Lines.
    pub lines: BTreeMap<Phone, String>,
    /// Services; one that is not in it is called by its id.
    pub services: BTreeMap<ServiceId, String>,
    /// Postcode areas; one that is not in it has its digits only.
    pub places: BTreeMap<Postcode, String>,
}

impl Names {
    fn service(&self, id: Option<&ServiceId>, language: Language) -> String {
        match id {
            None => language.pick("niet genoemd", "not named").to_owned(),
            Some(id) => self.services.get(id).cloned().unwrap_or_else(|| id.to_string()),
        }
    }

    fn place(&self, postcode: Option<Postcode>, language: Language) -> String {
        match postcode {
            None => language.pick("niet genoemd", "not named").to_owned(),
            Some(postcode) => match self.places.get(&postcode) {
                Some(place) => format!("{postcode} {place}"),
                None => postcode.to_string(),
            },
        }
    }
}

/// A report in words.
#[derive(Debug, Clone)]
pub struct Document {
    /// Of this language.
    pub language: Language,
    /// What it is about: `Burenhulp Scheveningen, november 2026`.
    pub title: String,
    /// Up to when it is counted, where the period still runs.
    pub until: Option<String>,
    /// The year in a few sentences, or a word for a period in which nothing happened.
    pub story: Vec<String>,
    /// Large figures.
    pub figures: Vec<Figure>,
    /// The rest.
    pub sections: Vec<Section>,
    /// How it was counted.
    pub notes: Vec<String>,
}

/// A large figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// `1.240`.
    pub value: String,
    /// What it counts.
    pub label: String,
}

/// A heading with what stands under it.
#[derive(Debug, Clone)]
pub struct Section {
    /// A word for addresses and files: `hours`.
    pub id: &'static str,
    /// The heading.
    pub title: String,
    /// What it says in words.
    pub text: Vec<String>,
    /// The plot.
    pub plot: Option<Plot>,
    /// The table under it.
    pub table: Option<Table>,
}

impl Table {
    /// The rows, each with the name of its group where a new one begins.
    pub fn grouped(&self) -> impl Iterator<Item = (Option<&str>, &Row)> {
        let mut before = None;
        self.rows.iter().map(move |row| {
            let group = row.group.as_deref();
            let begins = group.filter(|_| group != before);
            before = group;
            (begins, row)
        })
    }
}

/// Rows with a head each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The heads of its columns, that of the rows first.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What it belongs to, with the rows before it that name the same.
    pub group: Option<String>,
    /// Its head.
    pub head: String,
    /// The rest, one for each further column.
    pub cells: Vec<String>,
}

impl Row {
    fn new(head: impl Into<String>, cells: impl Into<Vec<String>>) -> Self {
        Self { group: None, head: head.into(), cells: cells.into() }
    }
}

impl Document {
    /// The report in words.
    pub fn of(report: &Report, names: &Names, language: Language) -> Self {
        let line = match &report.scope.line {
            None => language.pick("Alle lijnen", "All lines").to_owned(),
            Some(line) => names.lines.get(line).cloned().unwrap_or_else(|| {
                language.pick("Een lijn van vroeger", "A former line").to_owned()
            }),
        };
        let period = report.scope.period.name(language);
        let until = report.scope.until.map(|day| {
            let day = day.format("%d-%m-%Y");
            language.pick(
                format!("Deze periode loopt nog. Geteld tot en met {day}."),
                format!("This period is still running. Counted up to and including {day}."),
            )
        });
        let writer = Writer { report, names, language };
        Self {
            language,
            title: format!("{line}, {period}"),
            until,
            story: writer.story(&line, &period),
            figures: if report.is_empty() { Vec::new() } else { writer.figures() },
            sections: if report.is_empty() { Vec::new() } else { writer.sections() },
            notes: writer.notes(),
        }
    }
}

/// Writes one report in one language.
struct Writer<'a> {
    report: &'a Report,
    names: &'a Names,
    language: Language,
}

impl Writer<'_> {
    fn story(&self, line: &str, period: &str) -> Vec<String> {
        let Report { calls, requests, connected, .. } = *self.report;
        let l = self.language;
        if self.report.is_empty() {
            return vec![l.pick(
                format!("In {period} is er niet gebeld. Er is nog niets te tellen."),
                format!("Nobody called in {period}. There is nothing to count yet."),
            )];
        }
        let times = words::total(calls, l);
        let mut story = vec![match self.report.scope.line {
            None => l.pick(
                format!("In {period} is er {times} keer gebeld."),
                format!("In {period} there were {times} calls."),
            ),
            Some(_) => l.pick(
                format!("In {period} is {line} {times} keer gebeld."),
                format!("In {period}, {line} was called {times} times."),
            ),
        }];
        if requests == Total::Exactly(0) {
            story.push(
                l.pick("Niemand vroeg om iemand uit de buurt.", "Nobody asked for a neighbour.")
                    .to_owned(),
            );
            return story;
        }
        let asked = words::total(requests, l);
        story.push(l.pick(
            format!("{asked} keer was de vraag of iemand uit de buurt iets kon doen."),
            format!("{asked} times the question was whether a neighbour could do something."),
        ));
        if let (Some(requests), Some(connected)) = (requests.count(), connected.count()) {
            let found = number(connected, l);
            let in_ten = super::summary::rounded(10 * connected, requests);
            story.push(l.pick(
                format!("{found} keer is er iemand gevonden: ongeveer {in_ten} van de 10 keer."),
                format!("{found} times somebody was found: about {in_ten} in 10."),
            ));
        }
        if let Some(median) = self.report.to_connection.median {
            let median = seconds(median, l);
            story.push(l.pick(
                format!(
                    "De helft van deze bellers had binnen {median} een buurtgenoot aan de lijn."
                ),
                format!("Half of these callers spoke with a neighbour within {median}."),
            ));
        }
        story
    }

    fn figures(&self) -> Vec<Figure> {
        let l = self.language;
        let r = self.report;
        let figure =
            |value: String, nl: &str, en: &str| Figure { value, label: l.pick(nl, en).to_owned() };
        let mut figures = vec![
            figure(words::total(r.calls, l), "telefoontjes naar de lijn", "calls to the line"),
            figure(
                words::total(r.requests, l),
                "vragen om iemand uit de buurt",
                "requests for a neighbour",
            ),
            figure(
                words::total(r.connected, l),
                "keer iemand gevonden",
                "times somebody was found",
            ),
        ];
        if let Some(percent_yes) = r.worked_out_percent {
            figures.push(figure(
                percent(percent_yes),
                "van wie het zei: het is gelukt",
                "of those who told: it worked out",
            ));
        }
        if let Some(median) = r.to_connection.median {
            figures.push(figure(
                seconds(median, l),
                "of korter wachtte de helft op een buurtgenoot",
                "or less is what half waited for a neighbour",
            ));
        }
        if r.promises_due > 0 {
            figures.push(figure(
                l.pick(
                    format!("{} van {}", number(r.promises_on_time, l), number(r.promises_due, l)),
                    format!("{} of {}", number(r.promises_on_time, l), number(r.promises_due, l)),
                ),
                "beloften van het loket op tijd gedaan",
                "promises of the desk kept on time",
            ));
        }
        figures
    }

    fn notes(&self) -> Vec<String> {
        let l = self.language;
        let mut notes = vec![
            l.pick("Een vraag telt op de dag waarop zij gesteld is, met alles wat er later van kwam; een belofte op de dag waarop zij af moest zijn. Dagen en uren zijn die van de Nederlandse klok.",
                "A request counts on the day it was asked, with whatever came of it later; a promise on the day it was due. Days and hours are those of the Dutch clock.",
            ),
            l.pick("Wachttijden lopen vanaf het moment waarop de vraag duidelijk was. De helft: de kortste tijd waar minstens de helft van de bellers niet boven kwam. Negen van de tien: net zo, voor 90 %.",
                "Waiting begins when the question is clear. Half: the shortest time that at least half of the callers did not exceed. Nine in ten: the same, for 90 %.",
            ),
            l.pick("‘Klein’ is minder dan 5, of een getal dat is weggelaten omdat u anders zo’n klein getal zou kunnen uitrekenen. ‘Minstens’ staat waar het precieze getal, met andere verslagen ernaast, zo’n klein getal zou verraden. Zo is niemand te herkennen. Hoe vaak het zoeken lukte en of het loket zijn beloften nakwam, gaat over ons en staat er altijd, zodra er vijf vragen zijn.",
                "‘Small’ is fewer than 5, or a number left out because such a small one could be worked out from it. ‘At least’ stands where the exact number, with other reports beside it, would give such a small one away. So nobody can be recognised. How often a search succeeded and whether the desk kept its promises is about us and is always told, from five requests on.",
            ),
        ];
        if let Period::Month(_) = self.report.scope.period {
            notes.push(l.pick("Hoeveel mensen iets aanbieden is geteld aan het einde van de maand, of vandaag als de maand nog loopt.",
                "How many people offer something is counted at the end of the month, or today while the month runs.",
            ));
        }
        notes.into_iter().map(str::to_owned).collect()
    }

    fn or_nothing<T>(&self, value: Option<T>, write: impl Fn(T) -> String) -> String {
        value.map_or_else(|| NOTHING.to_owned(), write)
    }
}
