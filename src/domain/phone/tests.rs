//! The gate of R12, number by number and by properties.

use proptest::prelude::*;

use super::*;

/// The allow-list as the domain reference writes it.
fn allowed(e164: &str) -> bool {
    let nsn = match e164.strip_prefix("+31") {
        Some(nsn) if nsn.len() == 9 && nsn.bytes().all(|b| b.is_ascii_digit()) => nsn,
        _ => return false,
    };
    nsn.chars().nth(1).is_some_and(|c| match &nsn[..1] {
        "6" => "123458".contains(c),
        "1" => "0135678".contains(c),
        "2" | "3" | "4" | "5" | "7" => true,
        "8" => c == '5',
        "9" => c == '1',
        _ => false,
    })
}

/// The fixture pattern as the domain reference writes it.
fn fixture(e164: &str) -> bool {
    let two = ["10", "13", "15", "20", "23", "24", "26", "30", "33", "35", "36", "38", "40", "43"]
        .into_iter()
        .chain(["45", "46", "50", "53", "55", "58"])
        .chain(["70", "71", "72", "73", "74", "75", "76", "77", "78", "79"]);
    let three =
        ["11", "16", "17", "18", "22", "25", "29", "31", "32", "34", "41", "47", "48", "49"]
            .into_iter()
            .chain(["51", "52", "54", "56", "57", "59"]);
    let nsn = &e164[3..];
    nsn.starts_with("60")
        || two.into_iter().any(|area| nsn.starts_with(area) && &nsn[2..3] == "0")
        || three.into_iter().any(|area| nsn.starts_with(area) && &nsn[3..4] == "0")
}

fn fixtures(text: &str) -> Result<Phone, Refused> {
    Phone::parse(text, Numbering::NlFixtures)
}

#[test]
fn r12_one_number_in_all_the_ways_that_people_write_it() {
    for text in [
        "+31700010042",
        "0700010042",
        "070 001 00 42",
        "070-0010042",
        "(070) 001 00 42",
        "+31 70 001 0042",
        "+31 (0)70 001 0042",
        "+31(0)70-001.00.42",
        "0031 70 001 00 42",
        "00 31 (0)70 001 00 42",
        " 070 001 00 42 ",
        "070\u{a0}001\u{2013}0042",
    ] {
        assert_eq!(
            fixtures(text).map(|p| p.e164().to_owned()).as_deref(),
            Ok("+31700010042"),
            "{text}"
        );
    }
}

