//! A configuration as a technician writes it, with the faults that technicians make.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::{Language, Phone, Postcode};

const CATALOGUE: [&str; 7] =
    ["groceries", "odd-job", "transport", "company", "dog", "paperwork", "digital"];

/// Least that works, with the simulated carrier.
const SMALL: &str = r#"public_url = "http://127.0.0.1:8080"
numbering = "nl-fixtures"
[provider]
kind = "twilio"
account = "ACtest"
auth_token_env = "TOKEN"
api_base = "http://127.0.0.1:9090"
[[line]]
number = "+31700002586"
name = "Burenhulp Scheveningen"
area = ["2584", "2586"]
services = ["company", "groceries"]
office_hours = "Mo-Fr 09:00-17:00; PH off"
desk = ["+31700090001"]
"#;

fn read(text: &str) -> Result<Config, Faults> {
    read_with(text, &[("TOKEN", "very secret"), ("BURENHULP_AUTH_TOKEN", "very secret")])
}

fn read_with(text: &str, environment: &[(&str, &str)]) -> Result<Config, Faults> {
    let environment: BTreeMap<&str, &str> = environment.iter().copied().collect();
    let services = |_: Option<&Path>| {
        CATALOGUE.iter().map(|id| ServiceId::parse(id).ok()).collect::<Option<Vec<_>>>()
    };
    Config::read(
        text,
        &Surroundings {
            environment: &|name| environment.get(name).map(|value| (*value).to_owned()),
            read_file: &|path| match path.to_str() {
                Some("/run/token") => Ok("from a file\n".to_owned()),
                Some("/run/empty") => Ok("\n".to_owned()),
                _ => Err(io::ErrorKind::NotFound.into()),
            },
            services: &services,
            now: Timestamp::parse("2026-11-24T10:00:00+01:00").expect("a moment"),
        },
    )
}

fn faults(text: &str) -> Vec<String> {
    match read(text) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.lines().collect(),
    }
}

/// `SMALL` with one thing replaced; what to replace must be there.
fn small(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replacen(from, to, 1)
}

#[track_caller]
fn one_fault(text: &str, expected: &str) {
    let found = faults(text);
    assert!(found.len() == 1 && found[0].contains(expected), "{expected}: {found:#?}");
}

#[test]
fn the_least_that_works_has_the_documented_defaults() {
    let config = read(SMALL).expect("a good configuration");
    assert_eq!(config.listen, "127.0.0.1:8080".parse().expect("an address"));
    assert_eq!(config.public_url, "http://127.0.0.1:8080");
    assert_eq!(config.database, Path::new("burenhulp.db"));
    assert_eq!(config.flows, None);
    assert_eq!(config.numbering, Numbering::NlFixtures);
    assert_eq!(config.background.time, Duration::from_secs(24 * 3600));
    assert_eq!(config.background.max_attempts, 25);
    assert_eq!(config.provider.kind, ProviderKind::Twilio);
    assert_eq!(config.provider.auth_token.reveal(), "very secret");
    assert_eq!(config.provider.webhook_keys, [Secret::new("very secret")]);
    let [line] = &config.lines[..] else { panic!("one line") };
    assert_eq!(line.number.e164(), "+31700002586");
    assert_eq!(line.area, ["2584", "2586"].map(|p| Postcode::parse(p).expect("a postcode")));
    assert_eq!(line.languages, [Language::Nl]);
    let services: Vec<_> = line.services.iter().map(ServiceId::as_str).collect();
    assert_eq!(services, ["groceries", "company"], "in the order of the catalogue");
    assert_eq!(line.ringing_hours.as_str(), "Mo-Sa 09:00-21:00; Su,PH 10:00-20:00");
    assert_eq!((line.ring, line.desk_ring), (Duration::from_secs(20), Duration::from_secs(20)));
    assert_eq!((line.max_attempts, line.ring_at_once, line.voice_note), (8, 1, false));
    assert_eq!(line.search_budget, Duration::from_secs(180));
    assert_eq!(line.offer_callback_after, Duration::from_secs(60));
    assert_eq!(line.rest_after_answer, Duration::from_secs(3 * 3600));
    assert_eq!(line.rest_after_ring, Duration::from_secs(3600));
    assert!(line.voice.is_empty());
}

