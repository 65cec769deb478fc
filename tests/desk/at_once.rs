//! Two at the desk send the same form at the same moment, at every action: one effect, and a clear
//! word for the other; and one who sends it again has no other effect either. An action that stands in
//! no row here fails. And what anybody did is written down.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use burenhulp::domain::{Phone, Right, Role};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Pace};
use burenhulp::web::desk::{Access, known_routes};

use crate::house::desk::{Page, Visitor};
use crate::house::{House, TOKEN};

type Form = &'static [(&'static str, &'static str)];

/// Where it happens.
#[derive(Debug, Clone, Copy)]
enum Scene {
    /// Tuesday morning: Bos takes part, Greet's question was entered and waits for a coordinator.
    Morning,
    /// Bos offers something on the board, and Fatima finds that it does not belong there.
    Board,
    /// Somebody has left a message.
    Message,
    /// Bos rings for somebody who waits.
    Call,
}

/// What becomes of whoever was a moment later.
#[derive(Debug, Clone, Copy)]
enum Second {
    /// They read these words (`|`: or these), and the first does not.
    Reads(&'static str),
    /// It is as both wanted it, and both read so: nothing happens twice.
    Agrees,
    /// Each is written down, and all the same it is there once: a look at somebody's number; only a
    /// note is of each alone.
    Each,
    /// Their own form shows an older state; this test tells of it.
    ToldBy(&'static str),
}

struct Act {
    path: &'static str,
    scene: Scene,
    form: Form,
    /// What was done before it.
    before: &'static [(&'static str, Form)],
    second: Second,
}

const fn act(path: &'static str, scene: Scene, form: Form, second: Second) -> Act {
    Act { path, scene, form, before: &[], second }
}

const LIFT: (&str, &str) = ("dienst", "transport");
const LINE: (&str, &str) = ("lijn", "+31700002586");

use Scene::{Board, Call, Message, Morning};
use Second::{Agrees, Each, Reads, ToldBy};

