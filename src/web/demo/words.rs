//! What the page itself says, in both languages. What callers and neighbours hear comes from the
//! flows, not from here.

use crate::domain::Language;

/// Every text of the page that stands still.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) code: &'static str,
    pub(super) other_code: &'static str,
    pub(super) other_language: &'static str,
    pub(super) title: &'static str,
    pub(super) intro: &'static str,
    pub(super) skip: &'static str,
    pub(super) desk: &'static str,
    pub(super) read_aloud: &'static str,
    pub(super) no_voice: &'static str,
    pub(super) ring_aloud: &'static str,
    pub(super) your_telephone: &'static str,
    pub(super) who_are_you: &'static str,
    pub(super) unknown_number: &'static str,
    pub(super) withheld_number: &'static str,
    pub(super) participants: &'static str,
    pub(super) which_line: &'static str,
    pub(super) dial: &'static str,
    pub(super) what_you_hear: &'static str,
    pub(super) keypad: &'static str,
    pub(super) key: &'static str,
    pub(super) keyboard_hint: &'static str,
    pub(super) hang_up: &'static str,
    pub(super) talk: &'static str,
    pub(super) neighbours: &'static str,
    pub(super) nobody_rings: &'static str,
    pub(super) habits: &'static str,
    pub(super) habits_on: &'static str,
    pub(super) habits_off: &'static str,
    pub(super) pick_up: &'static str,
    pub(super) let_ring: &'static str,
    pub(super) waits_for_you: &'static str,
    pub(super) voicemail: &'static str,
    pub(super) neighbour_keys: &'static str,
    pub(super) desk_keys: &'static str,
    pub(super) somebody: &'static str,
    pub(super) search: &'static str,
    pub(super) no_search: &'static str,
    pub(super) caller_hears: &'static str,
    pub(super) legend: &'static str,
    pub(super) legend_rings: &'static str,
    pub(super) legend_asked: &'static str,
    pub(super) legend_talks: &'static str,
    pub(super) seconds_scale: &'static str,
    pub(super) lost: &'static str,
    pub(super) fixtures: &'static str,
}

impl Words {
    /// The texts in this language.
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::Nl => &NL,
            Language::En => &EN,
        }
    }
}

static NL: Words = Words {
    code: "nl",
    other_code: "en",
    other_language: "English",
    title: "De centrale proberen",
    intro: "Bel een lijn, maak een keuze met de toetsen en zie hoe de centrale buren belt: één voor \
            één, tot iemand ja zegt.",
    skip: "Naar de telefoons",
    desk: "Het loket (nieuw tabblad)",
    read_aloud: "Voorlezen",
    no_voice: "geen stem",
    ring_aloud: "Rinkelen",
    your_telephone: "Uw telefoon",
    who_are_you: "Wie bent u?",
    unknown_number: "Onbekend nummer",
    withheld_number: "Afgeschermd nummer",
    participants: "Deelnemers in",
    which_line: "Welke lijn belt u?",
    dial: "Bellen",
    what_you_hear: "Wat u hoort",
    keypad: "Toetsen",
    key: "Toets",
    keyboard_hint: "U kunt ook de cijfers op uw toetsenbord gebruiken.",
    hang_up: "Ophangen",
    talk: "5 seconden inspreken",
    neighbours: "Telefoons van de buren",
    nobody_rings: "Er gaat nu geen telefoon over.",
    habits: "Buren antwoorden zelf",
    habits_on: "aan",
    habits_off: "uit",
    pick_up: "Opnemen",
    let_ring: "Laten bellen",
    waits_for_you: "Neemt u op, of laat u de telefoon bellen?",
    voicemail: "Voicemail neemt op",
    neighbour_keys: "1 ja, 2 nu niet, 3 vandaag niet meer, 4 niet meer meedoen, 0 loket",
    desk_keys: "1 ja, 2 nu niet",
    somebody: "Iemand",
    search: "De zoektocht",
    no_search: "Hier ziet u wie er gebeld wordt, waarom, en wat het antwoord is.",
    caller_hears: "De beller hoort nu",
    legend: "Kleuren van de balk",
    legend_rings: "gaat over",
    legend_asked: "hoort de vraag",
    legend_talks: "praat met de beller",
    seconds_scale: "seconden",
    lost: "De pagina heeft geen verbinding meer met de demo. Start het programma opnieuw en ververs \
           deze pagina.",
    fixtures: "Alle mensen en nummers op deze pagina zijn verzonnen. Er wordt niemand echt gebeld.",
};

static EN: Words = Words {
    code: "en",
    other_code: "nl",
    other_language: "Nederlands",
    title: "Try the exchange",
    intro: "Dial a line, choose with the keys, and watch the exchange ring neighbours: one after \
            another, until somebody says yes.",
    skip: "To the telephones",
    desk: "The desk (new tab)",
    read_aloud: "Read aloud",
    no_voice: "no voice",
    ring_aloud: "Ring aloud",
    your_telephone: "Your telephone",
    who_are_you: "Who are you?",
    unknown_number: "Unknown number",
    withheld_number: "Withheld number",
    participants: "Participants in",
    which_line: "Which line do you call?",
    dial: "Dial",
    what_you_hear: "What you hear",
    keypad: "Keypad",
    key: "Key",
    keyboard_hint: "The digits on your keyboard work too.",
    hang_up: "Hang up",
    talk: "Speak for 5 seconds",
    neighbours: "The neighbours' telephones",
    nobody_rings: "No telephone is ringing now.",
    habits: "Neighbours answer by themselves",
    habits_on: "on",
    habits_off: "off",
    pick_up: "Pick up",
    let_ring: "Let it ring",
    waits_for_you: "Do you pick up, or let it ring?",
    voicemail: "Voicemail answers",
    neighbour_keys: "1 yes, 2 not now, 3 not again today, 4 stop taking part, 0 desk",
    desk_keys: "1 yes, 2 not now",
    somebody: "Somebody",
    search: "The search",
    no_search: "Here you see who is rung, why, and what the answer is.",
    caller_hears: "The caller hears now",
    legend: "Colours of the bar",
    legend_rings: "rings",
    legend_asked: "hears the question",
    legend_talks: "talks with the caller",
    seconds_scale: "seconds",
    lost: "This page has lost the demo. Start the program again and reload this page.",
    fixtures: "All people and numbers on this page are made up. Nobody is really called.",
};

#[cfg(test)]
mod tests {
    use crate::domain::{Language, unkind_word};

    /// Every file with words that the page shows.
    const SOURCES: [&str; 5] = [
        include_str!("words.rs"),
        include_str!("telephones.rs"),
        include_str!("search.rs"),
        include_str!("page.rs"),
        include_str!("controls.rs"),
    ];

    #[test]
    fn nobody_is_called_by_a_word_that_is_not_used_here() {
        let texts: Vec<&str> =
            SOURCES.iter().flat_map(|source| source.split('"').skip(1).step_by(2)).collect();
        assert!(texts.contains(&"Uw telefoon") && texts.contains(&"The call is over."));
        for text in texts {
            for language in Language::ALL {
                assert_eq!(unkind_word(text, language), None, "{text}");
            }
        }
    }
}