#[test]
fn every_setting_arrives_where_it_belongs() {
    let text = small(
        "numbering",
        "listen = \"[::1]:80\"\ndatabase = \"/var/x.db\"\nflows = \"f\"\nbackground_hours = 48\nbackground_max_attempts = 7\nnumbering",
    ) + "desk_ring_seconds = 25\nring_seconds = 0x0f\nmax_attempts = 3\nring_at_once = 2\n\
           search_budget_seconds = 90\noffer_callback_after_seconds = 30\nvoice_note = true\n\
           rest_after_answer_minutes = 5\nrest_after_ring_minutes = 0\n\
           ringing_hours = \"24/7\"\nlanguages = [\"en\", \"nl\"]\n\
           voice = { en = \"Polly.Amy-Neural\" }\n";
    let config = read(&text).expect("good");
    assert_eq!(config.listen.port(), 80);
    assert_eq!(config.database, Path::new("/var/x.db"));
    assert_eq!(config.flows.as_deref(), Some(Path::new("f")));
    assert_eq!(config.background.time, Duration::from_secs(48 * 3600));
    assert_eq!(config.background.max_attempts, 7);
    let line = &config.lines[0];
    assert_eq!((line.ring, line.desk_ring), (Duration::from_secs(15), Duration::from_secs(25)));
    assert_eq!((line.max_attempts, line.ring_at_once, line.voice_note), (3, 2, true));
    assert_eq!(line.search_budget, Duration::from_secs(90));
    assert_eq!(line.offer_callback_after, Duration::from_secs(30));
    assert_eq!(line.rest_after_answer, Duration::from_secs(300));
    assert_eq!(line.rest_after_ring, Duration::ZERO);
    assert_eq!(line.languages, [Language::En, Language::Nl]);
    assert_eq!(line.voice[&Language::En], "Polly.Amy-Neural");
    assert_eq!(line.desk.iter().map(Phone::e164).collect::<Vec<_>>(), ["+31700090001"]);
}

#[test]
fn three_faults_are_told_at_once_in_the_order_of_their_lines() {
    let text = small("2584", "25844")
        .replace("http://127.0.0.1:8080", "ftp://example.org")
        .replace("name =", "nmae =");
    let found = faults(&text);
    let places: Vec<_> = found.iter().map(|f| f.split(": ").next().expect("a place")).collect();
    assert_eq!(
        places,
        ["burenhulp.toml:1", "burenhulp.toml:8", "burenhulp.toml:10", "burenhulp.toml:11"],
        "{found:#?}"
    );
    assert!(found[1].contains("name is missing"), "{found:#?}");
    assert!(found[2].contains("\"nmae\" here (did you mean name?)"), "{found:#?}");
}

#[test]
fn broken_toml_is_told_together_with_what_can_still_be_read() {
    let text = small("kind = \"twilio\"", "kind = \"twilio").replace("2584", "nonsense");
    let found = faults(&text);
    assert!(found[0].starts_with("burenhulp.toml:4: this is not TOML"), "{found:#?}");
    assert!(found.iter().any(|f| f.starts_with("burenhulp.toml:11: area")), "{found:#?}");
    assert!(!found.iter().any(|f| f.contains("missing")), "{found:#?}");
    let twice = small("numbering", "listen = \"127.0.0.1:1\"\nlisten = \"127.0.0.1:2\"\nnumbering");
    one_fault(&twice, "burenhulp.toml:3: this is not TOML: duplicate key");
}

