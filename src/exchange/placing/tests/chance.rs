//! Any moods, crashes, repeats and losses: nobody is rung twice, nothing is lost.

use proptest::prelude::*;

use super::provider::{Made, Mood};
use super::*;
use crate::dispatch::Ending;

/// What happens next, besides the worker's own doing.
#[derive(Debug, Clone, Copy)]
enum Chance {
    /// The process is killed between two steps.
    Crash,
    /// Nothing for a while.
    Wait(u8),
    /// The newest call that was made reports that it rings.
    Rings,
    /// It is picked up.
    PickedUp,
    /// It ends; the report comes this many times, or is lost.
    Ends { reports: u8, busy: bool },
    /// It is no longer wanted.
    Cancel,
}

fn any_mood() -> impl Strategy<Value = Mood> {
    prop::sample::select(vec![
        Mood::Does,
        Mood::Does,
        Mood::DoesAndIsSilent,
        Mood::IsSilent,
        Mood::Busy,
        Mood::OutOfReach,
        Mood::BadNumber,
        Mood::Refuses,
        Mood::DoesAndWeAreKilled,
        Mood::WeAreKilled,
    ])
}

fn any_chance() -> impl Strategy<Value = Chance> {
    prop_oneof![
        2 => Just(Chance::Crash),
        4 => (0u8..40).prop_map(Chance::Wait),
        2 => Just(Chance::Rings),
        2 => Just(Chance::PickedUp),
        2 => (0u8..3, any::<bool>()).prop_map(|(reports, busy)| Chance::Ends { reports, busy }),
        1 => Just(Chance::Cancel),
    ]
}

struct Tale {
    world: World,
    attempt: AttemptId,
    placed: PlacedId,
}

impl Tale {
    fn newest(&self) -> Option<Made> {
        self.world.provider.made().pop()
    }

    /// A callback may find any state; what it never may is to break anything.
    fn happens(&mut self, chance: Chance) {
        match chance {
            Chance::Crash => self.world.crash(),
            Chance::Wait(seconds) => self.world.later(Duration::from_secs(seconds.into())),
            Chance::Rings => {
                if let Some(made) = self.newest().filter(|made| made.over.is_none()) {
                    let _ = self.world.status(self.placed, &made.sid, "ringing");
                }
            }
            Chance::PickedUp => {
                if let Some(made) = self.newest().filter(|made| made.over.is_none()) {
                    let _ = self.world.picked_up(self.placed, &made.sid);
                }
            }
            Chance::Ends { reports, busy } => {
                let Some(made) = self.newest().filter(|made| made.over.is_none()) else { return };
                let (ending, word) =
                    if busy { (Ending::Busy, "busy") } else { (Ending::NoAnswer, "no-answer") };
                self.world.provider.ends(&made.sid, ending);
                for _ in 0..reports {
                    let _ = self.world.status(self.placed, &made.sid, word);
                }
            }
            Chance::Cancel => {
                let placed = self.placed;
                let exchange = self.world.exchange();
                self.world.run(exchange.one_input(move |moment, tx| {
                    super::super::cancel(moment, tx, placed).map(|_| ())
                }));
            }
        }
    }

    /// The provider works again; whatever rings stops ringing some time, and says so or not.
    fn ends_well(&mut self) {
        self.world.provider.is(&[]);
        self.waits_for(LONG);
        for made in self.world.provider.made() {
            if made.over.is_none() {
                self.world.provider.ends(&made.sid, Ending::NoAnswer);
                let _ = self.world.status(self.placed, &made.sid, "no-answer");
            }
        }
        // Long enough for a leg of which nothing is heard to be asked after.
        self.waits_for(2 * LONG);
    }

    fn waits_for(&mut self, longest: Duration) {
        for _ in 0..200 {
            if !self.world.work_within(longest) {
                return;
            }
        }
        panic!("there is no end to it");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_placed_call_is_made_once_or_failed_and_told(
        moods in prop::collection::vec(any_mood(), 0..8),
        chances in prop::collection::vec(any_chance(), 0..12),
    ) {
        let world = World::open();
        let (attempt, placed) = world.candidate_placed("+31601000001");
        let mut tale = Tale { world, attempt, placed };
        tale.world.provider.is(&moods);
        for chance in chances {
            tale.world.work();
            tale.happens(chance);
        }
        tale.ends_well();
        prop_assert!(tale.world.provider.made().len() <= 1, "rung twice");
        prop_assert_eq!(tale.world.state(tale.placed), PlacedState::Over);
        prop_assert_eq!(tale.world.figures().outbox_waiting, 0, "something is left to do");
        let told = tale.world.told(tale.attempt);
        let books = tale.world.books(tale.placed);
        if books != "canceled" {
            prop_assert!(told.is_some(), "{books}: the search was never told");
        }
        if tale.world.provider.made().is_empty() {
            prop_assert!(
                ["too_late", "bad_number", "refused", "canceled"].contains(&books.as_str()),
                "{books}: never made, so it failed"
            );
        }
    }
}
