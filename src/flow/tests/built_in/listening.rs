//! Whole calls written out as they are heard: the texts that a reviewer reads aloud.

use std::fmt::Write as _;

use super::*;
use crate::flow::Event;

/// What happens in a call, and what is heard before it.
struct Script {
    walk: Walk,
    out: String,
}

impl Script {
    fn new(title: &str, walk: Walk) -> Self {
        let mut script = Self { walk, out: format!("## {title}\n\n") };
        script.listen();
        script
    }

    fn listen(&mut self) {
        for utterance in &self.walk.turn.spoken {
            let _ = match utterance {
                Utterance::Say { text, language } => {
                    writeln!(self.out, "{}: {text}", language.code())
                }
                Utterance::Play { src, .. } => writeln!(self.out, "    [{src}]"),
                Utterance::Pause { ms } => writeln!(self.out, "    [{ms} ms]"),
            };
        }
        let _ = match &self.walk.turn.wait {
            Wait::Keys { digits, timeout, .. } => {
                writeln!(self.out, "        ({} key, {timeout} s)", digits.unwrap_or(0))
            }
            Wait::Record { max_seconds, .. } => {
                writeln!(self.out, "        (tone, {max_seconds} s)")
            }
            Wait::Object { name, .. } => writeln!(self.out, "        ({name})"),
            Wait::Disconnect => writeln!(self.out, "        (hung up)"),
            other => writeln!(self.out, "        ({other:?})"),
        };
    }

    fn then(mut self, what: &str, step: impl FnOnce(&mut Walk) -> &mut Walk) -> Self {
        let _ = writeln!(self.out, "  > {what}");
        step(&mut self.walk);
        self.listen();
        self
    }

    fn keys(self, keys: &str) -> Self {
        self.then(keys, |walk| walk.keys(keys))
    }

    fn silence(self) -> Self {
        self.then("nothing", Walk::silence)
    }

    fn result(self, word: &str) -> Self {
        self.then(word, |walk| walk.result(word))
    }

    fn again(self) -> Self {
        self.then("the next one", |walk| walk.returns(&[("again", YES)]))
    }
}

fn walk(flow: &str, language: Language, vars: Vec<(&'static str, Value)>) -> Walk {
    Walk::of(built_in(), flow, language, &vars)
}

fn tomorrow(language: Language) -> &'static str {
    match language {
        Language::Nl => "morgen",
        Language::En => "tomorrow",
    }
}