const ACTS: &[Act] = &[
    act("/loket/nu/{request}/overnemen", Call, &[], Reads("Misschien was een collega eerder")),
    act("/loket/nu/{request}/overslaan", Call, &[("poging", "1")], Reads("gaat niet meer over")),
    act("/loket/nu/{request}/hierna", Call, &[("wie", "2")], Reads("Dit was al zo")),
    act("/loket/nu/{request}/opgeven", Call, &[], Reads("al voorbij")),
    act(
        "/loket/nu/{request}/zeggen",
        Call,
        &[("zin", "Nog even geduld.")],
        Reads("krijgt deze zin al te horen"),
    ),
    act("/loket/vragen", Morning, &[("zoek", "greet")], Agrees),
    act("/loket/deelnemers", Morning, &[("zoek", "bos")], Agrees),
    act("/loket/vragen/{id}/nemen", Morning, &[], Reads("heeft dit al op zich genomen")),
    act("/loket/vragen/{id}/zoeken", Morning, &[], Reads("wordt al gezocht")),
    act("/loket/vragen/{id}/afronden", Morning, &[("hoe", "done")], Reads("al afgerond")),
    act("/loket/vragen/{id}/notitie", Morning, &[("notitie", "Belt liever niet.")], Each),
    act("/loket/vragen/{id}/nummer", Morning, &[], Each),
    Act {
        before: &[("/loket/vragen/1/zoeken", &[])],
        ..act("/loket/vragen/{id}/prikbord", Morning, &[("akkoord", "ja")], Reads("al zo"))
    },
    act(
        "/loket/prikbord/aanbod/{offer}/eraf",
        Board,
        &[("waarom", "commercial")],
        Reads("Dit staat niet meer op het prikbord"),
    ),
    act(
        "/loket/berichten/{id}/prikbord",
        Board,
        &[("wat", "eraf"), ("waarom", "commercial")],
        Reads("al afgerond"),
    ),
    act("/loket/berichten/{id}/nemen", Message, &[], Reads("heeft dit al op zich genomen")),
    Act {
        before: &[("/loket/berichten/1/nemen", &[])],
        ..act(
            "/loket/berichten/{id}/teruggeven",
            Message,
            &[],
            Reads("Dit was niet van u|Anneke heeft dit al op zich genomen"),
        )
    },
    act(
        "/loket/berichten/{id}/terugbellen",
        Message,
        &[],
        Reads("heeft deze belofte op zich genomen"),
    ),
    Act {
        before: &[("/loket/berichten/1/terugbellen", &[("toestel", "+31700090001")])],
        ..act(
            "/loket/berichten/{id}/afbreken",
            Message,
            &[],
            Reads("Een collega heeft deze belofte op zich genomen|wordt nu niet gebeld"),
        )
    },
    act("/loket/berichten/{id}/afronden", Message, &[("hoe", "spoken")], Reads("al ")),
    act("/loket/berichten/{id}/notitie", Message, &[("notitie", "Morgen om tien uur.")], Each),
    act("/loket/berichten/{id}/nummer", Message, &[], Each),
    act("/loket/geluid/{message}", Message, &[], Agrees),
    act("/loket/deelnemers/{id}/nummer", Morning, &[], Each),
    act(
        "/loket/deelnemers/{id}/verbeter",
        Morning,
        &[],
        ToldBy("participants::details_are_corrected_and_everything_wrong_is_told_at_once"),
    ),
    act(
        "/loket/deelnemers/nieuw",
        Morning,
        &[],
        ToldBy(
            "participants::somebody_at_the_counter_signs_up_and_counts_for_nothing_until_they_are_rung",
        ),
    ),
    act("/loket/deelnemers/{id}/pauze", Morning, &[("tot", "week")], Reads("Dit was al zo")),
    Act {
        before: &[("/loket/deelnemers/1/pauze", &[("tot", "week")])],
        ..act("/loket/deelnemers/{id}/hervat", Morning, &[], Reads("Dit was al zo"))
    },
    act("/loket/deelnemers/{id}/stop", Morning, &[], Reads("al ")),
    act("/loket/deelnemers/{id}/toelating", Morning, &[LIFT], Reads("al zo")),
    Act {
        before: &[("/loket/deelnemers/1/toelating", &[LIFT])],
        ..act("/loket/deelnemers/{id}/toelating/intrekken", Morning, &[LIFT], Reads("al zo"))
    },
    act(
        "/loket/deelnemers/{id}/toelating/bewijs",
        Morning,
        &[LIFT, ("soort", "conduct"), ("gezien", "2026-11-20"), ("verloopt", "2027-01-10")],
        Reads("al zo"),
    ),
    Act {
        before: &[(
            "/loket/deelnemers/1/toelating/bewijs",
            &[LIFT, ("soort", "conduct"), ("gezien", "2026-11-20"), ("verloopt", "2027-01-10")],
        )],
        ..act(
            "/loket/deelnemers/{id}/toelating/bewijs-weg",
            Morning,
            &[LIFT, ("soort", "conduct")],
            Reads("al zo"),
        )
    },
    act(
        "/loket/deelnemers/{id}/toelating/leeftijd",
        Morning,
        &[("leeftijd", "18")],
        Reads("al zo"),
    ),
    Act {
        before: &[("/loket/deelnemers/1/toelating/leeftijd", &[("leeftijd", "18")])],
        ..act(
            "/loket/deelnemers/{id}/toelating/leeftijd-weg",
            Morning,
            &[("leeftijd", "18")],
            Reads("al zo"),
        )
    },
    act(
        "/loket/beheer/collega/{id}",
        Morning,
        &[("rol", "coordinator"), ("gebied", "2584")],
        Agrees,
    ),
    act("/loket/beheer/collega/{id}/uit", Morning, &[], Agrees),
    Act {
        before: &[("/loket/beheer/collega/3/uit", &[])],
        ..act("/loket/beheer/collega/{id}/aan", Morning, &[], Agrees)
    },
    act("/loket/beheer/collega/{id}/tweede-stap", Morning, &[], Agrees),
    // Each of the two reads a password; the last one counts, as it does when one asks twice.
    act("/loket/beheer/collega/{id}/wachtwoord", Morning, &[], Each),
    act(
        "/loket/beheer/nieuw",
        Morning,
        &[("naam", "Truus"), ("rol", "operator"), LINE],
        Reads("Er is al een collega met deze naam"),
    ),
    act("/loket/werklijst/plaatsen", Morning, &[("plaatsen", "2586")], Agrees),
    act("/loket/open/nu", Morning, &[LINE, ("wat", "dicht"), ("tot", "uur")], Agrees),
    act("/loket/open/dag", Morning, &[LINE, ("dag", "2026-12-24")], Reads("al ")),
    Act {
        before: &[("/loket/open/dag", &[LINE, ("dag", "2026-12-24")])],
        ..act("/loket/open/dag/weg", Morning, &[LINE, ("dag", "2026-12-24")], Reads("al "))
    },
    act(
        "/loket/open/mededeling",
        Morning,
        &[
            LINE,
            ("taal", "nl"),
            ("wat", "aan"),
            ("tot", "dag"),
            ("tekst", "Morgen is het loket dicht."),
        ],
        Agrees,
    ),
];

