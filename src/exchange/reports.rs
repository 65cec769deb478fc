//! Reports: counting ahead at night, and putting one together when somebody asks for it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::{Language, Line, Phone, Timestamp};
use crate::exchange::{Exchange, Failure};
use crate::flow::Catalogue;
use crate::report::{Names, Period, Report, Scope};
use crate::store::{Place, Store, ToCount};

/// How often is looked whether a day is over. What is due is counted soon after midnight, when
/// nobody is rung.
const LOOKS: Duration = Duration::from_secs(15 * 60);

impl Exchange {
    /// The report on a line, or on all lines together, in a period.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn report(&self, line: Option<Phone>, period: Period) -> Result<Report, Failure> {
        let lines = self.context.lines.clone();
        let today = self.now().wall_clock().date();
        let report = self.store.read(move |tx| {
            let counted = tx.counted(period, &lines, today)?;
            Ok(Report::of(Scope::new(line, period, today), &counted))
        });
        Ok(report.await?)
    }

    /// How lines, services and places are called in reports.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn report_names(&self, language: Language) -> Result<Names, Failure> {
        let places = self.store.read(|tx| tx.places()).await?;
        let flows = self.context.flows.current();
        Ok(names(&self.context.lines, flows.catalogue(), places, language))
    }

    /// Counts what is over and not counted yet; how many days and months that were. One at a time:
    /// calls go on between two of them.
    ///
    /// # Errors
    /// [`Failure`] of the store; what was counted until then is kept.
    pub async fn count_ahead(&self) -> Result<usize, Failure> {
        count_ahead(&self.store, &self.context.lines, self.now()).await
    }

    /// Counts ahead, now and after every midnight, until `stop` resolves; for an exchange that
    /// forgets nothing.
    pub async fn keep_counting(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return,
                counted = self.count_ahead() => tell_if_not_counted(counted),
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(LOOKS) => {}
            }
        }
    }
}

pub(super) fn tell_if_not_counted(counted: Result<usize, Failure>) {
    if let Err(fault) = counted {
        tracing::error!(%fault, "reports.not_counted: tried again in a quarter of an hour");
    }
}

/// [`Exchange::count_ahead`], also beside a running exchange.
pub(super) async fn count_ahead(
    store: &Store,
    lines: &[Line],
    now: Timestamp,
) -> Result<usize, Failure> {
    let work = store.read(move |tx| tx.to_count(now)).await?;
    for due in &work {
        match *due {
            ToCount::Day(day) => {
                let counts = store.read(move |tx| tx.count_day(day)).await?;
                store.write(move |tx| tx.keep_day(day, &counts, now)).await?;
            }
            ToCount::Month(month) => {
                let lines = lines.to_vec();
                let counts = store.read(move |tx| tx.count_month(month, &lines)).await?;
                store.write(move |tx| tx.keep_month(month, &counts, now)).await?;
            }
        }
    }
    Ok(work.len())
}

/// How lines, services and places are called in reports of this language.
pub fn names(
    lines: &[Line],
    catalogue: &Catalogue,
    places: Vec<Place>,
    language: Language,
) -> Names {
    let service = |id| Some((catalogue.service(id)?.name(language), id));
    let services = catalogue.ids().filter_map(service);
    let place = |place: Place| {
        let name = match place.neighbourhood.as_str() {
            "" => place.place,
            neighbourhood => format!("{}, {neighbourhood}", place.place),
        };
        (place.postcode, name)
    };
    Names {
        lines: lines.iter().map(|line| (line.number.clone(), line.name.clone())).collect(),
        services: services.map(|(name, id)| (id.clone(), name.to_owned())).collect(),
        places: places.into_iter().map(place).collect::<BTreeMap<_, _>>(),
    }
}
