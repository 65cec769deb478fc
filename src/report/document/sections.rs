//! Which sections a report has, and those about the desk and the months.

use super::{Row, Section, Table, Writer};
use crate::report::Period;
use crate::report::conceal::{Shown, Total};
use crate::report::plot::{self, Bar};
use crate::report::words::{self, decimal, number};

impl Writer<'_> {
    pub(super) fn sections(&self) -> Vec<Section> {
        let sections = match self.report.scope.period {
            // What a funder asks first.
            Period::Year(_) => [
                self.months(),
                self.services(),
                self.ended(),
                self.waiting(),
                self.desk(),
                self.hours(),
                self.areas(),
                self.rings(),
                None,
            ],
            Period::Month(_) => [
                self.ended(),
                self.waiting(),
                self.hours(),
                self.services(),
                self.areas(),
                self.fairness(),
                self.rings(),
                self.desk(),
                None,
            ],
        };
        sections.into_iter().flatten().collect()
    }

    pub(super) fn section(&self, id: &'static str, nl: &str, en: &str) -> Section {
        let title = self.language.pick(nl, en).to_owned();
        Section { id, title, text: Vec::new(), plot: None, table: None }
    }

    pub(super) fn say(&self, nl: &str, en: &str) -> String {
        self.language.pick(nl, en).to_owned()
    }

    pub(super) fn bar(&self, label: impl Into<String>, value: Shown) -> Bar {
        let text = words::shown(value, self.language);
        Bar { label: label.into(), value: value.at_least(), text }
    }

    fn desk(&self) -> Option<Section> {
        let l = self.language;
        let r = self.report;
        if r.promises_due == 0 && r.desk_asked == Total::Exactly(0) {
            return None;
        }
        let mut section = self.section("desk", "Het loket", "The desk");
        let row = |nl, en, n: String| Row::new(l.pick(nl, en), [n]);
        let mut rows = Vec::new();
        if r.desk_asked != Total::Exactly(0) {
            rows.push(row(
                "iemand vroeg naar het loket",
                "somebody asked for the desk",
                words::total(r.desk_asked, l),
            ));
            rows.push(row(
                "en sprak een medewerker",
                "and spoke with somebody there",
                words::total(r.desk_spoken, l),
            ));
        }
        if r.promises_due > 0 {
            let late = r.promises_due - r.promises_on_time;
            rows.push(row(
                "beloften die af moesten zijn",
                "promises that were due",
                number(r.promises_due, l),
            ));
            rows.push(row("op tijd gedaan", "kept on time", number(r.promises_on_time, l)));
            rows.push(row("te laat of nog niet gedaan", "late or not kept yet", number(late, l)));
        }
        section.table = Some(Table {
            caption: self
                .say("Vragen aan het loket, en beloften", "Requests for the desk, and promises"),
            head: vec![self.say("Wat", "What"), self.say("Aantal", "Number")],
            rows,
        });
        Some(section)
    }

    fn months(&self) -> Option<Section> {
        let l = self.language;
        let mut section = self.section("months", "Maand voor maand", "Month by month");
        if self.report.months.is_empty() {
            return None;
        }
        let short = |total: Total| match total {
            Total::Exactly(n) => Shown::Count(n),
            Total::Few | Total::Between(..) => Shown::Hidden,
        };
        let bar = |line: &crate::report::summary::MonthLine| {
            let bar = self.bar(line.month.name(l), short(line.requests));
            let text = if bar.value.is_some() { bar.text } else { "<5".to_owned() };
            Bar { text, ..bar }
        };
        section.plot = Some(plot::columns(
            &self.say("Vragen per maand", "Requests each month"),
            &self.say(
                "Staande balken: het aantal vragen in elke maand. De getallen staan in de tabel.",
                "Columns: the requests in each month. The table has the numbers.",
            ),
            &self.report.months.iter().map(bar).collect::<Vec<_>>(),
        ));
        section.table = Some(Table {
            caption: self.say(
                "Per maand. Gini: 0 is iedereen even vaak gevraagd, 1 steeds dezelfde",
                "Each month. Gini: 0 is everybody asked equally often, 1 always the same one",
            ),
            head: vec![
                self.say("Maand", "Month"),
                self.say("Telefoontjes", "Calls"),
                self.say("Vragen", "Requests"),
                "Gini".to_owned(),
            ],
            rows: self
                .report
                .months
                .iter()
                .map(|line| {
                    let gini = self.or_nothing(line.gini, |x| decimal(x, 2, l));
                    Row::new(
                        line.month.name(l),
                        [words::total(line.calls, l), words::total(line.requests, l), gini],
                    )
                })
                .collect(),
        });
        Some(section)
    }

    pub(super) fn too_few(&self) -> String {
        self.say(
            "Er is te weinig gevraagd om dit te verdelen zonder dat iemand te herkennen is.",
            "Too little was asked to split this without somebody being recognised.",
        )
    }
}