fn found() -> [(&'static str, Value); 3] {
    [("found", YES), ("served", YES), ("name", text("Scheveningen"))]
}

fn calls_of_a_caller(language: Language) -> Vec<Script> {
    let caller =
        |changes: &[(&'static str, Value)]| walk("caller", language, but(session(), changes));
    let evening = [
        ("desk_open", NO),
        ("part_of_day", text("evening")),
        ("known", YES),
        ("area", text("Duindorp")),
    ];
    let kept = [("kept", YES), ("day", text(tomorrow(language)))];
    let moment = match language {
        Language::Nl => "uiterlijk morgen",
        Language::En => "tomorrow at the latest",
    };
    let promised = [("result", text("promised")), ("confirm", YES), ("moment", text(moment))];
    let both = [("more_languages", YES), ("voice_note", YES)];
    vec![
        Script::new("a first call: the second neighbour says yes", caller(&[]))
            .keys("1")
            .keys("1")
            .keys("2586")
            .then("it is there", |walk| walk.returns(&found()))
            .keys("1")
            .again()
            .result("connected")
            .keys("1")
            .then("told", |walk| walk.returns(&[]))
            .then("not asked", |walk| walk.returns(&[("ask", NO)])),
        Script::new("a neighbour calls in the evening, and nobody is free", caller(&evening))
            .keys("5")
            .keys("1")
            .keys("1")
            .result("nobody")
            .keys("3")
            .result("nobody")
            .then("named", |walk| {
                walk.returns(&[("name", text("Wijkteam Duindorp")), ("number", text("14070"))])
            })
            .keys("2")
            .then("speaks", |walk| walk.event(Event::Recorded { seconds: 9 }))
            .then("kept", |walk| walk.returns(&kept)),
        Script::new("the other language, and a note for the neighbour", caller(&both))
            .keys("8")
            .keys("1")
            .keys("4")
            .keys("2586")
            .then("it is there", |walk| walk.returns(&found()))
            .keys("1")
            .then("speaks", |walk| walk.event(Event::Recorded { seconds: 6 }))
            .then("kept", |walk| walk.returns(&[("kept", YES)])),
        Script::new("it takes long, and the caller would rather be called back", caller(&[]))
            .keys("1")
            .keys("1")
            .keys("2586")
            .then("it is there", |walk| walk.returns(&found()))
            .keys("1")
            .result("long")
            .keys("2")
            .keys("2")
            .keys("0601000001")
            .result("fine")
            .keys("1")
            .then("promised", |walk| walk.returns(&promised)),
        Script::new("whoever is to be called back calls", caller(&[("searching", YES)])).keys("2"),
        Script::new("a telephone without keys, the desk closed", caller(&[("desk_open", NO)]))
            .silence()
            .silence()
            .silence()
            .then("speaks", |walk| walk.event(Event::Recorded { seconds: 9 }))
            .then("kept", |walk| walk.returns(&kept)),
    ]
}

fn calls_to_a_neighbour(language: Language) -> Vec<Script> {
    let neighbour = |changes: &[(&'static str, Value)]| {
        let task = built_in().catalogue().called("groceries").map(|s| s.task(language).to_owned());
        let mut vars = line();
        vars.extend([
            ("area", text("Scheveningen")),
            ("task", text(&task.expect("in the catalogue"))),
            ("solved", NO),
            ("has_note", NO),
            ("caller_waits", YES),
        ]);
        walk("neighbour", language, but(vars, changes))
    };
    let note = [("has_note", YES), ("note_url", text("https://a.example/note"))];
    let noted = [("result", text("noted")), ("day", text(tomorrow(language)))];
    let called_back = [("caller_waits", NO)];
    vec![
        Script::new("a neighbour hears a note and says yes", neighbour(&note))
            .keys("1")
            .result("connect"),
        Script::new("a yes too late", neighbour(&[])).keys("1").result("gone"),
        Script::new("a wrong key, then stop", neighbour(&[]))
            .keys("7")
            .keys("4")
            .result("noted")
            .keys("1")
            .result("noted"),
        Script::new("a voicemail box", neighbour(&[])).silence().silence().result("noted"),
        Script::new("the desk is to ring back", neighbour(&[]))
            .keys("0")
            .then("noted", |walk| walk.returns(&noted)),
        Script::new("the caller is called back, and does not come", neighbour(&called_back))
            .keys("1")
            .result("ring")
            .result("no-answer")
            .keys("1")
            .result("noted"),
        Script::new("the caller is called back, and the two talk", neighbour(&called_back))
            .keys("1")
            .result("ring")
            .result("talked")
            .keys("1")
            .then("told", |walk| walk.returns(&[])),
        Script::new("solved before it was picked up", neighbour(&[("solved", YES)])),
    ]
}

fn calls_back(language: Language) -> Vec<Script> {
    let back = |why: &str| {
        let vars = but(line(), &[("why", text(why)), ("part_of_day", text("afternoon"))]);
        walk("callback", language, vars)
    };
    let moment = [("kept", YES), ("day", text(tomorrow(language)))];
    vec![
        Script::new("called back: somebody was found", back("join")).keys("1").result("connect"),
        Script::new("called back: no longer needed", back("join")).keys("2").result("noted"),
        Script::new("called back once more, and nobody is free", back("again"))
            .keys("1")
            .result("nobody"),
        Script::new("a number is confirmed", back("confirm")).keys("1").result("gone"),
        Script::new("called back: nobody was found, a message", back("outcome"))
            .keys("1")
            .then("speaks", |walk| walk.event(Event::Recorded { seconds: 9 }))
            .then("kept", |walk| walk.returns(&moment)),
    ]
}

fn calls_to_the_desk(language: Language) -> Vec<Script> {
    let desk = || walk("desk", language, but(line(), &[("solved", NO)]));
    vec![
        Script::new("the desk takes it", desk()).keys("1").result("connect"),
        Script::new("the desk cannot", desk()).silence().keys("2").result("noted"),
    ]
}

/// The sentence that asks a neighbour, for every service.
fn tasks(language: Language) -> String {
    let asked = services().map(|service| {
        let flows = built_in();
        let task = flows.catalogue().called(service).expect(service).task(language);
        let mut vars = line();
        vars.extend([("area", text("Scheveningen")), ("task", text(task)), ("solved", NO)]);
        let heard = walk("neighbour", language, vars).heard();
        let sentence = heard.split(" | ").nth(1).expect("the second sentence").to_owned();
        sentence + "\n"
    });
    format!("## every task\n\n{}", asked.concat())
}

#[test]
fn calls_as_they_are_heard() {
    for language in Language::ALL {
        let scripts = [calls_of_a_caller, calls_to_a_neighbour, calls_back, calls_to_the_desk]
            .into_iter()
            .flat_map(|calls| calls(language));
        let mut heard: Vec<_> = scripts.map(|script| script.out).collect();
        heard.push(tasks(language));
        insta::assert_snapshot!(format!("calls_in_{}", language.code()), heard.join("\n"));
    }
}
