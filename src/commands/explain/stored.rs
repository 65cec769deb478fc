//! The answer from the database.

use crate::dispatch::choose::Ranking;
use crate::domain::{Conditions, Numbering, ParticipantId};
use crate::store::{Asked, Explained, Store, StoreError};

use super::{Explanation, Question, Told};

impl Explanation {
    /// What the exchange itself would do with this question, for somebody who calls in the line's
    /// first language.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn read(
        question: &Question<'_>,
        conditions: Conditions,
        numbering: Numbering,
        store: &Store,
    ) -> Result<Self, StoreError> {
        let asked = Asked {
            inside: question.inside,
            line: question.line,
            service: &question.service,
            conditions,
            postcode: question.postcode,
            language: question.line.languages.first().copied().unwrap_or_default(),
            from: question.from.as_ref(),
            // A background search ends by looking as far as there is.
            round: if question.background { u32::MAX } else { 1 },
            numbering,
            at: question.at,
        };
        let explained = store.read_blocking(|tx| tx.explain(&asked))?;
        let told = |who, why| told(&explained, who, why);
        let Ranking { order, passed_over } = &explained.ranking;
        let order = order.iter().map(|r| told(r.participant, r.in_words(question.language)));
        let passed_over =
            passed_over.iter().map(|(who, why)| told(*who, why.in_words(question.language)));
        Ok(Self { order: order.flatten().collect(), passed_over: passed_over.flatten().collect() })
    }
}

fn told(explained: &Explained, participant: ParticipantId, why: String) -> Option<Told> {
    let (phone, distance_m) = explained.where_is(participant)?;
    Some(Told { participant, phone: phone.clone(), distance_m, why })
}
