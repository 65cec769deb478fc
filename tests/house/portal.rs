//! Somebody who takes part, logged in on their own pages.

use burenhulp::domain::Phone;
use burenhulp::sim::leg::LegId;
use burenhulp::sim::log::{LogEntry, What};
use burenhulp::store::StoreError;
use burenhulp::web::portal::begin_session;

use super::House;
use super::desk::Visitor;

impl House {
    /// Logs in whoever has this number.
    pub(crate) async fn at_home(&self, number: &str) -> Visitor {
        let phone = Phone::from_stored(number).unwrap();
        let found = self.store().write(move |tx| tx.participant_by_phone(&phone)).await;
        let found: Result<_, StoreError> = found;
        let who = found.unwrap().expect("somebody with this number").id;
        let token = begin_session(&self.app().0, who).await.unwrap();
        let cookies = format!("__Host-mijn={}", token.text());
        Visitor { cookies, key: token.form_key(), id: None }
    }
}

/// How often this telephone was rung.
pub(crate) fn rings_of(log: &[LogEntry], number: &str) -> usize {
    legs_of(log, number).len()
}

fn legs_of(log: &[LogEntry], number: &str) -> Vec<LegId> {
    let is_theirs =
        |what: &What| matches!(what, What::Rung { number: rung, .. } if rung.as_str() == number);
    log.iter().filter(|entry| is_theirs(&entry.what)).map(|entry| entry.leg).collect()
}

/// Everything that was spoken on this telephone.
pub(crate) fn words_heard(log: &[LogEntry], number: &str) -> String {
    let legs = legs_of(log, number);
    let said =
        log.iter().filter(|entry| legs.contains(&entry.leg)).filter_map(|entry| {
            match &entry.what {
                What::Said { text, .. } => Some(text.as_str()),
                _ => None,
            }
        });
    said.collect::<Vec<_>>().join(" ")
}

/// The codes of six digits that were spoken on this telephone, in order.
pub(crate) fn codes_heard(log: &[LogEntry], number: &str) -> Vec<String> {
    let legs = legs_of(log, number);
    let mut digits = String::new();
    for entry in log.iter().filter(|entry| legs.contains(&entry.leg)) {
        if let What::Said { text, .. } = &entry.what {
            // The key to press is a digit too, and stands in a sentence.
            let alone = text.split_whitespace().filter(|word| word.trim_matches('.').len() == 1);
            let alone = alone.filter(|word| word.ends_with('.') && !text.contains("oets"));
            digits
                .extend(alone.filter_map(|word| word.chars().next()).filter(char::is_ascii_digit));
        }
    }
    digits.as_bytes().chunks(6).map(|six| String::from_utf8_lossy(six).into_owned()).collect()
}
