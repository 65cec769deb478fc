//! Small groups are not shown, and cannot be worked out from what is.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::domain::ServiceId;
use crate::report::conceal::{Grid, Shown, Total, gives_away, grid, list, sparse};
use crate::report::counts::{Asked, Counts};
use crate::report::tables::Tables;

fn numbered(counts: &[u64]) -> BTreeMap<usize, u64> {
    counts.iter().copied().enumerate().collect()
}

fn shown(counts: &[u64]) -> Option<Vec<Option<u64>>> {
    let list = list(&numbered(counts), |_| None)?;
    Some(list.values().map(|shown| shown.count()).collect())
}

#[test]
fn a_lone_small_count_takes_the_next_one_along() {
    // 20 in all: with only the 3 hidden, 20 - 17 would be it.
    assert_eq!(shown(&[12, 3, 5]), Some(vec![Some(12), None, None]));
    // Nought is about nobody.
    assert_eq!(shown(&[9, 0, 6]), Some(vec![Some(9), Some(0), Some(6)]));
    // Two that hide each other: together 5, each may be anything from 1 to 4.
    assert_eq!(shown(&[2, 3, 40]), Some(vec![None, None, Some(40)]));
    // Together 2, so each is 1: a third has to join them.
    assert_eq!(shown(&[1, 1, 40]), Some(vec![None, None, None]));
}

#[test]
fn what_cannot_be_made_safe_is_not_split_at_all() {
    assert_eq!(shown(&[1, 1, 1, 1, 1]), None, "five ones and five in all: each is 1");
    assert_eq!(shown(&[3]), None);
    assert_eq!(shown(&[2, 1]), None, "three in all is few by itself");
    assert_eq!(shown(&[0, 0]), Some(vec![Some(0), Some(0)]));
}

#[test]
fn the_same_word_stands_for_a_small_count_and_for_one_that_hides_it() {
    let list = list(&numbered(&[12, 3, 5]), |_| None).unwrap();
    assert_eq!((list[&1], list[&2]), (Shown::Hidden, Shown::Hidden));
    assert_eq!(serde_json::to_string(&list[&1]).unwrap(), "\"few\"");
}

/// Everything that the hidden counts can be, given all sums and whatever is shown.
fn worlds(hidden: usize, sum: u64) -> Vec<Vec<u64>> {
    if hidden == 0 {
        return if sum == 0 { vec![Vec::new()] } else { Vec::new() };
    }
    (1..=sum)
        .flat_map(|n| {
            worlds(hidden - 1, sum - n).into_iter().map(move |mut rest| {
                rest.insert(0, n);
                rest
            })
        })
        .collect()
}