#[test]
fn each_fault_says_what_to_do() {
    for (from, to, expected) in [
        ("numbering", "listen = \"8080\"\nnumbering", ":2: listen is an address and a port"),
        ("numbering", "listen = 8080\nnumbering", ":2: listen is text between quotes"),
        ("http://127.0.0.1:8080", "http://centrale.nl", "must begin with https:// (http:// only"),
        ("http://127.0.0.1:8080", "https://a_b.nl", "underscore"),
        ("http://127.0.0.1:8080", "https://a.nl/voice", "must end after the host"),
        ("http://127.0.0.1:8080", "https://a.nl?x=1", "must end after the host"),
        ("http://127.0.0.1:8080", "https://me:pw@a.nl", "port that is not a number"),
        ("http://127.0.0.1:8080", "https://a.nl:99999", "port that is not a number"),
        ("http://127.0.0.1:8080", "https://", "has no host name"),
        ("http://127.0.0.1:8080", "https://a..nl", "host name with other characters"),
        ("\"nl-fixtures\"", "\"be\"", ":2: numbering is \"nl\""),
        ("http://127.0.0.1:9090", "https://api.example.org", "simulated carrier only"),
        ("kind = \"twilio\"", "kind = \"somleng\"", ":4: somleng cannot be used"),
        ("kind = \"twilio\"", "kind = \"vonage\"", ":4: kind is"),
        ("ACtest", "AC test", ":5: account is 1 to 64"),
        ("auth_token_env = \"TOKEN\"", "auth_token = \"hunter2\"", "may not stand in this file"),
        ("auth_token_env = \"TOKEN\"", "auth_token_env = \"NOT_SET\"", "NOT_SET is not set"),
        ("auth_token_env = \"TOKEN\"", "auth_token_env = \"hunter2\"", "not the secret itself"),
        ("auth_token_env = \"TOKEN\"", "", "auth_token_env is missing"),
        ("auth_token_env = \"TOKEN\"", "auth_token_file = \"/run/empty\"", "an empty file"),
        ("auth_token_env = \"TOKEN\"", "auth_token_file = \"/run/none\"", "cannot be read"),
        (
            "auth_token_env = \"TOKEN\"",
            "auth_token_env = \"TOKEN\"\nauth_token_file = \"/run/token\"",
            "not both",
        ),
        ("api_base", "webhook_key_env = \"TOKEN\"\napi_base", "has no webhook_key_env; use auth"),
        ("[[line]]", "[[lines]]", "there is no [[line]]"),
        ("[[line]]", "[line]", "with two brackets"),
        ("+31700002586", "112", ":9: number: short and emergency"),
        ("+31700090001", "+31700002586", ":14: desk: this is the number of a line"),
        ("+31700090001", "0909-1234567", ":14: desk: this kind of number"),
        ("\"+31700090001\"", "\"+31700090001\", \"0700090001\"", "desk has this number twice"),
        ("[\"+31700090001\"]", "\"+31700090001\"", "desk is a list like"),
        ("Burenhulp Scheveningen", "", "name is 1 to 60"),
        ("Burenhulp Scheveningen", "{dienst}", "name is 1 to 60"),
        ("[\"2584\", \"2586\"]", "[]", "area is empty"),
        ("[\"2584\", \"2586\"]", "[2584]", "area is a list of texts"),
        ("[\"2584\", \"2586\"]", "[\"2584\", \"2584 AB\"]", "area has 2584 twice"),
        ("\"company\"", "\"cooking\"", "no service cooking in the catalogue (groceries, odd-job"),
        ("\"company\"", "\"groceries\"", "services has groceries twice"),
        ("\"company\"", "\"Cooking!\"", "services: a service id is"),
        ("Mo-Fr 09:00-17:00; PH off", "ma-vr", ":13: office_hours: hours cannot be read"),
        ("Mo-Fr 09:00-17:00; PH off", "off", "do not open once in the next 14 days"),
        ("Mo-Fr 09:00-17:00; PH off", "May 09:00-17:00", "do not open once in the next 14 days"),
        ("desk = ", "ringing_hours = \"off\"\ndesk = ", "ringing_hours do not open once"),
        ("desk = ", "languages = []\ndesk = ", "languages is empty"),
        ("desk = ", "languages = [\"fy\"]\ndesk = ", "languages are \"nl\" and \"en\""),
        ("desk = ", "voice = { en = \"X\" }\ndesk = ", "voice has en but languages does not"),
        ("desk = ", "voice = { fy = \"X\" }\ndesk = ", "there is no setting \"fy\" here"),
        ("desk = ", "voice = { nl = \"a b\" }\ndesk = ", "a voice is a provider's name"),
        ("desk = ", "voice_note = \"yes\"\ndesk = ", "voice_note is true or false"),
        ("desk = ", "ring_seconds = 90\ndesk = ", "ring_seconds is a whole number from 10 to 60"),
        ("desk = ", "ring_seconds = -1\ndesk = ", "ring_seconds is a whole number from 10 to 60"),
        ("desk = ", "desk_ring_seconds = 9\ndesk = ", "from 10 to 60"),
        ("desk = ", "max_attempts = 0\ndesk = ", "max_attempts is a whole number from 1 to 50"),
        ("desk = ", "search_budget_seconds = 29\ndesk = ", "from 30 to 900"),
        ("desk = ", "offer_callback_after_seconds = 1.5\ndesk = ", "from 20 to 900"),
        ("desk = ", "ring_at_once = 4\ndesk = ", "from 1 to 3"),
        ("desk = ", "rest_after_answer_minutes = 99999999999999999999\ndesk = ", "to 10080"),
        ("desk = ", "rest_after_ring_minutes = \"60\"\ndesk = ", "from 0 to 10080"),
        ("desk = ", "ring_second = 20\ndesk = ", "(did you mean ring_seconds?)"),
        ("desk = ", "zzz = 20\ndesk = ", "there is no setting \"zzz\" here"),
        ("numbering", "background_hours = 0\nnumbering", "from 1 to 168"),
        ("numbering", "background_max_attempts = 101\nnumbering", "from 1 to 100"),
    ] {
        let found = faults(&small(from, to));
        assert!(found.iter().any(|fault| fault.contains(expected)), "{to}: {found:#?}");
        for fault in &found {
            assert!(!fault.contains("hunter2") && !fault.contains("090001"), "it tells: {fault}");
        }
    }
}

