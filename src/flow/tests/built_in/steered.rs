//! What happens to a caller whose search the desk ends.

use super::explorer::Explorer;
use super::*;

fn told(order: &'static str, withheld: Value) -> Vec<(&'static str, Value)> {
    let told = [("order", text(order)), ("part_of_day", text("morning")), ("withheld", withheld)];
    but(line(), &told)
}

#[test]
fn whoever_is_taken_over_hears_so_and_the_desk_rings() {
    let walk = Walk::of(built_in(), "steered", Language::Nl, &told("take-over", NO));
    assert!(walk.heard().contains("Een medewerker wil u graag zelf spreken."));
    assert_eq!(walk.door(), "find-desk");
}

#[test]
fn whoever_is_given_up_on_hears_a_day_and_needs_no_key() {
    let walk = Walk::of(built_in(), "steered", Language::En, &told("give-up", NO));
    assert!(walk.heard().contains("Our staff will call you back tomorrow."), "{}", walk.heard());
    assert!(walk.hung_up());
}

#[test]
fn whoever_shows_no_number_is_asked_for_it_in_a_message() {
    let walk = Walk::of(built_in(), "steered", Language::Nl, &told("leave-word", YES));
    assert!(walk.heard().contains("op welk nummer wij u kunnen bellen"), "{}", walk.heard());
    assert!(walk.records());
}

#[test]
fn whoever_waited_for_the_desk_hears_nothing_of_neighbours() {
    let walk = Walk::of(built_in(), "steered", Language::Nl, &told("desk-later", NO));
    assert!(walk.heard().contains("De medewerkers zijn nu niet bereikbaar."), "{}", walk.heard());
    assert!(walk.heard().contains("belt u morgen terug") && !walk.heard().contains("buurt"));
    assert!(walk.hung_up());
    let walk = Walk::of(built_in(), "steered", Language::Nl, &told("desk-leave-word", YES));
    assert!(walk.records() && !walk.heard().contains("buurt"), "{}", walk.heard());
}

#[test]
fn r10_wherever_it_leads_it_ends_with_a_goodbye() {
    for order in ["take-over", "give-up", "leave-word", "desk-later", "desk-leave-word"] {
        for language in Language::ALL {
            for withheld in [YES, NO] {
                let explorer = Explorer::go("steered", language, &told(order, withheld));
                assert!(explorer.endings().count() > 0, "{order}");
                for place in explorer.endings() {
                    let words = words_of(&place.heard);
                    let goodbye =
                        words.ends_with("en een fijne dag.") || words.ends_with("have a nice day.");
                    assert!(goodbye && place.turn.wait == Wait::Disconnect, "{}", place.way);
                }
            }
        }
    }
}
