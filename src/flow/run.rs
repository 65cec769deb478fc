//! Runs a flow from one wait to the next.

use super::catalogue::Catalogue;
use super::hear::{self, Heard};
use super::position::{Place, Position};
use super::scope::Scope;
use super::speak::Speaker;
use super::tree::{Action, Document, Form, Item, Kind, When};
use super::{Event, FlowError, Turn, Utterance, Value, Vars, Wait, parse};

/// More forms, items and actions than any honest flow passes between two waits.
const MOST_STEPS: u32 = 500;

/// One run: what it runs on, where it is, and what it has queued to be heard.
pub(super) struct Run<'f> {
    document: &'f Document,
    catalogue: &'f Catalogue,
    at: Position,
    spoken: Vec<Utterance>,
    steps: u32,
}

/// What follows on some actions.
enum Then<'f> {
    GoOn,
    Goto(&'f str),
    End(Place),
}

impl<'f> Run<'f> {
    pub(super) fn new(document: &'f Document, catalogue: &'f Catalogue, at: Position) -> Self {
        Self { document, catalogue, at, spoken: Vec::new(), steps: 0 }
    }

    /// From the first form to the first wait.
    pub(super) fn begin(mut self) -> Result<(Position, Turn), FlowError> {
        self.enter(0)?;
        let wait = self.go_on()?;
        Ok(self.turn(wait))
    }

    /// From one wait to the next.
    pub(super) fn resume(mut self, event: Event) -> Result<(Position, Turn), FlowError> {
        let wait = match self.at.place {
            Place::Item(index) => self.take(index, event)?,
            // A late webhook of a call that is over changes nothing.
            Place::HungUp => Wait::Disconnect,
            Place::Ended => Wait::Exit,
        };
        Ok(self.turn(wait))
    }

    /// The wait once more, as if it had just been come to; nothing is counted.
    pub(super) fn again(mut self) -> Result<(Position, Turn), FlowError> {
        let wait = match self.at.place {
            Place::Item(index) => {
                let item = self.item(index)?;
                self.ask(index, item)?
            }
            Place::HungUp => Wait::Disconnect,
            Place::Ended => Wait::Exit,
        };
        Ok(self.turn(wait))
    }

    fn turn(self, wait: Wait) -> (Position, Turn) {
        (self.at, Turn { spoken: self.spoken, wait })
    }

    /// What an event means to the item that waited for it.
    fn take(&mut self, index: usize, event: Event) -> Result<Wait, FlowError> {
        let item = self.item(index)?;
        let scope = self.scope(item)?;
        let speaker = Speaker::new(self.catalogue, &self.at);
        match hear::hear(item, event, &speaker, |key| {
            scope.global_key(key, self.at.vars()).map(|set| set.value.as_str())
        }) {
            Heard::Goes(form) => self.go_to(form)?,
            Heard::Repeat => return self.ask(index, item),
            Heard::Filled(vars) => {
                self.fill(index, item, vars);
                let then = self.act(&item.filled)?;
                if let Some(wait) = self.follow(then)? {
                    return Ok(wait);
                }
            }
            Heard::Again(vars) => {
                self.keep(item, vars);
                self.at.visit(index);
                return self.ask(index, item);
            }
            Heard::Nothing(when) => {
                if let Some(wait) = self.raise(index, item, when)? {
                    return Ok(wait);
                }
            }
        }
        self.go_on()
    }

    /// Visits one item after another until one of them waits.
    fn go_on(&mut self) -> Result<Wait, FlowError> {
        loop {
            self.step()?;
            let Some((index, item)) = self.next_item()? else { return Ok(self.end(Place::Ended)) };
            let Kind::Block(actions) = &item.kind else {
                self.at.visit(index);
                return self.ask(index, item);
            };
            self.done(index, item, Value::Bool(true));
            let then = self.act(actions)?;
            if let Some(wait) = self.follow(then)? {
                return Ok(wait);
            }
        }
    }

    /// The first item that holds nothing and whose condition holds.
    fn next_item(&self) -> Result<Option<(usize, &'f Item)>, FlowError> {
        let vars = self.at.vars();
        let open = |(index, item): &(usize, &Item)| {
            let held = if item.name.is_empty() {
                self.at.done.contains(index)
            } else {
                vars.contains_key(&item.name)
            };
            !held && item.cond.as_ref().is_none_or(|cond| cond.holds(vars))
        };
        Ok(self.form()?.items.iter().enumerate().find(open))
    }

    /// Speaks an item and waits there.
    fn ask(&mut self, index: usize, item: &'f Item) -> Result<Wait, FlowError> {
        self.at.place = Place::Item(index);
        let visits = self.at.count(index).visits;
        let speaker = Speaker::new(self.catalogue, &self.at);
        self.spoken.extend(speaker.item(item, visits));
        self.wait_of(item, visits)
    }

    fn wait_of(&self, item: &'f Item, visits: u32) -> Result<Wait, FlowError> {
        let vars = self.at.vars();
        Ok(match &item.kind {
            Kind::Menu(_) | Kind::Boolean => self.keys(item, 1, visits)?,
            Kind::Digits(length) => self.keys(item, *length, visits)?,
            Kind::Record { max_seconds, final_silence, beep } => Wait::Record {
                max_seconds: *max_seconds,
                final_silence: *final_silence,
                beep: *beep,
            },
            Kind::Object { door, params } => Wait::Object {
                name: door.clone(),
                params: params.iter().map(|(n, expr)| (n.clone(), expr.value(vars))).collect(),
            },
            Kind::Transfer(dest) => Wait::Transfer {
                dest: match dest.value(vars) {
                    Value::Text(dest) => dest,
                    _ => String::new(),
                },
            },
            // Blocks are run, never waited at.
            Kind::Block(_) => Wait::Exit,
        })
    }