#[test]
fn two_lines_may_not_share_a_number_and_no_desk_is_the_number_of_a_later_line() {
    let block = &SMALL[SMALL.find("[[line]]").expect("a line")..];
    let found = faults(&format!("{SMALL}{block}"));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains(":16: number is that of an earlier [[line]]"), "{found:#?}");
    let second = block.replace("+31700002586", "+31519001001");
    let text = format!("{}{second}", small("+31700090001", "0519 00 10 01"));
    one_fault(&text, ":14: desk: this is the number of a line");
    assert_eq!(read(&format!("{SMALL}{second}")).expect("good").lines.len(), 2);
}

#[test]
fn a_line_without_a_desk_is_allowed() {
    assert!(
        read(&small("desk = [\"+31700090001\"]", "desk = []")).expect("good").lines[0]
            .desk
            .is_empty()
    );
    assert!(read(&small("desk = [\"+31700090001\"]", "")).expect("good").lines[0].desk.is_empty());
}

#[test]
fn fixture_numbers_need_a_carrier_on_this_machine() {
    let text = small("numbering = \"nl-fixtures\"", "");
    let found = faults(&text);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().all(|f| f.contains("test number that nobody has")), "{found:#?}");
    for base in
        ["http://localhost:1", "http://[::1]:9090", "http://127.1.2.3", "https://127.0.0.1/x"]
    {
        assert_eq!(faults(&small("http://127.0.0.1:9090", base)), [""; 0], "{base}");
    }
    for base in ["https://127.0.0.1.example.org", "https://localhost.example.org"] {
        one_fault(
            &small("http://127.0.0.1:9090", base).replace("ACtest", &account()),
            "carrier only",
        );
    }
}

fn account() -> String {
    format!("AC{}", "0123456789abcdef".repeat(2))
}

#[test]
fn tokens_come_from_the_environment_or_a_file_and_two_serve_while_they_change() {
    let text = small(
        "auth_token_env = \"TOKEN\"",
        "auth_token_file = \"/run/token\"\nsecond_auth_token_env = \"NEXT\"",
    );
    let config = read_with(&text, &[("NEXT", " the next one ")]).expect("good");
    assert_eq!(config.provider.auth_token, Secret::new("from a file"));
    assert_eq!(
        config.provider.webhook_keys,
        [Secret::new("from a file"), Secret::new("the next one")]
    );
    let shown = format!("{config:?}");
    assert!(!shown.contains("from a file") && !shown.contains("next one"), "{shown}");
    assert!(!shown.contains("090001") && !shown.contains("0002586"), "{shown}");
}

#[test]
fn telnyx_and_signalwire_sign_with_a_key_of_their_own() {
    let telnyx = small("kind = \"twilio\"", "kind = \"telnyx\"");
    let found = faults(&telnyx);
    assert!(found.iter().any(|f| f.contains("webhook_key_env is missing")), "{found:#?}");
    assert!(found.iter().any(|f| f.contains("application is missing")), "{found:#?}");
    let filled =
        telnyx.replace("api_base", "application = \"17\"\nwebhook_key_env = \"KEY\"\napi_base");
    let config = read_with(&filled, &[("TOKEN", "rest"), ("KEY", "public")]).expect("good");
    assert_eq!(config.provider.auth_token, Secret::new("rest"));
    assert_eq!(config.provider.webhook_keys, [Secret::new("public")]);
    assert_eq!(config.provider.application.as_deref(), Some("17"));

    let signalwire =
        small("kind = \"twilio\"", "kind = \"signalwire\"\nwebhook_key_env = \"TOKEN\"");
    assert!(read(&signalwire).is_ok());
    let nowhere = signalwire.replace("api_base = \"http://127.0.0.1:9090\"\n", "");
    assert!(faults(&nowhere)[0].contains("api_base is missing"), "{:#?}", faults(&nowhere));
}

