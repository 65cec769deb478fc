//! Somebody who takes part, logged in on their own pages.

use burenhulp::domain::Phone;
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