proptest! {
    #[test]
    fn suppression_in_a_list_never_leaks(counts in prop::collection::vec(0_u64..14, 1..6)) {
        let Some(shown) = shown(&counts) else { return Ok(()) };
        let hidden: Vec<u64> = counts.iter().zip(&shown).filter(|(_, s)| s.is_none()).map(|(n, _)| *n).collect();
        for (n, shown) in counts.iter().zip(&shown) {
            prop_assert!(shown.is_none() || shown == &Some(*n), "what is shown is true");
            prop_assert!(!(1..5).contains(n) || shown.is_none(), "{n} is shown");
        }
        let sum = hidden.iter().sum();
        prop_assume!(sum <= 34);
        let worlds = worlds(hidden.len(), sum);
        for (at, n) in hidden.iter().enumerate().filter(|(_, n)| **n < 5) {
            let possible: BTreeSet<u64> = worlds.iter().map(|world| world[at]).collect();
            prop_assert!(possible.len() >= 4, "{n} can only be {possible:?}");
        }
    }

    #[test]
    fn suppression_in_a_table_with_sums_never_leaks(counts in prop::collection::vec(0_u64..9, 6)) {
        let cells: BTreeMap<(usize, usize), u64> =
            counts.iter().enumerate().map(|(at, n)| ((at / 3, at % 3), *n)).collect();
        let Some(Grid { rows, columns, cells: shown }) = grid(&cells, |_, _| None) else { return Ok(()) };
        let worlds = worlds_of(&cells, &shown, &rows, &columns);
        prop_assert!(!worlds.is_empty(), "the truth is among them");
        let mut small: Vec<(String, BTreeSet<u64>)> = Vec::new();
        for (key, n) in cells.iter().filter(|(_, n)| (1..5).contains(*n)) {
            prop_assert_eq!(shown[key], Shown::Hidden);
            small.push((format!("{key:?} = {n}"), worlds.iter().map(|world| world[key]).collect()));
        }
        let sums_of = |fits: &dyn Fn(&(usize, usize)) -> bool, world: &BTreeMap<(usize, usize), u64>| -> u64 {
            world.iter().filter(|(key, _)| fits(key)).map(|(_, n)| n).sum()
        };
        for row in 0..2 {
            let fits = move |key: &(usize, usize)| key.0 == row;
            let n = sums_of(&fits, &cells);
            if (1..5).contains(&n) {
                small.push((format!("row {row} = {n}"), worlds.iter().map(|w| sums_of(&fits, w)).collect()));
            }
        }
        for column in 0..3 {
            let fits = move |key: &(usize, usize)| key.1 == column;
            let n = sums_of(&fits, &cells);
            if (1..5).contains(&n) {
                small.push((format!("column {column} = {n}"), worlds.iter().map(|w| sums_of(&fits, w)).collect()));
            }
        }
        for (what, possible) in small {
            prop_assert!(possible.len() >= 4, "{what} can only be {possible:?}");
        }
    }

    #[test]
    fn a_shown_total_gives_no_small_part_away(parts in prop::collection::vec(0_u64..9, 1..6)) {
        let told: Vec<Total> = parts.iter().map(|n| Total::of(*n)).collect();
        let sum: u64 = parts.iter().sum();
        let range = |total: &Total| match *total {
            Total::Exactly(n) => n..=n,
            Total::Few => 1..=4,
            Total::Between(least, most) => least..=most,
        };
        let whole = Total::instead(sum, &told).unwrap_or(Total::of(sum));
        let mut worlds = vec![(Vec::<u64>::new(), 0_u64)];
        for part in &told {
            worlds = worlds.into_iter().flat_map(|(world, sum)| range(part).map(move |n| {
                let mut world = world.clone();
                world.push(n);
                (world, sum + n)
            })).collect();
        }
        worlds.retain(|(_, sum)| range(&whole).contains(sum));
        if whole == Total::Few {
            return Ok(());
        }
        for (at, part) in told.iter().enumerate().filter(|(_, part)| **part == Total::Few) {
            let possible: BTreeSet<u64> = worlds.iter().map(|(world, _)| world[at]).collect();
            prop_assert_eq!(possible.len(), 4, "{:?} in {:?}, told as {:?}", part, parts, whole);
        }
    }

    /// Counts by month of each of four services; the year's table is made with the months' beside it.
    #[test]
    fn a_year_beside_its_months_never_leaks(months in prop::collection::vec(prop::collection::vec(0_u64..12, 4), 1..5)) {
        let service = |at: usize| ServiceId::parse(["a", "b", "c", "d"][at]).ok();
        let counts = |month: &Vec<u64>| {
            let asked = month.iter().enumerate().filter(|(_, n)| **n > 0);
            Counts {
                asked: asked.map(|(at, n)| (Asked(service(at), None), *n)).collect(),
                ..Counts::default()
            }
        };
        let parts: Vec<(Counts, Tables)> = months.iter().map(|month| {
            let counts = counts(month);
            let tables = Tables::of(&counts, &[]);
            (counts, tables)
        }).collect();
        let mut whole = Counts::default();
        parts.iter().for_each(|(part, _)| whole.add(part));
        let beside: Vec<_> = parts.iter().map(|(counts, tables)| (counts, tables)).collect();
        let Some(year) = Tables::of(&whole, &[beside]).asked else { return Ok(()) };
        for (of, shown) in &year.services {
            let cells: Vec<(u64, Option<Shown>)> = parts.iter().map(|(part, tables)| {
                let n = part.asked.get(&Asked(of.clone(), None)).copied().unwrap_or(0);
                let table = tables.asked.as_ref();
                (n, table.map(|t| t.services.iter().find(|(s, _)| s == of).map_or(Shown::Count(0), |f| f.1)))
            }).collect();
            let known: u64 = cells.iter().filter_map(|(_, shown)| shown.and_then(Shown::count)).sum();
            let hidden = cells.iter().filter(|(n, shown)| *n > 0 && shown.is_none_or(|s| s.count().is_none())).count() as u64;
            match shown {
                Shown::Count(n) if hidden > 0 => {
                    prop_assert!(hidden >= 2 && n - known >= hidden + 3, "{n} less {known} is {hidden} hidden ones");
                }
                Shown::AtLeast(n) => prop_assert!(*n <= known + hidden, "no more than is known"),
                Shown::Count(_) | Shown::Hidden => {}
            }
        }
    }

    #[test]
    fn nought_and_little_look_the_same_in_a_sparse_map(counts in prop::collection::vec(0_u64..12, 0..30)) {
        let counts = numbered(&counts);
        if let Some(map) = sparse(&counts, 168, |_| None) {
            prop_assert!(map.iter().all(|(at, shown)| counts[at] >= 5 && *shown == Shown::Count(counts[at])));
        }
    }
}