/// What is about oneself alone.
const ONES_OWN: &[&str] = &[
    "/loket/nu/toestel",
    // Two who each enter what they were asked: two requests. The same form twice is one (`requests`).
    "/loket/vragen/nieuw",
];

/// What changes nothing: it leads to a list, asks for a recording that is here, or takes a second step
/// from somebody who has none (`administration` tells of one who has).
const LEAVES_NO_TRACE: &[&str] = &[
    "/loket/vragen",
    "/loket/deelnemers",
    "/loket/geluid/{message}",
    "/loket/beheer/collega/{id}/tweede-stap",
];

const ENTERED: Form = &[
    ("via", "telefoon"),
    ("naam", "Greet"),
    ("telefoon", "06 01 00 00 09"),
    ("dienst", "company"),
    ("postcode", "2584"),
    LINE,
    ("wanneer", "nu"),
];

const MORNING: &str = r#"
title = "A morning"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
services = ["company", "transport"]
[[desk]]
name = "balie"
"#;

const BOARD: &str = r#"
title = "A morning at the board"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
[[neighbour]]
name = "fatima"
[[desk]]
name = "balie"
"#;

const MESSAGE: &str = r#"
title = "A message"
at = "2026-11-24T10:00:00+01:00"
[[desk]]
name = "balie"
does = "is busy"
[[caller]]
does = "presses 0, tone, talk 8, hang up"
ends = "hangs-up"
"#;

const CALL: &str = r#"
title = "A call"
at = "2026-11-24T10:00:00+01:00"
[[caller]]
does = "presses 1, presses 4, presses 2584, presses 1, joined, presses 1"
ends = "goodbye"
[[neighbour]]
name = "bos"
does = "rings out"
[[neighbour]]
name = "visser"
does = "rings out"
[[desk]]
name = "balie"
"#;

/// The house as it is before anybody acts, and the two who may.
async fn scene(act: &Act) -> (House, [Visitor; 2]) {
    let (text, seconds) = match act.scene {
        Morning => (MORNING, 0),
        Board => (BOARD, 0),
        Message => (MESSAGE, 600),
        Call => (CALL, 66),
    };
    let scenario = Scenario::read("at once", text).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    let network = house.network().clone();
    let until = scenario.at + Duration::from_secs(seconds);
    let pace = Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
    virtual_time::run(&network, &mut house, pace).await;
    house.set_clock(until);
    let anneke = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    let jan = house.operator("Jan", Role::Administrator, &[], &[]).await;
    let line = Phone::from_stored(LINE.1).unwrap();
    house.operator("Kees", Role::Operator, &[line], &[]).await;
    for operator in [&anneke, &jan] {
        house.post(operator, "/loket/nu/toestel", &[("toestel", "+31700090001")]).await;
    }
    if let Board = act.scene {
        let [bos, fatima] = ["+31700010001", "+31700010002"];
        let offer = [("dienst", "company"), ("dag", "2026-11-24")];
        house.post(&house.at_home(bos).await, "/mijn/prikbord/aanbod", &offer).await;
        let report = "/mijn/prikbord/aanbod/1/melden";
        house.post(&house.at_home(fatima).await, report, &[("waarom", "commercial")]).await;
        assert_eq!(house.count("board_report"), 1);
    }
    if let Morning = act.scene {
        house.post(&anneke, "/loket/werklijst/plaatsen", &[("plaatsen", "2584")]).await;
        assert_eq!(house.post(&anneke, "/loket/vragen/nieuw", ENTERED).await.status, 303);
    }
    for (path, form) in act.before {
        let done = house.post(&anneke, path, form).await;
        assert_eq!(done.status, 303, "{path}: {}", done.body);
    }
    (house, [anneke, jan])
}