#[test]
fn api_base_follows_the_provider() {
    let text = small("api_base = \"http://127.0.0.1:9090\"", "").replace("ACtest", &account());
    let found = faults(&text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains(":2: numbering = \"nl-fixtures\""), "{found:#?}");
    let real = text.replace("numbering = \"nl-fixtures\"", "").replace("ACtest", &account());
    assert!(faults(&real).iter().all(|f| f.contains("test number")), "{:#?}", faults(&real));
    let wrong = text.replace(&account(), "AC123");
    assert!(faults(&wrong).iter().any(|f| f.contains("a Twilio account is AC and 32")));
}

#[test]
fn the_default_text_reads_without_faults_once_it_is_filled_in() {
    let simulated = Config::default_text()
        .replace("# numbering = \"nl\"", "numbering = \"nl-fixtures\"")
        .replace("# api_base = \"https://api.twilio.com\"", "api_base = \"http://127.0.0.1:9090\"");
    let config = read(&simulated).expect("the default text is good");
    assert_eq!(config.lines.len(), 1);
    assert_eq!(config.lines[0].services.len(), CATALOGUE.len());
}

#[test]
fn the_default_text_tells_what_is_still_to_be_filled_in() {
    let found = faults(Config::default_text());
    let said = |part: &str| found.iter().filter(|fault| fault.contains(part)).count();
    assert_eq!(said("public_url is still the example"), 1, "{found:#?}");
    assert_eq!(said("account is still the example"), 1, "{found:#?}");
    assert_eq!(said("test number that nobody has"), 2, "{found:#?}");
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn every_setting_stands_in_the_default_text_with_its_default() {
    let text = Config::default_text();
    let (root, broken) = DeTable::parse_recoverable(text);
    assert!(broken.is_empty());
    let document = Document::new(text);
    let around = Surroundings {
        environment: &|_| Some("x".to_owned()),
        read_file: &|_| Ok("x".to_owned()),
        services: &|_| None,
        now: Timestamp::parse("2026-11-24").expect("a day"),
    };
    let _ = read_root(&document.root(root.get_ref()), &around);
    let mut asked = document.asked.borrow().clone();
    asked.sort();
    asked.dedup();
    // A secret by its bare name is only asked about to refuse it; voices stand in one line.
    asked.retain(|key| !["auth_token", "nl", "en"].contains(&key.as_str()));
    assert!(asked.len() > 30, "{asked:?}");
    for key in asked {
        let written = text.lines().any(|line| {
            let line = line.trim_start_matches("# ");
            line == format!("[{key}]")
                || line == format!("[[{key}]]")
                || line.starts_with(&format!("{key} = "))
        });
        assert!(written, "{key} is not in the default text");
    }
}

#[test]
fn what_is_commented_out_in_the_default_text_is_the_default() {
    let text = Config::default_text()
        .replace("# numbering = \"nl\"", "numbering = \"nl-fixtures\"")
        .replace("# api_base = \"https://api.twilio.com\"", "api_base = \"http://127.0.0.1:9090\"");
    let explicit = [
        "background_hours",
        "background_max_attempts",
        "desk_ring_seconds",
        "voice_note",
        "rest_after_answer_minutes",
        "rest_after_ring_minutes",
        "ring_at_once",
        "require_totp",
        "session_hours",
        "idle_minutes",
    ]
    .iter()
    .fold(text.clone(), |text, key| text.replace(&format!("# {key} ="), &format!("{key} =")));
    assert_ne!(text, explicit);
    assert_eq!(read(&text), read(&explicit));
}

#[test]
fn the_addresses_for_the_provider_are_whole() {
    let addresses = read(&small("8080", "8080/")).expect("good").provider_addresses();
    let addresses: Vec<_> = addresses.iter().map(|(_, address)| address.as_str()).collect();
    assert_eq!(
        addresses,
        [
            "http://127.0.0.1:8080/voice/incoming",
            "http://127.0.0.1:8080/voice/fallback",
            "http://127.0.0.1:8080/voice/status",
        ]
    );
}

#[test]
fn a_file_that_is_not_there_or_not_text_is_told_kindly() {
    let now = Timestamp::parse("2026-11-24").expect("a day");
    let none = Config::load(Path::new("/nowhere/x.toml"), &|_| None, now).expect_err("no file");
    let shown = none.to_string();
    assert!(shown.starts_with("/nowhere/x.toml: there is no such file"), "{shown}");
    assert!(shown.contains("burenhulp check --print-default"), "{shown}");
    assert_eq!(
        utf8(b"a = 1\n\xff").expect_err("not text").to_string(),
        "burenhulp.toml:2: this is not UTF-8; save the file as UTF-8 in your editor"
    );
    assert_eq!(utf8("\u{feff}a = 1".as_bytes()).expect("text"), "a = 1");
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(text) = utf8(&bytes) {
            prop_assert!(read(text).is_err());
        }
    }

    #[test]
    fn arbitrary_toml_never_panics(
        key in "[a-z_]{1,12}|number|line|provider|voice|desk|area|public_url|auth_token_env",
        value in "\"[^\"\\\\\n\r\t\u{0}-\u{1f}\u{7f}]{0,20}\"|-?[0-9]{1,25}|true|\\[\\]|\\[\"x\", 1\\]|\\{ a = 1 \\}|1979-05-27|[0-9].[0-9]|inf",
        table in "|\\[provider\\]\n|\\[\\[line\\]\\]\n|\\[a.b\\]\n|\\[\\[line\\]\\]\n\\[line.voice\\]\n",
    ) {
        let alone = format!("{table}{key} = {value}\n");
        prop_assert!(read(&alone).is_err());
        let _ = read(&format!("{SMALL}{key} = {value}\n"));
    }

    #[test]
    fn a_good_file_with_a_hole_in_it_never_panics(from in 0_usize..450, length in 1_usize..40) {
        let end = (from + length).min(SMALL.len());
        let text = format!("{}{}", &SMALL[..from.min(end)], &SMALL[end..]);
        if let Err(faults) = read(&text) {
            prop_assert!(!faults.to_string().contains("very secret"));
            prop_assert!(faults.lines().next().is_some());
        }
    }
}