fn worlds_of(
    cells: &BTreeMap<(usize, usize), u64>,
    shown: &BTreeMap<(usize, usize), Shown>,
    rows: &BTreeMap<usize, Shown>,
    columns: &BTreeMap<usize, Shown>,
) -> Vec<BTreeMap<(usize, usize), u64>> {
    let all: u64 = cells.values().sum();
    let mut worlds = vec![(BTreeMap::new(), 0)];
    for (key, shown) in shown {
        worlds = worlds
            .into_iter()
            .flat_map(|(world, sum)| {
                let range = match shown {
                    Shown::Count(n) => *n..=*n,
                    Shown::AtLeast(n) => *n..=(all - sum),
                    Shown::Hidden => 1..=(all - sum),
                };
                range.map(move |n| {
                    let mut world: BTreeMap<(usize, usize), u64> = world.clone();
                    world.insert(*key, n);
                    (world, sum + n)
                })
            })
            .filter(|(world, sum)| {
                let row_fits = |(row, shown): (&usize, &Shown)| {
                    let of_row = world.iter().filter(|(key, _)| key.0 == *row);
                    let n: u64 = of_row.clone().map(|(_, n)| n).sum();
                    shown.count().is_none_or(|told| n == told || (n < told && of_row.count() < 3))
                };
                *sum <= all && rows.iter().all(row_fits)
            })
            .collect();
    }
    let column_fits = |world: &BTreeMap<(usize, usize), u64>, (column, shown): (&usize, &Shown)| {
        let n: u64 = world.iter().filter(|(key, _)| key.1 == *column).map(|(_, n)| n).sum();
        shown.count().is_none_or(|told| n == told)
    };
    worlds
        .into_iter()
        .filter(|(world, sum)| *sum == all && columns.iter().all(|c| column_fits(world, c)))
        .map(|(world, _)| world)
        .collect()
}

#[test]
fn a_whole_does_not_give_the_one_hidden_part_away() {
    assert!(gives_away([(10, false), (3, true)]), "the whole less 10 is 3");
    assert!(gives_away([(10, false), (1, true), (1, true)]), "together 2, so each is 1");
    assert!(!gives_away([(10, false), (2, true), (3, true)]));
    assert!(!gives_away([(10, false), (12, false)]));
    assert!(!gives_away([(10, false), (0, true)]), "nought is nobody's");
}

#[test]
fn a_year_with_one_quiet_month_is_told_from_to() {
    let quiet = [Total::Exactly(20), Total::Few, Total::Exactly(30)];
    assert_eq!(Total::instead(53, &quiet), Some(Total::Between(51, 54)));
    let two = [Total::Exactly(20), Total::Few, Total::Few];
    assert_eq!(Total::instead(25, &two), None, "together 5: each may be anything from 1 to 4");
    assert_eq!(Total::instead(28, &two), Some(Total::Between(22, 28)), "together 8: each is 4");
}

/// A town as the demo has it: seven services in six areas, some forty requests a week.
#[test]
fn a_busy_town_keeps_its_sums() {
    let rows = [
        [9, 14, 7, 11, 6, 8],
        [8, 7, 12, 3, 9, 5],
        [6, 9, 5, 7, 2, 10],
        [4, 6, 8, 5, 7, 3],
        [3, 5, 2, 6, 4, 7],
        [2, 1, 4, 3, 5, 2],
        [1, 2, 1, 3, 0, 2],
    ];
    let cells: BTreeMap<(usize, usize), u64> = rows
        .iter()
        .enumerate()
        .flat_map(|(row, all)| all.iter().enumerate().map(move |(column, n)| ((row, column), *n)))
        .collect();
    let Grid { rows, columns, cells } = grid(&cells, |_, _| None).expect("enough to be split");
    let hidden = |shown: &[&Shown]| shown.iter().filter(|s| s.count().is_none()).count();
    assert_eq!(hidden(&rows.values().collect::<Vec<_>>()), 0);
    assert_eq!(hidden(&columns.values().collect::<Vec<_>>()), 0);
    let cells: Vec<&Shown> = cells.values().collect();
    assert!(hidden(&cells) < 26, "{} of {}", hidden(&cells), cells.len());
}