/// The address with the first of its kind in it; of colleagues, the third: Kees.
fn address(path: &str) -> String {
    let nth = if path.starts_with("/loket/beheer") { "3" } else { "1" };
    let part = |part: &str| if part.starts_with('{') { nth.to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// How many rows every table has that the desk's people do not fill by merely looking.
fn rows(house: &House) -> BTreeMap<String, i64> {
    let books = house.books_now();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'session'";
    let mut tables = books.prepare(sql).unwrap();
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    tables.into_iter().map(|table| (table.clone(), house.count(&table))).collect()
}

/// What somebody reads after they sent a form: the answer, or the page that they are sent to.
async fn reads(house: &House, who: &mut Visitor, sent: &Page) -> String {
    who.keeps(sent);
    match &sent.location {
        Some(location) => house.get(who, location).await.body,
        None => sent.body.clone(),
    }
}

/// What two who act at once have against it; nothing is good.
async fn complaint(act: &Act) -> Option<String> {
    let path = address(act.path);
    let (alone, [anneke, _]) = scene(act).await;
    let before = rows(&alone);
    let done = alone.post(&anneke, &path, act.form).await;
    if done.status >= 400 {
        return Some(format!(
            "{path}: cannot be done at all: {} {}",
            done.status,
            notice(&done.body)
        ));
    }
    let by_one = rows(&alone);
    if !LEAVES_NO_TRACE.contains(&act.path) && by_one["audit"] == before["audit"] {
        return Some(format!("{path}: who did it is written down nowhere"));
    }
    // The same form again, as when somebody goes back in their browser and sends it once more.
    let again = alone.post(&anneke, &path, act.form).await;
    if again.status >= 500 {
        return Some(format!("{path}: sent again: {}", again.status));
    }
    if let Some(twice) = twice(act, &by_one, &rows(&alone)) {
        return Some(format!("{path}: sent again it has another effect: {twice}"));
    }
    let (house, [mut anneke, mut jan]) = scene(act).await;
    let (first, second) =
        tokio::join!(house.post(&anneke, &path, act.form), house.post(&jan, &path, act.form),);
    if first.status >= 500 || second.status >= 500 {
        return Some(format!("{path}: {} and {}", first.status, second.status));
    }
    if let Some(twice) = twice(act, &by_one, &rows(&house)) {
        return Some(format!("{path}: more than one effect: {twice}"));
    }
    let Reads(words) = act.second else { return None };
    let pages = [reads(&house, &mut anneke, &first).await, reads(&house, &mut jan, &second).await];
    let read = pages
        .iter()
        .filter(|page| words.split('|').any(|words| told(page).contains(words)))
        .count();
    (read != 1).then(|| {
        format!("{path}: {words:?} is read by {read}: {:?}", pages.map(|page| notice(&page)))
    })
}

/// What there is more of than when one did it once; nothing is good.
fn twice(
    act: &Act,
    by_one: &BTreeMap<String, i64>,
    by_two: &BTreeMap<String, i64>,
) -> Option<String> {
    let of_each = |table: &str| match act.second {
        Each => ["audit", "desk_note"].contains(&table),
        _ => false,
    };
    let differ = by_two.iter().filter(|(table, n)| by_one[*table] != **n && !of_each(table));
    let twice: Vec<_> = differ.map(|(t, n)| format!("{t} {n} for {}", by_one[t])).collect();
    (!twice.is_empty()).then(|| twice.join(", "))
}

/// The word at the top of a page; where something is wrong in a form, that stands beside its field.
fn told(page: &str) -> String {
    let notice = notice(page);
    if notice.contains("Kijk bij de rode regels") { page.to_owned() } else { notice }
}

/// The word at the top of a page.
fn notice(page: &str) -> String {
    let Some((_, rest)) = page.split_once("role=\"status\">") else { return String::new() };
    rest.split("</p>").next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn two_who_act_at_once_have_one_effect_and_the_other_is_told() {
    let mut complaints = Vec::new();
    for act in ACTS {
        if let ToldBy(test) = act.second {
            let (file, test) = test.split_once("::").unwrap();
            let file = format!("{}/tests/desk/{file}.rs", env!("CARGO_MANIFEST_DIR"));
            assert!(std::fs::read_to_string(file).unwrap().contains(&format!("fn {test}(")));
            continue;
        }
        complaints.extend(complaint(act).await);
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn no_action_escapes() {
    let told: BTreeSet<&str> =
        ACTS.iter().map(|act| act.path).chain(ONES_OWN.iter().copied()).collect();
    let known: BTreeSet<&str> = known_routes()
        .iter()
        .filter(|(method, ..)| method == "POST")
        .filter(
            |(.., access)| matches!(access, Access::Right(right) if *right != Right::OwnAccount),
        )
        .map(|(_, path, _)| *path)
        .collect();
    let escaped: Vec<_> = known.difference(&told).collect();
    assert!(escaped.is_empty(), "two at once were never tried at {escaped:?}");
    let gone: Vec<_> = told.difference(&known).collect();
    assert!(gone.is_empty(), "there are no such actions: {gone:?}");
}
