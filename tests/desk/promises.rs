//! `/loket/berichten`: messages heard, promises claimed, handed back and kept.

use std::time::Duration;

use burenhulp::domain::{Phone, Role, Timestamp};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Ended, Pace};

use crate::house::desk::Visitor;
use crate::house::{House, TOKEN, Tapes};

/// Tuesday evening: somebody leaves a message of eight seconds, due the next morning at ten.
const A_MESSAGE: &str = r#"
title = "A message in the evening"
at = "2026-11-24T19:00:00+01:00"
[[desk]]
name = "balie"
[[caller]]
does = "presses 0, tone, talk 8, hang up"
ends = "hangs-up"
[must]
messages = 1
"#;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

async fn after_a_message(tapes: Tapes) -> House {
    let scenario = Scenario::read("a message", A_MESSAGE).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    house.recordings_are(tapes);
    let network = house.network().clone();
    let until = scenario.at + 3 * DAY;
    let pace = Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
    let ended = virtual_time::run(&network, &mut house, pace).await;
    assert_eq!(ended, Ended::AtRest);
    house
}

async fn operator(house: &House, name: &str) -> Visitor {
    let line = Phone::from_stored("+31700002586").unwrap();
    house.operator(name, Role::Operator, &[line], &[]).await
}

/// One value of the books.
fn one<T: rusqlite::types::FromSql>(house: &House, sql: &str) -> T {
    house.books_now().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_message_is_kept_sealed_deleted_at_the_provider_and_heard_at_the_desk() {
    let house = after_a_message(Tapes::Fine).await;
    assert_eq!(house.network().lock().unwrap().recordings().count(), 0, "deleted at the provider");
    let anneke = operator(&house, "Anneke").await;
    let page = house.get(&anneke, "/loket/berichten").await;
    assert!(page.body.contains("src=\"/loket/geluid/1\""), "{}", page.body);
    assert!(page.body.contains("+31 6 •••• ••01"), "masked: {}", page.body);

    let sound = house.get(&anneke, "/loket/geluid/1").await;
    assert_eq!(sound.status, 200);
    assert_eq!(
        (&sound.bytes[..4], &sound.headers["content-type"]),
        (&b"RIFF"[..], &"audio/x-wav".parse().unwrap())
    );
    let sealed: Vec<u8> = one(&house, "SELECT sealed FROM message_sound");
    assert!(!sealed.windows(4).any(|part| part == b"RIFF"), "what lies in the books is sealed");

    let part = house.get_with(&anneke, "/loket/geluid/1", ("range", "bytes=4-7")).await;
    assert_eq!((part.status, &part.bytes[..]), (206, &sound.bytes[4..8]));
    let range = format!("bytes 4-7/{}", sound.bytes.len());
    assert_eq!(part.headers["content-range"], range.as_str());
    let heard = "SELECT count(*) FROM audit WHERE what = 'message-heard' AND about = 'message:1'";
    assert_eq!(one::<i64>(&house, heard), 1, "the parts of one hearing are one line");
}

#[tokio::test]
async fn nobody_of_another_line_sees_or_hears_it() {
    let house = after_a_message(Tapes::Fine).await;
    let dokkum = Phone::from_stored("+31519002586").unwrap();
    let sjoerd = house.operator("Sjoerd", Role::Operator, &[dokkum], &[]).await;
    assert!(house.get(&sjoerd, "/loket/berichten").await.body.contains("Er staat niets open."));
    for path in ["/loket/geluid/1", "/loket/berichten/1"] {
        assert_eq!(house.get(&sjoerd, path).await.status, 404, "{path}");
    }
    for action in ["nemen", "teruggeven", "afronden", "notitie", "nummer"] {
        let form = [("hoe", "spoken"), ("notitie", "Dag.")];
        let path = format!("/loket/berichten/1/{action}");
        assert_eq!(house.post(&sjoerd, &path, &form).await.status, 404, "{path}");
    }
    let touched =
        "SELECT count(*) FROM promise WHERE claimed_by IS NOT NULL OR kept_at IS NOT NULL";
    assert_eq!(one::<i64>(&house, touched), 0);
    assert_eq!(one::<i64>(&house, "SELECT count(*) FROM audit WHERE about LIKE 'message:%'"), 0);
}

#[tokio::test]
async fn of_two_who_claim_at_once_one_wins_and_the_other_sees_who() {
    let house = after_a_message(Tapes::Fine).await;
    let (mut anneke, mut kees) = (operator(&house, "Anneke").await, operator(&house, "Kees").await);
    let (first, second) = tokio::join!(
        house.post(&anneke, "/loket/berichten/1/nemen", &[]),
        house.post(&kees, "/loket/berichten/1/nemen", &[]),
    );
    anneke.keeps(&first);
    kees.keeps(&second);
    let pages = [
        house.get(&anneke, "/loket/berichten/1").await.body,
        house.get(&kees, "/loket/berichten/1").await.body,
    ];
    let won = |page: &String| page.contains("U hebt deze belofte op u genomen.");
    assert_eq!(pages.iter().filter(|page| won(page)).count(), 1);
    let lost = pages.iter().find(|page| !won(page)).unwrap();
    assert!(
        lost.contains("Anneke heeft dit al op zich genomen.")
            || lost.contains("Kees heeft dit al op zich genomen."),
        "{lost}"
    );
    let claimed = "SELECT count(*) FROM audit WHERE what = 'promise-claimed'";
    assert_eq!(one::<i64>(&house, claimed), 1);

    // The one who has not got it can neither hand it back nor settle it.
    let (has, other) = if won(&pages[0]) { (&anneke, &mut kees) } else { (&kees, &mut anneke) };
    for (action, told) in
        [("teruggeven", "heeft dit al op zich"), ("afronden", "heeft dit al op zich")]
    {
        let path = format!("/loket/berichten/1/{action}");
        let answer = house.post(other, &path, &[("hoe", "spoken")]).await;
        other.keeps(&answer);
        let page = house.get(other, "/loket/berichten/1").await;
        assert!(page.body.contains(told), "{action}: {}", page.body);
        other.keeps(&page);
    }
    assert_eq!(house.post(has, "/loket/berichten/1/teruggeven", &[]).await.status, 303);
    assert_eq!(house.post(other, "/loket/berichten/1/nemen", &[]).await.status, 303);
    assert_eq!(one::<i64>(&house, claimed), 2, "handed back, it is anybody's");
}

#[tokio::test]
async fn a_promise_is_kept_once_and_a_second_click_says_by_whom() {
    let house = after_a_message(Tapes::Fine).await;
    let (anneke, mut kees) = (operator(&house, "Anneke").await, operator(&house, "Kees").await);
    let page = house.post(&anneke, "/loket/berichten/1/afronden", &[("hoe", "anders")]).await;
    assert_eq!(page.status, 422, "{}", page.body);
    house.post(&anneke, "/loket/berichten/1/afronden", &[("hoe", "spoken")]).await;
    kees.keeps(&house.post(&kees, "/loket/berichten/1/afronden", &[("hoe", "not_needed")]).await);
    let page = house.get(&kees, "/loket/berichten/1").await;
    assert!(page.body.contains("Dit is al afgerond: Anneke"), "{}", page.body);
    assert!(page.body.contains("gesproken: Anneke"), "{}", page.body);
    assert_eq!(one::<String>(&house, "SELECT kept_how FROM promise"), "spoken");
    assert_eq!(one::<i64>(&house, "SELECT count(*) FROM audit WHERE what = 'promise-kept'"), 1);
    let list = house.get(&kees, "/loket/berichten").await.body;
    assert!(
        list.contains("Er staat niets open.") && list.contains("Afgerond in de laatste"),
        "{list}"
    );
}

#[tokio::test]
async fn a_promise_that_is_late_stands_on_top_and_in_the_figures() {
    let house = after_a_message(Tapes::Fine).await;
    let due: i64 = one(&house, "SELECT due_at FROM promise");
    house.set_clock(Timestamp(due) + 3 * HOUR);
    let anneke = operator(&house, "Anneke").await;
    let page = house.get(&anneke, "/loket/berichten").await.body;
    assert!(page.contains("te laat: 3 uur") && page.contains("Te laat (1)"), "{page}");
    let figures = house.get(&Visitor::default(), "/metrics").await.body;
    assert!(figures.contains("burenhulp_promises_overdue 1"), "{figures}");
    assert!(figures.contains("burenhulp_promises_open 1"), "{figures}");
}

#[tokio::test]
async fn the_promise_that_is_due_first_stands_on_top_whenever_it_was_made() {
    let house = after_a_message(Tapes::Fine).await;
    let due: i64 = one(&house, "SELECT due_at FROM promise");
    for later in [-1, 1] {
        let sql = format!(
            "INSERT INTO promise (kind, line, made_at, due_at)
               VALUES ('desk_answers', '+31700002586', 1, {due} + {later} * 3600000)"
        );
        house.books_now().execute_batch(&sql).unwrap();
    }
    house.set_clock(Timestamp(due) - 2 * HOUR);
    let anneke = operator(&house, "Anneke").await;
    let page = house.get(&anneke, "/loket/berichten").await.body;
    let at = [2, 1, 3].map(|id| page.find(&format!("\"/loket/berichten/{id}\"")).expect("a link"));
    assert!(at.is_sorted(), "{at:?}: {page}");
}

#[tokio::test]
async fn a_recording_that_never_arrives_or_is_huge_leaves_the_promise_and_a_way_on() {
    for (tapes, told) in
        [(Tapes::Missing, "niet binnengekomen"), (Tapes::Huge, "te groot om op te halen")]
    {
        let house = after_a_message(tapes).await;
        assert_eq!(house.count("outbox"), 0, "it was given up in the end: {tapes:?}");
        house.set_clock(Timestamp::parse("2026-11-28T09:00:00+01:00").unwrap());
        let mut anneke = operator(&house, "Anneke").await;
        let page = house.get(&anneke, "/loket/berichten").await.body;
        assert!(page.contains(told) && !page.contains("<audio"), "{tapes:?}: {page}");
        assert!(page.contains("Te laat (1)"), "the promise stands: {page}");
        assert_eq!(house.get(&anneke, "/loket/geluid/1").await.status, 404);

        // Somebody at the desk has it asked for once more, and now it comes.
        house.recordings_are(Tapes::Fine);
        anneke.keeps(&house.post(&anneke, "/loket/geluid/1", &[]).await);
        house.app().0.exchange.work().await.unwrap();
        assert_eq!(house.get(&anneke, "/loket/geluid/1").await.status, 200, "{tapes:?}");
        assert_eq!(house.network().lock().unwrap().recordings().count(), 0);
        let asked =
            "SELECT o.name || ' ' || a.about FROM audit a JOIN operator o ON o.id = a.operator
                     WHERE a.what = 'message-fetched-again'";
        assert_eq!(one::<String>(&house, asked), "Anneke message:1", "who asked for it, and when");
        // Asked for what is here already, nothing is fetched, and nothing is written down.
        house.post(&anneke, "/loket/geluid/1", &[]).await;
        assert_eq!(house.count("outbox"), 0);
        assert_eq!(one::<String>(&house, asked), "Anneke message:1");
    }
}

#[tokio::test]
async fn a_note_is_for_a_fortnight_and_never_has_a_number_in_it() {
    let house = after_a_message(Tapes::Fine).await;
    let anneke = operator(&house, "Anneke").await;
    for text in
        ["bel 06 01 00 00 01", "<b>let op</b>", "mail bos@voorbeeld.nl", "", &"a".repeat(141)]
    {
        let page = house.post(&anneke, "/loket/berichten/1/notitie", &[("notitie", text)]).await;
        assert_eq!(page.status, 422, "{text}");
    }
    assert_eq!(house.count("desk_note"), 0);
    for _ in 0..2 {
        let form = [("notitie", "Liever na de middag bellen")];
        assert_eq!(house.post(&anneke, "/loket/berichten/1/notitie", &form).await.status, 303);
    }
    assert_eq!(house.count("desk_note"), 1, "a form sent twice is one note");
    let page = house.get(&anneke, "/loket/berichten/1").await.body;
    assert!(page.contains("Liever na de middag bellen") && page.contains("niets over gezondheid"));

    let now = house.app().0.exchange.now();
    house.set_clock(now + 14 * DAY + HOUR);
    let anneke = operator(&house, "Anneke twee").await;
    assert!(!house.get(&anneke, "/loket/berichten/1").await.body.contains("Liever na de middag"));
    house.app().0.exchange.work().await.unwrap();
    assert_eq!(house.count("desk_note"), 0, "and it is gone from the books");
}

#[tokio::test]
async fn a_message_is_deleted_within_three_days_after_it_was_handled_and_not_before() {
    let house = after_a_message(Tapes::Fine).await;
    let now = house.app().0.exchange.now();
    house.set_clock(now + 12 * DAY);
    house.app().0.exchange.forget().await.unwrap();
    assert_eq!(house.count("message_sound"), 1, "nobody has heard it yet");
    house.set_clock(now);
    let anneke = operator(&house, "Anneke").await;
    house.post(&anneke, "/loket/berichten/1/afronden", &[("hoe", "spoken")]).await;
    for (days, left) in [(1, 1), (3, 0)] {
        house.set_clock(now + days * DAY);
        house.app().0.exchange.work().await.unwrap();
        house.app().0.exchange.forget().await.unwrap();
        assert_eq!(
            [house.count("message"), house.count("message_sound")],
            [left; 2],
            "{days} days"
        );
    }
    assert_eq!(house.count("promise"), 1, "that it was kept stays, for the counts");
}

#[tokio::test]
async fn a_number_is_masked_until_somebody_asks_for_it_and_that_is_written_down() {
    let house = after_a_message(Tapes::Fine).await;
    let anneke = operator(&house, "Anneke").await;
    assert!(!house.get(&anneke, "/loket/berichten/1").await.body.contains("+31601000001"));
    let page = house.post(&anneke, "/loket/berichten/1/nummer", &[]).await;
    assert!(page.body.contains("tel:+31601000001"), "{}", page.body);
    let shown = "SELECT about FROM audit WHERE what = 'number-shown'";
    assert_eq!(one::<String>(&house, shown), "promise:1");
    assert!(!house.get(&anneke, "/loket/berichten/1").await.body.contains("+31601000001"));
}

#[tokio::test]
async fn calling_back_rings_the_desk_once_and_refuses_a_telephone_that_is_not_the_desks() {
    let house = after_a_message(Tapes::Fine).await;
    let anneke = operator(&house, "Anneke").await;
    let path = "/loket/berichten/1/terugbellen";
    // Anneke has not said which telephone is hers.
    let page = house.post(&anneke, path, &[]).await;
    assert!(page.status == 422 && page.body.contains("Kies een telefoon"), "{}", page.body);
    for seat in ["+31700010001", "+31601000001"] {
        assert_eq!(house.post(&anneke, path, &[("toestel", seat)]).await.status, 422, "{seat}");
    }
    assert_eq!(house.count("placed"), 0);
    for _ in 0..2 {
        let form = [("toestel", "+31700090001")];
        assert_eq!(house.post(&anneke, path, &form).await.status, 303);
    }
    assert_eq!(house.count("placed"), 1, "the button twice is the button once");
    let page = house.get(&anneke, "/loket/berichten/1").await.body;
    assert!(page.contains(">van u</span>"), "{page}");
}

#[tokio::test]
async fn whoever_looks_writes_or_takes_along_is_written_down() {
    let house = after_a_message(Tapes::Fine).await;
    let anneke = operator(&house, "Anneke").await;
    for _ in 0..2 {
        assert_eq!(house.get(&anneke, "/loket/berichten/1").await.status, 200);
        let note = [("notitie", "Belt morgen terug.")];
        assert_eq!(house.post(&anneke, "/loket/berichten/1/notitie", &note).await.status, 303);
    }
    let seat = [("toestel", "+31700090001")];
    assert_eq!(house.post(&anneke, "/loket/nu/toestel", &seat).await.status, 303);
    let report = "/loket/verslagen/csv?periode=2026-11&lijn=31700002586";
    assert_eq!(house.get(&anneke, report).await.status, 200);
    for list in ["/loket/deelnemers", "/loket/vragen"] {
        let (page, _) = house.looks_up(&anneke, list, &[("zoek", "0001")]).await;
        assert_eq!(page.status, 200, "{list}");
    }
    let sql = "SELECT group_concat(what || ' ' || about, ', ') FROM
                 (SELECT what, about FROM audit WHERE what <> 'logged-in' ORDER BY id)";
    assert_eq!(
        one::<String>(&house, sql),
        "promise-seen promise:1, note-written promise:1, seat-set , \
         report-exported line:+31700002586, digits-searched , digits-searched "
    );
}

#[tokio::test]
async fn an_address_that_says_nothing_is_told_of_on_our_own_page() {
    let house = after_a_message(Tapes::Fine).await;
    let anneke = operator(&house, "Anneke").await;
    for path in [
        "/loket/berichten/een",
        "/loket/vragen/99999999999999999999",
        "/loket/deelnemers?na=x",
        "/mijn/inloggen?naar=a&naar=b",
    ] {
        let page = house.get(&anneke, path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.body);
        assert!(page.body.contains("<html lang=\"nl\""), "{path}: {}", page.body);
    }
}
