//! How long reports take over a million rings: from what was counted ahead, and from the rows.
//!
//! `cargo bench --bench reports`, or with a number of rings of your own: `-- 100000`. What it prints,
//! and what it must hold to, is in `benches/README.md`.

#[path = "reports/year.rs"]
mod year;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use burenhulp::report::summary::Counted;
use burenhulp::report::{Month, Names, Period, Report, Scope, document::Document, page};
use burenhulp::store::ToCount;

use year::{NOW, Year};

const RINGS: u32 = 1_000_000;
/// What a report may take.
const MOST: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    // `cargo test --benches` and `cargo bench -- --list` ask what is here; this is no test.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return ExitCode::SUCCESS;
    }
    let asked = std::env::args().skip(1).find_map(|rings| rings.parse().ok());
    let rings = asked.unwrap_or(RINGS);
    let year = Year::build(rings);
    println!("reports over a year of {rings} rings, {} requests\n", year.requests);

    let month = Period::Month(Month::parse("2026-10").expect("a month"));
    let whole = Period::Year(2026);
    let scan = year.bare_scan();
    println!("{:<52}{:>9.0} ms", "bare scan of the same columns, the whole year", ms(scan));
    let (_, rows_month) = timed(|| report(&year, None, month));
    let (_, rows_year) = timed(|| report(&year, None, whole));
    println!("{:<52}{:>9.0} ms", "a month, all lines, counted from its rows", ms(rows_month));
    println!(
        "{:<52}{:>9.0} ms   {:.1} x the bare scan",
        "the year, all lines, counted from its rows",
        ms(rows_year),
        rows_year.as_secs_f64() / scan.as_secs_f64()
    );

    let (days, ahead) = timed(|| count_ahead(&year));
    println!(
        "{:<52}{:>9.0} ms   {days} days and months",
        "counting all of it ahead, once",
        ms(ahead)
    );
    let one = || Some(year.lines[0].number.clone());
    let mut well = true;
    for (what, line, period) in [
        ("a month, one line", one(), month),
        ("a month, all lines", None, month),
        ("the year, one line", one(), whole),
        ("the year, all lines", None, whole),
        ("the running month, all lines", None, Period::Month(Month::of(NOW.wall_clock().date()))),
    ] {
        let (report, took) = timed(|| report(&year, line, period));
        let (_, written) = timed(|| html(&report));
        well &= took + written < MOST;
        println!(
            "{:<52}{:>9.0} ms   {:.2} x the bare scan; as a page {:.0} ms more",
            format!("{what}, counted ahead"),
            ms(took),
            took.as_secs_f64() / scan.as_secs_f64(),
            ms(written),
        );
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

fn timed<T>(job: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = job();
    (done, begun.elapsed())
}

fn report(year: &Year, line: Option<burenhulp::domain::Phone>, period: Period) -> Report {
    let today = NOW.wall_clock().date();
    let counted: Counted =
        year.store.read_blocking(|tx| tx.counted(period, &year.lines, today)).expect("counted");
    Report::of(Scope::new(line, period, today), &counted)
}

fn html(report: &Report) -> String {
    let document = Document::of(report, &Names::default(), burenhulp::domain::Language::Nl);
    page::alone(&document).expect("a page")
}

fn count_ahead(year: &Year) -> usize {
    let work = year.store.read_blocking(|tx| tx.to_count(NOW)).expect("what is due");
    for due in &work {
        match *due {
            ToCount::Day(day) => {
                let counts = year.store.read_blocking(|tx| tx.count_day(day)).expect("a day");
                year.written(move |tx| tx.keep_day(day, &counts, NOW));
            }
            ToCount::Month(month) => {
                let counts = year.store.read_blocking(|tx| tx.count_month(month, &year.lines));
                let counts = counts.expect("a month");
                year.written(move |tx| tx.keep_month(month, &counts, NOW));
            }
        }
    }
    work.len()
}
