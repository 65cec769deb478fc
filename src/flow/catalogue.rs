//! The catalogue of services, `services.toml`: what each is called, and how it is asked.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Fault;
use crate::domain::{Conditions, Language, ServiceId};

/// The name of the catalogue's file.
pub(super) const FILE: &str = "services.toml";

/// Every kind of help that flows can name, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    services: Vec<Service>,
}

/// One kind of help, in words.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its id: `groceries`.
    pub id: ServiceId,
    /// What it asks of whoever does it.
    pub conditions: Conditions,
    name: BTreeMap<Language, String>,
    task: BTreeMap<Language, String>,
    offer: Option<BTreeMap<Language, String>>,
    inside: Option<BTreeMap<Language, String>>,
}

impl Service {
    /// What a menu calls it: "boodschappen".
    pub fn name(&self, language: Language) -> &str {
        self.name.get(&language).map_or("", String::as_str)
    }

    /// What a neighbour is asked for: "hulp bij de boodschappen". Fits "somebody would like ...".
    pub fn task(&self, language: Language) -> &str {
        self.task.get(&language).map_or("", String::as_str)
    }

    /// What a neighbour is asked for who is to go inside too; `None`: that is not asked for this
    /// service. Fits as [`Service::task`] does.
    pub fn inside(&self, language: Language) -> Option<&str> {
        self.inside.as_ref().and_then(|inside| inside.get(&language)).map(String::as_str)
    }

    /// What a neighbour is asked for, inside too or not.
    pub fn asked(&self, inside: bool, language: Language) -> &str {
        self.inside(language).filter(|_| inside).unwrap_or_else(|| self.task(language))
    }

    /// How somebody who would like to do it puts it to others: "Ik doe boodschappen. Zal ik iets voor
    /// u meenemen?" `None`: by its name.
    pub fn offer(&self, language: Language) -> Option<&str> {
        self.offer.as_ref().and_then(|offer| offer.get(&language)).map(String::as_str)
    }
}

impl Catalogue {
    /// A service by its id.
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.called(id.as_str())
    }

    /// What a service asks of whoever does it; nothing for one that is not here.
    pub fn conditions(&self, id: &ServiceId) -> Conditions {
        self.service(id).map(|service| service.conditions).unwrap_or_default()
    }

    /// Whether somebody who asks for this service may ask for company inside too.
    pub fn goes_inside(&self, id: &ServiceId) -> bool {
        self.service(id).is_some_and(|service| service.inside.is_some())
    }

    /// The ids of all services, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = &ServiceId> {
        self.services.iter().map(|service| &service.id)
    }

    pub(super) fn called(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id.as_str() == id)
    }

    /// Reads the catalogue.
    ///
    /// # Errors
    /// Every fault found, each with its line.
    pub(super) fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let (root, broken) = DeTable::parse_recoverable(text);
        let mut reader = Reader { text, faults: Vec::new(), catalogue: Self::default() };
        for error in &broken {
            let at = error.span().unwrap_or(0..0);
            reader.fault(&at, format!("this is not TOML: {}", error.message()));
        }
        if broken.is_empty() {
            reader.root(root.get_ref());
        }
        if reader.faults.is_empty() { Ok(reader.catalogue) } else { Err(reader.faults) }
    }
}

struct Reader<'t> {
    text: &'t str,
    faults: Vec<Fault>,
    catalogue: Catalogue,
}

