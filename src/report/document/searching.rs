//! How searching went: how it ended, how long callers waited, when they call, how rings turned out.

use std::collections::BTreeMap;

use super::{Row, Section, Table, Writer};
use crate::report::conceal::{Shown, Total};
use crate::report::counts::{Ended, HourOfWeek};
use crate::report::plot::{self, Bar};
use crate::report::summary::rounded;
use crate::report::words::{self, NOTHING, decimal, number, percent, seconds};

impl Writer<'_> {
    pub(super) fn ended(&self) -> Option<Section> {
        let l = self.language;
        if self.report.requests == Total::Exactly(0) {
            return None;
        }
        let mut section = self.section("ended", "Hoe het zoeken afliep", "How searching ended");
        let tables = &self.report.tables;
        let halves = [&tables.found, &tables.not_found];
        let split: Vec<&(Ended, Shown)> = halves.into_iter().flatten().flatten().collect();
        if let (Some(requests), Some(connected)) =
            (self.report.requests.count(), self.report.connected.count())
        {
            let share = percent(rounded(100 * connected, requests));
            section.text.push(l.pick(
                format!(
                    "Bij {} van de {} vragen is iemand gevonden ({share}).",
                    number(connected, l),
                    number(requests, l)
                ),
                format!(
                    "Somebody was found for {} of {} requests ({share}).",
                    number(connected, l),
                    number(requests, l)
                ),
            ));
        }
        if split.is_empty() {
            section.text.push(self.too_few());
            return Some(section);
        }
        let bars: Vec<Bar> =
            split.iter().map(|(way, n)| self.bar(words::ended(*way, l), *n)).collect();
        section.plot = Some(plot::bars(
            &section.title,
            &self.say("Liggende balken: aantal vragen naar hoe het zoeken afliep. De getallen staan in de tabel.", "Bars: requests by how searching ended. The table has the numbers."),
            &bars,
        ));
        section.table = Some(Table {
            caption: self
                .say("Vragen naar hoe het zoeken afliep", "Requests by how searching ended"),
            head: vec![self.say("Hoe het afliep", "How it ended"), self.say("Vragen", "Requests")],
            rows: bars.into_iter().map(|bar| Row::new(bar.label, [bar.text])).collect(),
        });
        Some(section)
    }

    pub(super) fn waiting(&self) -> Option<Section> {
        let l = self.language;
        let r = self.report;
        let mut section =
            self.section("waiting", "Hoe lang bellers wachtten", "How long callers waited");
        r.to_first_ring.median?;
        let row = |nl, en, took: Option<u64>| {
            Row::new(l.pick(nl, en), [self.or_nothing(took, |s| seconds(s, l))])
        };
        let mut rows = vec![
            row(
                "eerste telefoon gaat over: de helft binnen",
                "first telephone rings: half within",
                r.to_first_ring.median,
            ),
            row(
                "eerste telefoon gaat over: 9 van de 10 binnen",
                "first telephone rings: 9 in 10 within",
                r.to_first_ring.nine_in_ten,
            ),
            row(
                "iemand gevonden: de helft binnen",
                "somebody found: half within",
                r.to_connection.median,
            ),
            row(
                "iemand gevonden: 9 van de 10 binnen",
                "somebody found: 9 in 10 within",
                r.to_connection.nine_in_ten,
            ),
        ];
        for (limit, found) in [30, 60, 180].into_iter().zip(r.connected_within) {
            let of = found.count().zip(r.requests.count().filter(|n| *n > 0));
            let text = of.map_or_else(
                || words::shown(found, l),
                |(n, of)| format!("{} ({})", number(n, l), percent(rounded(100 * n, of))),
            );
            let within = seconds(limit, l);
            rows.push(Row::new(
                l.pick(
                    format!("van alle vragen: gevonden binnen {within}"),
                    format!("of all requests: found within {within}"),
                ),
                [text],
            ));
        }
        rows.push(Row::new(
            self.say("mensen gebeld voor elke doorverbinding", "people rung for each connection"),
            [self.or_nothing(r.rings_per_connection, |x| decimal(x, 1, l))],
        ));
        section.table = Some(Table {
            caption: self.say(
                "Wachttijd vanaf het moment dat de vraag duidelijk was",
                "Waiting since the question was clear",
            ),
            head: vec![
                self.say("Wat", "What"),
                self.say("Hoe lang of hoe vaak", "How long or how often"),
            ],
            rows,
        });
        Some(section)
    }

    pub(super) fn hours(&self) -> Option<Section> {
        let l = self.language;
        if self.report.calls == Total::Exactly(0) {
            return None;
        }
        let mut section = self.section("hours", "Wanneer er gebeld wordt", "When people call");
        let Some(hours) = &self.report.tables.hours else {
            section.text.push(self.too_few());
            return Some(section);
        };
        let counts: BTreeMap<HourOfWeek, (u64, String)> = hours
            .iter()
            .filter_map(|(at, shown)| {
                let n = shown.at_least()?;
                let more = if shown.count().is_some() { "" } else { "+" };
                Some((*at, (n, format!("{}{more}", number(n, l)))))
            })
            .collect();
        let days = [0, 1, 2, 3, 4, 5, 6].map(|day| words::weekday(day, l));
        section.text.push(self.say(
            "Een leeg vakje is een uur waarin 0 tot 4 keer is gebeld, of dat is weggelaten.",
            "An empty box is an hour with 0 to 4 calls, or one that is left out.",
        ));
        if counts.values().any(|(_, text)| text.ends_with('+')) {
            section.text.push(self.say("12+ betekent: minstens 12.", "12+ means: at least 12."));
        }
        section.plot = Some(plot::heat(
            &section.title,
            &self.say("Telefoontjes per uur en per dag van de week: hoe donkerder, hoe meer. De tabel heeft dezelfde getallen.", "Calls by hour and day of the week: the darker, the more. The table has the same numbers."),
            days,
            &counts,
        ));
        let first = counts.keys().map(|at| at.hour).min()?;
        let last = counts.keys().map(|at| at.hour).max()?;
        let row = |hour| {
            let cell = |weekday| match counts.get(&HourOfWeek { weekday, hour }) {
                Some((_, text)) => text.clone(),
                None => NOTHING.to_owned(),
            };
            Row::new(format!("{hour}:00"), (0..7).map(cell).collect::<Vec<_>>())
        };
        section.table = Some(Table {
            caption: self.say(
                "Telefoontjes per uur en per dag van de week",
                "Calls by hour and day of the week",
            ),
            head: std::iter::once(self.say("Uur", "Hour")).chain(days.map(str::to_owned)).collect(),
            rows: (first..=last).map(row).collect(),
        });
        Some(section)
    }

    pub(super) fn rings(&self) -> Option<Section> {
        let l = self.language;
        let mut section = self.section(
            "rings",
            "Hoe de telefoontjes naar buurtgenoten afliepen",
            "How calls to neighbours turned out",
        );
        let rings = self.report.tables.rings.as_ref().filter(|rings| !rings.is_empty())?;
        section.table = Some(Table {
            caption: self.say(
                "Telefoontjes naar buurtgenoten, naar hoe ze afliepen",
                "Calls to neighbours by how they turned out",
            ),
            head: vec![
                self.say("Hoe het afliep", "How it turned out"),
                self.say("Telefoontjes", "Calls"),
            ],
            rows: rings
                .iter()
                .map(|(end, n)| Row::new(words::ring(*end, l), [words::shown(*n, l)]))
                .collect(),
        });
        Some(section)
    }
}