#[test]
fn r12_numbers_that_must_never_be_rung() {
    use Refused::*;
    for (text, reason) in [
        ("112", Short),
        ("+31112", Short),
        ("0112", Short),
        ("0031112", Short),
        ("113", Short),
        ("116123", Short),
        ("+31116123", Short),
        ("14070", Short),
        ("+3114070", Short),
        ("1888", Short),
        ("144", Short),
        ("0900-8844", Kind),
        ("+319008844", Kind),
        ("0900 123 45 67", Kind),
        ("0906 1234", Kind),
        ("0909-1234567", Kind),
        ("0800-0011", Kind),
        ("0800 123 45 67", Kind),
        ("084 123 45 67", Kind),
        ("087 123 45 67", Kind),
        ("082 123 45 67", Kind),
        ("088 123 45 67", Kind),
        ("066 123 45 67", Kind),
        ("067 612 34 56", Kind),
        ("069 123 45 67", Kind),
        ("+3197010281234", Kind),
        ("097 010 28 12 34", Kind),
        ("+31970102812", Kind),
        ("+59991234567", Foreign),
        ("+5997171234", Foreign),
        ("+2975821234", Foreign),
        ("+881612345678", Foreign),
        ("+979123456789", Foreign),
        ("00441134960000", Foreign),
        ("+441134960000", Foreign),
        ("+44 113 496 0999", Foreign),
        ("+447700900000", Foreign),
        ("+44 (0)7700 900999", Foreign),
        ("+46701740605", Foreign),
        ("+46701740699", Foreign),
        ("+353209100000", Foreign),
        ("+353 20 919 9999", Foreign),
        ("+12025550123", Foreign),
        ("00", NotANumber),
        ("0", NotANumber),
        ("+", NotANumber),
        ("+31", NotANumber),
        ("", NotANumber),
        ("*21*0700010042#", NotANumber),
        ("#31#0700010042", NotANumber),
        ("0701234567,,1", NotANumber),
        ("0701234567;1", NotANumber),
        ("0701234567p1", NotANumber),
        ("0701234567w1", NotANumber),
        ("0701234567 ext 1", NotANumber),
        ("sip:0700010042@example.org", NotANumber),
        ("tel:+31700010042", NotANumber),
        ("070001004a", NotANumber),
        ("0700010042\n", NotANumber),
        ("0700010042\t", NotANumber),
        ("\u{0}0700010042", NotANumber),
        ("++31700010042", NotANumber),
        ("0700+010042", NotANumber),
        ("(0700010042", NotANumber),
        ("((070))0010042", NotANumber),
        ("٠٧٠٠٠١٠٠٤٢", NotANumber),
        ("0700010042 0700010042 0700010042", NotANumber),
        ("700010042", NotANumber),
        ("070001004", Unassigned),
        ("07000100422", Unassigned),
        ("+310700010042", Unassigned),
        ("012 123 45 67", Unassigned),
        ("014 070 12 34", Unassigned),
        ("081 123 45 67", Unassigned),
    ] {
        assert_eq!(fixtures(text), Err(reason), "{text:?}");
        assert_eq!(Phone::parse(text, Numbering::Nl), Err(reason), "{text:?}");
    }
}

#[test]
fn r12_fixture_numbers_are_rung_by_the_simulated_carrier_only() {
    for text in [
        "+31601000001",
        "+31700010001",
        "+31519001001",
        "+31570001001",
        "+31492001001",
        "+31700090001",
        "+31700002586",
    ] {
        assert!(fixtures(text).is_ok(), "{text}");
        assert_eq!(Phone::parse(text, Numbering::Nl), Err(Refused::Fixture), "{text}");
        let stored = Phone::from_stored(text).expect("the database may hold fixtures");
        assert_eq!(Numbering::Nl.may_ring(&stored), Err(Refused::Fixture), "{text}");
        assert_eq!(Numbering::NlFixtures.may_ring(&stored), Ok(()), "{text}");
    }
}

#[test]
fn r12_a_desk_may_have_a_company_number_and_a_neighbour_may_not() {
    // 088 and a subscriber number that begins with 0: in a range, but of nobody.
    let text = "088 001 00 01";
    let desk = Phone::parse_desk(text, Numbering::Nl).expect("088 for a desk");
    assert_eq!(Phone::parse(text, Numbering::Nl), Err(Refused::Kind));
    assert_eq!(
        Phone::from_stored(desk.e164()),
        Ok(desk.clone()),
        "it comes back from the database"
    );
    assert_eq!(Numbering::Nl.may_ring_desk(&desk), Ok(()));
    assert_eq!(Numbering::Nl.may_ring(&desk), Err(Refused::Kind));
    assert_eq!(Phone::parse_desk("0900-8844", Numbering::Nl), Err(Refused::Kind));
    assert_eq!(Phone::parse_desk("112", Numbering::Nl), Err(Refused::Short));
}

#[test]
fn r12_what_the_database_holds_passes_the_gate_again() {
    for (text, reason) in [
        ("+31900884400", Refused::Kind),
        ("+31112", Refused::Short),
        ("+44113496000", Refused::Foreign),
        ("0700010042", Refused::NotANumber),
        ("+3170001004x", Refused::NotANumber),
        ("+3170001004", Refused::Unassigned),
        ("", Refused::NotANumber),
        ("+", Refused::NotANumber),
        ("+3170001004٢", Refused::NotANumber),
    ] {
        assert_eq!(Phone::from_stored(text), Err(reason), "{text}");
    }
    let json = serde_json::to_string(&fixtures("0700010042").expect("fixture")).expect("json");
    assert_eq!(json, "\"+31700010042\"");
    assert!(serde_json::from_str::<Phone>("\"+31906123456\"").is_err());
}

