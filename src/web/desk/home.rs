//! Where somebody comes in: what there is to do at the desk.

use askama::Template;

use super::fault::Answer;
use super::layout::{Layout, Section};
use super::page::show;
use super::signed_in::SignedIn;

#[derive(Template)]
#[template(path = "desk/templates/home.html")]
struct HomePage {
    layout: Layout,
}

/// The pages that this operator has, each with a sentence.
pub(super) async fn page(you: SignedIn) -> Answer {
    let title = you.say("Het loket", "The desk");
    show(&HomePage { layout: you.layout(Section::Now, title) })
}
