//! Worlds: what can be the case when a prompt is spoken. Conditions are tried out, not guessed at.

use super::super::expr::Expr;
use super::super::tree::{Action, Part, Prompt};
use super::super::{Value, Vars};

/// Most worlds that are looked at for one place; beyond it, the first so many are.
const MOST: usize = 4096;

/// Words as long as what a variable usually holds: a service name, a place, a day.
const SAMPLE: &str = "Burenhulp Scheveningen";

/// Four digits, for what is read one by one.
const DIGITS: &str = "2584";

/// The variables of a place in a flow, and what each may hold.
#[derive(Default)]
pub(super) struct Worlds {
    /// Decides something: held in turn.
    decides: Vec<(String, Vec<Value>)>,
    /// Is only spoken.
    spoken: Vec<(String, Value)>,
}

impl Worlds {
    pub(super) fn of_prompts<'d>(prompts: impl Iterator<Item = &'d Prompt>) -> Self {
        let mut worlds = Self::default();
        prompts.for_each(|prompt| worlds.prompt(prompt));
        worlds
    }

    pub(super) fn of_actions(actions: &[Action]) -> Self {
        let mut worlds = Self::default();
        worlds.actions(actions);
        worlds
    }

    /// Everything that can be the case, as variables; `offers.*` of the services beside it.
    pub(super) fn each(&self, services: impl Iterator<Item = String>, see: &mut dyn FnMut(&Vars)) {
        let mut base = Vars::new();
        base.extend(services.map(|id| (format!("offers.{id}"), Value::Bool(true))));
        base.extend(self.spoken.iter().cloned());
        let count = self.decides.iter().fold(1usize, |n, (_, all)| n.saturating_mul(all.len()));
        for world in 0..count.min(MOST) {
            let mut vars = base.clone();
            let mut rest = world;
            for (name, all) in &self.decides {
                vars.insert(name.clone(), all[rest % all.len()].clone());
                rest /= all.len();
            }
            see(&vars);
        }
    }

    fn actions(&mut self, actions: &[Action]) {
        for action in actions {
            match action {
                Action::Prompt(prompt) => self.prompt(prompt),
                Action::If(branches) => {
                    for (cond, inside) in branches {
                        cond.iter().for_each(|cond| self.cond(cond));
                        self.actions(inside);
                    }
                }
                _ => {}
            }
        }
    }

    fn prompt(&mut self, prompt: &Prompt) {
        prompt.cond.iter().for_each(|cond| self.cond(cond));
        self.parts(&prompt.parts, SAMPLE);
    }

    fn parts(&mut self, parts: &[Part], sample: &str) {
        for part in parts {
            match part {
                Part::Value(expr) => self.speaks(expr, sample),
                Part::Digits(inside) => self.parts(inside, DIGITS),
                Part::Audio { words, .. } => self.parts(words, sample),
                Part::Enumerate(inside) => self.parts(inside, sample),
                Part::Text(_) | Part::Break(_) => {}
            }
        }
    }

    fn speaks(&mut self, expr: &Expr, sample: &str) {
        expr.look(&mut |name, _| self.spoken.push((name.to_owned(), Value::Text(sample.into()))));
    }

    fn cond(&mut self, cond: &Expr) {
        cond.look(&mut |name, compared| {
            // The language is tried by whoever asks.
            if name == "language" {
                return;
            }
            let at =
                self.decides.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
                    let holds = match name.starts_with("offers.") {
                        true => Value::Bool(true),
                        false => Value::Text(SAMPLE.into()),
                    };
                    self.decides.push((name.to_owned(), vec![holds, Value::Undefined]));
                    self.decides.len() - 1
                });
            let all = &mut self.decides[at].1;
            all.extend(compared.filter(|value| !all.contains(value)).cloned());
        });
    }
}