#[test]
fn r14_a_number_is_shown_masked() {
    let fixed = fixtures("+31700010042").expect("fixture");
    let mobile = fixtures("+31601000042").expect("fixture");
    assert_eq!(format!("{fixed} {fixed:?}"), "+31 70 ••• ••42 +31 70 ••• ••42");
    assert_eq!(format!("{mobile} {mobile:?}"), "+31 6 •••• ••42 +31 6 •••• ••42");
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics_and_what_passes_is_on_the_allow_list(text in any::<String>()) {
        for numbering in [Numbering::Nl, Numbering::NlFixtures] {
            let _ = Phone::from_stored(&text);
            if let Ok(phone) = Phone::parse(&text, numbering) {
                prop_assert!(allowed(phone.e164()) || phone.e164().starts_with("+3160"));
            }
        }
    }

    #[test]
    fn text_that_looks_like_a_number_passes_only_as_one_of_the_allow_list(
        text in r"(\+31|0031|0|00|\+)?[ (]{0,2}0?[ )]{0,2}[0-9 -]{3,14}[#*,;pw]?"
    ) {
        for numbering in [Numbering::Nl, Numbering::NlFixtures] {
            let Ok(phone) = Phone::parse(&text, numbering) else { continue };
            let e164 = phone.e164().to_owned();
            match numbering {
                Numbering::Nl => prop_assert!(allowed(&e164) && !fixture(&e164), "{}", e164),
                Numbering::NlFixtures => prop_assert!(allowed(&e164) || e164.starts_with("+3160")),
            }
            prop_assert_eq!(Phone::parse(&e164, numbering), Ok(phone.clone()));
            prop_assert_eq!(Phone::from_stored(&e164), Ok(phone.clone()));
            prop_assert_eq!(numbering.may_ring(&phone), Ok(()));
        }
    }

    #[test]
    fn the_gate_agrees_with_the_patterns_of_the_reference(nsn in 100_000_000_u32..=999_999_999) {
        let e164 = format!("+31{nsn}");
        match Phone::from_stored(&e164) {
            Ok(phone) => {
                prop_assert_eq!(Numbering::Nl.may_ring(&phone).is_ok(), allowed(&e164) && !fixture(&e164));
                prop_assert_eq!(
                    Numbering::NlFixtures.may_ring(&phone).is_ok(),
                    allowed(&e164) || e164.starts_with("+3160")
                );
            }
            Err(_) => prop_assert!(!allowed(&e164)),
        }
    }

    #[test]
    fn r14_masked_text_tells_no_more_than_the_last_two_digits(nsn in 100_000_000_u32..=999_999_999) {
        let e164 = format!("+31{nsn}");
        if let Ok(phone) = Phone::from_stored(&e164) {
            let masked = format!("{phone:?}");
            let area = if e164.starts_with("+316") { 1 } else { 2 };
            let digits: String = masked.chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(digits, format!("{}{}", &e164[1..3 + area], &e164[10..]));
            prop_assert_eq!(masked.chars().filter(|c| *c == '•').count(), 7 - area);
        }
    }
}

#[test]
fn in_full_a_number_is_grouped_as_people_write_it() {
    for (number, written) in [
        ("+31601000001", "06 0100 0001"),
        ("+31700010001", "070 001 00 01"),
        ("+31519001001", "0519 001 001"),
        ("+31492001001", "0492 001 001"),
    ] {
        assert_eq!(Phone::from_stored(number).expect(number).in_full(), written);
    }
}
