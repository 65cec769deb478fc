//! What neighbours say of the board, and what comes of it.

use super::person::NOOR;
use super::*;
use crate::domain::{Misplaced, OfferId, ParticipantId, Pinned};

impl Town {
    fn who(&self, number: &'static str) -> ParticipantId {
        self.does(move |tx| tx.participant_by_phone(&phone(number))).expect("they take part").id
    }

    /// What somebody offers on that day, and its row.
    fn an_offer(&self, number: &'static str, day: u32) -> Pinned {
        let who = self.offers(number, day);
        let own = self.looks(move |tx| tx.own_offers(who, NOW));
        Pinned::Offer(own.last().expect("an offer").id)
    }

    /// Whoever has this number says so of that; the promise to look at it.
    fn reports(&self, number: &'static str, of: Pinned, why: Misplaced) -> i64 {
        let (participant, line) = (self.who(number), self.line.number.clone());
        self.does(move |tx| {
            let promise = match tx.promised_to_look_at(of)? {
                Some(promise) => promise,
                None => tx.add_promise(&NewPromise {
                    kind: PromiseKind::BoardLookedAt,
                    line,
                    request: None,
                    message: None,
                    participant: None,
                    due_at: NOW + 24 * HOUR,
                    now: NOW,
                })?,
            };
            tx.add_report(&NewReport { participant, of, why, promise, now: NOW })?;
            Ok(promise)
        })
    }

    fn number_of<T: rusqlite::types::FromSql + Send + 'static>(&self, sql: &'static str) -> T {
        self.looks(move |tx| Ok(tx.db.query_row(sql, [], |row| row.get(0))?))
    }
}

#[test]
fn whoever_said_that_a_request_does_not_belong_there_is_not_rung_for_it() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    let request = town.request("CA1");
    town.reports(BOS, Pinned::Request(request.id), Misplaced::Other);
    assert_eq!(rung(town.next(&request, NOW)).as_deref(), Some(VISSER));
    assert_eq!(rung(town.next(&request, NOW)), None);
    let other = town.request("CA2");
    assert_eq!(rung(town.next(&other, NOW)).as_deref(), Some(BOS), "of others they are");
}

#[test]
fn two_are_not_brought_together_of_whom_one_finds_the_others_offer_unsafe() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    let offer = town.an_offer(VISSER, 24);
    town.reports(BOS, offer, Misplaced::UnkindOrUnsafe);
    let who = |order: Vec<(ParticipantId, String)>| -> Vec<ParticipantId> {
        order.into_iter().map(|(who, _)| who).collect()
    };
    assert_eq!(who(town.order(Some(BOS))), []);
    assert_eq!(who(town.order(Some(VISSER))), [], "nor the other way round");
    assert_eq!(town.order(Some("+31700010009")).len(), 2, "others are");

    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    let offer = town.an_offer(VISSER, 24);
    town.reports(BOS, offer, Misplaced::Commercial);
    assert_eq!(who(town.order(Some(BOS))), [town.who(VISSER)]);
}

#[test]
fn all_who_say_so_of_one_thing_are_behind_one_promise_and_once_each() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586), somebody(DIRK, 2586)]);
    let offer = town.an_offer(DIRK, 24);
    let first = town.reports(BOS, offer, Misplaced::Commercial);
    assert_eq!(town.reports(BOS, offer, Misplaced::Other), first);
    assert_eq!(town.reports(VISSER, offer, Misplaced::Commercial), first);
    let seen = town.looks(move |tx| tx.promise_seen(first)).expect("a promise");
    let reported = seen.reported.expect("it is about the board");
    assert_eq!((reported.of, reported.whys), (offer, vec![(Misplaced::Commercial, 2)]));
    assert_eq!((seen.postcode, seen.service), (Some(postcode(2586)), Some(company())));
    assert_eq!((seen.whom, seen.participant), (None, None), "nobody is named by it");
    // Once it was looked at, the next one makes another; what was said before is still counted.
    let by = town.anneke();
    town.does(move |tx| tx.keep_promise(first, by, KeptHow::LeftThere, NOW));
    let who = town.who(VISSER);
    let again = town.does(move |tx| tx.has_reported(who, offer));
    assert!(again, "whoever said so does not see it again");
    assert_eq!(town.does(move |tx| tx.promised_to_look_at(offer)), None);
}