#[test]
fn the_coordinator_goes_first_in_places_of_the_line_itself() {
    let config = read(&format!("{SMALL}coordinator_first = [\"2586\"]\n")).expect("it reads");
    assert_eq!(config.lines[0].coordinator_first, [Postcode::try_from(2586).expect("a postcode")]);
    assert!(read(SMALL).expect("it reads").lines[0].coordinator_first.is_empty());
    let told =
        faults(&format!("{SMALL}coordinator_first = [\"2586\", \"9101\", \"2586\", \"x\"]\n"));
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("9101, which is not in area"), "{told:?}");
    assert!(told[1].contains("has 2586 twice"), "{told:?}");
}

#[test]
fn organisations_are_read_in_their_order_and_every_fault_is_told() {
    let good = "[[referral]]\nname = \" Wijkteam \"\nservices = [\"company\"]\nnumber = \"070-353 12 34\"\n[[referral]]\nname = \"Humanitas\"\n";
    let config = read(&format!("{SMALL}{good}")).expect("it reads");
    let names: Vec<&str> = config.referrals.iter().map(|known| known.name.as_str()).collect();
    assert_eq!(names, ["Wijkteam", "Humanitas"]);
    assert_eq!(config.referrals[0].number.as_deref(), Some("0703531234"));
    let [dog, company] = ["dog", "company"].map(|id| ServiceId::parse(id).expect("an id"));
    assert!(config.referrals[0].helps_with(Some(&company)));
    assert!(
        !config.referrals[0].helps_with(Some(&dog)) && config.referrals[1].helps_with(Some(&dog))
    );
    for (bad, told) in [
        ("[[referral]]\nnumber = \"14070\"\n", "name"),
        ("[[referral]]\nname = \"<b>\"\n", "without < >"),
        ("[[referral]]\nname = \"A\"\n[[referral]]\nname = \"A\"\n", "two [[referral]]"),
        ("[[referral]]\nname = \"A\"\nservices = [\"surgery\"]\n", "no service surgery"),
        ("[[referral]]\nname = \"A\"\nnumber = \"bel ons\"\n", "what people dial"),
        ("[[referral]]\nname = \"A\"\nnumber = \"112\"\n", "what people dial"),
        ("[[referral]]\nname = \"A\"\nmail = \"a@b\"\n", "mail"),
    ] {
        let found = faults(&format!("{SMALL}{bad}"));
        assert_eq!(found.len(), 1, "{bad}: {found:?}");
        assert!(found[0].contains(told), "{bad}: {found:?}");
    }
}
