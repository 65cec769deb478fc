//! What an event means to the item that waited: an answer, a way to go, or nothing sensible.

use super::speak::Speaker;
use super::tree::{Item, Kind, When};
use super::{Event, Value, Vars};

/// What was understood.
pub(super) enum Heard<'f> {
    /// Go to this form.
    Goes(&'f str),
    /// Speak the item again, without counting.
    Repeat,
    /// The item holds something now: its own value under the empty name, the rest beside it.
    Filled(Vars),
    /// The object is to be opened once more.
    Again(Vars),
    /// Silence, or a key that means nothing here.
    Nothing(When),
}

/// The value of a global key that speaks the item again.
pub(super) const REPEAT: &str = "repeat";

/// Understands `event` at `item`; `global` tells what a global key does there.
pub(super) fn hear<'f>(
    item: &'f Item,
    event: Event,
    speaker: &Speaker<'_>,
    global: impl Fn(char) -> Option<&'f str>,
) -> Heard<'f> {
    match (&item.kind, event) {
        (Kind::Menu(_) | Kind::Boolean | Kind::Digits(_), Event::Keys(keys))
            if !keys.is_empty() =>
        {
            understood(item, &keys, speaker)
                .or_else(|| global_key(&keys, global))
                .unwrap_or(Heard::Nothing(When::NoMatch))
        }
        (Kind::Record { .. }, Event::Recorded { seconds }) => Heard::Filled(Vars::from([
            (String::new(), Value::Bool(true)),
            ("$.duration".into(), Value::Text(seconds.to_string())),
        ])),
        (Kind::Object { .. }, Event::Returned(mut vars)) => {
            vars.remove("");
            match vars.remove("again") {
                Some(Value::Bool(true)) => Heard::Again(vars),
                _ => Heard::Filled(vars),
            }
        }
        (Kind::Transfer(_), Event::Returned(vars)) => {
            let result = vars.get("result").cloned().unwrap_or(Value::Bool(true));
            Heard::Filled(Vars::from([(String::new(), result.clone()), ("result".into(), result)]))
        }
        _ => Heard::Nothing(When::Silence),
    }
}

/// What the keys mean to the item itself.
fn understood<'f>(item: &'f Item, keys: &str, speaker: &Speaker<'_>) -> Option<Heard<'f>> {
    let filled = |value| Some(Heard::Filled(Vars::from([(String::new(), value)])));
    match &item.kind {
        Kind::Menu(choices) => {
            let one = single(keys)?;
            let offered = |choice: &&'f super::tree::Choice| speaker.offers(choice);
            let choice = choices.iter().filter(offered).find(|choice| choice.key == one)?;
            Some(Heard::Goes(&choice.next))
        }
        Kind::Boolean => match single(keys)? {
            '1' => filled(Value::Bool(true)),
            '2' => filled(Value::Bool(false)),
            _ => None,
        },
        Kind::Digits(length) => {
            let fits =
                keys.len() == usize::from(*length) && keys.bytes().all(|b| b.is_ascii_digit());
            if fits { filled(Value::Text(keys.to_owned())) } else { None }
        }
        _ => None,
    }
}

fn global_key<'f>(keys: &str, global: impl Fn(char) -> Option<&'f str>) -> Option<Heard<'f>> {
    let value = global(single(keys)?)?;
    if value == REPEAT {
        return Some(Heard::Repeat);
    }
    value.strip_prefix('#').map(Heard::Goes)
}

fn single(keys: &str) -> Option<char> {
    let mut all = keys.chars();
    all.next().filter(|_| all.next().is_none())
}