#[test]
fn what_was_taken_down_is_not_put_up_again_for_that_day_and_its_owner_reads_why() {
    let town = Town::with(vec![somebody(VISSER, 2586)]);
    let offer = town.an_offer(VISSER, 24);
    let down = |town: &Town| town.does(move |tx| tx.take_down(offer, Misplaced::Commercial, NOW));
    assert_eq!((down(&town), down(&town)), (true, false), "twice is once");
    let visser = town.offers(VISSER, 24);
    let own = town.looks(move |tx| {
        let own = tx.own_offers(visser, NOW)?;
        own.iter().map(|one| tx.taken_down(Pinned::Offer(one.id))).collect::<Result<Vec<_>, _>>()
    });
    assert_eq!(own, [Some(DownSince { why: Misplaced::Commercial, at: NOW })]);
    assert_eq!(town.looks(|tx| tx.open_offers(NOW)), []);
    town.offers(VISSER, 25);
    assert_eq!(town.looks(|tx| tx.open_offers(NOW)).len(), 1, "another day is another offer");
}

#[test]
fn a_request_that_was_taken_down_is_searched_for_and_may_come_back_with_agreement() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let request = town.noor_asks(Some(NOW + 48 * HOUR));
    let of = Pinned::Request(request);
    let line = town.does(move |tx| tx.pinned_on(of, NOW));
    assert_eq!(line, Some(town.line.number.clone()));
    assert!(town.does(move |tx| tx.take_down(of, Misplaced::NotMeantFor, NOW)));
    assert_eq!(town.does(move |tx| tx.pinned_on(of, NOW)), None);
    assert!(town.looks(move |tx| tx.taken_down(of)).is_some());
    assert!(town.does(move |tx| tx.put_on_board(request, NOW)));
    assert_eq!(town.looks(move |tx| tx.taken_down(of)), None);
    let planned = town.does(|tx| tx.take_planned(NOW + 48 * HOUR, 9));
    assert_eq!(planned, [(request, phone(NOOR))]);
}

#[test]
fn whoever_reported_is_told_so_and_whoever_was_reported_is_not_told_by_whom() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    let (offer, request) = (town.an_offer(VISSER, 24), town.noor_asks(None));
    town.reports(BOS, offer, Misplaced::Commercial);
    town.reports(BOS, Pinned::Request(request), Misplaced::UnkindOrUnsafe);
    town.does(move |tx| tx.take_down(offer, Misplaced::Commercial, NOW));
    town.does(move |tx| tx.take_down(Pinned::Request(request), Misplaced::Other, NOW));
    let bos = town.told(BOS);
    assert!(bos.contains("board_reports") && bos.contains("unkind_or_unsafe"), "{bos}");
    assert!(!bos.contains("taken_down"), "{bos}");
    for (number, why) in [(VISSER, "commercial"), (NOOR, "other")] {
        let told = town.told(number);
        assert!(told.contains("\"times\":1") && told.contains(why), "{told}");
        assert!(!told.contains("board_reports") && !told.contains("reported_at"), "{told}");
        assert!(!told.contains("board_looked_at"), "it was promised to nobody: {told}");
    }
}

#[test]
fn a_report_outlives_whoever_made_it_of_nobody_and_goes_with_whom_it_is_about() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    let (offer, request) = (town.an_offer(VISSER, 24), town.noor_asks(None));
    town.reports(BOS, offer, Misplaced::UnkindOrUnsafe);
    town.reports(BOS, Pinned::Request(request), Misplaced::Other);
    let open = "SELECT count(*) FROM promise WHERE kind = 'board_looked_at' AND kept_at IS NULL";
    let erases = |number: &'static str| {
        let erased = town.does(move |tx| tx.erase_number(&phone(number), NOW));
        assert!(matches!(erased, Erasing::Done(_)), "{erased:?}");
    };
    erases(BOS);
    let nobodys = "SELECT count(*) FROM board_report WHERE participant IS NULL";
    assert_eq!((town.number_of::<i64>(nobodys), town.number_of::<i64>(open)), (2, 2));
    erases(VISSER);
    assert_eq!((town.number_of::<i64>(nobodys), town.number_of::<i64>(open)), (1, 1));
    erases(NOOR);
    assert_eq!(town.number_of::<i64>(open), 0, "nothing is left to look at");
}

#[test]
fn ones_own_is_known_by_whichever_way_it_was_asked() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(NOOR, 2586)]);
    let (noor, bos) = (town.who(NOOR), town.who(BOS));
    let (offer, request) = (town.an_offer(BOS, 24), town.noor_asks(None));
    let own = town.does(move |tx| {
        Ok([
            tx.pinned_by(Pinned::Request(request), noor)?,
            tx.pinned_by(Pinned::Request(request), bos)?,
            tx.pinned_by(offer, bos)?,
            tx.pinned_by(offer, noor)?,
            tx.pinned_by(Pinned::Offer(OfferId(99)), noor)?,
        ])
    });
    assert_eq!(own, [true, false, true, false, false]);
}