impl Reader<'_> {
    fn line(&self, at: &Range<usize>) -> usize {
        1 + self.text.bytes().take(at.start).filter(|b| *b == b'\n').count()
    }

    fn fault(&mut self, at: &Range<usize>, sentence: impl Into<String>) {
        self.faults.push(Fault::new(FILE, self.line(at), sentence));
    }

    fn root(&mut self, root: &DeTable<'_>) {
        for (key, value) in root {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("service", DeValue::Array(services)) => {
                    for service in services {
                        self.service(service);
                    }
                }
                (key, _) => self.fault(
                    &value.span(),
                    format!("\"{key}\" means nothing here; a service begins with [[service]]"),
                ),
            }
        }
        if self.catalogue.services.is_empty() && self.faults.is_empty() {
            self.fault(&(0..0), "there is no service here; add one with [[service]]");
        }
    }

    fn service(&mut self, entry: &Spanned<DeValue<'_>>) {
        let DeValue::Table(table) = entry.get_ref() else {
            return self.fault(&entry.span(), "a service is a table: begin it with [[service]]");
        };
        let mut id = None;
        let mut name = None;
        let mut task = None;
        let mut offer = None;
        let mut inside = None;
        let mut conditions = Conditions::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => id = self.id(value),
                "name" => name = self.phrase("name", value),
                "task" => task = self.phrase("task", value),
                "offer" => offer = self.phrase("offer", value),
                "inside" => inside = self.phrase("inside", value),
                "approval" => conditions.approval = self.yes_or_no("approval", value),
                "certificate" => conditions.certificate = self.yes_or_no("certificate", value),
                "min_age" => conditions.min_age = self.years(value),
                key => self.fault(
                    &value.span(),
                    format!(
                        "\"{key}\" means nothing on a service; it has id, name and task, and may \
                         have offer, inside, approval, certificate and min_age"
                    ),
                ),
            }
        }
        for wanted in ["id", "name", "task"] {
            if !table.iter().any(|(key, _)| key.get_ref() == wanted) {
                self.fault(&entry.span(), format!("this service has no {wanted}; add it"));
            }
        }
        let (Some(id), Some(name), Some(task)) = (id, name, task) else { return };
        if self.catalogue.service(&id).is_some() {
            return self.fault(&entry.span(), format!("the service \"{id}\" is here twice"));
        }
        self.catalogue.services.push(Service { id, conditions, name, task, offer, inside });
    }

    fn id(&mut self, value: &Spanned<DeValue<'_>>) -> Option<ServiceId> {
        let read = value.get_ref().as_str().map(ServiceId::parse);
        match read {
            Some(Ok(id)) => Some(id),
            Some(Err(fault)) => {
                self.fault(&value.span(), fault.to_string());
                None
            }
            None => {
                self.fault(&value.span(), "id is text between quotes, such as \"groceries\"");
                None
            }
        }
    }

    fn yes_or_no(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> bool {
        let DeValue::Boolean(yes) = value.get_ref() else {
            self.fault(&value.span(), format!("write {key} = true, or leave it out"));
            return false;
        };
        *yes
    }

    fn years(&mut self, value: &Spanned<DeValue<'_>>) -> u8 {
        let years = match value.get_ref() {
            DeValue::Integer(years) => years.as_str().parse::<u8>().ok(),
            _ => None,
        };
        years.filter(|years| (1..=99).contains(years)).unwrap_or_else(|| {
            self.fault(&value.span(), "min_age is in whole years: write min_age = 18");
            0
        })
    }

    /// `{ nl = "...", en = "..." }`
    fn phrase(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<BTreeMap<Language, String>> {
        let DeValue::Table(table) = value.get_ref() else {
            self.fault(&value.span(), format!("write {key} = {{ nl = \"...\", en = \"...\" }}"));
            return None;
        };
        let mut phrase = BTreeMap::new();
        for (code, words) in table {
            let language = Language::ALL.into_iter().find(|l| l.code() == code.get_ref().as_ref());
            let words_in = words.get_ref().as_str().map(str::trim).unwrap_or_default();
            match language {
                None => self.fault(
                    &words.span(),
                    format!("\"{}\" is not a language here; use nl or en", code.get_ref()),
                ),
                Some(_) if words_in.is_empty() => self.fault(
                    &words.span(),
                    format!("{key} in \"{}\" has no words; write them in quotes", code.get_ref()),
                ),
                Some(language) => {
                    phrase.insert(language, words_in.to_owned());
                }
            }
        }
        for language in Language::ALL {
            if !table.iter().any(|(code, _)| code.get_ref() == language.code()) {
                let code = language.code();
                self.fault(&value.span(), format!("{key} has no words in \"{code}\"; add them"));
            }
        }
        Some(phrase)
    }
}
