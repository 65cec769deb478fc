//! A flow as it was read: documents, forms, items, with the line of the file each stands in.

use super::expr::Expr;
use crate::domain::Language;

/// One file: its forms, and what holds in all of them.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Variables declared at the top, set when the flow begins.
    pub vars: Vec<Var>,
    /// Settings for every form.
    pub properties: Vec<Property>,
    /// What to do when nothing, or nothing sensible, is keyed anywhere.
    pub handlers: Vec<Handler>,
    /// Forms and menus; the first one is where a call begins.
    pub forms: Vec<Form>,
}

/// A form, or a menu (which is a form with one item).
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// What `goto next="#id"` names; empty when nothing can go there.
    pub id: String,
    /// Line of the file.
    pub line: usize,
    /// Settings within it.
    pub properties: Vec<Property>,
    /// Handlers within it.
    pub handlers: Vec<Handler>,
    /// Visited in this order.
    pub items: Vec<Item>,
}

/// One step of a form.
#[derive(Debug, Clone)]
pub struct Item {
    /// The variable it fills; empty for blocks and menus.
    pub name: String,
    /// Line of the file.
    pub line: usize,
    /// Visited only when this holds.
    pub cond: Option<Expr>,
    /// What is heard on a visit.
    pub prompts: Vec<Prompt>,
    /// Settings within it.
    pub properties: Vec<Property>,
    /// Handlers within it.
    pub handlers: Vec<Handler>,
    /// Done once it is filled.
    pub filled: Vec<Action>,
    /// What it is.
    pub kind: Kind,
}

impl Item {
    /// Whether it asks a person for keys.
    pub(super) fn takes_keys(&self) -> bool {
        matches!(self.kind, Kind::Menu(_) | Kind::Digits(_) | Kind::Boolean)
    }

    /// Whether it asks a person for anything at all.
    pub(super) fn asks(&self) -> bool {
        self.takes_keys() || matches!(self.kind, Kind::Record { .. })
    }

    /// Whether this key means something to the item itself.
    pub(super) fn uses(&self, key: char) -> bool {
        match &self.kind {
            Kind::Menu(choices) => choices.iter().any(|choice| choice.key == key),
            Kind::Boolean => matches!(key, '1' | '2'),
            Kind::Digits(length) => *length == 1 && key.is_ascii_digit(),
            _ => false,
        }
    }
}

/// What an item does.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Runs at once.
    Block(Vec<Action>),
    /// One key, each leading somewhere.
    Menu(Vec<Choice>),
    /// This many digits.
    Digits(u8),
    /// 1 is yes, 2 is no.
    Boolean,
    /// A recording.
    Record {
        /// Longest, seconds.
        max_seconds: u16,
        /// Seconds of silence that end it.
        final_silence: u8,
        /// Whether a tone sounds first.
        beep: bool,
    },
    /// A door to the exchange.
    Object {
        /// The part of `classid` after `builtin:`.
        door: String,
        /// Names and expressions handed over.
        params: Vec<(String, Expr)>,
    },
    /// Put through to a number of the organisation's choice.
    Transfer(Expr),
}

/// A key of a menu.
#[derive(Debug, Clone)]
pub struct Choice {
    /// `0` to `9`, `*` or `#`.
    pub key: char,
    /// The form it leads to, without `#`.
    pub next: String,
    /// What it is called: words, or the id of a service.
    pub text: String,
    /// Line of the file.
    pub line: usize,
}

/// Something to hear.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// Spoken only in this language; `None`: in any.
    pub language: Option<Language>,
    /// Spoken from this visit on, until one with a higher count is.
    pub count: u32,
    /// Spoken only when this holds.
    pub cond: Option<Expr>,
    /// Its words and sounds.
    pub parts: Vec<Part>,
    /// Line of the file.
    pub line: usize,
}

/// A piece of a prompt.
#[derive(Debug, Clone)]
pub enum Part {
    /// Words.
    Text(String),
    /// The value of an expression.
    Value(Expr),
    /// Read one by one.
    Digits(Vec<Part>),
    /// Silence, milliseconds.
    Break(u32),
    /// A recording, with the words that stand in for it.
    Audio {
        /// Its address or name.
        src: Expr,
        /// The words.
        words: Vec<Part>,
    },
    /// These once for every choice of the menu.
    Enumerate(Vec<Part>),
}

/// What to do when nothing, or nothing sensible, was keyed.
#[derive(Debug, Clone)]
pub struct Handler {
    /// Silence, or a key that means nothing.
    pub when: When,
    /// From this time on.
    pub count: u32,
    /// What to do.
    pub actions: Vec<Action>,
    /// Line of the file.
    pub line: usize,
}

/// What a handler is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// `noinput`
    Silence,
    /// `nomatch`
    NoMatch,
}

/// One thing that is done.
#[derive(Debug, Clone)]
pub enum Action {
    /// Say it.
    Prompt(Prompt),
    /// Give a variable a value.
    Assign {
        /// Its name.
        name: String,
        /// The value.
        expr: Expr,
        /// Line of the file.
        line: usize,
    },
    /// The first branch whose condition holds; the last may have none.
    If(Vec<(Option<Expr>, Vec<Action>)>),
    /// Go to this form of the document.
    Goto {
        /// Its id.
        form: String,
        /// Line of the file.
        line: usize,
    },
    /// Hang up.
    Disconnect,
    /// End the flow.
    Exit,
}

/// A variable with its first value.
#[derive(Debug, Clone)]
pub struct Var {
    /// Its name.
    pub name: String,
    /// Its first value; none: undefined.
    pub expr: Option<Expr>,
    /// Line of the file.
    pub line: usize,
}

/// A setting.
#[derive(Debug, Clone)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Its value, as written.
    pub value: String,
    /// Line of the file.
    pub line: usize,
}
