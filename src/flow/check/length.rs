//! Length: nobody has to listen for more than twenty seconds before they may answer.

use super::super::speak::Speaker;
use super::super::tree::{Action, Item, Prompt};
use super::super::{Utterance, Value, Vars};
use super::prompts::{in_each_world, visits_of};
use super::worlds::Worlds;
use super::{FileNotes, Look, called, each_list};
use crate::domain::Language;

/// Longest that is spoken in one go, seconds.
const LONGEST: usize = 20;

/// The rate of a calm voice, its pauses included (domain reference, chapter 5).
const WORDS_A_MINUTE: usize = 140;

/// Words that fit in [`LONGEST`].
const MOST_WORDS: usize = LONGEST * WORDS_A_MINUTE / 60;

pub(super) fn check(look: &Look<'_>, notes: &mut FileNotes<'_>) {
    for item in look.document.forms.iter().flat_map(|form| &form.items) {
        if let Some(first) = item.prompts.first() {
            let worlds = Worlds::of_prompts(item.prompts.iter());
            longest(look, &worlds, first.line, notes, &|vars, language| {
                of_item(look, item, vars, language)
            });
        }
    }
    each_list(look.document, &mut |list, line| {
        let line = first_prompt(list).map_or(line, |prompt| prompt.line);
        longest(look, &Worlds::of_actions(list), line, notes, &|vars, language| {
            let mut vars = vars.clone();
            of_actions(look, list, &mut vars, language).0
        });
    });
}

fn longest(
    look: &Look<'_>,
    worlds: &Worlds,
    line: usize,
    notes: &mut FileNotes<'_>,
    words: &dyn Fn(&Vars, Language) -> usize,
) {
    for language in look.languages {
        let mut most = 0;
        in_each_world(look, worlds, &mut |vars| {
            let mut vars = vars.clone();
            vars.insert("language".into(), Value::Text(language.code().into()));
            most = most.max(words(&vars, *language));
        });
        if most > MOST_WORDS {
            let seconds = (most * 60).div_ceil(WORDS_A_MINUTE);
            let sentence = format!(
                "this takes {seconds} s to hear in {} ({most} words); say it in {LONGEST} s ({MOST_WORDS} words), or ask in two steps",
                called(*language)
            );
            notes.fault(line, sentence);
        }
    }
}

fn of_item(look: &Look<'_>, item: &Item, vars: &Vars, language: Language) -> usize {
    let speaker = Speaker::with(look.catalogue, vars, language);
    let visits = visits_of(item).into_iter();
    visits.map(|visits| words(&speaker.item(item, visits))).max().unwrap_or_default()
}

/// Words along the path that is taken in this world, and whether it leads away.
fn of_actions(
    look: &Look<'_>,
    actions: &[Action],
    vars: &mut Vars,
    language: Language,
) -> (usize, bool) {
    let mut sum = 0;
    for action in actions {
        match action {
            Action::Prompt(prompt) => {
                let spoken = Speaker::with(look.catalogue, vars, language).prompt(prompt);
                sum += words(&spoken);
            }
            Action::Assign { name, expr, .. } => {
                let value = expr.value(vars);
                vars.insert(name.clone(), value);
            }
            Action::If(branches) => {
                let holds = |cond: &Option<super::super::expr::Expr>| {
                    cond.as_ref().is_none_or(|cond| cond.holds(vars))
                };
                let Some((_, inside)) = branches.iter().find(|(cond, _)| holds(cond)) else {
                    continue;
                };
                let (more, away) = of_actions(look, inside, vars, language);
                sum += more;
                if away {
                    return (sum, true);
                }
            }
            Action::Goto { .. } | Action::Disconnect | Action::Exit => return (sum, true),
        }
    }
    (sum, false)
}

fn first_prompt(actions: &[Action]) -> Option<&Prompt> {
    actions.iter().find_map(|action| match action {
        Action::Prompt(prompt) => Some(prompt),
        Action::If(branches) => branches.iter().find_map(|(_, inside)| first_prompt(inside)),
        _ => None,
    })
}

fn words(spoken: &[Utterance]) -> usize {
    let of = |utterance: &Utterance| match utterance {
        Utterance::Say { text, .. } | Utterance::Play { text, .. } => {
            text.split_whitespace().count()
        }
        Utterance::Pause { .. } => 0,
    };
    spoken.iter().map(of).sum()
}
