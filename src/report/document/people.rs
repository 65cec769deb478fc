//! What people ask and offer, where, and how evenly they are asked.

use super::{Row, Section, Table, Writer};
use crate::domain::{Postcode, ServiceId};
use crate::report::conceal::{Shown, Total};
use crate::report::plot::{self, Bar};
use crate::report::summary::{Fairness, rounded};
use crate::report::words::{self, decimal, number, percent};

impl Writer<'_> {
    pub(super) fn services(&self) -> Option<Section> {
        let l = self.language;
        let mut section = self.section(
            "services",
            "Wat er gevraagd en aangeboden wordt",
            "What is asked and what is offered",
        );
        let asked = self.report.tables.asked.as_ref();
        let mut ids: Vec<Option<&ServiceId>> =
            self.report.offers.iter().map(|offer| Some(&offer.service)).collect();
        ids.extend(asked.iter().flat_map(|asked| &asked.services).map(|(id, _)| id.as_ref()));
        ids.sort_unstable_by_key(|id| self.names.service(*id, l));
        ids.dedup();
        if ids.is_empty() {
            return None;
        }
        let pairs: Vec<(Bar, Bar)> = ids
            .into_iter()
            .map(|id| {
                let name = self.names.service(id, l);
                let asked = self.asked(id, None);
                let offered = id.map_or(Shown::Count(0), |id| self.offered(id, None));
                (self.bar(name.clone(), asked), self.bar(name, offered))
            })
            .collect();
        let kinds = [
            self.say("vragen", "requests"),
            self.say("mensen die het aanbieden", "people who offer it"),
        ];
        section.plot = Some(plot::pairs(
            &section.title,
            &self.say("Per dienst twee balken: gevuld het aantal vragen, open het aantal mensen dat het aanbiedt. De getallen staan in de tabel.", "Two bars for each service: filled the requests, open the people who offer it. The table has the numbers."),
            [&kinds[0], &kinds[1]],
            &pairs,
        ));
        section.table = Some(Table {
            caption: self.say(
                "Vragen, en mensen die het aanbieden, per dienst",
                "Requests, and people who offer it, by service",
            ),
            head: vec![
                self.say("Dienst", "Service"),
                self.say("Vragen", "Requests"),
                self.say("Mensen", "People"),
            ],
            rows: pairs
                .into_iter()
                .map(|(asked, offered)| Row::new(asked.label, [asked.text, offered.text]))
                .collect(),
        });
        Some(section)
    }

    /// Requests that may be shown; hidden where the table has too little to be split.
    fn asked(&self, service: Option<&ServiceId>, area: Option<Postcode>) -> Shown {
        let Some(asked) = &self.report.tables.asked else {
            return if self.report.requests == Total::Exactly(0) {
                Shown::Count(0)
            } else {
                Shown::Hidden
            };
        };
        let found = match area {
            None => asked.services.iter().find(|(id, _)| id.as_ref() == service).map(|f| f.1),
            Some(area) => {
                let mut cells = asked.cells.iter();
                cells
                    .find(|c| c.service.as_ref() == service && c.postcode == Some(area))
                    .map(|c| c.requests)
            }
        };
        found.unwrap_or(Shown::Count(0))
    }

    fn offered(&self, service: &ServiceId, area: Option<Postcode>) -> Shown {
        let mut offers = self.report.offers.iter();
        let listed = offers.clone().any(|o| o.service == *service && o.postcode.is_some());
        let found = offers.find(|o| o.service == *service && o.postcode == area);
        match found {
            Some(offer) => offer.people,
            // The service is not split by area at all: too few offer it.
            None if area.is_some() && !listed && self.offered_somewhere(service) => Shown::Hidden,
            None => Shown::Count(0),
        }
    }

    fn offered_somewhere(&self, service: &ServiceId) -> bool {
        self.report.offers.iter().any(|offer| offer.service == *service)
    }

    pub(super) fn areas(&self) -> Option<Section> {
        let l = self.language;
        let mut section = self.section("areas", "Per postcodegebied", "By postcode area");
        let asked = self.report.tables.asked.as_ref();
        let mut areas: Vec<Option<Postcode>> =
            self.report.offers.iter().filter_map(|offer| offer.postcode).map(Some).collect();
        areas.extend(asked.iter().flat_map(|asked| &asked.areas).map(|(area, _)| *area));
        areas.sort_unstable();
        areas.dedup();
        let services: Vec<&ServiceId> = {
            let mut ids: Vec<_> = self.report.offers.iter().map(|o| &o.service).collect();
            ids.extend(asked.iter().flat_map(|a| &a.services).filter_map(|(id, _)| id.as_ref()));
            ids.sort_unstable_by_key(|id| self.names.service(Some(*id), l));
            ids.dedup();
            ids
        };
        let mut rows = Vec::new();
        let mut left_out = false;
        for area in areas.into_iter().flatten() {
            let place = self.names.place(Some(area), l);
            for service in &services {
                let asked = self.asked(Some(service), Some(area));
                let offered = self.offered(service, Some(area));
                if [asked, offered].iter().all(|n| matches!(n, Shown::Hidden | Shown::Count(0))) {
                    left_out |= [asked, offered].contains(&Shown::Hidden);
                    continue;
                }
                rows.push(Row {
                    group: Some(place.clone()),
                    head: self.names.service(Some(*service), l),
                    cells: vec![words::shown(asked, l), words::shown(offered, l)],
                });
            }
        }
        if left_out {
            section.text.push(self.say(
                "Wat alleen kleine getallen heeft, staat er niet bij.",
                "What has small numbers only is left out.",
            ));
        }
        if rows.is_empty() {
            return left_out.then_some(section);
        }
        section.table = Some(Table {
            caption: self.say(
                "Vragen, en mensen die het aanbieden, per postcodegebied en dienst",
                "Requests, and people who offer it, by postcode area and service",
            ),
            head: vec![
                self.say("Gebied en dienst", "Area and service"),
                self.say("Vragen", "Requests"),
                self.say("Mensen", "People"),
            ],
            rows,
        });
        Some(section)
    }

    pub(super) fn fairness(&self) -> Option<Section> {
        let l = self.language;
        let mut section = self.section(
            "fairness",
            "Hoe eerlijk het vragen verdeeld is",
            "How evenly asking is spread",
        );
        let Fairness { people, asked, times, gini, tenths } = self.report.fairness.as_ref()?;
        let (people, times) = (number(*people, l), number(*times, l));
        section.text.push(l.pick(format!("{people} mensen doen mee in dit gebied. Samen zijn zij {times} keer gevraagd. Aantal mensen dat minstens één keer is gevraagd: {}.", words::total(*asked, l)),
            format!("{people} people take part in this area. Together they were asked {times} times. People who were asked at least once: {}.", words::total(*asked, l)),
        ));
        section.text.push(l.pick(format!("De Gini-coëfficiënt is {}. Bij 0 wordt iedereen even vaak gevraagd; bij 1 steeds dezelfde. Hoe dichter de lijn bij de streepjeslijn ligt, hoe eerlijker.", decimal(*gini, 2, l)),
            format!("The Gini coefficient is {}. At 0 everybody is asked equally often; at 1 always the same one. The nearer the line is to the dashed one, the more evenly.", decimal(*gini, 2, l)),
        ));
        section.plot = Some(plot::lorenz(
            &section.title,
            &self.say("Lorenzcurve: welk deel van de vragen ging naar welk deel van de mensen. De getallen staan in de tabel.", "Lorenz curve: which part of the asking went to which part of the people. The table has the numbers."),
            [&self.say("deel van de mensen", "part of the people"), &self.say("deel van de vragen", "part of the asking")],
            tenths,
        ));
        let share = |part: f64| percent(rounded((part * 1000.0).round() as u64, 10));
        section.table = Some(Table {
            caption: self.say(
                "Deel van de vragen dat ging naar wie het minst gevraagd is",
                "Part of the asking that went to those asked least",
            ),
            head: vec![
                self.say("Minst gevraagde", "Asked least"),
                self.say("Deel van de vragen", "Part of the asking"),
            ],
            rows: (1_u64..)
                .zip(tenths)
                .map(|(n, part)| Row::new(percent(10 * n), [share(*part)]))
                .collect(),
        });
        Some(section)
    }
}