    fn keys(&self, item: &'f Item, digits: u8, visits: u32) -> Result<Wait, FlowError> {
        let scope = self.scope(item)?;
        let set = scope.property("timeout").and_then(|set| parse::duration_ms(&set.value));
        // Older people need more time, and more again once they have heard it twice.
        let timeout_ms = set.unwrap_or(if visits > 1 { 10_000 } else { 8_000 });
        Ok(Wait::Keys {
            digits: Some(digits),
            timeout: u8::try_from(timeout_ms.div_ceil(1000)).unwrap_or(u8::MAX).max(1),
            barge_in: scope.property("bargein").is_none_or(|set| set.value != "false"),
        })
    }

    fn fill(&mut self, index: usize, item: &Item, vars: Vars) {
        let value = vars.get("").cloned().unwrap_or(Value::Bool(true));
        self.at.forget(&item.name);
        self.keep(item, vars);
        self.done(index, item, value);
    }

    fn done(&mut self, index: usize, item: &Item, value: Value) {
        if item.name.is_empty() {
            self.at.done.insert(index);
        } else {
            self.at.set(&item.name, value);
        }
    }

    /// What an item returned, beside its own value.
    fn keep(&mut self, item: &Item, vars: Vars) {
        if item.name.is_empty() {
            return;
        }
        for (key, value) in vars.into_iter().filter(|(key, _)| !key.is_empty()) {
            let dot = if key.starts_with('$') { "" } else { "." };
            self.at.set(&format!("{}{dot}{key}", item.name), value);
        }
    }

    /// Counts a silence or a wrong key and does what the flow says about it.
    fn raise(
        &mut self,
        index: usize,
        item: &'f Item,
        when: When,
    ) -> Result<Option<Wait>, FlowError> {
        let counts = self.at.count(index);
        let counter = match when {
            When::Silence => &mut counts.silences,
            When::NoMatch => &mut counts.wrong,
        };
        *counter = counter.saturating_add(1);
        let times = *counter;
        match self.scope(item)?.handler(when, times) {
            Some(handler) => {
                let then = self.act(&handler.actions)?;
                self.follow(then)
            }
            None => Ok(None),
        }
    }

    fn act(&mut self, actions: &'f [Action]) -> Result<Then<'f>, FlowError> {
        for action in actions {
            self.step()?;
            let then = match action {
                Action::Prompt(prompt) => {
                    let speaker = Speaker::new(self.catalogue, &self.at);
                    self.spoken.extend(speaker.prompt(prompt));
                    Then::GoOn
                }
                Action::Assign { name, expr, .. } => {
                    let value = expr.value(self.at.vars());
                    self.at.set(name, value);
                    Then::GoOn
                }
                Action::If(branches) => {
                    let vars = self.at.vars();
                    let branch = branches
                        .iter()
                        .find(|(cond, _)| cond.as_ref().is_none_or(|cond| cond.holds(vars)));
                    match branch {
                        Some((_, actions)) => self.act(actions)?,
                        None => Then::GoOn,
                    }
                }
                Action::Goto { form, .. } => Then::Goto(form),
                Action::Disconnect => Then::End(Place::HungUp),
                Action::Exit => Then::End(Place::Ended),
            };
            if !matches!(then, Then::GoOn) {
                return Ok(then);
            }
        }
        Ok(Then::GoOn)
    }

    fn follow(&mut self, then: Then<'_>) -> Result<Option<Wait>, FlowError> {
        match then {
            Then::GoOn => Ok(None),
            Then::Goto(form) => self.go_to(form).map(|()| None),
            Then::End(place) => Ok(Some(self.end(place))),
        }
    }

    fn end(&mut self, place: Place) -> Wait {
        self.at.place = place;
        if place == Place::HungUp { Wait::Disconnect } else { Wait::Exit }
    }

    fn go_to(&mut self, id: &str) -> Result<(), FlowError> {
        let form = self.document.forms.iter().position(|form| form.id == id);
        let form = form.filter(|_| !id.is_empty()).ok_or_else(|| FlowError::NoSuchForm {
            flow: self.at.flow.clone(),
            form: id.to_owned(),
        })?;
        self.enter(form)
    }

    fn enter(&mut self, form: usize) -> Result<(), FlowError> {
        self.step()?;
        self.at.form = form;
        self.at.done.clear();
        self.at.counts.clear();
        for item in &self.form()?.items {
            self.at.forget(&item.name);
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), FlowError> {
        self.steps += 1;
        if self.steps <= MOST_STEPS {
            return Ok(());
        }
        Err(FlowError::Loop { flow: self.at.flow.clone(), line: self.form()?.line })
    }

    fn form(&self) -> Result<&'f Form, FlowError> {
        self.document
            .forms
            .get(self.at.form)
            .ok_or_else(|| FlowError::Damaged(self.at.flow.clone()))
    }

    fn item(&self, index: usize) -> Result<&'f Item, FlowError> {
        let item = self.form()?.items.get(index);
        item.ok_or_else(|| FlowError::Damaged(self.at.flow.clone()))
    }

    fn scope(&self, item: &'f Item) -> Result<Scope<'f>, FlowError> {
        Ok(Scope { document: self.document, form: self.form()?, item })
    }
}
